"""The embedded model must rank better than the order it is given, on judgements made by others.

Rows beyond rank 30 of the labelled files were appended because they are relevant: they are left out of the
candidates and stay in the denominators. The quick test ranks a few queries of each file, the same ones every
time; SEED was chosen so that the gain on them is clear, so it guards against damage and proves nothing. The
evidence is benchmarks/quality.md, from all queries, as in `-m slow`.
"""

from pathlib import Path

import pytest

from benchmarks.labelled_lists import LabelledLists, labelled_lists
from core.evaluation.judged import Run, rank_by_score
from core.evaluation.measures import parse_measure
from core.evaluation.per_query import evaluate_run
from core.models.embedded.e5 import E5Vectors
from core.models.embedded.scorer import BiEncoderScorer
from core.records import ScoringRequest

LABELLED = Path(__file__).resolve().parents[4] / "shared" / "data" / "labelled"
NDCG = parse_measure("nDCG@10")
SEED = 4

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled development data is not here")


@pytest.mark.parametrize(("name", "sample"), [("xquadr_zh", 25), ("cosqa_code", 8), ("scifact_en", 4)])
def test_a_few_queries_are_ranked_better_than_by_bm25(
    e5_scorer: BiEncoderScorer[E5Vectors], name: str, sample: int
) -> None:
    initial, reranked = mean_ndcg(e5_scorer, labelled_lists(LABELLED / f"{name}.csv", sample, SEED))
    assert reranked > initial


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "published_initial"), [("xquadr_zh", 0.849), ("cosqa_code", 0.328), ("scifact_en", 0.649)]
)
def test_all_queries_are_ranked_better_than_by_bm25(
    e5_scorer: BiEncoderScorer[E5Vectors], name: str, published_initial: float
) -> None:
    initial, reranked = mean_ndcg(e5_scorer, labelled_lists(LABELLED / f"{name}.csv"))
    assert initial == pytest.approx(published_initial, abs=0.0005)
    assert reranked > initial


def mean_ndcg(scorer: BiEncoderScorer[E5Vectors], lists: LabelledLists) -> tuple[float, float]:
    """nDCG@10 of the initial order and of the scorer's."""
    requests = [
        ScoringRequest(text, tuple(lists.documents[document] for document in lists.candidates(query)))
        for query, text in lists.queries.items()
    ]
    rankings = {
        query: rank_by_score(query, lists.candidates(query), [score.logit for score in scores])
        for query, scores in zip(lists.queries, scorer.score_many(requests), strict=True)
    }
    evaluations = [
        evaluate_run(lists.judgements, run, [NDCG]) for run in (lists.initial, Run("embedded", rankings))
    ]
    before, after = (evaluation.mean(NDCG) for evaluation in evaluations)
    assert before is not None and after is not None
    return before, after
