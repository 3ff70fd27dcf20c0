"""Where the tokens of a batch of texts lie: end to end, the longest text first. Plain Python, no tensors.

Matrix products run over the flat rows, so no text pays for the length of another. Only attention needs texts
side by side; it takes neighbours of one length together, which the order makes possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

# Rows are filled up to a multiple of this many, because the libraries of products prepare themselves anew for
# every number of rows that they meet.
ROW_STEP = 32
# Query-key pairs of one head that a bucket holds at most: with 12 heads 1.6 MB of scores, an L2 cache's size.
PAIRS_IN_CACHE = 33_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """Texts of one length that attend in one call. start: their first row. length: tokens of each."""

    start: int
    texts: int
    length: int

    @property
    def stop(self) -> int:
        """The row behind their last."""
        return self.start + self.texts * self.length


@dataclass(frozen=True, slots=True)
class Layout:
    """A batch. order: positions in the caller's list as the texts lie. buckets: all texts, in that order.

    rows: of the batch, filled up to a multiple of ROW_STEP.
    """

    order: tuple[int, ...]
    buckets: tuple[Bucket, ...]
    rows: int

    @property
    def lengths(self) -> list[int]:
        """Tokens of each text, as they lie."""
        return [bucket.length for bucket in self.buckets for _ in range(bucket.texts)]

    @property
    def tokens(self) -> int:
        """Rows that hold a token."""
        return self.buckets[-1].stop

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first row of each text, as they lie."""
        return np.cumsum([0, *self.lengths[:-1]])

    def flat(self, texts: Sequence[Sequence[int]]) -> NDArray[np.int64]:
        """Numbers of each token, such as its id, as the rows have them."""
        return np.concatenate([np.asarray(texts[at], dtype=np.int64) for at in self.order])

    @property
    def places(self) -> NDArray[np.int64]:
        """Each token's place in its text."""
        return np.concatenate([np.arange(length) for length in self.lengths])


def lay_out(lengths: Sequence[int]) -> Layout:
    """The layout of texts of so many tokens, at least one each."""
    order = sorted(range(len(lengths)), key=lambda at: -lengths[at])
    buckets: list[Bucket] = []
    start = 0
    for length, members in groupby(order, key=lambda at: lengths[at]):
        left, most = len(list(members)), max(1, PAIRS_IN_CACHE // length**2)
        while left:
            buckets.append(Bucket(start, min(left, most), length))
            start, left = buckets[-1].stop, left - buckets[-1].texts
    return Layout(tuple(order), tuple(buckets), -(-start // ROW_STEP) * ROW_STEP)
