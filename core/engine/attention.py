"""Attention over a packed sequence: every document sees its query's prefix and itself.

Two kernels behind one interface, chosen once per device and compared by a test:

- `VariableLengthAttention` (CUDA): one flash-attention call over all segments of all lengths.
- `BucketedAttention` (CPU, MPS, and CUDA where flash attention is missing): documents of like length are
  batched. A bucket is one `scaled_dot_product_attention`; on a CPU in fp32 it is small enough for the cache
  and runs as two batched products and a softmax, a third faster there for short documents.

Both are built once per pack from its segments and called once per layer. Tensors at the boundary:
q [T, heads, d] · k, v [T, kv_heads, d] → [T, heads · d], with T the tokens of the pack.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

import numpy as np

from core.engine.device import upload

if TYPE_CHECKING:
    import torch

# A longer segment runs alone and causally: its own mask would take length² floats.
LONGEST_BUCKETED = 1024
# A bucket takes shorter documents as long as the padding stays below this share of the longest.
MOST_PADDING = 0.15
# Query-key pairs of one bucket on a CPU: with 16 heads 1.6 MB of scores, the order of an L2 cache. A larger
# bucket would send its gathered keys and scores through main memory.
PAIRS_IN_CACHE = 25_000


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens [start, start + length) attend causally to themselves and to a prefix before them (or none)."""

    start: int
    length: int
    prefix_start: int = 0
    prefix_length: int = 0


class Attention(Protocol):
    """One pack's attention; the same object serves all layers."""

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        """q [T, heads, d], k and v [T, kv_heads, d] → [T, heads · d]."""
        ...


def choose_kernel(device: "torch.device", dtype: "torch.dtype") -> "AttentionKernel":
    """The fastest kernel that this device, data type and torch can run."""
    import torch

    if device.type == "cuda" and dtype in (torch.bfloat16, torch.float16):
        # Flash attention needs Ampere (8.0) or newer; torch.nn.attention.varlen came with torch 2.10.
        try:
            import torch.nn.attention.varlen as _varlen  # noqa: F401
        except ImportError:
            return BucketedAttention
        if torch.cuda.get_device_capability(device) >= (8, 0):
            return VariableLengthAttention
    return BucketedAttention


class VariableLengthAttention:
    """All segments in one flash-attention call; keys are gathered as prefix + own tokens per segment.

    A segment's queries are the last of its keys, which is how flash attention aligns a causal mask when
    there are fewer queries than keys.
    """

    def __init__(self, segments: Sequence[Segment], device: "torch.device") -> None:
        lengths = [segment.length for segment in segments]
        key_lengths = [segment.prefix_length + segment.length for segment in segments]
        keys = np.concatenate([_key_positions(segment) for segment in segments])
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


