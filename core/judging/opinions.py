"""What several people say of the same documents: where they differ, who has not looked yet, what was settled.

How well two people agree is measured as for any two judges (`agreement`). Plain values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.judging.labels import Label, Source

# A person's label with this mark settles what others differ about; it is no opinion of its own.
SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A document that people graded differently. opinions: (person, grade), the earliest first."""

    query_id: str
    document_id: str
    opinions: tuple[tuple[str, int], ...]


def person(name: str) -> Source:
    """Somebody who judges by hand; without a name where nobody gave one."""
    return Source("person", name.strip())


def settling(name: str) -> Source:
    """Somebody who decides between others."""
    return Source("person", name.strip(), SETTLED)


def people_of(labels: Iterable[Label]) -> dict[str, int]:
    """Who judged by hand, and how many documents each, in the order of their first label."""
    counted: dict[str, int] = {}
    for label in labels:
        if _opinion(label):
            counted[label.source.name] = counted.get(label.source.name, 0) + 1
    return counted


def opinions_of(labels: Iterable[Label], name: str) -> tuple[Label, ...]:
    """What one person said."""
    return tuple(label for label in labels if _opinion(label) and label.source.name == name)


def disagreements(labels: Sequence[Label]) -> tuple[Disagreement, ...]:
    """Where people differ and nobody has settled it, in the order in which the second one spoke."""
    settled = {_pair(label) for label in labels if label.source.fingerprint == SETTLED}
    found: dict[tuple[str, str], list[Label]] = {}
    for label in sorted(filter(_opinion, labels), key=lambda one: one.written):
        found.setdefault(_pair(label), []).append(label)
    differing = [
        own for pair, own in found.items() if pair not in settled and len({one.grade for one in own}) > 1
    ]
    differing.sort(key=lambda own: own[1].written)
    return tuple(
        Disagreement(*_pair(own[0]), tuple((one.source.name, one.grade) for one in own)) for own in differing
    )


def second_looks(labels: Iterable[Label], name: str) -> tuple[tuple[str, str], ...]:
    """(query, document) of what others judged and this person has not, the oldest first."""
    own: set[tuple[str, str]] = set()
    others: dict[tuple[str, str], None] = {}
    for label in labels:
        if _opinion(label):
            if label.source.name == name:
                own.add(_pair(label))
            else:
                others[_pair(label)] = None
    return tuple(pair for pair in others if pair not in own)


def _opinion(label: Label) -> bool:
    return label.source.human and label.source.fingerprint != SETTLED


def _pair(label: Label) -> tuple[str, str]:
    return label.query_id, label.document_id
