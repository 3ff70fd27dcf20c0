"""Documents that say the same as an earlier one: equal texts, and nearly equal ones by their shingles.

Near means a Jaccard similarity of at least 0.8 of the sets of three consecutive words (characters in
Chinese), with the same numbers and identifiers in both. Pairs are found with prefix filtering (Bayardo, Ma
and Srikant 2007, «Scaling up all pairs similarity search»), which misses none, unlike MinHash.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from core.text.scripts import HAN, KANA

SIMILAR = 0.8
SHINGLE_WORDS = 3
# Fewer shingles say too little: one changed word could turn the meaning round.
FEWEST_SHINGLES = 8

_WORD = re.compile(f"[{HAN}{KANA}]|[^\\W_{HAN}{KANA}]+")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document repeats an earlier one: its position, and the similarity, 1 for equal texts."""

    of: int
    similarity: float


def find_duplicates(texts: Sequence[str]) -> list[Duplicate | None]:
    """For each text, the first one that it repeats, or None. White space makes no difference."""
    found: list[Duplicate | None] = [None] * len(texts)
    first: dict[str, int] = {}
    for position, text in enumerate(texts):
        earlier = first.setdefault(" ".join(text.split()), position)
        if earlier != position:
            found[position] = Duplicate(earlier, 1.0)
    different = list(first.values())
    for position, near in _near([texts[one] for one in different]).items():
        found[different[position]] = Duplicate(different[near.of], near.similarity)
    return found


def _near(texts: Sequence[str]) -> dict[int, Duplicate]:
    """Texts that nearly repeat an earlier one; the earliest of those that repeat none themselves."""
    words = [_WORD.findall(text.casefold()) for text in texts]
    numbers = [frozenset(word for word in one if any(c.isdigit() for c in word)) for one in words]
    sets = [_shingles(one) for one in words]
    frequency = Counter(shingle for one in sets for shingle in one)
    holders: dict[str, list[int]] = defaultdict(list)
    near: dict[int, Duplicate] = {}
    for position, own in enumerate(sets):
        if len(own) < FEWEST_SHINGLES:
            continue
        # Two sets this similar share one of their rarest shingles.
        rarest_first = sorted(own, key=lambda shingle: (frequency[shingle], shingle))
        prefix = rarest_first[: len(own) - math.ceil(SIMILAR * len(own)) + 1]
        for candidate in sorted({one for shingle in prefix for one in holders[shingle]}):
            shared = len(own & sets[candidate])
            similarity = shared / (len(own) + len(sets[candidate]) - shared)
            if similarity >= SIMILAR and numbers[position] == numbers[candidate]:
                near[position] = Duplicate(candidate, similarity)
                break
        else:
            for shingle in prefix:
                holders[shingle].append(position)
    return near


def _shingles(words: Sequence[str]) -> frozenset[str]:
    spans = range(len(words) - SHINGLE_WORDS + 1)
    return frozenset(" ".join(words[start : start + SHINGLE_WORDS]) for start in spans)
