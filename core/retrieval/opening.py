"""Which store a corpus lies in: the one it began with; a new one takes LanceDB where that is installed."""

import importlib.util
from pathlib import Path

from core.errors import InputError
from core.retrieval.passages import Corpus, StoreKind
from core.retrieval.sqlite import FILE_NAME, SqliteStore

NO_LANCEDB = "The corpus is kept by LanceDB, which is not installed."
NO_LANCEDB_HINT = "Install the pinned requirements again."


def open_store(place: Path | str, kind: StoreKind | None = None) -> Corpus:
    """Open a corpus, or begin one.

    place: a folder, or an address on object storage («s3://bucket/corpora/name»). kind: for a new corpus;
    None takes LanceDB where it is installed.
    """
    remote = "://" in str(place)
    if not remote and (Path(place) / FILE_NAME).exists():
        return SqliteStore(Path(place))
    begun = not remote and Path(place).exists() and any(Path(place).iterdir())
    wanted = kind or ("lancedb" if begun or remote or has_lancedb() else "sqlite")
    if wanted == "sqlite":
        return SqliteStore(Path(place))
    if not has_lancedb():
        raise InputError(NO_LANCEDB, where=str(place), hint=NO_LANCEDB_HINT)
    from core.retrieval.lance import LanceStore

    return LanceStore(str(place))


def has_lancedb() -> bool:
    """Whether LanceDB is installed; it has wheels for the usual platforms only."""
    return importlib.util.find_spec("lancedb") is not None
