"""A checkpoint's tensors, read one at a time.

`Checkpoint` is a mapping from tensor name to tensor, over one or several safetensors files; nothing is read
until a tensor is asked for, so a model can be built (or quantised) layer by layer without holding it twice.
Pickled weights are never opened. Whether the files arrived whole is `core.models`' business.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.engine.architecture import Architecture
from core.engine.form import YES_NO, Head
from core.engine.safetensors import INDEX_FILE, Tensor, indexed_files, read_header
from core.errors import ModelRejectedError

if TYPE_CHECKING:
    import torch

EMBEDDING = "model.embed_tokens.weight"
FINAL_NORM = "model.norm.weight"
LM_HEAD = "lm_head.weight"
CLASSIFIER = "score.weight"
# Where the decoder of a model that also sees has its weights.
_TEXT_PART = "model.language_model."


class Checkpoint(Mapping[str, "torch.Tensor"]):
    """The tensors of a folder's safetensors files, by name: of those that its index names, where it has one.

    Further files, such as an earlier form of the model, are not what `core.models` has checked. Of a model
    that also sees, it holds the text part, under the names of a model that only reads.

    Read with plain file reads, because the pages of a memory map count as the process's memory once they are
    touched: quantising a mapped model takes its whole size on top of the result. Only the embedding and the
    output head, of which few rows are ever read, are mapped.
    """

    def __init__(self, folder: Path) -> None:
        paths = (
            indexed_files(folder) if (folder / INDEX_FILE).exists() else sorted(folder.glob("*.safetensors"))
        )
        if not paths:
            raise ModelRejectedError(
                "The folder holds no safetensors files.",
                where=folder.name,
                hint="Download the model again; weights in other formats are not opened.",
            )
        self._stored = text_part({tensor.name: tensor for path in paths for tensor in read_header(path)})

    def __getitem__(self, name: str) -> "torch.Tensor":
        import numpy as np
        import torch

        stored = self._stored[name]
        size = stored.end - stored.start
        raw: np.ndarray[Any, Any]
        if name in (EMBEDDING, LM_HEAD):
            # Copy-on-write, as torch wants writable memory; nothing ever writes to it.
            raw = np.memmap(stored.file, np.uint8, "c", stored.start, (size,))
        else:
            raw = np.fromfile(stored.file, np.uint8, size, offset=stored.start)
        return torch.from_numpy(raw).view(_dtypes()[stored.dtype]).view(stored.shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def parameters(self) -> int:
        """How many numbers the checkpoint holds."""
        return sum(stored.elements for stored in self._stored.values())

    def digest(self) -> str:
        """A short hash of names, shapes and the first kilobytes of every tensor.

        A different model, precision or fine-tuning changes it; it reads a megabyte instead of all.
        """
        seen = hashlib.sha256()
        for name, stored in sorted(self._stored.items()):
            seen.update(json.dumps([name, stored.dtype, stored.shape]).encode())
            with stored.file.open("rb") as file:
                file.seek(stored.start)
                seen.update(file.read(min(4096, stored.end - stored.start)))
        return seen.hexdigest()[:16]


def _dtypes() -> dict[str, "torch.dtype"]:
    import torch

    return {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32, "F64": torch.float64}


def text_part(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a decoder: all, or of a model that also sees those that read, renamed."""
    if not any(name.startswith(_TEXT_PART) for name in stored):
        return dict(stored)
    return {
        name.replace(_TEXT_PART, "model.", 1): tensor
        for name, tensor in stored.items()
        if name.startswith(_TEXT_PART) or not name.startswith("model.")
    }


def required_names(arch: Architecture, head: Head = YES_NO) -> list[str]:
    """Every tensor that scoring reads."""
    per_layer = [
        "input_layernorm.weight",
        "post_attention_layernorm.weight",
        *(f"self_attn.{part}_proj.weight" for part in "qkvo"),
        *(("self_attn.q_norm.weight", "self_attn.k_norm.weight") if arch.qk_norm else ()),
        *(f"mlp.{part}_proj.weight" for part in ("gate", "up", "down")),
    ]
    names = [f"model.layers.{n}.{part}" for n in range(arch.layers) for part in per_layer]
    return list(dict.fromkeys([EMBEDDING, FINAL_NORM, head_name(arch, head), *names]))


def head_name(arch: Architecture, head: Head) -> str:
    """The matrix whose rows the score is read from."""
    if head.rows == "classifier":
        return CLASSIFIER
    return EMBEDDING if arch.tied else LM_HEAD


def check_complete(tensors: Mapping[str, "torch.Tensor"], arch: Architecture, head: Head = YES_NO) -> None:
    """ModelRejectedError when a tensor is missing: elsewhere it would be filled with random numbers."""
    missing = [name for name in required_names(arch, head) if name not in tensors]
    if missing:
        raise ModelRejectedError(
            "The model files lack {count} of the tensors that scoring needs, first {name}.",
            hint="Download the model again; a random stand-in would give random scores.",
            count=len(missing),
            name=missing[0],
        )


def head_row(
    tensors: Mapping[str, "torch.Tensor"], arch: Architecture, head: Head = YES_NO
) -> "torch.Tensor":
    """The row in fp32, [hidden], whose product with a hidden state is the raw logit: W[yes] − W[no]."""
    rows = tensors[head_name(arch, head)]
    row = rows[head.true].float()
    if head.false is not None:
        row = row - rows[head.false].float()
    return row if head.scale == 1.0 else row / head.scale
