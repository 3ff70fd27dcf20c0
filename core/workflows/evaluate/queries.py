"""One row per query, for the table and chart of differences on the page and in the Excel report."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.evaluation.inference import SAME
from core.evaluation.judged import JudgedQuery, Ranking, Run
from core.evaluation.measures import Measure
from core.evaluation.triage import PlacedDocument
from core.workflows.evaluate.outcome import Outcome


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One measured query.

    relevant: documents graded at least the threshold; retrieved: those among the candidates.
    first_before, first_after: rank of the first relevant document, from 1; None when there is none.
    before, after: values by measure. difference: after minus before on the first quality measure.
    """

    query_id: str
    query: str
    group: str
    candidates: int
    relevant: int
    retrieved: int
    first_before: int | None
    first_after: int | None
    before: Mapping[Measure, float]
    after: Mapping[Measure, float]
    difference: float

    @property
    def outcome(self) -> str:
        """«better», «worse» or «same»."""
        if abs(self.difference) <= SAME:
            return "same"
        return "better" if self.difference > 0 else "worse"


def deciding_measure(outcome: Outcome) -> Measure | None:
    """The measure of the headline: the first that tells a good order from a bad one."""
    return next((m for m in outcome.settings.chosen() if m.kind.quality), None)


def query_rows(outcome: Outcome, system: int = 0) -> tuple[QueryRow, ...]:
    """The measured queries of one system, the largest gain first; none without labels or without a system."""
    report, deciding = outcome.report, deciding_measure(outcome)
    if report is None or deciding is None or system >= len(report.systems):
        return ()
    old, new = report.baseline, report.systems[system].evaluation
    before_run, after_run = outcome.runs[0], outcome.runs[system + 1]
    rows = []
    for query_id in old.queries:
        judged = outcome.data.judgements[query_id]
        first, second = _ranking(before_run, query_id), _ranking(after_run, query_id)
        wanted = _wanted(judged, outcome.settings.rel)
        rows.append(
            QueryRow(
                query_id,
                judged.query,
                judged.group or "",
                len(first.documents),
                len(wanted),
                len(wanted.intersection(first.documents)),
                _first_rank(first, wanted),
                _first_rank(second, wanted),
                {m: values[query_id] for m, values in old.values.items()},
                {m: values[query_id] for m, values in new.values.items()},
                new.values[deciding][query_id] - old.values[deciding][query_id],
            )
        )
    return tuple(sorted(rows, key=lambda row: -row.difference))


def orders_of(
    outcome: Outcome, query_id: str, system: int = 0
) -> tuple[tuple[PlacedDocument, ...], tuple[PlacedDocument, ...]]:
    """Both orders of one query, measured or not, with labels, scores and texts."""
    labels = outcome.data.judgements[query_id].labels if query_id in outcome.data.judgements else {}
    texts = outcome.data.texts.get(query_id, {})

    def placed(ranking: Ranking) -> tuple[PlacedDocument, ...]:
        scores = ranking.scores or (None,) * len(ranking.documents)
        return tuple(
            PlacedDocument(rank, document, labels.get(document), score, texts.get(document, ""))
            for rank, (document, score) in enumerate(zip(ranking.documents, scores, strict=True), start=1)
        )

    first, second = outcome.runs[0], outcome.runs[system + 1]
    return placed(_ranking(first, query_id)), placed(_ranking(second, query_id))


def _wanted(judged: JudgedQuery, rel: int) -> set[str]:
    return {document for document, label in judged.labels.items() if label >= rel}


def _ranking(run: Run, query_id: str) -> Ranking:
    return run.rankings.get(query_id, Ranking(query_id, ()))


def _first_rank(ranking: Ranking, wanted: set[str]) -> int | None:
    ranks = (rank for rank, document in enumerate(ranking.documents, start=1) if document in wanted)
    return next(ranks, None)
