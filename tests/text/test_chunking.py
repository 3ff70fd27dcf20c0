"""Chunks fit their budget, cover the document, and are cut where a reader would cut."""

import re

import pytest

from core.errors import InputError
from core.text.articles import articles
from core.text.chunking import Chunk, ChunkSettings, aggregate, chunk_document, estimated_tokens
from core.text.headings import sections


def _words(text: str) -> int:
    """A token a word and a Chinese character: simple enough to count by hand."""
    return sum(max(1, len(word)) if not word.isascii() else 1 for word in text.split())


ENGLISH = "\n\n".join(
    f"Paragraph {n} has a first sentence. Then comes a second one, longer than the first. It ends here."
    for n in range(12)
)
CHINESE = "".join(
    f"第{n}条规则说明如何申请退款。“为什么这么慢？”有人问。请耐心等待；谢谢！" for n in range(30)
)
MANUAL = (
    "# Returns\n\nHow to send things back.\n\n## Time\n"
    + "You have fourteen days. " * 20
    + "\n\n## Money\n"
    + "The money comes back in three days. " * 20
)


@pytest.mark.parametrize(
    "text", [ENGLISH, CHINESE, MANUAL, "word " * 500, "字" * 400, "\r\n".join(["a b c."] * 90)]
)
@pytest.mark.parametrize(
    "settings", [ChunkSettings(40, 8, 8), ChunkSettings(64, 0, 0), ChunkSettings(100, 50, 20)]
)
def test_chunks_fit_and_cover_everything(text: str, settings: ChunkSettings) -> None:
    chunks = chunk_document(text, settings, _words)
    assert len(chunks) > 1
    assert all(_words(chunk.text) <= settings.tokens for chunk in chunks)
    covered = set()
    for chunk in chunks:
        assert chunk.text.endswith(text[chunk.start : chunk.end].replace("\r\n", " \n"))
        covered.update(range(chunk.start, chunk.end))
    # Headings are repeated, and not counted as a part of every chunk.
    assert (
        not [at for at in range(len(text)) if at not in covered and text[at].strip("#\r\n ")]
        or text == MANUAL
    )
    assert [chunk.start for chunk in chunks] == sorted(chunk.start for chunk in chunks)


def test_a_document_that_fits_is_one_chunk_as_it_is() -> None:
    text = "  Short.\r\nText. "
    assert chunk_document(text, ChunkSettings(40, 0, 0), _words) == (Chunk(0, len(text), text),)


def test_chunks_end_at_sentences() -> None:
    for chunk in chunk_document(ENGLISH, ChunkSettings(40, 0, 0), _words):
        assert chunk.text.endswith(".") and chunk.text[0].isupper()
    for chunk in chunk_document(CHINESE, ChunkSettings(60, 0, 0), _words):
        # Never between a question in quotation marks and who asked it, never before a lone mark.
        assert chunk.text.startswith(("第", "“", "请"))
        assert chunk.text.endswith(("。", "！"))


def test_neighbours_share_whole_sentences() -> None:
    chunks = chunk_document(CHINESE, ChunkSettings(80, 30, 0), _words)
    for before, after in zip(chunks, chunks[1:], strict=False):
        shared = CHINESE[after.start : before.end]
        assert shared and _words(shared) <= 30
        assert shared.startswith(("第", "“", "请"))


def test_sections_are_not_mixed_and_chunks_carry_their_heading() -> None:
    chunks = chunk_document(MANUAL, ChunkSettings(50, 0, 5), _words)
    money = [chunk for chunk in chunks if "money" in chunk.text]
    time = [chunk for chunk in chunks if "fourteen" in chunk.text]
    assert len(money) > 1 and len(time) > 1
    assert all(chunk.text.startswith("## Money\n") and "fourteen" not in chunk.text for chunk in money)
    assert all(chunk.text.startswith("## Time\n") for chunk in time)


def test_short_sections_join_their_neighbour() -> None:
    text = "\n".join(f"## Part {n}\nFive words are in here." for n in range(28))
    chunks = chunk_document(text, ChunkSettings(60, 0, 20), _words)
    assert all(_words(chunk.text) >= 20 for chunk in chunks)
    assert len(chunk_document(text, ChunkSettings(60, 0, 0), _words)) == 28


