"""What to judge next, and in which order, so that an hour of judging decides as much as it can.

A judge who sees ranks or scores is led by them, so documents come in a seeded shuffle that tells
nothing. First come the documents whose label can change the comparison: unjudged ones near the top of
one order only, then unjudged ones near the top of both, then the rest.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.evaluation.judged import Judgements, Run

Reason = Literal["decides", "shared_top", "unjudged", "judged"]

REASONS: dict[Reason, str] = {
    "decides": "Unjudged, and among the first {top} of one order but not of every order: its label can "
    "change which order wins.",
    "shared_top": "Unjudged, and among the first {top} of every order: its label changes the values, hardly "
    "the difference.",
    "unjudged": "Unjudged, further down.",
    "judged": "Already judged; shown again to check the label.",
}
_PRIORITY: tuple[Reason, ...] = ("decides", "shared_top", "unjudged", "judged")


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A document to look at. The order of these carries no hint of rank or score."""

    query_id: str
    document_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class JudgingSettings:
    """top: the depth of the measure that decides. again: also offer what is judged already."""

    top: int = 10
    again: bool = False
    seed: int = 20_260_101


def judging_order(
    judgements: Judgements, runs: Sequence[Run], settings: JudgingSettings | None = None
) -> tuple[ToJudge, ...]:
    """Documents of all runs' rankings, grouped by query: queries with most to decide first.

    Within a query the reasons come in turn, and documents of the same reason in a shuffle that depends
    only on the seed and the ids, so leaving and coming back keeps the order.
    """
    settings = settings or JudgingSettings()
    queries = dict.fromkeys(query for run in runs for query in run.rankings)
    waiting = [_of_query(query, judgements, runs, settings) for query in queries]
    waiting.sort(key=lambda items: -sum(item.reason == "decides" for item in items))
    return tuple(item for items in waiting for item in items)


def _of_query(
    query: str, judgements: Judgements, runs: Sequence[Run], settings: JudgingSettings
) -> list[ToJudge]:
    orders = [run.rankings[query].documents for run in runs if query in run.rankings]
    tops = [set(order[: settings.top]) for order in orders]
    labels = judgements[query].labels if query in judgements else {}

    def reason(document: str) -> Reason:
        if document in labels:
            return "judged"
        count = sum(document in top for top in tops)
        return "unjudged" if count == 0 else "shared_top" if count == len(tops) > 1 else "decides"

    documents: Iterable[str] = dict.fromkeys(document for order in orders for document in order)
    items = [ToJudge(query, document, reason(document)) for document in documents]
    if not settings.again:
        items = [item for item in items if item.reason != "judged"]
    return sorted(items, key=lambda item: (_PRIORITY.index(item.reason), _shuffled(item, settings.seed)))


def _shuffled(item: ToJudge, seed: int) -> bytes:
    """A position that follows from the ids alone: new documents do not reshuffle the old ones."""
    return hashlib.blake2b(f"{seed}\0{item.query_id}\0{item.document_id}".encode(), digest_size=8).digest()
