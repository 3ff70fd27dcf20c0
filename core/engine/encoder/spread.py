"""Texts spread over single threads, because they do not see each other.

The products of a small encoder are too short for several threads to share: on two cores one pass on both
reads no more tokens a second than on one, and beside other programs a seventh, because the threads wait for
each other at the end of every product. Two passes on one thread each read twice as much (benchmarks/LOG.md).
A text's numbers do not depend on those beside it, so how texts are spread changes no score.
"""

import functools
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

# Fewer tokens than this are not worth a thread of their own.
SMALLEST_PART = 64


def spread(lengths: Sequence[int], work: Callable[[Sequence[int]], Sequence[Result]]) -> list[Result]:
    """What `work` makes of each text, in the order of `lengths`.

    lengths: tokens of each text. work: takes positions and gives one result for each, in their order; it is
    called on as many threads as torch has here, each of which multiplies alone.
    """
    import torch

    parts = parts_of(lengths, torch.get_num_threads())
    results: list[Result | None] = [None] * len(lengths)
    for part, found in zip(parts, _workers().map(work, parts), strict=True):
        for at, one in zip(part, found, strict=True):
            results[at] = one
    return [one for one in results if one is not None]


def parts_of(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Positions in at most so many parts of about equally many tokens, the same for equal lengths."""
    count = max(1, min(most, len(lengths), sum(lengths) // SMALLEST_PART))
    parts: list[list[int]] = [[] for _ in range(count)]
    filled = [0] * count
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        least = filled.index(min(filled))
        parts[least].append(at)
        filled[least] += lengths[at]
    return parts


@functools.cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, "encoder", initializer=_alone)


def _alone() -> None:
    """This thread multiplies by itself; other threads keep their number."""
    import torch

    before = torch.get_num_threads()  # asking first: see `core.engine.sharing`
    torch.set_num_threads(1)
    _restore_default(before)


def _restore_default(threads: int) -> None:
    """What a thread takes over that torch sees for the first time, which is what any thread set last."""
    import torch

    def set_and_end() -> None:
        torch.get_num_threads()
        torch.set_num_threads(threads)

    helper = threading.Thread(target=set_and_end)
    helper.start()
    helper.join()