class BucketedAttention:
    """Documents of one query and like length in one call, padded on the right to the longest of them.

    The padding needs no mask of its own: a key beyond a document's end comes after all of its queries. So
    the mask depends on the lengths alone: query i sees the whole prefix and own tokens 0…i.
    """

    def __init__(self, segments: Sequence[Segment], device: "torch.device") -> None:
        most_pairs = PAIRS_IN_CACHE if device.type == "cpu" else sys.maxsize
        self._buckets = [_Bucket(members, device) for members in _buckets(segments, most_pairs)]

    def __call__(self, q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
        out = q.new_empty(q.shape)
        for bucket in self._buckets:
            bucket.attend(q, k, v, out)
        return out.flatten(1)


AttentionKernel = type[VariableLengthAttention] | type[BucketedAttention]


def _buckets(segments: Sequence[Segment], most_pairs: int) -> list[list[Segment]]:
    """Segments that run in one call: the same prefix, like lengths, none too long for a mask."""
    buckets: list[list[Segment]] = []
    by_prefix = sorted(segments, key=lambda s: (s.prefix_start, s.prefix_length, -s.length))
    for (_, prefix_length), sharing in groupby(by_prefix, key=lambda s: (s.prefix_start, s.prefix_length)):
        bucket: list[Segment] = []
        for segment in sharing:
            alone = not prefix_length or segment.length > LONGEST_BUCKETED
            if bucket and (
                alone
                or segment.length < bucket[0].length * (1 - MOST_PADDING)
                or (len(bucket) + 1) * bucket[0].length * (prefix_length + bucket[0].length) > most_pairs
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


class _Bucket:
    """One call: B segments of up to D tokens behind a prefix of P."""

    def __init__(self, members: Sequence[Segment], device: "torch.device") -> None:
        import torch

        longest = members[0]
        self._causal = longest.prefix_length == 0 or longest.length > LONGEST_BUCKETED
        if self._causal:
            # Alone: run the prefix's queries again and drop them, so that the mask is the plain causal one,
            # which needs no memory. It costs P of P + D queries, little where D is long.
            self._skip = longest.prefix_length
            self._keys = upload(_key_positions(longest)[None], device) if self._skip else None
            self._target = slice(longest.start, longest.start + longest.length)
            return
        p, d = longest.prefix_length, longest.length
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
        """Write the attention of this bucket's segments into their rows of out [T, heads, d]."""
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        # [B, heads, D, d] and [B, kv_heads, P + D, d]
        if self._causal:
            if self._keys is None:  # no prefix: the rows lie side by side and need no copy
                queries, keys, values = (tokens[self._target].transpose(0, 1)[None] for tokens in (q, k, v))
            else:
                queries, keys, values = (_gather(tokens, self._keys) for tokens in (q, k, v))
            attended = scaled_dot_product_attention(queries, keys, values, is_causal=True, enable_gqa=True)
            out[self._target] = attended[0, :, self._skip :].transpose(0, 1)
            return
        assert self._keys is not None
        queries = _gather(q, self._queries)
        keys, values = _gather(k, self._keys), _gather(v, self._keys)
        if q.device.type == "cpu" and q.dtype == torch.float32:
            attended = _attend_in_cache(queries, keys, values, self._mask)
        else:
            mask = self._mask.to(q.dtype)
            attended = scaled_dot_product_attention(queries, keys, values, attn_mask=mask, enable_gqa=True)
        rows = attended.transpose(1, 2).flatten(0, 1)  # [B · D, heads, d]
        if self._kept is not None:
            rows = rows.index_select(0, self._kept)
        out.index_copy_(0, self._rows, rows)


def _attend_in_cache(
    q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor", mask: "torch.Tensor"
) -> "torch.Tensor":
    """q [B, heads, D, d], k and v [B, kv_heads, K, d], mask [D, K] → [B, heads, D, d].

    The queries of the heads that share a key head are stacked, so that every product is a large one.
    """
    import torch

    batch, heads, _, d = q.shape
    kv_heads = k.shape[1]
    stacked = q.reshape(batch * kv_heads, -1, d)  # [B · kv_heads, heads / kv_heads · D, d]
    bias = mask.repeat(heads // kv_heads, 1)
    scores = torch.baddbmm(bias, stacked, k.flatten(0, 1).transpose(1, 2), alpha=d**-0.5)
    return torch.bmm(torch.softmax(scores, dim=-1), v.flatten(0, 1)).view(q.shape)


def _gather(tokens: "torch.Tensor", positions: "torch.Tensor") -> "torch.Tensor":
    """[T, heads, d] at positions [B, L] → [B, heads, L, d]."""
    gathered = tokens.index_select(0, positions.flatten())
    return gathered.view(*positions.shape, *tokens.shape[1:]).transpose(1, 2)


def _key_positions(segment: Segment) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    prefix = np.arange(segment.prefix_start, segment.prefix_start + segment.prefix_length)
    return np.concatenate([prefix, np.arange(segment.start, segment.start + segment.length)])
