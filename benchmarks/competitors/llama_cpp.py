"""Qwen3-Reranker on llama.cpp (the `xllamacpp` wheel), Q8_0: a GGUF file as its converter writes rerankers.

The layout (names of tensors and keys, two rows of the output as `cls.output`, rank pooling, a template named
«rerank») is that of llama.cpp's own `convert_hf_to_gguf.py`.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.engine.prompt import CLOSING, DEFAULT_INSTRUCTION, SYSTEM

NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
TEMPLATE = f"{SYSTEM}<Instruct>: {DEFAULT_INSTRUCTION}\n<Query>: {{query}}\n<Document>: {{document}}{CLOSING}"
# Tokens of a pass; a query's documents are read in passes of this size.
PASS_TOKENS = 2048


class LlamaCpp:
    """Its server in this process, asked as over HTTP."""

    def __init__(self, folder: Path, threads: int) -> None:
        import xllamacpp

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(written(folder))
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = PASS_TOKENS
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
        parameters.embedding = True
        parameters.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_RANK
        parameters.warmup = False
        self._server = xllamacpp.Server(parameters)

    def __call__(self, query: str, documents: Sequence[str]) -> list[float]:
        answer = self._server.handle_rerank({"query": query, "documents": list(documents)})
        found = {one["index"]: float(one["relevance_score"]) for one in answer["results"]}
        return [_log_odds(found[at]) for at in range(len(documents))]


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(kept) - math.log1p(-kept)


def written(folder: Path) -> Path:
    """The folder's model as a GGUF file beside it, made once."""
    target = folder.with_name(f"{folder.name}-q8_0.gguf")
    if target.exists():
        return target
    import gguf
    from safetensors import safe_open

    config = json.loads((folder / "config.json").read_text())
    partial = target.with_suffix(".partial")
    writer = gguf.GGUFWriter(partial, "qwen3")
    _describe(writer, config)
    _add_tokens(writer, folder, config["vocab_size"])
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, framework="pt") as tensors:
            for name in tensors.keys():  # noqa: SIM118 - it is no mapping
                _add(writer, name, tensors.get_tensor(name).float().numpy())
                if name.endswith("embed_tokens.weight"):
                    rows = tensors.get_tensor(name).float().numpy()[_yes_and_no(folder)]
                    writer.add_tensor("cls.output.weight", rows)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.rename(target)
    return target


def _describe(writer: "gguf.GGUFWriter", config: dict[str, object]) -> None:  # type: ignore[name-defined] # noqa: F821
    import gguf

    rope = config.get("rope_parameters") or config
    writer.add_name("random Qwen3-Reranker")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(rope["rope_theta"])  # type: ignore[index]
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_pooling_type(gguf.PoolingType.RANK)
    writer.add_classifier_output_labels(["yes", "no"])
    writer.add_chat_template([{"name": "rerank", "template": TEMPLATE}])


def _add_tokens(writer: "gguf.GGUFWriter", folder: Path, count: int) -> None:  # type: ignore[name-defined] # noqa: F821
    import gguf

    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    names = [f"[PAD{number}]" for number in range(count)]
    kinds = [gguf.TokenType.UNUSED] * count
    for name, number in tokenizer["model"]["vocab"].items():
        names[number], kinds[number] = name, gguf.TokenType.NORMAL
    for added in tokenizer["added_tokens"]:
        names[added["id"]] = added["content"]
        kinds[added["id"]] = gguf.TokenType.CONTROL if added["special"] else gguf.TokenType.USER_DEFINED
    merges = [one if isinstance(one, str) else " ".join(one) for one in tokenizer["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(names)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    end = names.index("<|im_end|>")
    writer.add_eos_token_id(end)
    writer.add_pad_token_id(names.index("<|endoftext|>"))
    writer.add_add_bos_token(False)


def _yes_and_no(folder: Path) -> list[int]:
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    return [vocabulary["yes"], vocabulary["no"]]


def _add(writer: "gguf.GGUFWriter", name: str, values: np.ndarray) -> None:  # type: ignore[name-defined] # noqa: F821
    import gguf

    short = name.removeprefix("model.").removesuffix(".weight")
    if short.startswith("layers."):
        _, number, rest = short.split(".", 2)
        target = f"blk.{number}.{NAMES[rest]}.weight"
    else:
        target = {"embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output"}[short] + ".weight"
    if values.ndim == 1:
        writer.add_tensor(target, values.astype(np.float32))
        return
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor(target, gguf.quants.quantize(values, kind), raw_dtype=kind)
