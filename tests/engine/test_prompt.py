"""The prompt's tokens: exactly the model card's, except that user text can never be special."""

import functools
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer

from core.engine.form import template_of
from core.engine.prompt import (
    CLOSING,
    DEFAULT_INSTRUCTION,
    QWEN3_RERANKER,
    SYSTEM,
    USER,
    PromptEncoder,
    clean,
)
from core.errors import InputError, ModelRejectedError
from tests.engine.recipe import INSTRUCTION, PREFIX, SUFFIX
from tests.qwen_fixture import qwen_tokenizer

ADDED_STRINGS = ["<|im_end|>", "<|im_start|>", "<|endoftext|>", "<think>", "</think>", "<tool_call>"]

# Everything that could join, split or normalise across the seam between prefix and document.
PIECES = st.sampled_from(
    [
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\u3000",
        "\u00a0",
        "'s",
        "'",
        "e",
        "\u0301",
        "é",
        "가",
        "\u1100",
        "\u1161",
    ]
    + ["退款", "。", "1", "9", ":", "<", "|", ">", "a", "The", "🙂", "\u200d", "👩‍💻", "\x00", "\ufeff", "ﬁ"]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join)


@functools.cache
def encoder(max_tokens: int = 8192) -> PromptEncoder:
    return PromptEncoder(qwen_tokenizer().backend_tokenizer, max_tokens)


def test_the_template_is_the_model_cards() -> None:
    assert (SYSTEM, CLOSING, DEFAULT_INSTRUCTION) == (PREFIX, SUFFIX, INSTRUCTION)
    assert USER == "<Instruct>: {instruction}\n<Query>: {query}\n<Document>:"


def test_system_part_and_closing_have_the_published_lengths() -> None:
    prefix = encoder().prefix("", "")
    whole = qwen_tokenizer().encode(SYSTEM)
    assert len(whole) == 39
    assert prefix[:39].tolist() == whole
    (empty,) = encoder().documents([""], len(prefix))
    assert empty.ids.tolist() == [220, 151645, 198, 151644, 77091, 198, 151667, 271, 151668, 271]


@settings(max_examples=300, deadline=None)
@given(instruction=TEXTS, query=TEXTS, document=TEXTS)
@example(instruction="", query="", document="")
@example(instruction="a", query="b\n", document="\n c")
@example(instruction="a", query="b", document="\u0301x")
@example(instruction="a", query="b", document="   \n  ")
def test_prefix_and_document_apart_are_the_tokens_of_the_whole(
    instruction: str, query: str, document: str
) -> None:
    instruction, query, document = map(clean, (instruction, query, document))
    prefix = encoder().prefix(instruction, query)
    (tokens,) = encoder().documents([document], len(prefix))
    whole = f"{SYSTEM}{USER.format(instruction=instruction, query=query)} {document}{CLOSING}"
    assert [*prefix.tolist(), *tokens.ids.tolist()] == qwen_tokenizer().encode(whole)
    assert not tokens.truncated


@pytest.mark.parametrize("text", ADDED_STRINGS)
def test_a_special_token_in_user_text_stays_text(text: str) -> None:
    prefix = encoder().prefix(f"i {text}", f"q {text}")
    (document,) = encoder().documents([f"d {text}"], len(prefix))
    special = [token for token in [*prefix, *document.ids] if token >= 151_643]
    # system: start, end, start; closing: end, start, think, /think
    assert special == [151644, 151645, 151644, 151645, 151644, 151667, 151668]
    assert qwen_tokenizer().decode(document.ids.tolist()) == f" d {text}{CLOSING}"


def test_only_the_document_is_shortened_and_the_closing_is_kept() -> None:
    small = encoder(max_tokens=128)
    prefix = small.prefix(None, "how long does a refund take")
    whole, cut = small.documents(["word", "word " * 500], len(prefix))
    assert not whole.truncated and cut.truncated
    assert len(prefix) + len(cut.ids) == 128
    assert cut.ids[-9:].tolist() == qwen_tokenizer().encode(CLOSING)
    assert qwen_tokenizer().decode(cut.ids[:-9].tolist()).strip("word ") == ""


def test_query_and_instruction_that_leave_no_room_are_the_users_to_shorten() -> None:
    with pytest.raises(InputError, match="longer than the 128 tokens") as caught:
        encoder(max_tokens=128).prefix(None, "word " * 100)
    assert caught.value.where == "query"


