"""The named corpora of a home folder, or of a place on object storage, and opening them.

A corpus is a folder with its store inside (`core.retrieval`). A process opens each one once and shares it.
"""

import re
import shutil
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError, StorageError
from core.retrieval.opening import open_store
from core.retrieval.passages import Corpus, StoreKind
from core.settings import Settings
from core.storage.per_home import PerHome
from core.storage.private import private_folder

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem  # type: ignore[import-untyped]

FOLDER = "corpora"
# What every file system takes in a name.
_NAME = re.compile(r"[^\x00-\x1f/\\:*?\"<>|.\s](?:[^\x00-\x1f/\\:*?\"<>|]{0,78}[^\x00-\x1f/\\:*?\"<>|.\s])?")

BAD_NAME = "«{name}» cannot be the name of a corpus."
BAD_NAME_HINT = "Use up to 80 letters, digits, spaces and dashes."
UNKNOWN = "There is no corpus «{name}»."
UNKNOWN_HINT = "There are: {names}. `corpus add` makes a new one."
NONE_YET_HINT = "There is none yet; `corpus add` makes one."
UNREACHABLE = "The place of the corpora cannot be read: {problem}"
UNREACHABLE_HINT = "Check RERANK_CORPUS_URI and the access keys of the object storage."


class Corpora:
    """All corpora of one place. Safe to use from several threads."""

    def __init__(self, home: Path, uri: str = "", kind: StoreKind | None = None) -> None:
        """uri: object storage instead of the home folder. kind: the store of new corpora, for tests."""
        self._folder, self._uri, self._kind = home / FOLDER, uri.rstrip("/"), kind
        self._open: dict[str, Corpus] = {}
        self._opening = threading.Lock()

    def names(self) -> list[str]:
        """In the order of the alphabet."""
        if self._uri:
            return _remote_names(self._uri)
        if not self._folder.is_dir():
            return []
        return sorted(
            one.name for one in self._folder.iterdir() if one.is_dir() and _NAME.fullmatch(one.name)
        )

    def open(self, name: str, *, create: bool = False) -> Corpus:
        """The corpus of a name; InputError when there is none, unless it is to be made."""
        name = checked_name(name)
        with self._opening:
            if name not in self._open:
                if not create and name not in (known := self.names()):
                    hint = UNKNOWN_HINT if known else NONE_YET_HINT
                    raise InputError(UNKNOWN, where="corpus", hint=hint, name=name, names=", ".join(known))
                if not self._uri:
                    private_folder(self._folder)
                self._open[name] = open_store(self.place(name), self._kind)
            return self._open[name]

    def place(self, name: str) -> Path | str:
        """Where a corpus lies."""
        return f"{self._uri}/{name}" if self._uri else self._folder / name

    def lock_file(self, name: str) -> Path:
        """By which processes of this machine agree on who makes the vectors."""
        return private_folder(self._folder / ".locks") / f"{name}.lock"

    def remove(self, name: str) -> int:
        """Delete a corpus with everything in it; how many passages it held."""
        name = checked_name(name)
        passages = self._closed(name)
        try:
            if self._uri:
                system, path = _file_system(self._uri)
                system.delete_dir(f"{path}/{name}")
            else:
                shutil.rmtree(self._folder / name)
        except OSError as error:
            raise StorageError(
                UNREACHABLE, where=name, hint=UNREACHABLE_HINT, problem=error.strerror or str(error)
            ) from error
        return passages

    def _closed(self, name: str) -> int:
        """Close a corpus; one that cannot be read (of an earlier version, say) counts as empty."""
        try:
            corpus = self.open(name)
        except StorageError:
            return 0
        with self._opening:
            self._open.pop(name, None)
        passages = corpus.info.passages
        corpus.close()
        return passages

    def close(self) -> None:
        """Close what is open."""
        with self._opening:
            for corpus in self._open.values():
                corpus.close()
            self._open.clear()


def checked_name(name: str) -> str:
    """The name as it is kept; InputError when no file system would take it."""
    written = unicodedata.normalize("NFC", name.strip())
    if not _NAME.fullmatch(written):
        raise InputError(BAD_NAME, where="corpus", hint=BAD_NAME_HINT, name=name)
    return written


_of_home: PerHome[Corpora] = PerHome(lambda home: Corpora(home, Settings().corpus_uri))


def corpora(settings: Settings) -> Corpora:
    """This process's corpora of a home folder."""
    return _of_home(settings.home)


def _remote_names(uri: str) -> list[str]:
    from pyarrow.fs import FileSelector, FileType

    try:
        system, path = _file_system(uri)
        found = system.get_file_info(FileSelector(path, allow_not_found=True))
    except OSError as error:
        raise StorageError(UNREACHABLE, where=uri, hint=UNREACHABLE_HINT, problem=str(error)) from error
    return sorted(one.base_name for one in found if one.type == FileType.Directory)


def _file_system(uri: str) -> "tuple[FileSystem, str]":
    from pyarrow.fs import FileSystem

    system, path = FileSystem.from_uri(uri)
    return system, path
