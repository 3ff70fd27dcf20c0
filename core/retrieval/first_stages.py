"""Joining the lists of several searches into one pool of candidates. Works on ids; knows no store.

Union and interleaving choose what a reranker reads. Reciprocal rank fusion is an order of its own, for a
comparison without a reranker: at the same number of candidates it recalls no more than the better list alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, get_args

# A search by itself, then the ways to join both.
Search = Literal["bm25", "embedding"]
Stage = Literal["bm25", "embedding", "union", "interleaved", "rrf"]
SEARCHES: tuple[Search, ...] = get_args(Search)
STAGES: tuple[Stage, ...] = get_args(Stage)

# Cormack, Clarke and Büttcher 2009.
RRF_CONSTANT = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage of the pool. ranks: from 1, in each search that found it."""

    id: str
    ranks: Mapping[Search, int]


def join(found: Mapping[Search, Sequence[str]], stage: Stage, k: int) -> list[Candidate]:
    """The pool that a stage gives from the searches' lists, each best first.

    `union` keeps every passage of each list's first k, so it may hold up to twice as many; all others keep k.
    """
    lists = {search: list(ids[:k]) for search, ids in found.items()}
    ranks: dict[str, dict[Search, int]] = {}
    for search, ids in lists.items():
        for rank, passage in enumerate(ids, start=1):
            ranks.setdefault(passage, {})[search] = rank
    if stage in SEARCHES:
        order = lists.get(stage, [])
    elif stage == "rrf":
        order = reciprocal_rank_fusion(list(lists.values()))[:k]
    else:
        order = interleave(list(lists.values()))
        order = order if stage == "union" else order[:k]
    return [Candidate(passage, ranks[passage]) for passage in order]


def interleave(lists: Sequence[Sequence[str]]) -> list[str]:
    """One of each in turn, without repeats; the first list begins."""
    turns = zip_longest(*lists)
    return list(dict.fromkeys(one for turn in turns for one in turn if one is not None))


def reciprocal_rank_fusion(lists: Sequence[Sequence[str]]) -> list[str]:
    """By the sum of 1 / (60 + rank); equal sums in the order of `interleave`."""
    sums: dict[str, float] = dict.fromkeys(interleave(lists), 0.0)
    for ids in lists:
        for rank, passage in enumerate(ids, start=1):
            sums[passage] += 1 / (RRF_CONSTANT + rank)
    return sorted(sums, key=lambda passage: -sums[passage])