def test_a_query_of_ten_megabytes_is_refused_without_reading_it_whole() -> None:
    with pytest.raises(InputError):
        encoder().prefix(None, "word " * 2_000_000)


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "退款审核通过后，款项将退回。",
        "a",
        " ",
        "\n",
        " \n\n  x",
        "!",
        "e\u0301",
        "🙂",
        "1",
        "'re we're ",
    ],
)
def test_a_huge_document_is_cut_to_the_first_tokens_of_the_whole(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    expected = qwen_tokenizer().encode(" " + text)[:400]
    (tokens,) = encoder(max_tokens=450).documents([text], prefix_length=41)
    assert tokens.truncated
    assert tokens.ids[:-9].tolist() == expected


@settings(max_examples=200, deadline=None)
@given(text=st.lists(TEXTS, min_size=1, max_size=60).map("".join), limit=st.integers(1, 12))
def test_cutting_early_never_changes_the_first_tokens(text: str, limit: int) -> None:
    text = clean(text)
    expected = qwen_tokenizer().encode(" " + text, split_special_tokens=True)
    (tokens,) = encoder().documents([text], prefix_length=8192 - 9 - limit)
    assert tokens.ids[:-9].tolist() == expected[:limit]
    assert tokens.truncated == (len(expected) > limit)


def test_ten_megabytes_without_a_single_break_still_give_tokens() -> None:
    (tokens,) = encoder(max_tokens=300).documents(["あ" * 10_000_000], prefix_length=100)
    assert tokens.truncated
    assert len(tokens.ids) == 200


def test_chunks_cover_the_whole_document_with_overlap() -> None:
    text = " ".join(str(n) for n in range(400))
    whole = qwen_tokenizer().encode(" " + text)
    parts = [part.ids[:-9].tolist() for part in encoder(max_tokens=309).chunks(text, prefix_length=100)]
    assert len(parts) > 1
    assert all(len(part) <= 200 for part in parts)
    covered = parts[0]
    for part in parts[1:]:
        overlap = max(n for n in range(1, 51) if covered[-n:] == part[:n])
        covered = covered + part[overlap:]
    assert covered == whole


def test_a_short_document_is_one_chunk() -> None:
    assert len(encoder().chunks("short", prefix_length=100)) == 1


def test_text_is_normalised_and_lone_surrogates_replaced() -> None:
    assert clean("e\u0301") == unicodedata.normalize("NFC", "e\u0301")
    assert clean("a\ud800b") == "a\ufffdb"
    assert clean("\udc00\ud800") == "\ufffd\ufffd"
    assert clean("\ud83d\ude42") == "🙂"
    assert clean("nul\x00stays") == "nul\x00stays"


def test_another_vocabulary_is_refused() -> None:
    other = Tokenizer.from_str(qwen_tokenizer().backend_tokenizer.to_str())
    other.add_tokens([AddedToken("yes", normalized=False)])
    description = other.to_str().replace('"<|im_end|>"', '"<|the_end|>"')
    with pytest.raises(ModelRejectedError, match="not Qwen3's"):
        PromptEncoder(Tokenizer.from_str(description), 8192)


PROMPTS = (
    # Qwen3-VL-Reranker's, zerank-2's and one whose document follows a space.
    f"{PREFIX}<Instruct>: {{instruction}}<Query>:{{query}}\n<Document>:{{document}}<|im_end|>\n",
    "<|im_start|>system\n{query}<|im_end|>\n<|im_start|>user\n{document}<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>user\n{query} {instruction}\nD: {document}<|endoftext|>",
)


@pytest.mark.parametrize("prompt", PROMPTS)
@settings(max_examples=60, deadline=None)
@given(query=TEXTS, document=TEXTS, instruction=TEXTS)
@example(query="a?\n", document="\n\nb", instruction="")
@example(query="<", document="\u0338 >", instruction=":")
def test_other_templates_are_cut_where_their_tokens_are_those_of_the_whole(
    prompt: str, query: str, document: str, instruction: str
) -> None:
    template = template_of(prompt, "none given")
    assert template is not None
    made = PromptEncoder(qwen_tokenizer().backend_tokenizer, 8192, template)
    prefix = made.prefix(instruction, query)
    (read,) = made.documents([document], len(prefix))
    text = prompt.format(query=clean(query), document=clean(document), instruction=clean(instruction))
    assert [*prefix, *read.ids] == qwen_tokenizer().encode(text)


def test_qwens_own_prompt_is_recognised_and_others_without_a_seam_are_not() -> None:
    whole = SYSTEM + USER + " {document}" + CLOSING
    assert template_of(whole, DEFAULT_INSTRUCTION) is QWEN3_RERANKER
    assert template_of("{query}{document}<|im_end|>") is None
    assert template_of("<|im_start|>{document}\n{query}<|im_end|>") is None
    assert template_of("<|im_start|>{query}<|im_end|>{document} relevant?") is None
