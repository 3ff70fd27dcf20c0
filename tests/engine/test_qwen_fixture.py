"""The rebuilt tokenizer is the official one wherever the scorer relies on it."""

from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.qwen_fixture import qwen_tokenizer, tiny_qwen_folder


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("yes", [9693]),
        ("no", [2152]),
        ("Yes", [9454]),
        ("No", [2753]),
        ("<|endoftext|>", [151643]),
        ("<|im_start|>", [151644]),
        ("<|im_end|>", [151645]),
        ("<think>", [151667]),
        ("</think>", [151668]),
        (
            "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
            [151645, 198, 151644, 77091, 198, 151667, 271, 151668, 271],
        ),
    ],
)
def test_tokens_have_the_official_ids(text: str, ids: list[int]) -> None:
    assert qwen_tokenizer().encode(text) == ids


def test_text_is_normalised_to_nfc() -> None:
    assert qwen_tokenizer().encode("e\u0301") == qwen_tokenizer().encode("\u00e9")


def test_folder_loads_through_transformers(tmp_path: Path) -> None:
    folder = tiny_qwen_folder(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    text = "<|im_start|>user\n退款多久到账？ def f(x): return x  🙂<|im_end|>"
    assert tokenizer.encode(text) == qwen_tokenizer().encode(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"]
    assert model.config.model_type == "qwen3"
