"""A checkpoint's configuration and tensors, read one at a time.

`Checkpoint` is a mapping from tensor name to tensor, over one or several safetensors files; nothing is read
until a tensor is asked for, so a model can be built (or quantised) layer by layer without holding it twice.
Pickled weights are never opened. Whether the files arrived whole is `core.models`' business.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.engine.prompt import NO_ID, YES_ID
from core.errors import ModelRejectedError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedConfig

EMBEDDING = "model.embed_tokens.weight"
FINAL_NORM = "model.norm.weight"
LM_HEAD = "lm_head.weight"
INDEX_FILE = "model.safetensors.index.json"
FETCH_AGAIN = "Download the model again, or copy the whole folder."


@dataclass(frozen=True, slots=True)
class Architecture:
    """The numbers of a Qwen3- or Llama-shaped decoder."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    norm_eps: float
    max_positions: int
    qk_norm: bool
    tied: bool

    @property
    def qkv_rows(self) -> int:
        """Rows of the fused query, key and value projection."""
        return (self.heads + 2 * self.kv_heads) * self.head_dim


def architecture(config: "PreTrainedConfig") -> Architecture:
    """What the forward pass needs of a transformers config; ModelRejectedError for what it cannot run."""
    c: Any = config
    # No Qwen3-Reranker is a Llama. The same pass runs both, and the one trained model small enough to be
    # tested with (SmolLM2, tests/engine/test_trained_model.py) is one.
    if c.model_type not in ("qwen3", "llama"):
        raise ModelRejectedError("The model is a {model_type}, not a Qwen3.", model_type=c.model_type)
    unsupported = [
        name
        for name, used in (
            ("attention_bias", getattr(c, "attention_bias", False)),
            ("mlp_bias", getattr(c, "mlp_bias", False)),
            ("sliding_window", "sliding_attention" in (getattr(c, "layer_types", None) or ())),
            ("hidden_act", c.hidden_act != "silu"),
        )
        if used
    ]
    if unsupported:
        raise ModelRejectedError(
            "The model's configuration uses {names}, which no Qwen3-Reranker has.",
            where="config.json",
            names=", ".join(unsupported),
        )
    return Architecture(
        layers=c.num_hidden_layers,
        hidden=c.hidden_size,
        intermediate=c.intermediate_size,
        heads=c.num_attention_heads,
        kv_heads=c.num_key_value_heads,
        head_dim=getattr(c, "head_dim", None) or c.hidden_size // c.num_attention_heads,
        norm_eps=c.rms_norm_eps,
        max_positions=c.max_position_embeddings,
        qk_norm=c.model_type == "qwen3",
        tied=c.tie_word_embeddings,
    )


