"""A scorer whose logits are known by (query, document), and sheets rewritten in known ways."""

from collections.abc import Mapping, Sequence
from typing import Literal

from core.evaluation.judged import JudgedRow
from core.jobs import ScoreCache, score_with_cache
from core.records import ScoringRequest
from core.sentences import sentence
from core.text.rewriting.variants import Rewriting, Source, Variant
from core.workflows.evaluate.data import EvaluationData, LabelledRow, from_labelled_rows
from core.workflows.rewrite.data import RewrittenData, ScoredRewriting, scored_rewriting
from tests.workflows.evaluate.labelled_sheet import TableScorer


class WordingScorer(TableScorer):
    """Scores by a table of (query, document); what is not listed gets 0."""

    def __init__(self, pairs: Mapping[tuple[str, str], float], *, uses_instruction: bool = True) -> None:
        super().__init__({}, uses_instruction=uses_instruction)
        self.pairs = pairs

    def _logit(self, request: ScoringRequest, text: str) -> float:
        return self.pairs.get((request.query, text), 0.0)


def variant(text: str, source: Source = "reference") -> Variant:
    rules = () if source in ("all", "model") else (source,)
    return Variant(text, source, rules, (sentence("Because."),))


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
    wordings: Mapping[str, Mapping[Source | Literal["original"], Sequence[str]]],
    cache: ScoreCache | None = None,
) -> ScoredRewriting:
    """A rewriting in which each wording («original» is the query's own) gives this order of document ids.

    A query that names no original order keeps d1, d2, … under its own wording.
    """
    rewritings: dict[str, Rewriting] = {}
    pairs: dict[tuple[str, str], float] = {}
    for query, judged in data.judgements.items():
        orders = dict(wordings.get(query, {}))
        own = orders.pop("original", ())
        variants = tuple(
            variant(f"{judged.query} as {source}", source) for source in orders if source != "original"
        )
        rewritings[query] = Rewriting(judged.query, variants)
        texts = [judged.query, *(one.text for one in variants)]
        for text, order in zip(texts, [own, *orders.values()], strict=True):
            for place, document in enumerate(order):
                pairs[(text, data.texts[query][document])] = 10.0 - place
    rewritten = RewrittenData(data, rewritings)
    found = score_with_cache(WordingScorer(pairs), rewritten.requests(), cache)
    return scored_rewriting(rewritten, found.scores)
