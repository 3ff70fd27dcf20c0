"""Attention of a whole pack in one flash-attention call, on CUDA: see `core.engine.attention`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.engine.attention.segments import Segment, key_positions
from core.engine.device import upload

if TYPE_CHECKING:
    import torch


class VariableLengthAttention:
    """All segments in one flash-attention call; keys are gathered as prefix + own tokens per segment.

    A segment's queries are the last of its keys, which is how flash attention aligns a causal mask when
    there are fewer queries than keys.
    """

    def __init__(self, segments: Sequence[Segment], device: "torch.device") -> None:
        lengths = [segment.length for segment in segments]
        key_lengths = [segment.prefix_length + segment.length for segment in segments]
        keys = np.concatenate([key_positions(segment) for segment in segments])
        self._keys = upload(keys, device)
        starts = np.stack([np.cumsum([0, *lengths]), np.cumsum([0, *key_lengths])]).astype(np.int32)
        self._starts = upload(starts, device)
        self._longest, self._longest_keys = max(lengths), max(key_lengths)

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        from torch.nn.attention.varlen import varlen_attn

        attended = varlen_attn(
            q,
            k.index_select(0, self._keys),
            v.index_select(0, self._keys),
            self._starts[0],
            self._starts[1],
            self._longest,
            self._longest_keys,
            window_size=(-1, 0),  # causal
            enable_gqa=True,
        )
        assert not isinstance(attended, tuple)  # a tuple only where log-sum-exp was asked for
        return attended.flatten(1)
