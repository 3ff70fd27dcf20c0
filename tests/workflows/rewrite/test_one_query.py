"""One query in several wordings: scoring, merging, tables; reading glossaries; the samples."""

import io
from pathlib import Path

import openpyxl
import pytest

from core.errors import InputError
from core.jobs import ScoreCache
from core.records import Scorer
from core.text.rewriting.variants import RewriteSettings, rewrite
from core.workflows.rewrite.data import read_glossary
from core.workflows.rewrite.merge import merged_values, ranks_of
from core.workflows.rewrite.one_query import rerank_wordings
from core.workflows.rewrite.samples import REWRITE_SAMPLES, RewriteSample, sample_glossary
from core.workflows.rewrite.wordings import placed_documents, wording_summaries, wordings_excel
from tests.workflows.rewrite.wording_scorer import WordingScorer, variant

DOCUMENTS = ("one", "two", "three")
# Under the query as typed: one, two, three. Under the variant: three, one, two.
PAIRS = {
    ("q", "one"): 2.0,
    ("q", "two"): 1.0,
    ("q", "three"): -3.0,
    ("v", "one"): 1.5,
    ("v", "two"): -2.0,
    ("v", "three"): 5.0,
}


def test_merging_by_hand() -> None:
    logits = [[2.0, 1.0, -3.0], [1.5, -2.0, 5.0]]
    assert merged_values(logits, "maximum") == [2.0, 1.0, 5.0]
    assert merged_values(logits, "mean") == [1.75, -0.5, 1.0]
    # Ranks are 1, 2, 3 and 2, 3, 1.
    assert merged_values(logits, "reciprocal") == pytest.approx(
        [1 / 61 + 1 / 62, 1 / 62 + 1 / 63, 1 / 63 + 1 / 61]
    )
    assert ranks_of([1.0, 3.0, 1.0, 2.0]) == [3, 1, 4, 2]


def test_all_wordings_are_scored_and_merged() -> None:
    scorer = WordingScorer(PAIRS)
    result = rerank_wordings(scorer, "q", [variant("v")], DOCUMENTS, "task")
    assert [(r.query, r.instruction) for r in scorer.asked] == [("q", "task"), ("v", "task")]
    assert [wording.ranks for wording in result.wordings] == [(1, 2, 3), (2, 3, 1)]
    merged = result.merged("maximum")
    assert [(one.document, one.original_rank, one.new_rank) for one in merged.ranked] == [
        ("three", 3, 1),
        ("one", 1, 2),
        ("two", 2, 3),
    ]
    assert [one.score.logit for one in merged.ranked] == [5.0, 2.0, 1.0]
    assert [one.document for one in result.merged("mean").ranked] == ["one", "three", "two"]
    assert [one.document for one in result.merged("reciprocal").ranked] == ["one", "three", "two"]


def test_without_variants_the_query_is_scored_alone() -> None:
    result = rerank_wordings(WordingScorer(PAIRS), "q", [], DOCUMENTS)
    assert [one.movement for one in result.merged("reciprocal").ranked] == [0, 0, 0]


def test_known_pairs_are_not_scored_again(tmp_path: Path) -> None:
    cache = ScoreCache(tmp_path)
    rerank_wordings(WordingScorer(PAIRS), "q", [variant("v")], DOCUMENTS, cache=cache)
    again = WordingScorer(PAIRS)
    rerank_wordings(again, "q", [variant("v"), variant("w")], DOCUMENTS, cache=cache)
    assert [request.query for request in again.asked] == ["w"]
    cache.close()


def test_an_unusable_request_is_refused() -> None:
    with pytest.raises(InputError, match="The query is empty"):
        rerank_wordings(WordingScorer(PAIRS), " ", [], DOCUMENTS)
    with pytest.raises(InputError, match="There are no documents"):
        rerank_wordings(WordingScorer(PAIRS), "q", [], [])


def test_a_model_without_instructions_gets_none() -> None:
    scorer = WordingScorer(PAIRS, uses_instruction=False)
    assert rerank_wordings(scorer, "q", [], DOCUMENTS, "task").instruction is None
    assert scorer.asked[0].instruction is None


def test_tables_say_what_each_wording_puts_first_and_where_documents_went() -> None:
    result = rerank_wordings(WordingScorer(PAIRS), "q", [variant("v")], DOCUMENTS)
    lines = wording_summaries(result)
    assert [(line.text, line.source, DOCUMENTS[line.first], line.moved) for line in lines] == [
        ("q", "", "one", 0),
        ("v", "reference", "three", 3),
    ]
    first = placed_documents(result, "maximum")[0]
    assert (first.document, first.given, first.typed, first.merged, first.by_wording) == (
        "three",
        3,
        3,
        1,
        (1,),
    )
    book = openpyxl.load_workbook(io.BytesIO(wordings_excel(result, "maximum")))
    assert book.sheetnames == ["Documents", "Wordings", "Settings"]
    rows = list(book["Documents"].iter_rows(values_only=True))
    assert rows[0] == (
        "merged_rank",
        "rank_as_typed",
        "given_rank",
        "merged_value",
        "rank in variant 1",
        "document",
    )
    assert rows[1] == (1, 3, 3, 5, 1, "three")
    wordings = list(book["Wordings"].iter_rows(values_only=True))
    assert wordings[2][:4] == (1, "v", "reference", "Because.")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "term,canonical,aliases\n社保,社会保险,五险\n".encode("gb18030")),
        ("a.csv", "\ufeffterm;canonical;aliases\n社保;社会保险;五险\n".encode()),
        ("a.tsv", "term\tcanonical\taliases\n社保\t社会保险\t五险\n".encode("utf-16")),
    ],
)
def test_glossaries_are_read_in_any_encoding_and_with_any_separator(name: str, content: bytes) -> None:
    assert {form.text for form in read_glossary(content, name).forms} == {"社保", "五险"}


def test_a_glossary_from_a_workbook() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("term", "canonical", "aliases"),
        ("2FA", "two-factor authentication", None),
        (5, "five", "=A1"),
    ):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    glossary = read_glossary(buffer.getvalue(), "g.xlsx")
    assert "2FA" in glossary.terms


def test_a_file_that_is_no_glossary_is_refused() -> None:
    with pytest.raises(InputError, match="no column"):
        read_glossary(b"a,b\n1,2\n", "g.csv")
    with pytest.raises(InputError):
        read_glossary(b"%PDF-1.7", "g.pdf")


def test_the_sample_glossary_has_no_problem() -> None:
    glossary = sample_glossary()
    assert glossary.problems == () and len(glossary.canonical) >= 15


@pytest.mark.parametrize("sample", REWRITE_SAMPLES, ids=lambda sample: sample.language)
def test_rewriting_a_sample_brings_its_answer_to_the_top(sample: RewriteSample, embedded: Scorer) -> None:
    variants = rewrite(sample.query, sample.context, RewriteSettings(glossary=sample_glossary())).variants
    assert {one.source for one in variants} >= {"reference", "abbreviation", "all"}
    result = rerank_wordings(embedded, sample.query, variants, sample.documents)
    assert result.wordings[0].ranks[sample.answer] > 1
    for how in ("maximum", "mean", "reciprocal"):
        assert result.merged(how).ranked[0].index == sample.answer
