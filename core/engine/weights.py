"""A checkpoint's configuration and tensors, read one at a time and memory-mapped.

`Checkpoint` is a mapping from tensor name to tensor, over one or several safetensors files; nothing is read
until a tensor is asked for, so a model can be built (or quantised) layer by layer without holding it twice.
Pickled weights are never opened. Whether the files arrived whole is `core.models`' business.
"""

import hashlib
import json
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


class Checkpoint(Mapping[str, "torch.Tensor"]):
    """The tensors of all safetensors files in a folder, by name."""

    def __init__(self, folder: Path) -> None:
        from safetensors import safe_open

        paths = sorted(folder.glob("*.safetensors"))
        if not paths:
            raise ModelRejectedError(
                "The folder holds no safetensors files.",
                where=folder.name,
                hint="Download the model again; weights in other formats are not opened.",
            )
        self._files: list[Any] = [safe_open(path, framework="pt") for path in paths]
        self._where = {name: file for file in self._files for name in file.keys()}

    def __getitem__(self, name: str) -> "torch.Tensor":
        tensor: torch.Tensor = self._where[name].get_tensor(name)
        return tensor

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)

    def parameters(self) -> int:
        """How many numbers the checkpoint holds."""
        total = 0
        for name, file in self._where.items():
            count = 1
            for size in file.get_slice(name).get_shape():
                count *= size
            total += count
        return total

    def digest(self) -> str:
        """A short hash of names, shapes and the first row of every tensor.

        A different model, precision or fine-tuning changes it; it reads a few megabytes instead of all.
        """
        import torch

        seen = hashlib.sha256()
        for name in sorted(self._where):
            part = self._where[name].get_slice(name)
            seen.update(json.dumps([name, part.get_shape(), part.get_dtype()]).encode())
            seen.update(part[0:1].contiguous().view(torch.uint8).numpy().tobytes())
        return seen.hexdigest()[:16]


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