def rotary_frequencies(config: "PreTrainedConfig", head_dim: int) -> tuple["torch.Tensor", float]:
    """Inverse frequencies [head_dim / 2] (fp32) and the factor on cosine and sine."""
    import torch
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    rope: dict[str, Any] = config.rope_parameters
    kind = rope["rope_type"]
    if kind == "default":
        exponents = torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim
        return 1.0 / rope["rope_theta"] ** exponents, 1.0
    if kind not in ("linear", "yarn", "llama3"):
        raise ModelRejectedError(
            "The model's position scaling {kind} depends on the text's length, which packing cannot keep.",
            where="config.json",
            kind=kind,
        )
    frequencies, factor = ROPE_INIT_FUNCTIONS[kind](config, device=torch.device("cpu"))
    return frequencies, float(factor)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Where one tensor lies: bytes [start, end) of a file."""

    path: Path
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


class Checkpoint(Mapping[str, "torch.Tensor"]):
    """The tensors of a folder's safetensors files, by name: of those that its index names, where it has one.

    Further files, such as an earlier form of the model, are not what `core.models` has checked.

    Layout (huggingface/safetensors): u64 length of a JSON header, the header, the tensors' bytes. Read with
    plain file reads, because the pages of a memory map count as the process's memory once they are touched:
    quantising a mapped model takes its whole size on top of the result. Only the embedding, of which few
    rows are ever read, is mapped.
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
        self._stored = {name: stored for path in paths for name, stored in _read_header(path).items()}

    def __getitem__(self, name: str) -> "torch.Tensor":
        import numpy as np
        import torch

        stored = self._stored[name]
        size = stored.end - stored.start
        raw: np.ndarray[Any, Any]
        if name == EMBEDDING:
            # Copy-on-write, as torch wants writable memory; nothing ever writes to it.
            raw = np.memmap(stored.path, np.uint8, "c", stored.start, (size,))
        else:
            raw = np.fromfile(stored.path, np.uint8, size, offset=stored.start)
        return torch.from_numpy(raw).view(_dtypes()[stored.dtype]).view(stored.shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def parameters(self) -> int:
        """How many numbers the checkpoint holds."""
        return sum(math.prod(stored.shape) for stored in self._stored.values())

    def digest(self) -> str:
        """A short hash of names, shapes and the first kilobytes of every tensor.

        A different model, precision or fine-tuning changes it; it reads a megabyte instead of all.
        """
        seen = hashlib.sha256()
        for name, stored in sorted(self._stored.items()):
            seen.update(json.dumps([name, stored.dtype, stored.shape]).encode())
            with stored.path.open("rb") as file:
                file.seek(stored.start)
                seen.update(file.read(min(4096, stored.end - stored.start)))
        return seen.hexdigest()[:16]


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


def _read_header(path: Path) -> dict[str, _Stored]:
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            # Of a damaged file the first bytes may say anything.
            header: dict[str, Any] = json.loads(file.read(min(length, path.stat().st_size)))
        first = 8 + length
        return {
            name: _Stored(
                path, entry["dtype"], tuple(entry["shape"]), *(first + at for at in entry["data_offsets"])
            )
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelRejectedError(
            "{file} is damaged: it does not begin with a safetensors header.",
            where=str(path),
            hint=FETCH_AGAIN,
            file=path.name,
        ) from error


def _unreadable(path: Path, error: Exception) -> ModelRejectedError:
    return ModelRejectedError(
        "The model's {file} cannot be read: {reason}.",
        where=str(path),
        hint=FETCH_AGAIN,
        file=path.name,
        reason=str(error) or type(error).__name__,
    )


def _dtypes() -> dict[str, "torch.dtype"]:
    import torch

    return {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32, "F64": torch.float64}


def required_names(arch: Architecture) -> list[str]:
    """Every tensor that scoring reads."""
    per_layer = [
        *(f"self_attn.{part}_proj.weight" for part in "qkvo"),
        *(f"mlp.{part}_proj.weight" for part in ("gate", "up", "down")),
        "input_layernorm.weight",
        "post_attention_layernorm.weight",
        *(("self_attn.q_norm.weight", "self_attn.k_norm.weight") if arch.qk_norm else ()),
    ]
    names = [f"model.layers.{n}.{part}" for n in range(arch.layers) for part in per_layer]
    return [EMBEDDING, FINAL_NORM, *([] if arch.tied else [LM_HEAD]), *names]


def check_complete(tensors: Mapping[str, "torch.Tensor"], arch: Architecture) -> None:
    """ModelRejectedError when a tensor is missing: elsewhere it would be filled with random numbers."""
    missing = [name for name in required_names(arch) if name not in tensors]
    if missing:
        raise ModelRejectedError(
            "The model files lack {count} of the tensors that scoring needs, first {name}.",
            hint="Download the model again; a random stand-in would give random scores.",
            count=len(missing),
            name=missing[0],
        )


def head_row(tensors: Mapping[str, "torch.Tensor"], arch: Architecture) -> "torch.Tensor":
    """W[yes] − W[no] in fp32, [hidden]: its product with a hidden state is the raw logit."""
    rows = tensors[EMBEDDING if arch.tied else LM_HEAD]
    return rows[YES_ID].float() - rows[NO_ID].float()
