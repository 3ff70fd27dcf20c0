"""A CPU shared by two interactive turns, each on half of torch's threads.

Two passes on half of the threads each end sooner than one after the other on all of them: the threads of one
product wait for each other at its end, those of two passes do not (benchmarks/LOG.md has the figures). One
caller alone still gets every thread.
"""

from typing import TYPE_CHECKING

from core.engine.gate import Gate

if TYPE_CHECKING:
    import torch

# More were not measured: every further pass reads all weights anew.
SIDE_BY_SIDE = 2


def gate_of(device: "torch.device") -> Gate:
    """The gate of a model on this device; made after torch's threads were chosen."""
    import torch

    threads = torch.get_num_threads()
    if device.type != "cpu" or threads < SIDE_BY_SIDE:
        return Gate()

    def share(sharing: int) -> None:
        # The number holds for the calling thread only, once torch has prepared it; a thread that torch sees
        # for the first time takes over the number that was set last, whoever set it. Asking prepares it.
        torch.get_num_threads()
        torch.set_num_threads(max(1, threads // sharing))

    return Gate(SIDE_BY_SIDE, share)
