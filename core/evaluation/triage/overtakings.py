"""Who passed whom when an order changed, and the order as it would be if some had not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.evaluation.judged import JudgedQuery, Ranking


@dataclass(frozen=True, slots=True)
class Overtaking:
    """`loser`, a more relevant document, was passed by `winner`."""

    loser: str
    winner: str


def overtakings(judged: JudgedQuery, before: Ranking, after: Ranking, depth: int) -> tuple[Overtaking, ...]:
    """Relevant documents that fell, with each less relevant one of the new first `depth` that passed them."""
    old, new = before.ranks(), after.ranks()
    top = after.documents[:depth]

    def grade(document: str) -> int:
        return max(0, judged.labels.get(document, 0))

    behind = len(old) + len(new) + 1
    return tuple(
        Overtaking(loser, winner)
        for loser in before.documents
        if grade(loser) > 0 and new.get(loser, behind) > old[loser]
        for winner in top
        if grade(winner) < grade(loser)
        and new[winner] < new.get(loser, behind)
        and old.get(winner, behind) > old[loser]
    )


def undone(after: Sequence[str], passed: Iterable[Overtaking]) -> list[str]:
    """The order in which each of these winners stands behind the documents that it passed.

    A document that is not in the order any more was lost otherwise, and stays lost.
    """
    order = list(after)
    waiting: dict[str, set[str]] = {}
    for p in passed:
        if p.loser in order:
            waiting.setdefault(p.winner, set()).add(p.loser)
    held: list[str] = []
    result: list[str] = []

    def place(document: str) -> None:
        result.append(document)
        for losers in waiting.values():
            losers.discard(document)
        for winner in [one for one in held if not waiting[one]]:
            if winner in held:
                held.remove(winner)
                place(winner)

    for document in order:
        if waiting.get(document):
            held.append(document)
        else:
            place(document)
    return result + held
