"""The model that ships with the tool as an embedder: pooled vectors only, so a text costs one forward pass.

Vectors are centred by role and language (`core.models.embedded.centring`), without which a query finds
passages of its own language first. A long text is the mean direction of its windows.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.engine.gate import Gate
from core.errors import ModelMissingError
from core.models.embedded import e5, e5_file, use_m3
from core.models.embedded.centring import MEANS_FILE, SHARE
from core.models.embedded.e5_loading import load_e5_encoder
from core.models.embedded.loading import available_backends
from core.models.embedded.packages import INSTALL_AGAIN, PackageFinder, find_package
from core.models.embedded.reading import ReadText, Role, Window
from core.models.embedding.embedder import (
    Cancelled,
    Embedded,
    EmbedderInfo,
    Pace,
    Vector,
    passes,
    unit_rows,
)

NAME = "embedded"
# On two cores 256 tokens take about 50 ms and 4,096 under a second: longer passes are hardly faster, and the
# first search after a pause waits for the one that runs.
SHORT_PASS, LONG_PASS = 256, 1024
# Raise it when the same weights would give other vectors.
METHOD = "pooled-centred/1"


class Pooling(Protocol):
    """A bi-encoder that gives one vector a window."""

    def read(self, text: str, role: Role) -> ReadText:
        """Lay out a text."""
        ...

    def pooled(self, windows: Sequence[Window]) -> NDArray[np.float32]:
        """Unit vectors [windows, dimensions]."""
        ...


class BiEncoderEmbedder:
    """The `Embedder` protocol over a bi-encoder."""

    def __init__(self, encoder: Pooling, info: EmbedderInfo, gate: Gate | None = None) -> None:
        self._encoder, self._info, self._gate = encoder, info, gate or Gate()
        self._pace = Pace(SHORT_PASS, LONG_PASS)

    @property
    def info(self) -> EmbedderInfo:
        """Which model this is."""
        return self._info

    def query(self, text: str) -> Vector:
        """The vector of a query."""
        self._pace.queried()
        windows = self._encoder.read(text, "query").windows
        with self._gate.turn(interactive=True):
            vectors = self._encoder.pooled(windows)
        joined: Vector = unit_rows(vectors.sum(axis=0, keepdims=True))[0]
        return joined

    def passages(self, texts: Sequence[str], cancelled: Cancelled | None = None) -> Iterator[Embedded]:
        """Vectors of passages; see `Embedder.passages`."""
        read: dict[int, tuple[Window, ...]] = {}

        def length(at: int) -> int:
            read[at] = tuple(self._encoder.read(texts[at], "passage").windows)
            return sum(len(one.ids) for one in read[at])

        for batch in passes(texts, length, self._pace, cancelled):
            parts = [read.pop(at) for at in batch]
            windows = [window for part in parts for window in part]
            with self._gate.turn(interactive=False):
                start = time.perf_counter()
                vectors = self._encoder.pooled(windows)
                self._pace.took(sum(len(one.ids) for one in windows), time.perf_counter() - start)
            starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
            yield Embedded(batch, unit_rows(np.add.reduceat(vectors, starts, axis=0)))


def load_embedded_embedder(
    *,
    threads: int = 0,
    precision: str = "auto",
    gate: Gate | None = None,
    find: PackageFinder = find_package,
) -> BiEncoderEmbedder:
    """Load the best embedded model of this machine; downloads nothing. precision: see `load_e5_encoder`.

    Raises ModelMissingError without any package, ModelRejectedError when a package holds an unexpected file.
    """
    backends = available_backends(find)
    if not backends:
        raise ModelMissingError(
            "No embedded model is installed: neither {first} nor {second} was found.",
            hint=INSTALL_AGAIN,
            first=e5_file.PACKAGE,
            second=use_m3.PACKAGE,
        )
    encoder: Pooling
    if backends[0] == "multilingual-e5-small":
        if threads:
            import torch

            torch.set_num_threads(threads)
        loaded = load_e5_encoder(precision, find)
        encoder = small = loaded.encoder
        dimensions = small.hidden
        # Vectors of both precisions are told apart by name too: a corpus holds one kind.
        label = "multilingual-e5-small" + (" in int8" if loaded.precision == "int8" else "")
        longest = small.positions * e5.WINDOWS["passage"]
        parts: tuple[object, ...] = (e5_file.MODEL_SHA256, SHARE, MEANS_FILE.read_bytes(), *loaded.identity)
    else:
        encoder = use_m3.UseM3BiEncoder(find)
        label, dimensions = "USE-m3", use_m3.DIMENSIONS
        longest = use_m3.POSITIONS * use_m3.WINDOWS["passage"]
        parts = tuple(use_m3.SHA256.values())
    digest = hashlib.sha256(repr((METHOD, *parts)).encode()).hexdigest()[:16]
    info = EmbedderInfo(
        name=NAME,
        label=f"embedded {label}",
        fingerprint=f"{NAME}-{digest}",
        dimensions=dimensions,
        device="cpu",
        max_tokens=longest,
    )
    return BiEncoderEmbedder(encoder, info, gate)
