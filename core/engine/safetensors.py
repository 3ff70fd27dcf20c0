"""A model folder's JSON files and safetensors headers: which tensors, where, and whether all is whole.

Only the headers are read, so a 16 GB model is looked through in milliseconds. What the tensors must be called
and how large they must be is for `core.models.checks` to say; `core.engine.weights` reads them.

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

from core.errors import ModelRejectedError

INDEX_FILE = "model.safetensors.index.json"
FETCH_AGAIN = "Download the model again, or copy the whole folder."

_LENGTH_FIELD = 8
# The safetensors library refuses longer headers too.
_LONGEST_HEADER = 100_000_000
_LFS_POINTER = b"version https://git-lfs"


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
        raise _unreadable(path, error) from error
    if not isinstance(value, dict):
        raise ModelRejectedError(
            "The model's {file} is not a JSON object.", where=str(path), hint=FETCH_AGAIN, file=path.name
        )
    return value


def indexed_files(folder: Path) -> list[Path]:
    """The files that the index names; ModelRejectedError when it cannot be read or one is missing."""
    index = folder / INDEX_FILE
    try:
        weight_map = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        # A name with a folder in it would read outside the model.
        named = {Path(name).name for name in weight_map.values()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(index, error) from error
    if not named:
        raise ModelRejectedError(
            "The model's {file} names no weights.", where=str(folder), hint=FETCH_AGAIN, file=INDEX_FILE
        )
    missing = sorted(name for name in named if not (folder / name).is_file())
    if missing:
        raise ModelRejectedError(
            "{count} of {total} weight files are missing: {files}.",
            where=str(folder),
            hint=FETCH_AGAIN,
            count=len(missing),
            total=len(named),
            files=", ".join(missing),
        )
    return [folder / name for name in sorted(named)]


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
        raise _unreadable(file, error) from error
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


def _unreadable(path: Path, error: Exception) -> ModelRejectedError:
    return ModelRejectedError(
        "The model's {file} cannot be read: {reason}.",
        where=str(path),
        hint=FETCH_AGAIN,
        file=path.name,
        reason=str(error) or type(error).__name__,
    )
