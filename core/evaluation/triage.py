"""Every query that reranking made worse, with both orders and the likely causes.

A cause is a rule that anyone can check on the texts and scores beside it; the rules are shown with the
tags. It is named only where undoing what it describes would win back most of what the query lost. A query may
have several causes or none: the tags point, they do not prove.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.evaluation.inference import SAME
from core.evaluation.judged import JudgedQuery, Judgements, Ranking, Run
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation, evaluate_run

# A gap this small against the query's whole range of scores is within the noise of low-precision arithmetic.
NARROW_SHARE = 0.01
LOW_PROBABILITY = 0.1
DOUBTED_PROBABILITY = 0.9
# Of the loss, what undoing a cause must win back.
MOST = 0.5
# Depth looked at when the measure has none of its own.
DEFAULT_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of cause: a key for filters, a short title, and the rule in words."""

    key: str
    title: str
    rule: str


TRUNCATED = Cause(
    "truncated",
    "Truncated",
    "A relevant document that fell is longer than the model reads; its end was not seen.",
)
NARROW_MARGIN = Cause(
    "narrow_margin",
    "Narrow margin",
    "A relevant document fell behind one whose score is less than 1 % of the query's score range higher.",
)
EXACT_MATCH_LOST = Cause(
    "exact_match_lost",
    "Exact match lost",
    "A relevant document that fell contains the whole query, or every number and code in it; the document "
    "that passed it does not.",
)
UNJUDGED_WINNER = Cause(
    "unjudged_winner",
    "Unjudged winner",
    "An unjudged document passed a relevant one; it counts as not relevant until somebody judges it.",
)
ALL_LOW = Cause(
    "all_low",
    "All scores low",
    "No candidate reaches a probability of 0.1, and none of them is judged relevant: there may be no answer "
    "among them.",
)
LABEL_DOUBT = Cause(
    "label_doubt",
    "Label doubt",
    "A document labelled not relevant passed a relevant one with a probability of at least 0.9, or has the "
    "same text as a relevant one: look at the label.",
)
CAUSES: tuple[Cause, ...] = (
    TRUNCATED,
    NARROW_MARGIN,
    EXACT_MATCH_LOST,
    UNJUDGED_WINNER,
    ALL_LOW,
    LABEL_DOUBT,
)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of one query's documents beside their order; anything may be absent.

    probabilities, truncated: of the run after reranking.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    probabilities: Mapping[str, float] = field(default_factory=dict)
    truncated: frozenset[str] = frozenset()


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


@dataclass(frozen=True, slots=True)
class _Overtaking:
    """`loser`, a more relevant document, was passed by `winner`."""

    loser: str
    winner: str


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
    passed = _overtakings(judged, before, after, measure)
    found: Mapping[Cause, Iterable[str]] = {
        TRUNCATED: (p.loser for p in passed if p.loser in particulars.truncated),
        NARROW_MARGIN: _narrowly_passed(passed, after),
        EXACT_MATCH_LOST: _exact_matches_lost(passed, judged.query, particulars.texts),
        UNJUDGED_WINNER: (p.winner for p in passed if p.winner not in judged.labels),
        ALL_LOW: _best_of_low(after, particulars.probabilities, judged),
        LABEL_DOUBT: _doubted(passed, judged, particulars),
    }
    named = {cause: tuple(dict.fromkeys(found[cause])) for cause in CAUSES}
    value, lost = _values(judged, measure), set[Cause]()
    loss = value(before.documents) - value(after.documents)
    for cause, documents in named.items():
        if documents and cause is not ALL_LOW:
            undone = (
                _without(after, documents) if cause in _BY_WINNER else _restored(after, documents, passed)
            )
            if value(undone) - value(after.documents) < MOST * loss:
                lost.add(cause)
    return tuple(FoundCause(cause, own) for cause, own in named.items() if own and cause not in lost)


# These name documents that rose and are undone by leaving them out; the others name documents that fell.
_BY_WINNER = (UNJUDGED_WINNER, LABEL_DOUBT)


def _values(judged: JudgedQuery, measure: Measure) -> Callable[[Sequence[str]], float]:
    """The measure's value of any order of this query."""

    def value(order: Sequence[str]) -> float:
        run = Run("", {judged.query_id: Ranking(judged.query_id, tuple(order))})
        measured = evaluate_run({judged.query_id: judged}, run, [measure], keep_without_relevant=True)
        return measured.values[measure].get(judged.query_id, 0.0)

    return value


