"""Both kernels against attention written out for one segment at a time."""

import math
from collections.abc import Sequence

import pytest
import torch

from core.engine.attention.bucketed import LONGEST_BUCKETED, BucketedAttention
from core.engine.attention.choice import AttentionKernel, choose_kernel
from core.engine.attention.cuda import VariableLengthAttention
from core.engine.attention.segments import Segment

CPU = torch.device("cpu")
HEADS, KV_HEADS, SIZE = 4, 2, 16


def plain_attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """q [L, heads, d], k and v [P + L, kv_heads, d]: softmax(q·k / √d)·v, query i sees keys 0…P + i."""
    k, v = (t.repeat_interleave(HEADS // KV_HEADS, dim=1) for t in (k, v))
    scores = torch.einsum("lhd,khd->hlk", q, k) / math.sqrt(q.shape[-1])
    hidden = torch.ones(len(q), len(k), dtype=torch.bool).triu(len(k) - len(q) + 1)
    return torch.einsum("hlk,khd->lhd", scores.masked_fill(hidden, -torch.inf).softmax(-1), v)


def expected(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, segments: Sequence[Segment]) -> torch.Tensor:
    out = torch.empty_like(q)
    for s in segments:
        own = torch.arange(s.start, s.start + s.length)
        keys = torch.cat([torch.arange(s.prefix_start, s.prefix_start + s.prefix_length), own])
        out[own] = plain_attention(q[own], k[keys], v[keys])
    return out.flatten(1)


def reference_flash(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    starts_q: torch.Tensor,
    starts_k: torch.Tensor,
    max_q: int,
    max_k: int,
    *,
    window_size: tuple[int, int],
    enable_gqa: bool,
) -> torch.Tensor:
    """What torch's `varlen_attn` promises: flat sequences, causal mask aligned at the end of the keys."""
    assert window_size == (-1, 0) and enable_gqa
    assert starts_q.dtype == starts_k.dtype == torch.int32
    lengths = starts_q.diff(), starts_k.diff()
    assert (max_q, max_k) == (int(lengths[0].max()), int(lengths[1].max()))
    sequences = zip(
        q.split(lengths[0].tolist()),
        k.split(lengths[1].tolist()),
        v.split(lengths[1].tolist()),
        strict=True,
    )
    return torch.cat([plain_attention(*sequence) for sequence in sequences])


PACKS = {
    "one sequence": [Segment(0, 9)],
    "a prefix and documents of all lengths": [
        Segment(0, 7),
        Segment(7, 30, 0, 7),
        Segment(37, 29, 0, 7),
        Segment(66, 12, 0, 7),
        Segment(78, 1, 0, 7),
        Segment(79, 1, 0, 7),
    ],
    "several queries": [
        Segment(0, 5),
        Segment(5, 20, 0, 5),
        Segment(25, 20, 0, 5),
        Segment(45, 11),
        Segment(56, 3),
        Segment(59, 20, 56, 3),
        Segment(79, 19, 56, 3),
    ],
    "too long for a mask": [
        Segment(0, 6),
        Segment(6, LONGEST_BUCKETED + 1, 0, 6),
        Segment(LONGEST_BUCKETED + 7, 40, 0, 6),
    ],
    "long and without a prefix": [Segment(0, LONGEST_BUCKETED + 300)],
    "more scores than the cache holds": [
        Segment(0, 7),
        Segment(7, 300, 0, 7),
        Segment(307, 290, 0, 7),
        Segment(597, 60, 0, 7),
    ],
}


@pytest.mark.parametrize("kernel", [BucketedAttention, VariableLengthAttention])
@pytest.mark.parametrize("onednn", [True, False])
@pytest.mark.parametrize("name", PACKS)
def test_every_document_sees_its_prefix_and_itself(
    kernel: AttentionKernel, name: str, onednn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engine.attention.bucketed.onednn_is_chosen", lambda: onednn)
    # The flash kernel itself runs on CUDA only; its contract is checked with a plain stand-in.
    monkeypatch.setattr("torch.nn.attention.varlen.varlen_attn", reference_flash)
    segments = PACKS[name]
    total = sum(segment.length for segment in segments)
    generator = torch.Generator().manual_seed(7)
    q = torch.randn(total, HEADS, SIZE, generator=generator)
    k, v = (torch.randn(total, KV_HEADS, SIZE, generator=generator) for _ in range(2))
    result = kernel(segments, CPU)(q, k, v)
    assert torch.allclose(result, expected(q, k, v, segments), atol=2e-6)


def test_cpu_and_mps_use_the_bucketed_kernel() -> None:
    assert choose_kernel(CPU, torch.float32) is BucketedAttention
    assert choose_kernel(torch.device("mps"), torch.bfloat16) is BucketedAttention


@pytest.mark.parametrize(
    ("capability", "dtype", "kernel"),
    [
        ((9, 0), torch.bfloat16, VariableLengthAttention),
        ((7, 5), torch.bfloat16, BucketedAttention),
        ((9, 0), torch.float32, BucketedAttention),
    ],
)
def test_cuda_uses_flash_attention_where_it_runs(
    capability: tuple[int, int],
    dtype: torch.dtype,
    kernel: AttentionKernel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("torch.cuda.get_device_capability", lambda device: capability)
    assert choose_kernel(torch.device("cuda"), dtype) is kernel
