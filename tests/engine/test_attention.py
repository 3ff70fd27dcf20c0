"""Both kernels against attention written out for one segment at a time."""

import math
from collections.abc import Sequence

import pytest
import torch
from torch.nn.attention.varlen import AuxRequest

from core.engine.attention.bucketed import KEYS_AT_ONCE, LONGEST_BUCKETED, BucketedAttention
from core.engine.attention.choice import AttentionKernel, choose_kernel
from core.engine.attention.cuda import VariableLengthAttention, merge
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
    return_aux: AuxRequest | None,
    window_size: tuple[int, int],
    enable_gqa: bool,
) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
    """What torch's `varlen_attn` promises: flat sequences; a causal mask aligned at the end of the keys, or
    none; on request the log-sum-exps of the scores, [heads, T]."""
    assert window_size in ((-1, 0), (-1, -1)) and enable_gqa
    assert starts_q.dtype == starts_k.dtype == torch.int32
    lengths = starts_q.diff(), starts_k.diff()
    assert (max_q, max_k) == (int(lengths[0].max()), int(lengths[1].max()))
    attended, weights = [], []
    for one_q, one_k, one_v in zip(
        q.split(lengths[0].tolist()),
        k.split(lengths[1].tolist()),
        v.split(lengths[1].tolist()),
        strict=True,
    ):
        sharing = q.shape[1] // k.shape[1]
        keys, values = (t.repeat_interleave(sharing, dim=1).float() for t in (one_k, one_v))
        scores = torch.einsum("lhd,khd->hlk", one_q.float(), keys) / math.sqrt(q.shape[-1])
        if window_size == (-1, 0):
            hidden = torch.ones(scores.shape[1:], dtype=torch.bool).triu(len(one_k) - len(one_q) + 1)
            scores = scores.masked_fill(hidden, -torch.inf)
        attended.append(torch.einsum("hlk,khd->lhd", scores.softmax(-1), values).to(q.dtype))
        weights.append(scores.logsumexp(-1))
    out = torch.cat(attended)
    return (out, torch.cat(weights, dim=1)) if return_aux is not None and return_aux.lse else out


def _random(total: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(7)
    q = torch.randn(total, HEADS, SIZE, generator=generator)
    k, v = (torch.randn(total, KV_HEADS, SIZE, generator=generator) for _ in range(2))
    return q, k, v


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
        Segment(5, 3),
        Segment(8, 11),
        Segment(19, 20, 0, 5),
        Segment(39, 20, 0, 5),
        Segment(59, 20, 5, 3),
        Segment(79, 19, 5, 3),
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
    q, k, v = _random(sum(segment.length for segment in segments))
    result = kernel(segments, CPU)(q, k, v)
    assert torch.allclose(result, expected(q, k, v, segments), atol=2e-6)


@pytest.mark.parametrize("name", PACKS)
def test_off_the_cpus_own_way_memory_is_bounded_and_the_result_the_same(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What other devices do, in blocks far smaller than theirs.
    monkeypatch.setattr("core.engine.attention.bucketed.is_exact_cpu", lambda q: False)
    monkeypatch.setattr("core.engine.attention.plain.PAIRS_AT_ONCE", 5_000)
    monkeypatch.setattr("core.engine.attention.bucketed.PAIRS_AT_ONCE", 5_000)
    monkeypatch.setattr("core.engine.attention.bucketed.KEYS_AT_ONCE", 200)
    segments = PACKS[name]
    q, k, v = _random(sum(segment.length for segment in segments))
    meta = BucketedAttention(segments, CPU)
    assert torch.allclose(meta(q, k, v), expected(q, k, v, segments), atol=2e-6)


def test_a_long_prefix_is_not_gathered_for_every_short_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """4,000 tokens before 1,000 documents of 10 would be four million keys, if each had its own copy."""
    asked: list[tuple[int, int]] = []

    def flash(q: torch.Tensor, k: torch.Tensor, *_: object, **__: object) -> object:
        asked.append((len(q), len(k)))
        return q.clone(), q.new_zeros(q.shape[1], len(q))

    monkeypatch.setattr("torch.nn.attention.varlen.varlen_attn", flash)
    segments = [Segment(0, 4000), *(Segment(4000 + 10 * n, 10, 0, 4000) for n in range(1000))]
    q, k, v = (t[:, :1] for t in _random(14_000))
    VariableLengthAttention(segments, CPU)(q, k, v)
    assert asked == [(14_000, 14_000), (10_000, 4_000)]
    # Where there is no flash attention, copies are made of so many keys at a time.
    monkeypatch.setattr("core.engine.attention.bucketed.is_exact_cpu", lambda q: False)
    mps = torch.device("meta")
    sizes = [bucket.keys for bucket in BucketedAttention(segments, mps).buckets]
    assert sum(sizes) == 4000 + 1000 * 4010 and max(sizes) <= KEYS_AT_ONCE


def test_a_pack_of_another_layout_is_refused() -> None:
    mixed = [Segment(0, 5), Segment(5, 20, 0, 5), Segment(25, 3), Segment(28, 20, 25, 3)]
    with pytest.raises(AssertionError):
        VariableLengthAttention(mixed, CPU)


def test_merging_two_sets_of_keys_is_attention_over_both() -> None:
    q, k, v = _random(40)
    k, v = (t.repeat_interleave(HEADS // KV_HEADS, dim=1) for t in (k, v))

    def part(keys: slice) -> tuple[torch.Tensor, torch.Tensor]:
        scores = torch.einsum("lhd,khd->hlk", q, k[keys]) / math.sqrt(SIZE)
        return torch.einsum("hlk,khd->lhd", scores.softmax(-1), v[keys]), scores.logsumexp(-1)

    whole, _ = part(slice(0, 40))
    (own, own_weight), (other, other_weight) = part(slice(0, 13)), part(slice(13, 40))
    merge(own, own_weight, other, other_weight)
    assert torch.allclose(own, whole, atol=1e-6)
    # Far more weight on one side leaves the other none, without overflow.
    merge(other, other_weight, torch.full_like(other, 7.0), torch.full_like(other_weight, 500.0))
    assert torch.equal(other, torch.full_like(other, 7.0))


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
