"""Whether high or low initial scores are better: similarities fall down a list, distances rise.

A person's word goes first («distance:asc»), then the column's name. Where the order of the list says
otherwise, that is pointed out and nothing is turned round silently.
"""

import re
from collections.abc import Sequence
from typing import Literal

from core.sheets.meaning.pairs import PairColumns
from core.sheets.meaning.vocabulary import normalise

# «asc»: the lowest score is best, as of a distance; «desc»: the highest is.
ScoreDirection = Literal["asc", "desc"]

RISES = (
    "The scores in {column} rise down the list, as distances do, but high ones were taken as better. "
    "If low ones are, map the column as {column}:asc."
)
FALLS = (
    "The scores in {column} fall down the list, but low ones were taken as better, as of a distance. "
    "If high ones are, map the column as {column}:desc."
)

_DISTANCE = re.compile(r"distance|距离|距離|差异度|不相似|dissimilar|^l[12](?:norm)?$|euclid|欧氏|欧式|dist$")
# Turned round, so that the highest is best again.
_NEGATIVE = re.compile(r"^(?:neg|negative|minus|inverse|inverted|负|負|反)")
_MAPPED = re.compile(r"(.+):(asc|desc)", re.IGNORECASE)

# So many neighbours of different score, and this share of them in one direction, make a sorted list.
_FEWEST_STEPS, _SORTED_SHARE = 4, 0.9


def named_direction(column: str) -> ScoreDirection:
    """The direction that a column's name suggests."""
    name = normalise(column)
    return "asc" if _DISTANCE.search(name) and not _NEGATIVE.search(name) else "desc"


def mapped_direction(wanted: str, names: Sequence[str]) -> tuple[str, ScoreDirection | None]:
    """A mapping «COLUMN:asc» or «COLUMN:desc» as column and direction; None where it gives no direction."""
    found = _MAPPED.fullmatch(wanted.strip())
    if wanted in names or not found:
        return wanted, None
    return found.group(1).strip(), "asc" if found.group(2).lower() == "asc" else "desc"


def contradiction(pairs: PairColumns, direction: ScoreDirection) -> str | None:
    """The sentence about lists that are sorted the other way: by rank where there are ranks, else by row."""
    lists: dict[str, list[int]] = {}
    for index, key in enumerate(pairs.query_key):
        if pairs.initial_score[index] is not None:
            lists.setdefault(key, []).append(index)
    rising = falling = 0
    for indexes in lists.values():
        ranks = [pairs.initial_rank[index] for index in indexes]
        if None not in ranks:
            indexes = [index for _, index in sorted(zip(ranks, indexes, strict=True))]
        scores = [score for index in indexes if (score := pairs.initial_score[index]) is not None]
        rising += sum(after > before for before, after in zip(scores, scores[1:], strict=False))
        falling += sum(after < before for before, after in zip(scores, scores[1:], strict=False))
    against, said = (rising, RISES) if direction == "desc" else (falling, FALLS)
    steps = rising + falling
    return said if steps >= _FEWEST_STEPS and against >= _SORTED_SHARE * steps else None
