"""Texts lie end to end, the longest first, each token once; neighbours of one length attend together."""

import random

import pytest

from core.engine.encoder.layout import PAIRS_IN_CACHE, ROW_STEP, lay_out


@pytest.mark.parametrize("seed", range(20))
def test_every_text_lies_once_and_no_bucket_is_too_large(seed: int) -> None:
    chance = random.Random(seed)
    lengths = [chance.choice((1, 2, 30, 31, 33, 100, 120, 511, 512)) for _ in range(chance.randint(1, 60))]
    layout = lay_out(lengths)
    assert sorted(layout.order) == list(range(len(lengths)))
    assert layout.lengths == [lengths[at] for at in layout.order] == sorted(lengths, reverse=True)
    assert layout.tokens == sum(lengths) <= layout.rows < sum(lengths) + ROW_STEP
    assert layout.rows % ROW_STEP == 0
    start = 0
    for bucket in layout.buckets:
        assert bucket.start == start
        start = bucket.stop
        assert bucket.texts == 1 or bucket.texts * bucket.length**2 <= PAIRS_IN_CACHE


def test_tokens_and_places_follow_the_order() -> None:
    layout = lay_out([2, 3, 1])
    assert layout.order == (1, 0, 2)
    assert layout.flat([[7, 8], [1, 2, 3], [9]]).tolist() == [1, 2, 3, 7, 8, 9]
    assert layout.places.tolist() == [0, 1, 2, 0, 1, 0]
    assert layout.starts.tolist() == [0, 3, 5]
