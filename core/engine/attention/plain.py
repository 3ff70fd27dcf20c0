"""Causal attention of one sequence by torch's own kernels, in bounded memory, on any device.

Off CUDA's flash kernels, torch computes grouped heads with its plain one, which holds the scores of all
queries and keys at once: 69 GB for 32,768 tokens of 16 heads. Here heads are written out and queries taken in
blocks, so that a call never holds more than a known number of scores.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# Query-key pairs of one call: with 16 heads and fp32 scores 0.5 GB at the worst.
PAIRS_AT_ONCE = 8_000_000


def is_exact_cpu(q: "torch.Tensor") -> bool:
    """Whether the attention of `core.engine.attention.cpu` is meant for this tensor."""
    import torch

    return q.device.type == "cpu" and q.dtype == torch.float32


def attend_causally(q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor") -> "torch.Tensor":
    """q [D, heads, d], the last of the keys k and values v [K, kv_heads, d] → [D, heads, d]."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    (queries, heads, _), (keys, kv_heads, _) = q.shape, k.shape
    q = q.transpose(0, 1)[None]
    k, v = (heads_written_out(tokens, heads // kv_heads).transpose(0, 1)[None] for tokens in (k, v))
    if queries == keys and queries * keys <= PAIRS_AT_ONCE:
        return scaled_dot_product_attention(q, k, v, is_causal=True)[0].transpose(0, 1)
    out = torch.empty_like(q)
    before, step = keys - queries, max(1, PAIRS_AT_ONCE // keys)
    for start in range(0, queries, step):
        stop = min(queries, start + step)
        seen = before + stop
        sees = torch.ones(stop - start, seen, dtype=torch.bool, device=q.device).tril_(before + start)
        out[:, :, start:stop] = scaled_dot_product_attention(
            q[:, :, start:stop], k[:, :, :seen], v[:, :, :seen], attn_mask=sees
        )
    return out[0].transpose(0, 1)


def heads_written_out(tokens: "torch.Tensor", sharing: int) -> "torch.Tensor":
    """[K, kv_heads, d] → [K, kv_heads · sharing, d], every head as often as queries share it."""
    return tokens if sharing == 1 else tokens.repeat_interleave(sharing, dim=1)
