"""The embedded model must rank better than the order it is given, on judgements made by others.

Rows beyond rank 30 of the labelled files were appended because they are relevant: they are left out of the
candidates and stay in the denominators. The quick test takes the first queries of each file; all of them are
measured in benchmarks/quality.md and by `-m slow`.
"""

import csv
from pathlib import Path

import ir_measures
import pytest
from ir_measures import Qrel, ScoredDoc, nDCG

from core.models.embedded.e5 import E5Vectors
from core.models.embedded.scorer import BiEncoderScorer
from core.records import ScoringRequest

LABELLED = Path(__file__).resolve().parents[4] / "shared" / "data" / "labelled"
CANDIDATES = 30

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled development data is not here")


@pytest.mark.parametrize(("name", "queries"), [("xquadr_zh", 15), ("cosqa_code", 6), ("scifact_en", 3)])
def test_the_first_queries_are_ranked_better_than_by_bm25(
    e5_scorer: BiEncoderScorer[E5Vectors], name: str, queries: int
) -> None:
    initial, reranked = mean_ndcg(e5_scorer, LABELLED / f"{name}.csv", queries)
    assert reranked > initial


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "published_initial"), [("xquadr_zh", 0.849), ("cosqa_code", 0.328), ("scifact_en", 0.649)]
)
def test_all_queries_are_ranked_better_than_by_bm25(
    e5_scorer: BiEncoderScorer[E5Vectors], name: str, published_initial: float
) -> None:
    initial, reranked = mean_ndcg(e5_scorer, LABELLED / f"{name}.csv", queries=None)
    assert initial == pytest.approx(published_initial, abs=0.0005)
    assert reranked > initial


def mean_ndcg(scorer: BiEncoderScorer[E5Vectors], path: Path, queries: int | None) -> tuple[float, float]:
    """nDCG@10 of the initial order and of the scorer's, over the file's first queries."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = list(dict.fromkeys(row["query_id"] for row in rows))[:queries]
    rows = [row for row in rows if row["query_id"] in chosen]
    qrels = [Qrel(row["query_id"], row["doc_id"], int(row["label"])) for row in rows]
    lists: dict[str, list[dict[str, str]]] = {query: [] for query in chosen}
    for row in rows:
        if int(row["initial_rank"]) <= CANDIDATES:
            lists[row["query_id"]].append(row)
    requests = [
        ScoringRequest(candidates[0]["query"], tuple(row["document"] for row in candidates))
        for candidates in lists.values()
    ]
    scores = scorer.score_many(requests)
    initial = [
        ScoredDoc(query, row["doc_id"], -int(row["initial_rank"]))
        for query, candidates in lists.items()
        for row in candidates
    ]
    reranked = [
        ScoredDoc(query, row["doc_id"], score.logit)
        for (query, candidates), row_scores in zip(lists.items(), scores, strict=True)
        for row, score in zip(candidates, row_scores, strict=True)
    ]

    def mean(run: list[ScoredDoc]) -> float:
        values = {found.query_id: found.value for found in ir_measures.iter_calc([nDCG @ 10], qrels, run)}
        return sum(values.get(query, 0.0) for query in chosen) / len(chosen)

    return mean(initial), mean(reranked)
