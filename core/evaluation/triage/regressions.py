"""Every query that reranking made worse, with both orders and the likely causes.

A cause is a rule that anyone can check on the texts and scores beside it; the rules are shown with the
tags. It is named only where undoing what it describes would win back most of what the query lost. A query may
have several causes or none: the tags point, they do not prove.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.evaluation.inference import SAME
from core.evaluation.judged import JudgedQuery, Judgements, Ranking, Run
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.triage.causes import ALL_LOW, CAUSES, OF_WINNERS, SAID_BY, Cause
from core.evaluation.triage.overtakings import overtakings, undone
from core.evaluation.triage.rules import Evidence, met

LOW_PROBABILITY = 0.1
# Of the loss, what undoing a cause must win back.
MOST = 0.5
# Depth looked at when the measure has none of its own.
DEFAULT_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of one query's documents beside their order; anything may be absent.

    probabilities, truncated: of the run after reranking; probabilities only of a model whose scores are some.
    read: of truncated documents, about how many characters the model read.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    probabilities: Mapping[str, float] = field(default_factory=dict)
    truncated: frozenset[str] = frozenset()
    read: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlacedDocument:
    """A document in one order. `rank` counts from 1; `label` None means unjudged."""

    rank: int
    document: str
    label: int | None
    score: float | None
    text: str


@dataclass(frozen=True, slots=True)
class FoundCause:
    """A cause, and the documents that meet its rule."""

    cause: Cause
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regression:
    """A query whose measure fell."""

    query_id: str
    query: str
    group: str | None
    measure: Measure
    before: float
    after: float
    order_before: tuple[PlacedDocument, ...]
    order_after: tuple[PlacedDocument, ...]
    causes: tuple[FoundCause, ...]

    @property
    def difference(self) -> float:
        """After minus before; negative."""
        return self.after - self.before


def regressions(
    judgements: Judgements,
    before: tuple[Run, Evaluation],
    after: tuple[Run, Evaluation],
    measure: Measure,
    particulars: Mapping[str, Particulars] | None = None,
) -> tuple[Regression, ...]:
    """Every query whose `measure` fell, the largest loss first."""
    (old_run, old), (new_run, new) = before, after
    found = []
    for query in worse_queries(old, new, measure):
        judged = judgements[query]
        known = (particulars or {}).get(query, Particulars())
        first = old_run.rankings.get(query, Ranking(query, ()))
        second = new_run.rankings.get(query, Ranking(query, ()))
        found.append(
            Regression(
                query,
                judged.query,
                judged.group,
                measure,
                old.values[measure][query],
                new.values[measure][query],
                _placed(first, judged, known),
                _placed(second, judged, known),
                find_causes(judged, first, second, measure, known),
            )
        )
    return tuple(sorted(found, key=lambda regression: regression.difference))


def worse_queries(before: Evaluation, after: Evaluation, measure: Measure) -> tuple[str, ...]:
    """The queries whose `measure` fell, in the order of the evaluation."""
    new = after.values[measure]
    return tuple(
        query for query, value in before.values[measure].items() if query in new and new[query] < value - SAME
    )


def find_causes(
    judged: JudgedQuery, before: Ranking, after: Ranking, measure: Measure, particulars: Particulars
) -> tuple[FoundCause, ...]:
    """The causes whose rule this query meets and that explain most of its loss, in the order of `CAUSES`."""
    passed = overtakings(judged, before, after, measure.cutoff or DEFAULT_DEPTH)
    evidence = Evidence(
        judged,
        after,
        passed,
        particulars.texts,
        particulars.probabilities,
        particulars.truncated,
        particulars.read,
    )
    value = _values(judged, measure)
    now = value(after.documents)
    least = MOST * (value(before.documents) - now)
    found = met(evidence)
    named: dict[Cause, tuple[str, ...]] = {}
    for cause, own in found.items():
        if own and value(undone(after.documents, own)) - now >= least:
            documents = (p.winner if cause in OF_WINNERS else p.loser for p in own)
            named[cause] = tuple(dict.fromkeys(documents))
    for cause, said in SAID_BY.items():
        if any(one in named for one in said):
            named.pop(cause, None)
    if low := _best_of_low(after, particulars.probabilities, judged):
        named[ALL_LOW] = (low,)
    return tuple(FoundCause(cause, named[cause]) for cause in CAUSES if cause in named)


def _values(judged: JudgedQuery, measure: Measure) -> Callable[[Sequence[str]], float]:
    """The measure's value of any order of this query."""

    def value(order: Sequence[str]) -> float:
        run = Run("", {judged.query_id: Ranking(judged.query_id, tuple(order))})
        measured = evaluate_run({judged.query_id: judged}, run, [measure], keep_without_relevant=True)
        return measured.values[measure].get(judged.query_id, 0.0)

    return value


def _placed(ranking: Ranking, judged: JudgedQuery, particulars: Particulars) -> tuple[PlacedDocument, ...]:
    scores = ranking.scores or (None,) * len(ranking.documents)
    return tuple(
        PlacedDocument(
            rank, document, judged.labels.get(document), score, particulars.texts.get(document, "")
        )
        for rank, (document, score) in enumerate(zip(ranking.documents, scores, strict=True), start=1)
    )


def _best_of_low(after: Ranking, probabilities: Mapping[str, float], judged: JudgedQuery) -> str | None:
    """The first document, where no candidate has a high probability and none is judged relevant."""
    if any(judged.labels.get(document, 0) > 0 for document in after.documents):
        return None
    known = [document for document in after.documents if document in probabilities]
    if not known or max(probabilities[document] for document in known) >= LOW_PROBABILITY:
        return None
    return known[0]
