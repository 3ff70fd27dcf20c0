"""Attention of documents of like length together, where there is no flash attention for all lengths at once.

A bucket is one `scaled_dot_product_attention`; on a CPU in fp32 it runs as two batched products and a softmax
over so few queries at a time that the scores stay in the cache (`core.engine.attention.cpu`).
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from core.engine.attention.cpu import PAIRS_IN_CACHE, attend_in_cache, attend_long
from core.engine.attention.plain import PAIRS_AT_ONCE, attend_causally, is_exact_cpu
from core.engine.attention.segments import Segment, key_positions
from core.engine.device import upload
from core.engine.linear import onednn_is_chosen

if TYPE_CHECKING:
    import torch

# A longer segment runs alone and causally: its own mask would take length² floats.
LONGEST_BUCKETED = 1024
# A bucket takes shorter documents as long as the padding stays below this share of the longest.
MOST_PADDING = 0.15
# Every document of a bucket has a copy of its prefix's keys: so many keys at a time. With 16 heads of 128
# numbers written out in fp32 they take 1 GB, their values as much.
KEYS_AT_ONCE = 131_072


class BucketedAttention:
    """Documents of one query and like length in one call, padded on the right to the longest of them.

    The padding needs no mask of its own: a key beyond a document's end comes after all of its queries. So
    the mask depends on the lengths alone: query i sees the whole prefix and own tokens 0…i.
    """

    def __init__(self, segments: Sequence[Segment], device: "torch.device") -> None:
        most = PAIRS_IN_CACHE if device.type == "cpu" else PAIRS_AT_ONCE
        self.buckets = [
            _Alone(members[0], device) if _runs_alone(members[0]) else _Batch(members, device)
            for members in _buckets(segments, most)
        ]

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        out = q.new_empty(q.shape)
        for bucket in self.buckets:
            bucket.attend(q, k, v, out)
        return out.flatten(1)


def _buckets(segments: Sequence[Segment], most_pairs: int) -> list[list[Segment]]:
    """Segments that run in one call: the same prefix, like lengths, none too long for a mask."""
    buckets: list[list[Segment]] = []
    by_prefix = sorted(segments, key=lambda s: (s.prefix_start, s.prefix_length, -s.length))
    for (_, prefix_length), sharing in groupby(by_prefix, key=lambda s: (s.prefix_start, s.prefix_length)):
        bucket: list[Segment] = []
        for segment in sharing:
            alone = _runs_alone(segment)
            if bucket and (
                alone
                or segment.length < bucket[0].length * (1 - MOST_PADDING)
                or (len(bucket) + 1) * bucket[0].length * (prefix_length + bucket[0].length) > most_pairs
                or (len(bucket) + 1) * (prefix_length + bucket[0].length) > KEYS_AT_ONCE
            ):
                buckets.append(bucket)
                bucket = []
            bucket.append(segment)
            if alone:
                buckets.append(bucket)
                bucket = []
        if bucket:
            buckets.append(bucket)
    return buckets


def _runs_alone(segment: Segment) -> bool:
    return not segment.prefix_length or segment.length > LONGEST_BUCKETED


class _Alone:
    """One segment by itself, causally, without a mask in memory: a prefix, or a long document."""

    def __init__(self, segment: Segment, device: "torch.device") -> None:
        self._own = slice(segment.start, segment.start + segment.length)
        self._prefix = segment.prefix_length
        self._keys = upload(key_positions(segment), device) if self._prefix else None
        self._long = segment.length > LONGEST_BUCKETED
        self.keys = segment.prefix_length + segment.length

    def attend(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor", out: "torch.Tensor") -> None:
        """Write the segment's attention into its rows of out [T, heads, d]."""
        from torch.nn.functional import scaled_dot_product_attention

        def gather(tokens: "torch.Tensor") -> "torch.Tensor":
            return tokens[self._own] if self._keys is None else tokens.index_select(0, self._keys)

        keys, values = gather(k), gather(v)
        if self._long and is_exact_cpu(q) and onednn_is_chosen():
            attend_long(q[self._own], keys, values, out[self._own])
            return
        if not is_exact_cpu(q):
            out[self._own] = attend_causally(q[self._own], keys, values)
            return
        # The prefix's queries run again and are dropped, so that the mask is the plain causal one. That costs
        # P of P + D queries, little where D is long.
        queries, keys, values = (tokens.transpose(0, 1)[None] for tokens in (gather(q), keys, values))
        attended = scaled_dot_product_attention(queries, keys, values, is_causal=True, enable_gqa=True)
        out[self._own] = attended[0, :, self._prefix :].transpose(0, 1)


class _Batch:
    """B documents of up to D tokens behind a prefix of P in one call."""

    def __init__(self, members: Sequence[Segment], device: "torch.device") -> None:
        import torch

        longest = members[0]
        p, d = longest.prefix_length, longest.length
        self.keys = len(members) * (p + d)
        # One document's rows lie side by side: its queries and results need no copies.
        self._piece = slice(longest.start, longest.start + d) if len(members) == 1 else None
        offsets = np.arange(d)
        starts = np.array([s.start for s in members])[:, None]
        lengths = np.array([s.length for s in members])[:, None]
        # Padding repeats a document's last token; what it yields is never read.
        own = starts + np.minimum(offsets, lengths - 1)  # [B, D]
        prefix = np.broadcast_to(longest.prefix_start + np.arange(p), (len(members), p))
        self._queries = upload(own, device)
        self._keys = upload(np.concatenate([prefix, own], axis=1), device)  # [B, P + D]
        real = (offsets < lengths).ravel()
        self._rows = upload(own.ravel()[real], device)
        self._kept = None if real.all() else upload(np.flatnonzero(real), device)
        sees = torch.ones(d, p + d, dtype=torch.bool, device=device).tril_(p)
        self._mask = torch.zeros(sees.shape, device=device).masked_fill_(~sees, -torch.inf)

    def attend(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor", out: "torch.Tensor") -> None:
        """Write the attention of the documents into their rows of out [T, heads, d]."""
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        # [B, kv_heads, P + D, d]; queries and their results are [B, heads, D, d]
        keys, values = _gather(k, self._keys), _gather(v, self._keys)
        exact_cpu = is_exact_cpu(q)
        if exact_cpu and self._piece is not None:
            queries, attended = (tokens[self._piece].transpose(0, 1)[None] for tokens in (q, out))
            attend_in_cache(queries, keys, values, self._mask, attended)
            return
        queries = _gather(q, self._queries)
        if exact_cpu:
            attended = torch.empty_like(queries)
            attend_in_cache(queries, keys, values, self._mask, attended)
        else:
            sharing = queries.shape[1] // keys.shape[1]
            keys, values = (tokens.repeat_interleave(sharing, dim=1) for tokens in (keys, values))
            mask = self._mask.to(q.dtype)
            attended = scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
        rows = attended.transpose(1, 2).flatten(0, 1)  # [B · D, heads, d]
        if self._kept is not None:
            rows = rows.index_select(0, self._kept)
        out.index_copy_(0, self._rows, rows)


def _gather(tokens: "torch.Tensor", positions: "torch.Tensor") -> "torch.Tensor":
    """[T, heads, d] at positions [B, L] → [B, heads, L, d]."""
    gathered = tokens.index_select(0, positions.flatten())
    return gathered.view(*positions.shape, *tokens.shape[1:]).transpose(1, 2)
