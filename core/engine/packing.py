"""Which documents are scored together: plain Python planning, no tokens and no tensors.

A pack is one forward pass over a flat sequence `[prefix A | a1 | a2 | … | prefix B | b1 | …]`. Every
document attends to its own query's prefix and to itself, so nothing is padded and a prefix is computed once
per pack. This module decides what shares a pack; `core.engine.attention` knows how to run one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.records import ScoringRequest


@dataclass(frozen=True, slots=True)
class Pair:
    """What is scored once, however often it was asked for."""

    instruction: str | None
    query: str
    document: str


# (request, document): positions in the caller's lists.
Place = tuple[int, int]


def distinct_pairs(requests: Sequence[ScoringRequest]) -> dict[Pair, list[Place]]:
    """Every different (instruction, query, document) with all the places that wait for its score."""
    places: dict[Pair, list[Place]] = {}
    for r, request in enumerate(requests):
        for d, document in enumerate(request.documents):
            places.setdefault(Pair(request.instruction, request.query, document), []).append((r, d))
    return places


def still_waiting(
    places: Mapping[Pair, Sequence[Place]], known: Sequence[Sequence[bool]]
) -> dict[Pair, Sequence[Place]]:
    """The pairs with places that are not known, and those places; all when nothing is said of any."""
    if not known:
        return dict(places)
    left = {pair: [(r, d) for r, d in at if not known[r][d]] for pair, at in places.items()}
    return {pair: at for pair, at in left.items() if at}


def windows(pairs: Sequence[Pair], max_pairs: int, max_characters: int) -> Iterator[list[Pair]]:
    """Consecutive runs of pairs, small enough to hold their tokens in memory at once."""
    window: list[Pair] = []
    characters = 0
    for pair in pairs:
        if window and (len(window) >= max_pairs or characters + len(pair.document) > max_characters):
            yield window
            window, characters = [], 0
        window.append(pair)
        characters += len(pair.document)
    if window:
        yield window


@dataclass(frozen=True, slots=True)
class Candidate:
    """One document to score. prefix: position in the list of prefixes; length: its tokens."""

    prefix: int
    length: int


@dataclass(frozen=True, slots=True)
class Group:
    """A prefix and the candidates (positions in the planned list) that share it within one pack."""

    prefix: int
    candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """One forward pass. tokens: its length, prefixes counted once each."""

    groups: tuple[Group, ...]
    tokens: int

    @property
    def candidates(self) -> tuple[int, ...]:
        """All candidates, in the order in which the pass lays them out."""
        return tuple(candidate for group in self.groups for candidate in group.candidates)


def plan(
    prefix_lengths: Sequence[int],
    candidates: Sequence[Candidate],
    budget: int,
    chosen: Sequence[int] | None = None,
) -> list[Pack]:
    """Put the candidates (or only the `chosen` positions) into packs of at most `budget` tokens.

    Queries keep their order. Within a query the longest documents come first, so that neighbours have like
    lengths and memory runs out early if it must. A pair longer than the budget is a pack of its own.
    """
    by_prefix: dict[int, list[int]] = {}
    for position in range(len(candidates)) if chosen is None else chosen:
        by_prefix.setdefault(candidates[position].prefix, []).append(position)

    packs: list[Pack] = []
    groups: list[Group] = []
    used = 0
    for prefix, members in by_prefix.items():
        members.sort(key=lambda position: -candidates[position].length)
        taken: list[int] = []
        for position in members:
            length = candidates[position].length
            # The first document of a query brings its prefix along.
            needed = length if taken else prefix_lengths[prefix] + length
            if used and used + needed > budget:
                if taken:
                    groups.append(Group(prefix, tuple(taken)))
                packs.append(Pack(tuple(groups), used))
                groups, taken, used = [], [], 0
                needed = prefix_lengths[prefix] + length
            taken.append(position)
            used += needed
        groups.append(Group(prefix, tuple(taken)))
    if groups:
        packs.append(Pack(tuple(groups), used))
    return packs