def test_no_short_rest_is_left_at_the_end() -> None:
    text = "These five words come here. " * 41
    chunks = chunk_document(text, ChunkSettings(100, 0, 30), _words)
    assert min(_words(chunk.text) for chunk in chunks) >= 30


def test_headings_are_told_from_lists_and_code() -> None:
    text = (
        "Intro.\n\n第一章 总则\n本办法适用于退款。\n\n1. first step\n2. second step\n\n"
        "```\n# not a heading\n```\n\n3.2 Limits\nNone so far.\n\nUnder\n-----\nLined."
    )
    assert [section.heading for section in sections(text)] == ["", "第一章 总则", "3.2 Limits", "Under"]
    assert "".join(text[section.start : section.end] for section in sections(text)) == text


@pytest.mark.parametrize(
    ("tokens", "overlap", "least", "top"), [(16, 0, 0, 1), (64, 33, 0, 1), (64, 0, 65, 1), (64, 0, 0, 0)]
)
def test_settings_that_cannot_be_kept_are_refused(tokens: int, overlap: int, least: int, top: int) -> None:
    with pytest.raises(InputError):
        ChunkSettings(tokens, overlap, least, top)


def test_a_documents_logit_is_the_mean_of_its_best_chunks() -> None:
    logits = [-3.0, 2.0, 1.0, -5.0]
    assert aggregate(logits, 1) == 2.0
    assert aggregate(logits, 2) == 1.5
    assert aggregate(logits, 9) == -1.25


def test_an_estimate_counts_chinese_characters_apart() -> None:
    assert estimated_tokens("") == 0
    assert estimated_tokens("退款到账的时间说明啊") == 7
    assert estimated_tokens("abcd" * 5) == 5


def _contract(label: str, gap: str, sentence: str, ends: str) -> str:
    """Eight articles of growing length below a title, and a short last part."""
    bodies = (
        "".join(f"{sentence.format(f'{n}-{k}')}{ends}" for k in range(2 + 3 * n)).rstrip() for n in range(8)
    )
    text = gap.join(f"{label.format(n + 1)}{body}" for n, body in enumerate(bodies))
    return f"设备租赁合同\n\n{text}\n\n第二部分 签署\n签字盖章"


CONTRACTS = (
    _contract("第{}条 ", "\n", "承租方应当在约定日期之前支付{}期租金", "。"),
    _contract("第{}条　【义务】", "\n\n", "出租方负责设备{}次检修和更换配件", "。"),
    _contract("第{}条 ", "", "承租方不得擅自转租设备编号{}的任何部分", "。"),
    _contract("Article {}. ", "\n", "The tenant returns item {} in good order", ". "),
    _contract("第{}条 违约责任\n", "\n", "迟延支付{}期租金的应当支付违约金", "。"),
)


@pytest.mark.parametrize("text", CONTRACTS, ids=["line", "title", "one line", "english", "own line"])
@pytest.mark.parametrize("settings", [ChunkSettings(), ChunkSettings(200, 30, 40), ChunkSettings(120, 0, 40)])
def test_a_chunk_of_a_contract_says_which_article_it_begins_in(text: str, settings: ChunkSettings) -> None:
    chunks = chunk_document(text, settings, estimated_tokens)
    assert len(chunks) > 3
    begins = [match.start() for match in re.finditer(r"第\d+条|Article \d+", text)]
    for chunk in chunks:
        inside = [at for at in begins if at <= chunk.start]
        number = re.search(r"\d+", text[inside[-1] :]) if inside else None
        first = re.search(r"(?:第|Article )(\d+)(?!\d)", chunk.text)
        assert first is not None and (number is None or first.group(1) == number.group())
        # Nothing is said twice, and a title or a signature is no chunk of its own.
        assert chunk.text.count(first.group()) == 1
        assert settings.least <= estimated_tokens(chunk.text) <= settings.tokens


def test_a_reference_to_an_article_begins_none() -> None:
    assert articles("根据第三条 的规定，双方同意。\n第四条规定了违约金。") == ()
    assert [one.label for one in articles("第一条 甲方付款。第二条 乙方交货，依第一条 办理。")] == [
        "第一条",
        "第二条",
    ]
