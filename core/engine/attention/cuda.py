"""Attention of a whole pack in two flash-attention calls, on CUDA: see `core.engine.attention`.

A document sees its query's prefix and itself. One call lets all tokens attend causally within their own
segment, another lets the documents of each query attend to its prefix, of which they see all; the two are
merged by how much weight each had (their log-sum-exps), which is attention over both. So no key is copied: a
prefix of 4,000 tokens before 1,000 short documents would be gathered a thousand times.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from core.engine.attention.segments import Segment
from core.engine.device import upload

if TYPE_CHECKING:
    import torch


class VariableLengthAttention:
    """The pack as `core.engine.model.flatten` lays it out: prefixes, whole sequences, then documents."""

    def __init__(self, segments: Sequence[Segment], device: "torch.device") -> None:
        """segments: in the order of their tokens."""
        lengths = [segment.length for segment in segments]
        self._longest = max(lengths)
        documents = [segment for segment in segments if segment.prefix_length]
        groups = [
            (prefix, sum(segment.length for segment in members))
            for prefix, members in groupby(documents, key=lambda one: (one.prefix_start, one.prefix_length))
        ]
        prefixes = [length for (_, length), _ in groups]
        # Prefixes first, in the order of their documents, which come last; no gaps.
        expected = zip(np.cumsum([0, *lengths]), segments, strict=False)
        assert all(start == segment.start for start, segment in expected)
        placed = zip(np.cumsum([0, *prefixes]), groups, strict=False)
        assert all(start == at for at, ((start, _), _) in placed)
        self._first = documents[0].start if documents else sum(lengths)
        assert sum(one.length for one in documents) == sum(lengths) - self._first
        self._keys = sum(prefixes)
        self._longest_group = max((length for _, length in groups), default=0)
        self._longest_prefix = max(prefixes, default=0)
        self._own_starts = upload(_starts(lengths), device)
        self._query_starts = upload(_starts([length for _, length in groups]), device)
        self._prefix_starts = upload(_starts(prefixes), device)

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        """See `core.engine.attention.segments.Attention`."""
        from torch.nn.attention.varlen import AuxRequest, varlen_attn

        aux = AuxRequest(lse=True) if self._keys else None
        own = varlen_attn(
            q, k, v, self._own_starts, self._own_starts, self._longest, self._longest,
            return_aux=aux, window_size=(-1, 0), enable_gqa=True,
        )  # fmt: skip
        if not isinstance(own, tuple):
            return own.flatten(1)
        before = varlen_attn(
            q[self._first :], k[: self._keys], v[: self._keys], self._query_starts, self._prefix_starts,
            self._longest_group, self._longest_prefix,
            return_aux=aux, window_size=(-1, -1), enable_gqa=True,
        )  # fmt: skip
        attended, weight = own
        merge(attended[self._first :], weight[:, self._first :], *before)
        return attended.flatten(1)


def merge(
    own: "torch.Tensor", own_weight: "torch.Tensor", other: "torch.Tensor", other_weight: "torch.Tensor"
) -> None:
    """Attention over two sets of keys, from that over each, in place of own.

    own, other: [D, heads, d]; the weights are their log-sum-exps, [heads, D] in fp32.
    """
    share = (other_weight - own_weight).sigmoid_().t()[:, :, None]  # of the other, [D, heads, 1]
    own += (other - own) * share


def _starts(lengths: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.cumsum([0, *lengths]).astype(np.int32)
