"""Reading safetensors headers: which tensors a folder holds, and whether every file arrived whole.

Only the headers are read, so a 16 GB model is looked through in milliseconds. What the tensors must be
called and how large they must be is for `checks` to say; nothing here loads a weight.

Format: an unsigned 64-bit little-endian length, that many bytes of JSON, then the data. Each tensor's
`data_offsets` count from the end of the header, so the largest of them gives the length of the whole file
(https://huggingface.co/docs/safetensors, "Format").
"""

import json
import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from core.engine.weights import FETCH_AGAIN, INDEX_FILE, indexed_files
from core.errors import ModelRejectedError

_LENGTH_FIELD = 8
# The safetensors library refuses longer headers too.
_LONGEST_HEADER = 100_000_000
_LFS_POINTER = b"version https://git-lfs"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where one tensor lies: `start` and `end` are byte positions in `file`."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    file: Path
    start: int
    end: int

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a model's file; ModelRejectedError when it is missing, damaged or something else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelRejectedError(
            "The model folder has no {file}.",
            where=str(path.parent),
            hint=FETCH_AGAIN,
            file=path.name,
        ) from error
    except (OSError, ValueError) as error:
        raise ModelRejectedError(
            "The model's {file} cannot be read: {reason}.",
            where=str(path),
            hint=FETCH_AGAIN,
            file=path.name,
            reason=str(error),
        ) from error
    if not isinstance(value, dict):
        raise ModelRejectedError(
            "The model's {file} is not a JSON object.", where=str(path), hint=FETCH_AGAIN, file=path.name
        )
    return value


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of a model folder by name.

    Raises ModelRejectedError for missing shards, truncated files, Git LFS pointers, and for folders
    whose weights are only in a pickle format, which can run code when it is read.
    """
    tensors: dict[str, Tensor] = {}
    for file in _weight_files(folder):
        for tensor in read_header(file):
            tensors[tensor.name] = tensor
    return tensors


def read_header(file: Path) -> list[Tensor]:
    """The tensors of one safetensors file; ModelRejectedError when the file is not whole."""
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            field = stream.read(_LENGTH_FIELD)
            length = struct.unpack("<Q", field)[0] if len(field) == _LENGTH_FIELD else 0
            text = stream.read(length) if 0 < length <= _LONGEST_HEADER else b""
            if field == _LFS_POINTER[:_LENGTH_FIELD]:
                stream.seek(0)
                text = stream.read(len(_LFS_POINTER))
    except OSError as error:
        raise ModelRejectedError(
            "The model's {file} cannot be read: {reason}.",
            where=str(file),
            hint=FETCH_AGAIN,
            file=file.name,
            reason=str(error),
        ) from error
    if text == _LFS_POINTER:
        raise ModelRejectedError(
            "{file} is a Git LFS pointer, not the weights.",
            where=str(file),
            hint="Run `git lfs pull` in the model folder.",
            file=file.name,
        )
    try:
        tensors = _parse_header(file, json.loads(text), _LENGTH_FIELD + length)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelRejectedError(
            "{file} is damaged: it does not begin with a safetensors header.",
            where=str(file),
            hint=FETCH_AGAIN,
            file=file.name,
        ) from error
    expected = max((tensor.end for tensor in tensors), default=_LENGTH_FIELD + length)
    if size != expected:
        raise ModelRejectedError(
            "{file} is not whole: {size} bytes instead of {expected}.",
            where=str(file),
            hint=FETCH_AGAIN,
            file=file.name,
            size=size,
            expected=expected,
        )
    return tensors


def _parse_header(file: Path, header: dict[str, Any], data_start: int) -> list[Tensor]:
    tensors = []
    for name, facts in header.items():
        if name == "__metadata__":
            continue
        start, end = facts["data_offsets"]
        tensors.append(
            Tensor(
                name=name,
                dtype=str(facts["dtype"]),
                shape=tuple(int(size) for size in facts["shape"]),
                file=file,
                start=data_start + int(start),
                end=data_start + int(end),
            )
        )
    return tensors


def _weight_files(folder: Path) -> list[Path]:
    if (folder / INDEX_FILE).exists():
        return indexed_files(folder)
    files = sorted(folder.glob("*.safetensors"))
    if len(files) == 1:
        return files
    if files:
        raise ModelRejectedError(
            "The model folder holds {count} weight files but no {file} that joins them.",
            where=str(folder),
            hint=FETCH_AGAIN,
            count=len(files),
            file=INDEX_FILE,
        )
    if any(path for pattern in _PICKLES for path in folder.glob(pattern)):
        raise ModelRejectedError(
            "The model's weights are in a pickle format, which can run code when it is read.",
            where=str(folder),
            hint="Use the safetensors weights that Qwen publishes.",
        )
    if any(folder.glob("*.gguf")):
        raise ModelRejectedError(
            "The model's weights are in GGUF format, which the workbench does not read.",
            where=str(folder),
            hint="Use the safetensors weights that Qwen publishes.",
        )
    raise ModelRejectedError("The model folder has no weights.", where=str(folder), hint=FETCH_AGAIN)
