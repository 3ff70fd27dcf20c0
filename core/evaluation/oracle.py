"""How much a better order of the same candidates could gain, and what no order can repair.

Before, after, and the best possible order of the candidates: the gap between the first and the last
is what a reranker can recover. What the candidates lack is retrieval's loss and is kept apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.evaluation.inference import SAME
from core.evaluation.judged import JudgedQuery, Judgements, Ranking, Run
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation, evaluate_run

BEST = "best possible order"
PERFECT = "all judged documents"


@dataclass(frozen=True, slots=True)
class Headroom:
    """Means of one measure.

    best: the candidates in the order of their labels.
    perfect: every judged document, retrieved or not, in the order of its label.
    closed: share of the recoverable gap `best - before` that the reranker closed; negative when it made
        the order worse, None when there was no gap to close.
    missed_by_ranking: best - after, what a better order of the same candidates would still gain.
    missed_by_retrieval: perfect - best, what no order of these candidates can gain.
    """

    measure: Measure
    before: float
    after: float
    best: float
    perfect: float
    closed: float | None
    missed_by_ranking: float
    missed_by_retrieval: float


@dataclass(frozen=True, slots=True)
class RecallCeiling:
    """What retrieval brought.

    relevant, retrieved: documents graded at least `rel` over all queries, and those among the candidates.
    mean_recall: mean over the queries of retrieved / relevant: recall at any depth cannot exceed it.
    queries: queries with a relevant document; `without_candidate`: those whose candidates hold none.
    """

    rel: int
    relevant: int
    retrieved: int
    mean_recall: float | None
    queries: int
    without_candidate: tuple[str, ...]


def best_order(judged: JudgedQuery, candidates: Ranking) -> Ranking:
    """The candidates by label, highest first; unjudged ones count as 0 and equal labels keep their order.

    No other order of the same documents scores higher on any measure offered here.
    """
    return Ranking(
        candidates.query_id,
        tuple(sorted(candidates.documents, key=lambda document: -max(0, judged.labels.get(document, 0)))),
    )


def oracle_run(judgements: Judgements, candidates: Run) -> Run:
    """The best possible order of every judged query's candidates."""
    return Run(
        BEST,
        {
            query: best_order(judgements[query], ranking)
            for query, ranking in candidates.rankings.items()
            if query in judgements
        },
    )


def headroom(
    judgements: Judgements, candidates: Run, before: Evaluation, after: Evaluation
) -> tuple[Headroom, ...]:
    """Before, after and best per quality measure. `candidates` is the run that was reranked."""
    measures = [m for m in before.values if m.kind.quality and m in after.values and before.queries]
    queries = {query: judgements[query] for query in before.queries}
    best = evaluate_run(queries, oracle_run(queries, candidates), measures, keep_without_relevant=True)
    perfect = evaluate_run(queries, _perfect_run(queries), measures, keep_without_relevant=True)
    return tuple(_headroom(m, *(_known(e.mean(m)) for e in (before, after, best, perfect))) for m in measures)


def recall_ceiling(judgements: Judgements, candidates: Run, rel: int = 1) -> RecallCeiling:
    """Count the relevant documents that the candidates hold and lack."""
    shares: list[float] = []
    without: list[str] = []
    relevant = retrieved = 0
    for query, judged in judgements.items():
        wanted = {document for document, label in judged.labels.items() if label >= rel}
        if not wanted:
            continue
        ranking = candidates.rankings.get(query)
        got = len(wanted.intersection(ranking.documents)) if ranking else 0
        relevant += len(wanted)
        retrieved += got
        shares.append(got / len(wanted))
        if not got:
            without.append(query)
    mean = sum(shares) / len(shares) if shares else None
    return RecallCeiling(rel, relevant, retrieved, mean, len(shares), tuple(without))


def _headroom(measure: Measure, before: float, after: float, best: float, perfect: float) -> Headroom:
    gap = best - before
    return Headroom(
        measure,
        before,
        after,
        best,
        perfect,
        closed=(after - before) / gap if gap > SAME else None,
        missed_by_ranking=best - after,
        missed_by_retrieval=perfect - best,
    )


def _perfect_run(judgements: Judgements) -> Run:
    def order(judged: JudgedQuery) -> Sequence[str]:
        return sorted(judged.labels, key=lambda document: -judged.labels[document])

    return Run(PERFECT, {q: Ranking(q, tuple(order(judged))) for q, judged in judgements.items()})


def _known(mean: float | None) -> float:
    return 0.0 if mean is None else mean
