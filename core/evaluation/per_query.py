"""Measure a run: one value per query and measure; means are derived from them.

The values come from ir-measures (trec_eval's code through pytrec_eval; its own providers for Judged
and for RR with a depth). What neither covers carries its own computation in `kinds`.
trec_eval re-sorts by score and breaks ties its own way, so it is handed strictly falling scores: the
order that was decided in `judged` is the order that is measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.evaluation.judged import JudgedQuery, Judgements, Run
from core.evaluation.kinds import RankedLabels
from core.evaluation.measures import Measure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run, measured.

    values: measure -> query id -> value, over `queries` in the order of the judgements.
    without_relevant: judged queries left out because none of their documents is relevant.
    missing: measured queries that the run does not answer (value 0).
    unjudged_queries: queries that the run answers and nobody judged a document of.
    ranked, unjudged: documents in the measured rankings, and how many of them nobody judged.
    """

    run: str
    values: Mapping[Measure, Mapping[str, float]]
    queries: tuple[str, ...]
    without_relevant: tuple[str, ...]
    missing: tuple[str, ...]
    unjudged_queries: tuple[str, ...]
    ranked: int
    unjudged: int

    def mean(self, measure: Measure) -> float | None:
        """The mean over the queries; None when there is no query."""
        values = self.values[measure].values()
        return sum(values) / len(values) if values else None

    def means(self) -> dict[Measure, float | None]:
        """Every measure's mean."""
        return {measure: self.mean(measure) for measure in self.values}


def evaluate_run(
    judgements: Judgements, run: Run, measures: Sequence[Measure], *, keep_without_relevant: bool = False
) -> Evaluation:
    """Measure `run` on every query of which a document was judged.

    Queries without a relevant document are left out unless asked for: every order of them scores 0,
    which says nothing of the order. A query that nobody looked at is never measured.
    """
    judged_queries = {q: judged for q, judged in judgements.items() if judged.labels}
    queries = {q: j for q, j in judged_queries.items() if keep_without_relevant or j.has_relevant}
    documents = {q: run.rankings[q].documents if q in run.rankings else () for q in queries}
    ranked = sum(len(order) for order in documents.values())
    unjudged = sum(d not in queries[q].labels for q, order in documents.items() for d in order)
    values: dict[Measure, dict[str, float]] = {measure: dict.fromkeys(queries, 0.0) for measure in measures}
    own = [m for m in values if m.kind.computed_here(m.gain)]
    for measure in own:
        values[measure] = {q: _own_value(judged, documents[q], measure) for q, judged in queries.items()}
    _fill_from_ir_measures(values, [m for m in values if m not in own], queries, documents)
    return Evaluation(
        run=run.name,
        values=values,
        queries=tuple(queries),
        without_relevant=tuple(q for q in judged_queries if q not in queries),
        missing=tuple(q for q in queries if not documents[q]),
        unjudged_queries=tuple(q for q in run.rankings if q not in judged_queries),
        ranked=ranked,
        unjudged=unjudged,
    )


def _own_value(judged: JudgedQuery, order: Sequence[str], measure: Measure) -> float:
    compute = measure.kind.own
    assert compute is not None  # chosen for it
    labels = tuple(judged.labels.values())
    ranked = tuple(judged.labels.get(document) for document in order)
    return compute(RankedLabels(ranked, labels, measure.cutoff, measure.rel, measure.gain))


def _fill_from_ir_measures(
    values: dict[Measure, dict[str, float]],
    measures: Sequence[Measure],
    queries: Mapping[str, JudgedQuery],
    documents: Mapping[str, Sequence[str]],
) -> None:
    if not measures or not queries:
        return
    import ir_measures

    # Named, so that another provider which happens to be installed cannot change the numbers.
    fallback: Any = ir_measures.providers.FallbackProvider
    provider = fallback([ir_measures.pytrec_eval, ir_measures.judged, ir_measures.msmarco])
    theirs = {_as_ir_measure(measure): measure for measure in measures}
    qrels = {
        q: {document: int(label) for document, label in judged.labels.items()}
        for q, judged in queries.items()
    }
    run = {
        q: {document: float(len(order) - i) for i, document in enumerate(order)}
        for q, order in documents.items()
        if order
    }
    for metric in provider.evaluator(list(theirs), qrels).iter_calc(run):
        values[theirs[metric.measure]][metric.query_id] = float(metric.value)


def _as_ir_measure(measure: Measure) -> Any:  # noqa: ANN401  ir-measures has no public type for one
    import ir_measures

    theirs = getattr(ir_measures, measure.kind.name)
    if measure.kind.takes_rel and measure.rel != 1:
        theirs = theirs(rel=measure.rel)
    return theirs if measure.cutoff is None else theirs @ measure.cutoff
