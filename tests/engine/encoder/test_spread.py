"""Texts spread over threads: all of them once, evenly, in order, and torch's threads stay as they were."""

import os
import threading
from collections.abc import Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.engine.encoder.spread import SMALLEST_PART, parts_of, spread


@given(st.lists(st.integers(1, 512), min_size=1, max_size=60), st.integers(1, 16))
def test_every_text_is_in_one_part_and_parts_are_alike(lengths: list[int], most: int) -> None:
    parts = parts_of(lengths, most)
    assert sorted(at for part in parts for at in part) == list(range(len(lengths)))
    assert 1 <= len(parts) <= most
    assert all(parts)
    filled = [sum(lengths[at] for at in part) for part in parts]
    assert max(filled) - min(filled) <= max(lengths)


def test_few_tokens_stay_together() -> None:
    assert parts_of([SMALLEST_PART // 2] * 3, 8) == [[0, 1, 2]]
    assert len(parts_of([SMALLEST_PART] * 3, 8)) == 3


def test_results_come_in_order_from_threads_that_multiply_alone() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    together = threading.Barrier(min(4, torch.get_num_threads(), os.cpu_count() or 1))
    seen: list[tuple[str, int]] = []

    def work(part: Sequence[int]) -> list[int]:
        together.wait(10)  # as many as there are workers run at the same time
        seen.append((threading.current_thread().name, torch.get_num_threads()))
        return [10 * at for at in part]

    try:
        count = together.parties * 5
        torch.set_num_threads(together.parties)
        assert spread([SMALLEST_PART] * count, work) == [10 * at for at in range(count)]
        assert len({name for name, _ in seen}) == together.parties
        assert {threads for _, threads in seen} == {1}
        assert torch.get_num_threads() == together.parties
    finally:
        torch.set_num_threads(before)


def test_other_threads_keep_torchs_number() -> None:
    spread([1], lambda part: [0 for _ in part])
    threads = torch.get_num_threads()
    torch.set_num_threads(threads)
    spread([1, 2], lambda part: [0 for _ in part])
    seen: list[int] = []
    other = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert seen == [threads]


def test_an_error_reaches_the_caller() -> None:
    def work(part: Sequence[int]) -> list[int]:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        spread([1], work)
