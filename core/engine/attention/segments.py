"""What an attention kernel is given: the segments of a pack, and the interface that all kernels keep."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens [start, start + length) attend causally to themselves and to a prefix before them (or none)."""

    start: int
    length: int
    prefix_start: int = 0
    prefix_length: int = 0


def key_positions(segment: Segment) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Positions in the pack of all keys that a segment's tokens see: its prefix, then itself."""
    prefix = np.arange(segment.prefix_start, segment.prefix_start + segment.prefix_length)
    return np.concatenate([prefix, np.arange(segment.start, segment.start + segment.length)])


class Attention(Protocol):
    """One pack's attention; the same object serves all layers."""

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        """q [T, heads, d], k and v [T, kv_heads, d] → [T, heads · d]."""
        ...
