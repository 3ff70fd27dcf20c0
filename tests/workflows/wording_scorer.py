"""A scorer whose logits are known by (query, document), and sheets rewritten in known ways."""

from collections.abc import Callable, Mapping, Sequence

from core.evaluation.judged import JudgedRow
from core.jobs import ScoreCache, score_with_cache
from core.records import Notice, Score, ScoredPair, ScoringRequest
from core.text.rewriting import Rewriting, Source, Variant
from core.workflows.evaluate_data import EvaluationData, LabelledRow, from_labelled_rows
from core.workflows.rewrite_data import RewrittenData, ScoredRewriting, scored_rewriting
from tests.workflows.labelled_sheet import TableScorer, score_of


class WordingScorer(TableScorer):
    """Scores by a table of (query, document); what is not listed gets 0."""

    def __init__(self, pairs: Mapping[tuple[str, str], float], *, uses_instruction: bool = True) -> None:
        super().__init__({}, uses_instruction=uses_instruction)
        self.pairs = pairs

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        self.asked += requests
        result = [[score_of(self.pairs.get((r.query, text), 0.0)) for text in r.documents] for r in requests]
        if on_scored is not None:
            on_scored([ScoredPair(q, d, s) for q, row in enumerate(result) for d, s in enumerate(row)])
        return result


def variant(text: str, source: Source = "reference") -> Variant:
    rules = () if source in ("all", "model") else (source,)
    return Variant(text, source, rules, (Notice("Because."),))


def sheet(labels: Mapping[str, Sequence[int | None]]) -> EvaluationData:
    """Queries by id, with the labels of their documents in the order before: d1, d2, …"""
    rows = [
        LabelledRow(
            JudgedRow(query, f"d{at}", label, query=f"query {query}", initial_rank=float(at)),
            f"{query} document {at}",
        )
        for query, grades in labels.items()
        for at, label in enumerate(grades, start=1)
    ]
    return from_labelled_rows(rows)


def scored(
    data: EvaluationData,
    wordings: Mapping[str, Mapping[Source, Sequence[str]]],
    cache: ScoreCache | None = None,
) -> ScoredRewriting:
    """A rewriting in which each wording («original» is the query's own) gives this order of document ids.

    A query that names no original order keeps d1, d2, … under its own wording.
    """
    rewritings: dict[str, Rewriting] = {}
    pairs: dict[tuple[str, str], float] = {}
    for query, judged in data.judgements.items():
        orders = dict(wordings.get(query, {}))
        own = orders.pop("original", ())  # type: ignore[call-overload]
        variants = tuple(variant(f"{judged.query} as {source}", source) for source in orders)
        rewritings[query] = Rewriting(judged.query, variants)
        texts = [judged.query, *(one.text for one in variants)]
        for text, order in zip(texts, [own, *orders.values()], strict=True):
            for place, document in enumerate(order):
                pairs[(text, data.texts[query][document])] = 10.0 - place
    rewritten = RewrittenData(data, rewritings)
    found = score_with_cache(WordingScorer(pairs), rewritten.requests(), cache)
    return scored_rewriting(rewritten, found.scores)
