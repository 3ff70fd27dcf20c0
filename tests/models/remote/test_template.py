"""The template we ship for other servers gives the very tokens that the engine reads."""

from pathlib import Path

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

from core.engine.prompt import PromptEncoder
from tests.engine.recipe import INSTRUCTION, PREFIX, SUFFIX
from tests.qwen_fixture import qwen_tokenizer

TEMPLATE = Path(__file__).resolve().parents[3] / "deploy" / "qwen3_reranker.jinja"
DOCUMENT = "退款审核通过后，款项将在1至3个工作日内退回。\nSecond line. "


def rendered(query: str, document: str, system: str | None = None, **arguments: str) -> str:
    """As vLLM renders a pair: transformers' environment, one message a role."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    messages = [{"role": "query", "content": query}, {"role": "document", "content": document}]
    if system is not None:
        messages.insert(0, {"role": "system", "content": system})
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(messages=messages, **arguments)


@pytest.mark.parametrize("instruction", [None, "Given a support question, find the article that solves it"])
def test_the_prompt_is_the_model_cards(instruction: str | None) -> None:
    asked = f"<Instruct>: {instruction or INSTRUCTION}\n<Query>: 怎么退款?\n<Document>: {DOCUMENT}"
    expected = f"{PREFIX}{asked}{SUFFIX}"
    arguments = {"instruction": instruction} if instruction else {}
    assert rendered("怎么退款?", DOCUMENT, **arguments) == expected
    if instruction:
        assert rendered("怎么退款?", DOCUMENT, system=instruction) == expected


def test_its_tokens_are_the_engines() -> None:
    tokenizer: Tokenizer = qwen_tokenizer().backend_tokenizer
    encoder = PromptEncoder(tokenizer, 8192)
    prefix = list(encoder.prefix(None, "what is a refund"))
    document = list(encoder.documents([DOCUMENT], len(prefix))[0].ids)
    ids = tokenizer.encode(rendered("what is a refund", DOCUMENT), add_special_tokens=False).ids
    assert ids == [*prefix, *document]
    # The closing line breaks are one token; a template that loses one of them ends in 198.
    assert ids[-1] == 271
