"""Write a Qwen3-Reranker folder of the real 0.6B shape with random weights.

Its scores mean nothing; its speed and memory are the real model's, whose weights the machines that measure
this project cannot download. The tokenizer is the one of `tests/qwen_fixture.py`.

    python -m benchmarks.random_model FOLDER
"""

import argparse
from pathlib import Path

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

from tests.qwen_fixture import VOCABULARY_SIZE, qwen_tokenizer

CHAT_TEMPLATE = (
    "{%- set i = namespace(q='', d='', p='') -%}"
    "{%- for m in messages -%}"
    "{%- if m.role == 'query' -%}{%- set i.q = m.content -%}{%- endif -%}"
    "{%- if m.role == 'document' -%}{%- set i.d = m.content -%}{%- endif -%}"
    "{%- if m.role == 'system' -%}{%- set i.p = m.content -%}{%- endif -%}"
    "{%- endfor -%}"
    "<|im_start|>system\nJudge whether the Document meets the requirements based on the Query and the"
    ' Instruct provided. Note that the answer can only be "yes" or "no".<|im_end|>\n<|im_start|>user\n'
    "<Instruct>: {{ i.p or 'Given a web search query, retrieve relevant passages that answer the query' }}\n"
    "<Query>: {{ i.q }}\n<Document>: {{ i.d }}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>"
    # Jinja drops one line break at the very end of a template, which would be another token.
    "{{ '\n\n' }}"
)


def shape_of_0_6b() -> Qwen3Config:
    """The published configuration of Qwen3-Reranker-0.6B."""
    return _shape(1024, 3072, layers=28, heads=16, tied=True)


def shape_of_8b() -> Qwen3Config:
    """That of Qwen3-Reranker-8B, whose head is its own."""
    return _shape(4096, 12_288, layers=36, heads=32, tied=False)


def _shape(hidden: int, intermediate: int, *, layers: int, heads: int, tied: bool) -> Qwen3Config:
    """What both have in common, and what is each one's own."""
    return Qwen3Config(
        vocab_size=VOCABULARY_SIZE,
        hidden_size=hidden,
        intermediate_size=intermediate,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=8,
        head_dim=128,
        max_position_embeddings=40_960,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        tie_word_embeddings=tied,
        bos_token_id=151_643,
        eos_token_id=151_645,
    )


def write_random_model(folder: Path) -> Path:
    """Create the folder if it does not hold a model yet."""
    if not (folder / "model.safetensors").exists():
        torch.manual_seed(0)
        with torch.device("meta"):
            model = Qwen3ForCausalLM(shape_of_0_6b())
        model = model.to_empty(device="cpu").to(torch.bfloat16)
        for name, parameter in model.named_parameters():
            if "norm" in name:
                torch.nn.init.ones_(parameter)
            else:
                torch.nn.init.normal_(parameter, std=0.02)
        model.tie_weights()
        model.save_pretrained(folder)
        tokenizer = qwen_tokenizer()
        tokenizer.chat_template = CHAT_TEMPLATE
        tokenizer.save_pretrained(folder)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    print(write_random_model(parser.parse_args().folder))


if __name__ == "__main__":
    main()
