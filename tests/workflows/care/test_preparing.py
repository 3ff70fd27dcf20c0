"""Document care as a step: what is scored, what is shown, how chunk scores become a document's."""

import io

import openpyxl
import pytest

from core.errors import InputError
from core.records import ChunkedScore, CountsDocumentTokens, Score, Scorer
from core.text.chunking import ChunkSettings
from core.text.cleaning.rules import RULE_NAMES
from core.workflows.care.preparing import (
    CareSettings,
    asked_care,
    care_for,
    care_for_lists,
    folded,
    folded_score,
    scored_texts,
)
from core.workflows.rerank.export import request_body, reranking_excel, reranking_record
from core.workflows.rerank.reranking import rerank
from core.workflows.rerank.tables import reranking_table
from tests.workflows.batch.batches import WrittenScorer

EVERYTHING = asked_care("all", 64, None)
LONG = "\n\n".join(
    [
        *["Filler words stand here = -3"] * 30,
        "## Answer",
        "The answer = 2",
        "## More",
        *["More filler = -4"] * 30,
    ]
)


def _score(logit: float, tokens: int = 5, truncated: bool = False) -> Score:
    return Score(logit, tokens, truncated)


def test_the_best_chunk_gives_the_documents_score() -> None:
    score = folded_score([_score(-2), _score(1.5, truncated=True), _score(0)], 1)
    assert isinstance(score, ChunkedScore)
    assert (score.logit, score.winning_chunk, score.chunks, score.tokens, score.truncated) == (
        1.5,
        1,
        3,
        15,
        True,
    )
    assert score.probability == pytest.approx(0.81757, abs=1e-5)


def test_a_mean_of_the_best_chunks_still_names_the_best() -> None:
    score = folded_score([_score(-2), _score(1), _score(0)], 2)
    assert isinstance(score, ChunkedScore)
    assert (score.logit, score.winning_chunk) == (0.5, 1)


def test_a_document_in_one_piece_keeps_its_own_score() -> None:
    own = _score(1)
    assert folded_score([own], 3) is own


def test_scores_find_their_documents_again() -> None:
    documents = care_for(["short = 1", LONG, "<b>last</b> = 2"], EVERYTHING, lambda text: len(text.split()))
    texts = scored_texts(documents)
    scores, cares = folded(documents, [_score(float(at)) for at in range(len(texts))], EVERYTHING)
    assert len(documents[1].chunks) == len(texts) - 2 > 2
    assert [score.logit for score in scores] == [0.0, len(texts) - 2, len(texts) - 1]
    assert cares[1].winning_chunk == documents[1].chunks[-1]
    assert texts[-1] == "last = 2"


def test_boilerplate_is_looked_for_over_all_lists() -> None:
    rules = CareSettings(("boilerplate",))
    texts = [f"This text is about the letter {name} = 1" for name in "abcd"]
    lists = [[f"All rights reserved by us\n{text}"] for text in texts]
    cared = care_for_lists(lists, rules, len)
    assert [one.cleaned.text for (one,) in cared] == texts


def test_reranking_scores_clean_texts_and_keeps_the_originals() -> None:
    documents = ["first = -1", "<p>second <b>= 3</b></p>", "second = 3", LONG]
    result = rerank(WrittenScorer(), "query", documents, care=EVERYTHING)
    assert [one.document for one in result.ranked] == [documents[1], documents[2], LONG, documents[0]]
    assert [one.score.logit for one in result.ranked] == [3, 3, 2, -1]
    assert result.ranked[0].scored_text == "second = 3"
    repeated = result.ranked[1].care
    assert repeated is not None and repeated.document.cleaned.duplicate is not None
    assert repeated.document.cleaned.duplicate.of == 1
    cut = result.ranked[2].care
    assert cut is not None and "The answer" in cut.winning_chunk.text
    # A distant model cannot count tokens; it is said that lengths are estimates.
    assert any("estimate" in notice.sentence.template for notice in result.notices)


def test_without_care_nothing_is_added() -> None:
    result = rerank(WrittenScorer(), "query", ["<b>a</b> = 1"], care=CareSettings())
    assert result.care is None and result.ranked[0].care is None
    assert "cleaned" not in reranking_table(result).columns
    assert "care" not in reranking_record(result)


def test_exports_say_what_was_done() -> None:
    documents = ["<p>one = 1</p>", LONG, "title = 0"]
    result = rerank(WrittenScorer(), "query", documents, care=EVERYTHING)
    frame = reranking_table(result)
    assert frame["document"].tolist() == [LONG, documents[0], documents[2]]
    assert frame["cleaned"].fillna("").tolist() == ["", "html 2", ""]
    assert frame["chunks"].tolist()[0] > 2
    assert "The answer = 2" in frame["winning_text"].tolist()[0]
    record = reranking_record(result)
    assert record["care"]["chunks"]["tokens"] == 64
    assert record["results"][1]["care"] == {"cleaned": {"html": 2}, "thin": "short"}
    assert b"<p>" not in request_body(result)
    book = openpyxl.load_workbook(io.BytesIO(reranking_excel(result)))
    settings = {row[0]: row[1] for row in book["Settings"].iter_rows(values_only=True)}
    assert settings["cleaning rules"] == ", ".join(RULE_NAMES)
    assert settings["chunks: most tokens"] == "64"
    names = [cell.value for cell in book["Results"][1]]
    assert [row[names.index("document")] for row in book["Results"].iter_rows(values_only=True)][
        2
    ] == documents[0]


def test_settings_come_back_from_a_job() -> None:
    assert CareSettings.read(EVERYTHING.stored()) == EVERYTHING
    assert CareSettings.read({}) == CareSettings() and not CareSettings().active
    only = CareSettings(("lines",))
    assert CareSettings.read(only.stored()) == only


def test_the_command_line_asks_for_rules_and_chunks() -> None:
    assert asked_care(None, None, None) == CareSettings()
    assert asked_care("lines, html", None, None).rules == ("html", "lines")
    assert asked_care(None, 256, 3).chunks == ChunkSettings(256, 32, 32, 3)
    with pytest.raises(InputError, match="only where documents are cut"):
        asked_care("all", None, 2)


def test_the_embedded_model_counts_its_own_tokens_however_long_the_text(embedded: Scorer) -> None:
    assert isinstance(embedded, CountsDocumentTokens)
    one = embedded.document_tokens("Refunds take three days.")
    assert 4 <= one <= 10
    long = embedded.document_tokens("Refunds take three days. " * 3000)
    assert long > embedded.info.max_tokens


def test_the_answer_deep_in_a_long_document_is_found(embedded: Scorer) -> None:
    filler = "Our shop sells many fine things for every house and garden. " * 60
    assert isinstance(embedded, CountsDocumentTokens)
    answer = "A refund is back on your card three working days after the check."
    long = f"{filler}\n\n## Refunds\n{answer}\n\n{filler}"
    documents = ["Invoices are sent by e-mail.", long]
    result = rerank(embedded, "how long until my refund arrives", documents, care=asked_care(None, 128, None))
    assert result.ranked[0].index == 1
    care = result.ranked[0].care
    assert care is not None and "three working days" in care.winning_chunk.text
    assert all(embedded.document_tokens(chunk.text) <= 128 for chunk in care.document.chunks)
