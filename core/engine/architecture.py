"""The numbers of a decoder, read from its config.json, and which decoders this engine cannot run.

Reads plain JSON and needs no transformers, so that a folder can be judged in milliseconds. Absent numbers are
what transformers takes them for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import ModelRejectedError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedConfig

USE_OFFICIAL = "Use the files of Qwen/Qwen3-Reranker-0.6B, -4B or -8B as Qwen publishes them."


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of a decoder. tied: the output head shares the embedding matrix."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    tied: bool

    @property
    def qkv_rows(self) -> int:
        """Rows of the fused query, key and value projection."""
        return (self.heads + 2 * self.kv_heads) * self.head_dim


@dataclass(frozen=True, slots=True)
class Architecture(Shape):
    """All numbers that the forward pass needs of a Qwen3- or Llama-shaped decoder."""

    norm_eps: float
    max_positions: int
    qk_norm: bool


def decoder_config(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a config.json that describes the decoder: all, or the text part of a Qwen3-VL.

    Its positions have three axes, which for text are one and the same.
    """
    text = config.get("text_config")
    if config.get("model_type") != "qwen3_vl" or not isinstance(text, Mapping):
        return config
    tied = config.get("tie_word_embeddings", text.get("tie_word_embeddings", False))
    return {**text, "model_type": "qwen3", "tie_word_embeddings": tied}


def architecture(config: Mapping[str, Any]) -> Architecture:
    """What config.json says; ModelRejectedError for what the engine cannot run."""
    model_type = config.get("model_type")
    # No Qwen3-Reranker is a Llama. The same pass runs both, and the one trained model small enough to be
    # tested with (SmolLM2, tests/engine/test_trained_model.py) is one.
    if model_type not in ("qwen3", "llama"):
        raise ModelRejectedError(
            "The model is a {model_type}, not a Qwen3.",
            where="config.json",
            hint=USE_OFFICIAL,
            model_type=model_type,
        )
    layer_types = config.get("layer_types") or ()
    unsupported = [
        name
        for name, used in (
            ("attention_bias", config.get("attention_bias")),
            ("mlp_bias", config.get("mlp_bias")),
            ("sliding_window", config.get("use_sliding_window") or "sliding_attention" in layer_types),
            ("hidden_act", config.get("hidden_act", "silu") != "silu"),
        )
        if used
    ]
    if unsupported:
        raise ModelRejectedError(
            "The model's configuration uses {names}, which no Qwen3-Reranker has.",
            where="config.json",
            hint=USE_OFFICIAL,
            names=", ".join(unsupported),
        )
    hidden, heads = _integer(config, "hidden_size"), _integer(config, "num_attention_heads")
    return Architecture(
        layers=_integer(config, "num_hidden_layers"),
        hidden=hidden,
        intermediate=_integer(config, "intermediate_size"),
        heads=heads,
        kv_heads=_integer(config, "num_key_value_heads"),
        # Qwen3's heads do not divide the hidden size among them: guessing would give another model.
        head_dim=hidden // heads
        if model_type == "llama" and not config.get("head_dim")
        else _integer(config, "head_dim"),
        norm_eps=float(config.get("rms_norm_eps", 1e-6)),
        max_positions=_integer(config, "max_position_embeddings"),
        qk_norm=model_type == "qwen3",
        tied=bool(config.get("tie_word_embeddings", False)),
    )


def _integer(config: Mapping[str, Any], key: str) -> int:
    value = config.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ModelRejectedError(
            "config.json gives no usable {key}.", where="config.json", hint=USE_OFFICIAL, key=key
        )
    return value


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
