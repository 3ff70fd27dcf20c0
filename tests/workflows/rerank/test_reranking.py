"""Ordering, movement, near ties and notices, on scores that are given."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.api.dialects.call import Answer, Call
from core.api.dialects.superset import SUPERSET
from core.engine.packing import Pair
from core.engine.scorer import Qwen3Scorer
from core.errors import InputError, NoNumberError, TooLargeError
from core.models import load_scorer
from core.records import ChunkedScore, Score, ScoredPair, Scorer, ScoringRequest
from core.settings import Settings
from core.text.chunking import ChunkSettings
from core.workflows.care.preparing import CareSettings
from core.workflows.rerank.export import reranking_json
from core.workflows.rerank.reranking import order, rerank
from tests.qwen_fixture import tiny_qwen_folder
from tests.workflows.batch.batches import WrittenScorer


def _scores(*logits: float) -> list[Score]:
    return [Score(logit, 1, False) for logit in logits]


def test_best_document_comes_first_and_movement_counts_places_gained() -> None:
    ranked = order(["a", "b", "c"], _scores(0.0, -2.0, 3.0), gap=0.1)
    assert [r.document for r in ranked] == ["c", "a", "b"]
    assert [r.movement for r in ranked] == [2, -1, -1]
    assert [(r.original_rank, r.new_rank) for r in ranked] == [(3, 1), (1, 2), (2, 3)]


def test_equal_scores_keep_the_callers_order() -> None:
    ranked = order(list("abcd"), _scores(1.0, 2.0, 1.0, 2.0), gap=0.1)
    assert [r.document for r in ranked] == ["b", "d", "a", "c"]


def test_near_ties_are_marked_on_both_neighbours_only() -> None:
    ranked = order(list("abcd"), _scores(5.0, 4.95, 3.0, 1.0), gap=0.1)
    assert [r.near_tie for r in ranked] == [True, True, False, False]


def test_a_gap_of_exactly_the_limit_is_no_near_tie() -> None:
    ranked = order(["a", "b"], _scores(0.5, 0.25), gap=0.25)
    assert [r.near_tie for r in ranked] == [False, False]


def test_one_document_is_a_complete_answer() -> None:
    (only,) = order(["a"], _scores(0.0), gap=0.1)
    assert (only.new_rank, only.movement, only.near_tie) == (1, 0, False)


def test_blank_query_is_refused(embedded: Scorer) -> None:
    with pytest.raises(InputError, match="query is empty"):
        rerank(embedded, " \n", ["a"])


def test_too_many_documents_name_both_counts(embedded: Scorer) -> None:
    with pytest.raises(TooLargeError, match="3 documents are more than the 2"):
        rerank(embedded, "q", ["a", "b", "c"], max_documents=2)


def test_odd_documents_are_scored_and_named(embedded: Scorer) -> None:
    result = rerank(embedded, "q\ud800", ["a\0b", " ", "x\udc00y", "same", "same"])
    found = {(notice.where, notice.sentence.template.split()[0]) for notice in result.notices}
    assert len(result.ranked) == 5
    assert found == {
        ("document 1", "Contains"),
        ("document 2", "Blank"),
        ("document 3", "Contains"),
        ("document 5", "Repeats"),
        ("query", "Contains"),
    }
    same = [r.score.logit for r in result.ranked if r.document == "same"]
    assert same[0] == same[1]


def test_an_ignored_instruction_is_said(embedded: Scorer) -> None:
    result = rerank(embedded, "q", ["a", "b"], "Given a question, retrieve answers")
    assert result.instruction is None
    assert any(notice.where == "instruction" for notice in result.notices)


def test_progress_counts_up_to_all_documents_and_changes_no_score(embedded: Scorer) -> None:
    documents = [f"document number {n} about trains" for n in range(70)]
    seen: list[tuple[int, int]] = []
    told = rerank(embedded, "trains", documents, on_progress=lambda done, total: seen.append((done, total)))
    whole = rerank(embedded, "trains", documents)
    assert seen and seen[-1] == (70, 70)
    assert [r.score for r in told.ranked] == [r.score for r in whole.ranked]


def test_watching_progress_costs_no_further_pass(tmp_path: Path) -> None:
    """100 documents run in as few passes as the token budget allows, watched or not."""
    settings = Settings(home=tmp_path, precision="fp32", threads=2)
    scorer = load_scorer(str(tiny_qwen_folder(tmp_path)), "cpu", settings=settings)
    assert isinstance(scorer, Qwen3Scorer)
    documents = [f"document number {n} about trains" for n in range(100)]
    passes: list[tuple[int, int]] = []
    rerank(scorer, "trains", documents, on_progress=lambda *at: passes.append(at))
    assert passes[-1] == (100, 100)
    assert len(passes) == len(scorer.plan_of([Pair(None, "trains", document) for document in documents])) == 1


class OneWithoutNumber(WrittenScorer):
    """Finds no number for texts with «overflow»."""

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        for at, text in enumerate(requests[0].documents):
            if "overflow" in text:
                raise NoNumberError.of(0, at, queries=1, text=text)
        return super().score_many(requests, on_progress=on_progress, on_scored=on_scored, cancelled=cancelled)


def test_a_chunk_without_a_score_is_named_by_its_document() -> None:
    long = "First sentence here = 1. " * 40
    care = CareSettings((), ChunkSettings(tokens=60, overlap=0, least=10))
    with pytest.raises(NoNumberError, match="document 3, which begins: The overflow") as raised:
        rerank(OneWithoutNumber(), "q", ["a = 1", long, "The overflow = 2"], care=care)
    assert raised.value.where == "document 3"


def test_a_document_read_in_chunks_tells_everywhere_which_one_won(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, precision="fp32", max_tokens=200, long_documents="max", threads=2)
    scorer = load_scorer(str(tiny_qwen_folder(tmp_path)), "cpu", settings=settings)
    result = rerank(scorer, "q", ["short", "word " * 400])
    (notice,) = result.notices
    assert notice.where == "document 2" and "the best one counts" in notice.message
    (won,) = [r.score for r in result.ranked if r.index == 1]
    assert isinstance(won, ChunkedScore) and not won.truncated
    told = {"winning_chunk": won.winning_chunk, "chunks": won.chunks}
    assert 0 <= won.winning_chunk < won.chunks > 2

    exported = {one["index"]: one for one in json.loads(reranking_json(result))["results"]}
    body = SUPERSET.write(Answer.of(Call("q", ("short", "long")), result), {}, "/rerank")
    assert isinstance(body, dict)
    answered = {one["index"]: one for one in body["results"]}
    for results in (exported, answered):
        assert results[1].items() >= told.items()
        assert not told.keys() & results[0].keys()
