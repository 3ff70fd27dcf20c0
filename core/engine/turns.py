"""The passes of one model: each in its turn, each as large as memory and other people's patience allow.

A pass that runs out of memory is not an error: the budget is halved and the caller makes its texts into
smaller passes. The budget grows back when passes go well again, because what filled the memory may be gone.
What a pass computes is the caller's affair.
"""

import logging
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from core.engine.device import SMALLEST_BUDGET, is_out_of_memory, release_memory
from core.engine.gate import Gate
from core.errors import TooLargeError

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# So many passes without a failure double a budget that was halved.
GOOD_PASSES = 32
# A person waits for at most one background pass.
BACKGROUND_SECONDS = 1.0
# Tokens of the pass that is timed at load: enough to fill a large GPU.
TIMED_TOKENS = 8192


class Turns:
    """budget: most tokens of an interactive pass; background: of one of a job's. Both may be set."""

    def __init__(self, gate: Gate, device: "torch.device", budget: int, background: int) -> None:
        self.gate, self.budget, self.background = gate, budget, background
        self._device, self._full, self._good = device, budget, 0

    def most(self, interactive: bool) -> int:
        """Tokens that a pass may have now."""
        return self.budget if interactive else min(self.budget, self.background)

    def run(
        self, tokens: int, work: Callable[[], Result], *, interactive: bool, alone: bool
    ) -> Result | None:
        """What `work`, a pass of so many tokens, returns; None when memory ran out.

        alone: it holds one text and cannot be made smaller, so that TooLargeError is raised instead.
        """
        result: Result | None = None
        with self.gate.turn(interactive):
            try:
                result = work()
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                logger.warning("out of memory on a pass of %d tokens: %s", tokens, error)
        if result is None:
            self._shrink(tokens, alone)
        else:
            self._grow()
        return result

    def _shrink(self, tokens: int, alone: bool) -> None:
        release_memory(self._device)
        if alone:
            raise TooLargeError(
                "A text of {tokens} tokens needs more memory than is free.",
                hint="Lower the token limit, or close other programs.",
                tokens=tokens,
            )
        self.budget = max(SMALLEST_BUDGET, min(self.budget, tokens // 2))
        self._good = 0

    def _grow(self) -> None:
        self._good += 1
        if self.budget < self._full and self._good >= GOOD_PASSES:
            self.budget, self._good = min(self._full, self.budget * 2), 0


def background_tokens(
    budget: int, run: Callable[[int], None], clock: Callable[[], float] = time.perf_counter
) -> int:
    """Tokens of a background pass that take a second at most, by timing one.

    run: runs a pass over so many tokens and waits for its end. A power of two, so that two measurements of
    one machine agree and a job's passes are made the same way each time.
    """
    tokens = min(budget, TIMED_TOKENS)
    run(tokens)  # the first one sets up memory and kernels
    start = clock()
    run(tokens)
    fits = tokens / max(clock() - start, 1e-6) * BACKGROUND_SECONDS
    return max(SMALLEST_BUDGET, min(budget, 1 << int(math.log2(max(fits, 1)))))
