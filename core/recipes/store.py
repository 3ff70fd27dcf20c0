"""The recipes of a home folder: a readable file each, with every earlier version.

A file is replaced whole, by one writer at a time, so that several processes can share the folder, and a file
that was copied into it is there at once.
"""

import functools
import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.errors import InputError, StorageError
from core.recipes.document import read_recipe_file, recipe_bytes
from core.recipes.recipe import (
    LONGEST_NAME,
    Recipe,
    RecipeVersion,
    SavedRecipe,
    checked_name,
    checked_note,
    checked_recipe,
    storable,
)
from core.storage.exclusive import exclusive
from core.storage.private import replace_file

log = logging.getLogger(__name__)

FOLDER = "recipes"

UNKNOWN = "There is no recipe called «{name}»."
KNOWN = "Known recipes: {known}."
NONE_SAVED = "None is saved yet."
NO_VERSION = "The recipe «{name}» has no version {number}; it has {count}."
NOT_KEPT = "The recipe cannot be kept in {folder}: {reason}."
NOT_KEPT_HINT = "Free some space, allow writing to it, or set RERANK_HOME to another folder."


class RecipeStore:
    """The recipes of one home folder. Safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def prepare(self) -> None:
        """Make sure that recipes can be kept; StorageError where the folder cannot be made or written to."""
        with self._writing():
            pass

    def all(self) -> tuple[SavedRecipe, ...]:
        """Every recipe, by name. A file that cannot be read is passed over, and the log says why."""
        found = {}
        for path in sorted(self._folder.glob("*.json")):
            try:
                saved = _read(path)
            except (InputError, OSError) as error:
                log.warning("%s is no recipe: %s", path.name, error)
                continue
            found[saved.name] = saved
        return tuple(found[name] for name in sorted(found))

    def find(self, name: str) -> SavedRecipe | None:
        """The recipe of that name; None when there is none. InputError when its file is damaged."""
        if len(name) > LONGEST_NAME or not name.isprintable() or storable(name) != name:
            return None  # clients call models whatever they like
        path = self._path(name)
        if path.is_file():
            saved = _read(path)
            if saved.name == name:
                return saved
        # A person may have given the file another name.
        return next((saved for saved in self.all() if saved.name == name), None)

    def named(self, name: str) -> SavedRecipe:
        """The recipe of that name; InputError with the known names when there is none."""
        saved = self.find(name)
        if saved is None:
            known = ", ".join(one.name for one in self.all())
            raise InputError(
                UNKNOWN, where="recipe", hint=KNOWN if known else NONE_SAVED, name=name, known=known
            )
        return saved

    def save(self, name: str, recipe: Recipe, note: str = "") -> SavedRecipe:
        """Keep a recipe under a name: a new name, or a new version of it where anything changed."""
        name, note, recipe = checked_name(name), checked_note(note), checked_recipe(recipe)
        with self._writing():
            saved = self.find(name)
            if saved is not None and (saved.latest.recipe, saved.latest.note) == (recipe, note):
                return saved
            return self._append(name, saved, [RecipeVersion(0, recipe, note, now())])

    def merge(self, name: str, versions: Sequence[RecipeVersion]) -> int:
        """Add versions after those there are, without the ones there already; returns how many were new."""
        name = checked_name(name)
        with self._writing():
            saved = self.find(name)
            known = [(one.recipe, one.note) for one in saved.versions] if saved else []
            new = [one for one in versions if (one.recipe, one.note) not in known]
            if new:
                self._append(name, saved, new)
        return len(new)

    def roll_back(self, name: str, number: int | None = None) -> SavedRecipe:
        """Take up an earlier version again, as a new one: the one before, or that of a number."""
        with self._writing():
            saved = self.named(name)
            wanted = len(saved.versions) - 1 if number is None else number
            if not 1 <= wanted <= len(saved.versions):
                raise InputError(
                    NO_VERSION, where="recipe", name=name, number=wanted, count=len(saved.versions)
                )
            again = replace(saved.versions[wanted - 1], written=now())
            return self._append(name, saved, [again])

    def remove(self, name: str) -> None:
        """Forget a recipe with all its versions; InputError when there is none."""
        with self._writing():
            self.named(name)
            for path in self._folder.glob("*.json"):
                try:
                    same = _read(path).name == name
                except InputError:
                    continue  # what is no recipe is not ours to remove
                if same:
                    path.unlink()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with exclusive(self._folder):
                yield
        except OSError as error:
            raise StorageError(
                NOT_KEPT,
                where=str(self._folder),
                hint=NOT_KEPT_HINT,
                folder=str(self._folder),
                reason=error.strerror or str(error),
            ) from error

    def _append(self, name: str, saved: SavedRecipe | None, versions: Sequence[RecipeVersion]) -> SavedRecipe:
        before = saved.versions if saved else ()
        numbered = [replace(one, number=at) for at, one in enumerate(versions, start=len(before) + 1)]
        grown = SavedRecipe(name, (*before, *numbered))
        replace_file(self._path(name), recipe_bytes(grown))
        return read_recipe_file(recipe_bytes(grown))

    def _path(self, name: str) -> Path:
        """The file of a name: the name itself where every file system takes it, else with a few digits."""
        plain = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name)
        if plain != name or name != name.casefold():
            plain = f"{plain}~{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        return self._folder / f"{plain}.json"


def _read(path: Path) -> SavedRecipe:
    """A file's recipe. Every request asks whether its model's name is a recipe's, so what is known stays."""
    about = path.stat()
    return _known(path, about.st_ino, about.st_mtime_ns, about.st_size)


@functools.lru_cache(maxsize=512)
def _known(path: Path, file: int, changed: int, size: int) -> SavedRecipe:  # noqa: ARG001 - they tell it apart
    return read_recipe_file(path.read_bytes())


def now() -> datetime:
    """This moment, to the second that is written."""
    return datetime.fromtimestamp(int(time.time()), UTC)