def _without(after: Ranking, documents: Iterable[str]) -> list[str]:
    left_out = set(documents)
    return [document for document in after.documents if document not in left_out]


def _restored(after: Ranking, fallen: Iterable[str], passed: Sequence[_Overtaking]) -> list[str]:
    """The order with each of these put back before the first document that passed it."""
    order = list(after.documents)
    for loser in fallen:
        winners = {p.winner for p in passed if p.loser == loser}
        if loser in order:
            order.remove(loser)
        order.insert(min((order.index(winner) for winner in winners), default=len(order)), loser)
    return order


def _placed(ranking: Ranking, judged: JudgedQuery, particulars: Particulars) -> tuple[PlacedDocument, ...]:
    scores = ranking.scores or (None,) * len(ranking.documents)
    return tuple(
        PlacedDocument(
            rank, document, judged.labels.get(document), score, particulars.texts.get(document, "")
        )
        for rank, (document, score) in enumerate(zip(ranking.documents, scores, strict=True), start=1)
    )


def _overtakings(judged: JudgedQuery, before: Ranking, after: Ranking, measure: Measure) -> list[_Overtaking]:
    """Relevant documents that fell, with each less relevant document of the new top that passed them."""
    old, new = before.ranks(), after.ranks()
    top = after.documents[: measure.cutoff or DEFAULT_DEPTH]

    def grade(document: str) -> int:
        return max(0, judged.labels.get(document, 0))

    behind = len(old) + len(new) + 1
    return [
        _Overtaking(loser, winner)
        for loser in before.documents
        if grade(loser) > 0 and new.get(loser, behind) > old[loser]
        for winner in top
        if grade(winner) < grade(loser)
        and new[winner] < new.get(loser, behind)
        and old.get(winner, behind) > old[loser]
    ]


def _narrowly_passed(passed: Iterable[_Overtaking], after: Ranking) -> list[str]:
    if after.scores is None:
        return []
    scores = dict(zip(after.documents, after.scores, strict=True))
    margin = NARROW_SHARE * (max(after.scores, default=0.0) - min(after.scores, default=0.0))
    return [p.loser for p in passed if p.loser in scores and scores[p.winner] - scores[p.loser] <= margin]


def _exact_matches_lost(passed: Iterable[_Overtaking], query: str, texts: Mapping[str, str]) -> list[str]:
    def matches(document: str) -> bool:
        return _contains_exactly(_folded(texts.get(document, "")), _folded(query))

    return [
        p.loser
        for p in passed
        if p.loser in texts and p.winner in texts and matches(p.loser) and not matches(p.winner)
    ]


def _best_of_low(after: Ranking, probabilities: Mapping[str, float], judged: JudgedQuery) -> list[str]:
    if any(judged.labels.get(document, 0) > 0 for document in after.documents):
        return []
    known = [document for document in after.documents if document in probabilities]
    if not known or max(probabilities[document] for document in known) >= LOW_PROBABILITY:
        return []
    return known[:1]


def _doubted(passed: Iterable[_Overtaking], judged: JudgedQuery, particulars: Particulars) -> list[str]:
    relevant_texts = {
        _folded(particulars.texts[document])
        for document, label in judged.labels.items()
        if label > 0 and particulars.texts.get(document)
    }
    return [
        p.winner
        for p in passed
        if p.winner in judged.labels
        and judged.labels[p.winner] <= 0
        and (
            particulars.probabilities.get(p.winner, 0.0) >= DOUBTED_PROBABILITY
            or _folded(particulars.texts.get(p.winner, "")) in relevant_texts
        )
    ]


# «2260», «b-17», «v1.2.3», «2021» in «2021年»: words of Latin letters and digits, joined as typed.
_WORD = re.compile(r"[a-z0-9]+(?:[./_-][a-z0-9]+)*")
_SPACE = re.compile(r"\s+")


def _contains_exactly(text: str, query: str) -> bool:
    if not query:
        return False
    if query in text:
        return True
    codes = {word for word in _WORD.findall(query) if any(letter.isdigit() for letter in word)}
    return bool(codes) and codes <= set(_WORD.findall(text))


def _folded(text: str) -> str:
    """Case, width and spacing aside, so that «ＡＢＣ» and «abc» are the same words."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip(" ?？。.!！")
