"""Hand-made model folders: real configuration and safetensors files, a few kilobytes to a few megabytes.

The weights are written by the safetensors library, so that the checks' own header reader is compared with an
independent writer.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

VOCABULARY = 151_669
TOKENS = {"yes": 9693, "no": 2152}
ADDED = {
    "<|endoftext|>": 151_643,
    "<|im_start|>": 151_644,
    "<|im_end|>": 151_645,
    "<think>": 151_667,
    "</think>": 151_668,
}
LAYER = (
    "input_layernorm",
    "post_attention_layernorm",
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "self_attn.q_norm",
    "self_attn.k_norm",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
)


def model_config(**changes: object) -> dict[str, Any]:
    """A Qwen3 configuration in small; keyword arguments replace fields."""
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "vocab_size": VOCABULARY,
        "hidden_size": 4,
        "intermediate_size": 6,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 2,
        "max_position_embeddings": 40_960,
        "tie_word_embeddings": True,
    } | changes


def model_tensors(config: dict[str, Any]) -> dict[str, np.ndarray]:
    """Tensors under the names a Qwen3 checkpoint has; only the embedding and the head have real shapes."""
    matrix = np.zeros((config["vocab_size"], config["hidden_size"]), dtype=np.float16)
    matrix[TOKENS["yes"] % len(matrix)] = 1.0
    tensors = {"model.embed_tokens.weight": matrix, "model.norm.weight": np.ones(4, dtype=np.float16)}
    for layer in range(config["num_hidden_layers"]):
        for name in LAYER:
            tensors[f"model.layers.{layer}.{name}.weight"] = np.ones((2, 3), dtype=np.float16)
    if not config["tie_word_embeddings"]:
        tensors["lm_head.weight"] = matrix.copy()
    return tensors


def write_model(
    folder: Path,
    config: dict[str, Any] | None = None,
    tensors: dict[str, np.ndarray] | None = None,
    *,
    shards: int = 1,
    tokens: dict[str, int] | None = None,
) -> Path:
    """Write a folder that passes every check unless an argument breaks it."""
    folder.mkdir(parents=True, exist_ok=True)
    config = model_config() if config is None else config
    tensors = model_tensors(config) if tensors is None else tensors
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    tokenizer = {
        "added_tokens": [{"content": text, "id": number} for text, number in ADDED.items()],
        "model": {"type": "BPE", "vocab": TOKENS if tokens is None else tokens, "merges": []},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    if shards == 1:
        save_file(tensors, folder / "model.safetensors")
        return folder
    weight_map = {}
    for shard in range(shards):
        name = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
        part = {key: tensors[key] for key in sorted(tensors)[shard::shards]}
        save_file(part, folder / name)
        weight_map |= dict.fromkeys(part, name)
    index = {"metadata": {}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def write_small_model(folder: Path) -> Path:
    """A whole folder of two kilobytes; it is not a usable model, but all its files have their length."""
    return write_model(folder, model_config(vocab_size=16))


def with_more_data(weights: bytes, count: int) -> bytes:
    """The same safetensors file with one more tensor of `count` varied bytes."""
    length = int.from_bytes(weights[:8], "little")
    header = json.loads(weights[8 : 8 + length])
    end = max(facts["data_offsets"][1] for name, facts in header.items() if name != "__metadata__")
    header["padding"] = {"dtype": "U8", "shape": [count], "data_offsets": [end, end + count]}
    text = json.dumps(header).encode()
    varied = bytes((index * 7 + index // 251) % 256 for index in range(count))
    return len(text).to_bytes(8, "little") + text + weights[8 + length :] + varied
