"""Stores of both kinds for the tests of retrieval, and vectors that need no model."""

from pathlib import Path

import numpy as np

from core.retrieval.opening import open_store
from core.retrieval.passages import Corpus, Embedding, Passage, StoreKind, Vector

KINDS: tuple[StoreKind, ...] = ("lancedb", "sqlite")
DIMENSIONS = 8
EMBEDDING = Embedding("print-1", "test model", DIMENSIONS)


def opened(kind: StoreKind, folder: Path) -> Corpus:
    """A corpus in a folder, new or not."""
    return open_store(folder / "语料 1", kind)


def passage(name: str, text: str, source: str = "") -> Passage:
    """A passage without a title."""
    return Passage(name, text, source=source)


def direction(*values: float) -> Vector:
    """A unit vector that begins with these values."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(values)] = values
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


def ids(hits: list) -> list[str]:  # type: ignore[type-arg]
    """What was found, best first."""
    return [hit.id for hit in hits]
