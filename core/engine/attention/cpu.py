"""Attention of one call on a CPU in fp32, for short and for long documents.

torch's flash kernel works in small blocks, which costs it half of what the products could reach here. These
compute the scores of so many queries at a time that they stay in the cache, and leave out the keys that come
after all of them. q, k and v are as `core.engine.attention` gathers them; queries are the last of the keys.
"""

import math
from typing import TYPE_CHECKING

from core.engine.linear import onednn_product

if TYPE_CHECKING:
    import torch

# Query-key pairs computed at a time on a CPU: with 16 heads 1.6 MB of scores, the order of an L2 cache. More
# would send the scores through main memory, which takes seven times as long at 1000 tokens.
PAIRS_IN_CACHE = 25_000
# Queries computed at a time for a long document: enough for oneDNN's product to run at its best.
LONG_BLOCK = 128
# Keys are taken in steps of this many: oneDNN keeps code and buffers for every shape that it has seen.
LONG_STEP = 512


def attend_in_cache(
    q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor", mask: "torch.Tensor", attended: "torch.Tensor"
) -> None:
    """Fill attended [B, heads, D, d] from q of the same shape, k and v [B, kv_heads, K, d], mask [D, K].

    The queries of the heads that share a key head are stacked, so that every product is a large one. A block
    of queries leaves out the keys that come after all of them.
    """
    import torch

    batch, heads, queries, d = q.shape
    kv_heads, prefix = k.shape[1], k.shape[2] - queries
    q, attended = (tensor.view(batch, kv_heads, -1, queries, d) for tensor in (q, attended))
    keys, values = k.flatten(0, 1).transpose(1, 2), v.flatten(0, 1)
    step = max(1, PAIRS_IN_CACHE // (batch * k.shape[2]))
    for start in range(0, queries, step):
        stop = min(queries, start + step)
        seen = prefix + stop
        block = q[:, :, :, start:stop]
        bias = mask[start:stop, :seen].repeat(heads // kv_heads, 1)
        stacked = block.reshape(batch * kv_heads, -1, d)
        scores = torch.baddbmm(bias, stacked, keys[:, :, :seen], alpha=d**-0.5)
        result = torch.bmm(torch.softmax(scores, dim=-1), values[:, :seen])
        attended[:, :, :, start:stop] = result.view(block.shape)


def attend_long(q: "torch.Tensor", k: "torch.Tensor", v: "torch.Tensor", attended: "torch.Tensor") -> None:
    """Fill attended [D, heads, d] from q of the same shape, k and v [K, kv_heads, d], with oneDNN's products.

    One key head at a time: its keys and values are copied into the plain layout that oneDNN takes.
    """
    import torch

    (queries, heads, d), (keys, kv_heads, _) = q.shape, k.shape
    prefix, sharing = keys - queries, heads // kv_heads
    future = torch.full((LONG_BLOCK, LONG_BLOCK + LONG_STEP), -torch.inf).triu_(1)
    q, attended = (tensor.view(queries, kv_heads, sharing, d) for tensor in (q, attended))
    for head in range(kv_heads):
        head_keys = k[:, head].contiguous()  # [K, d]
        head_values = v[:, head].t().contiguous()  # [d, K]
        for start in range(0, queries, LONG_BLOCK):
            stop = min(queries, start + LONG_BLOCK)
            rows, known = stop - start, prefix + start
            seen = min(keys, math.ceil((prefix + stop) / LONG_STEP) * LONG_STEP)
            block = (q[start:stop, head] * d**-0.5).transpose(0, 1).reshape(-1, d)  # [sharing · rows, d]
            scores = onednn_product(block, head_keys[:seen]).view(sharing, rows, seen)
            scores[:, :, known:] += future[:rows, : seen - known]
            weights = torch.softmax(scores, dim=-1).view(-1, seen)
            mixed = onednn_product(weights, head_values[:, :seen].contiguous())
            attended[start:stop, head] = mixed.view(sharing, rows, d).transpose(0, 1)
