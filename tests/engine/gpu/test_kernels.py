"""The real kernels of a GPU against the plain ones. Skipped where there is none; run alone with `-m gpu`."""

from pathlib import Path

import pytest
import torch

from benchmarks.gpu import PACKS, odd_pack
from core.engine.attention.bucketed import BucketedAttention
from core.engine.attention.choice import choose_kernel
from core.engine.attention.cuda import VariableLengthAttention
from core.engine.attention.plain import attend_causally
from core.engine.device import FP8_CAPABILITY
from core.engine.gpu.fp8 import Fp8Linear
from core.engine.scorer import Qwen3Scorer
from tests.engine.test_scorer import DOCUMENTS, QUERY, logits

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA"),
]
GPU = torch.device("cuda", 0)


def _random(
    total: int, heads: int = 16, kv_heads: int = 8
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(total)
    q = torch.randn(total, heads, 128, device=GPU, dtype=torch.bfloat16)
    k, v = (torch.randn(total, kv_heads, 128, device=GPU, dtype=torch.bfloat16) for _ in range(2))
    return q, k, v


@pytest.mark.parametrize("seed", range(PACKS))
def test_flash_attention_gives_what_the_buckets_give(seed: int) -> None:
    if choose_kernel(GPU, torch.bfloat16) is not VariableLengthAttention:
        pytest.skip("this GPU has no flash attention")
    segments = odd_pack(seed)
    q, k, v = _random(sum(segment.length for segment in segments))
    exact = BucketedAttention(segments, GPU)(q.float(), k.float(), v.float())
    found = VariableLengthAttention(segments, GPU)(q, k, v).float()
    assert torch.allclose(found, exact, atol=2e-2)


def test_a_long_sequence_without_flash_attention_stays_within_memory() -> None:
    q, k, v = (tensor.float() for tensor in _random(16_384))
    torch.cuda.reset_peak_memory_stats(GPU)
    before = torch.cuda.memory_allocated(GPU)
    attend_causally(q, k, v)
    assert torch.cuda.max_memory_allocated(GPU) - before < 4e9


@pytest.mark.parametrize(("precision", "compiled"), [("bf16", False), ("bf16", True), ("fp8", False)])
def test_scores_on_a_gpu_are_near_those_in_fp32(folder: Path, precision: str, compiled: bool) -> None:
    if precision == "fp8" and torch.cuda.get_device_capability(GPU) < FP8_CAPABILITY:
        pytest.skip("this GPU has no fp8")
    exact = logits(
        Qwen3Scorer.load(folder, name="tiny", device="cuda", precision="fp32").score(QUERY, DOCUMENTS)
    )
    scorer = Qwen3Scorer.load(folder, name="tiny", device="cuda", precision=precision, compiled=compiled)
    found = logits(scorer.score(QUERY, DOCUMENTS))
    assert found == pytest.approx(exact, abs=0.1 * (max(exact) - min(exact)))


def test_fp8_products_are_near_the_exact_ones() -> None:
    if torch.cuda.get_device_capability(GPU) < FP8_CAPABILITY:
        pytest.skip("this GPU has no fp8")
    torch.manual_seed(0)
    x = torch.randn(37, 1024, device=GPU, dtype=torch.bfloat16)
    weight = torch.randn(512, 1024, device=GPU, dtype=torch.bfloat16)
    exact = x.float() @ weight.float().t()
    assert float((Fp8Linear(weight)(x).float() - exact).norm() / exact.norm()) < 0.05


def test_two_looks_on_a_gpu_go_on_as_a_whole_reading(folder: Path) -> None:
    scorer = Qwen3Scorer.load(folder, name="tiny", device="cuda", precision="fp32")
    texts = [f"{n} " + f"word{n * 7 % 13} " * 200 for n in range(12)]
    whole, looked = scorer.score(QUERY, texts), scorer.two_looks(2).score(QUERY, texts)
    for one, other in zip(whole, looked, strict=True):
        assert other.truncated or other.logit == pytest.approx(one.logit, abs=1e-3)
