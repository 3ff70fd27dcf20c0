"""Attention of whole texts on a CPU: texts of one length together, queries in blocks that fit the cache.

Every text's products have the shapes that its own length gives, whatever else is in the batch, so that its
numbers do not depend on its neighbours. Padding like lengths to one was no faster.

Tensors at the boundary: qkv [rows, 3 · hidden], queries already scaled; the result [rows, hidden].
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.engine.encoder.layout import PAIRS_IN_CACHE, Bucket, Layout

if TYPE_CHECKING:
    import torch


class Attention:
    """One batch's attention; the same object serves all layers."""

    def __init__(self, layout: Layout, heads: int) -> None:
        self._layout, self._heads = layout, heads

    def __call__(self, qkv: "torch.Tensor") -> "torch.Tensor":
        """All tokens' attention: [rows, 3 · hidden] → [rows, hidden]; filling rows are zeros."""
        attended = qkv.new_empty(self._layout.rows, qkv.shape[1] // 3)
        attended[self._layout.tokens :] = 0
        for bucket in self._layout.buckets:
            queries, keys, values = self._split(qkv, bucket)
            result = attended[bucket.start : bucket.stop].view(bucket.texts, bucket.length, self._heads, -1)
            result = result.transpose(1, 2)
            step = max(1, PAIRS_IN_CACHE // bucket.length)
            for start in range(0, bucket.length, step):
                block = queries[:, :, start : start + step]
                result[:, :, start : start + step] = _mix(block, keys, values)
        return attended

    def of_first(self, qkv: "torch.Tensor") -> "torch.Tensor":
        """The attention of each text's first token alone: [texts, hidden], as the texts lie."""
        import torch

        found = []
        for bucket in self._layout.buckets:
            queries, keys, values = self._split(qkv, bucket)
            found.append(_mix(queries[:, :, :1], keys, values).view(bucket.texts, -1))
        return torch.cat(found)

    def _split(self, qkv: "torch.Tensor", bucket: Bucket) -> "Sequence[torch.Tensor]":
        """Queries, keys and values of a bucket, each [texts, heads, length, d]."""
        rows = qkv[bucket.start : bucket.stop].view(bucket.texts, bucket.length, 3, self._heads, -1)
        return rows.permute(2, 0, 3, 1, 4).contiguous().unbind(0)


def _mix(queries: "torch.Tensor", keys: "torch.Tensor", values: "torch.Tensor") -> "torch.Tensor":
    """queries [texts, heads, q, d], keys and values [texts, heads, k, d] → [texts, heads, q, d]."""
    import torch

    scores = torch.bmm(queries.flatten(0, 1), keys.flatten(0, 1).transpose(1, 2))
    return torch.bmm(torch.softmax(scores, dim=-1), values.flatten(0, 1)).view(queries.shape)
