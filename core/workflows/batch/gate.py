"""Queries of a batch that a recipe's gate leaves to the first stage: not in the job, back when it is read.

A job scores and counts what the model has to read; the texts of the others are attached to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.recipes.recipe import Recipe
from core.records import ScoringRequest
from core.storage.attachments import packed, unpacked
from core.workflows.recipes.following import left_to_first

LEFT = "left"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class LeftQueries:
    """Requests that are not scored, by their position in the batch."""

    requests: dict[int, ScoringRequest]

    def joined(self, scored: Sequence[ScoringRequest]) -> tuple[ScoringRequest, ...]:
        """All requests of the batch, in its order."""
        waiting = iter(scored)
        count = len(scored) + len(self.requests)
        return tuple(self.requests.get(at) or next(waiting) for at in range(count))

    def spread(
        self, requests: Sequence[ScoringRequest], values: Sequence[Value | None]
    ) -> list[Value | None]:
        """Values of the scored pairs over all pairs; None for those of the queries that are left.

        requests: all of the batch.
        """
        waiting = iter(values)
        return [
            None if at in self.requests else next(waiting)
            for at, request in enumerate(requests)
            for _ in request.documents
        ]


def left_positions(
    recipe: Recipe, requests: Sequence[ScoringRequest], ranks: Sequence[int], scores: Sequence[float]
) -> frozenset[int]:
    """Which queries the gate keeps. ranks, scores: of all pairs, the highest score the best."""
    found, start = set(), 0
    for at, request in enumerate(requests):
        pairs = sorted(range(start, start + len(request.documents)), key=lambda pair: ranks[pair])
        start += len(request.documents)
        if pairs and left_to_first(recipe, [scores[pair] for pair in pairs]):
            found.add(at)
    return frozenset(found)


def pack_left(requests: Sequence[ScoringRequest], left: frozenset[int]) -> bytes:
    """The queries that are left, as an attachment."""
    return packed(
        [
            [at, requests[at].query, list(requests[at].documents), requests[at].instruction]
            for at in sorted(left)
        ]
    )


def unpack_left(body: bytes | None) -> LeftQueries:
    """The queries that were packed; none without an attachment."""
    kept = unpacked(body) if body is not None else []
    return LeftQueries(
        {int(at): ScoringRequest(query, tuple(documents), told) for at, query, documents, told in kept}
    )
