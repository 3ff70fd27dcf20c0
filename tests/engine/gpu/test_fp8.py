"""fp8 products and their guard, with the processor's own form of the GPU's product."""

from pathlib import Path

import pytest
import torch

from core.engine.device import choose_precision
from core.engine.gpu.fp8 import LARGEST, Fp8Linear, quantise_fp8, to_fp8
from core.engine.guard import JUDGED, probe_of
from core.engine.linear import TorchLinear
from core.engine.scorer import Qwen3Scorer
from core.errors import InputError
from tests.engine.test_scorer import DOCUMENTS, QUERY, logits


def _scaled_mm(
    x: torch.Tensor,
    weight: torch.Tensor,
    *,
    scale_a: torch.Tensor,
    scale_b: torch.Tensor,
    out_dtype: torch.dtype,
) -> torch.Tensor:
    """What torch promises of `_scaled_mm`: e4m3 operands, scales of the rows and of the columns."""
    assert x.dtype == weight.dtype == torch.float8_e4m3fn
    assert weight.stride(0) == 1, "the second operand is column-major"
    assert scale_a.shape == (len(x), 1) and scale_b.shape == (1, weight.shape[1])
    assert scale_a.is_contiguous() and scale_b.is_contiguous()
    return ((x.float() * scale_a) @ (weight.float() * scale_b)).to(out_dtype)


@pytest.fixture(autouse=True)
def _product(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch._scaled_mm", _scaled_mm)


def test_rows_keep_their_own_scales() -> None:
    x = torch.randn(5, 64) * torch.tensor([[1e-3], [1.0], [50.0], [1e4], [0.0]])
    rounded, scales = to_fp8(x)
    back = rounded.float() * scales
    assert float(rounded.float().abs().max()) == LARGEST
    # e4m3 has four significant bits.
    assert torch.allclose(back, x, rtol=2**-4, atol=0) or float(((back - x).abs() / x.abs()).nanmean()) < 0.03
    assert torch.equal(back[4], x[4])


def test_a_product_is_near_the_exact_one() -> None:
    torch.manual_seed(0)
    x, weight = torch.randn(37, 256), torch.randn(96, 256)
    exact = x @ weight.t()
    assert 1e-3 < float((Fp8Linear(weight)(x) - exact).norm() / exact.norm()) < 0.05


def test_fp8_takes_the_layers_place_only_where_it_ranks_alike(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engine.model.choose_float_linear", lambda device, dtype: TorchLinear)
    scorer = Qwen3Scorer.load(folder, name="tiny", device="cpu", precision="fp32", max_tokens=512)
    exact, layers = logits(scorer.score(QUERY, DOCUMENTS)), list(scorer._model.layers)
    judged = probe_of(JUDGED, scorer._encoder)
    report = quantise_fp8(scorer._model, judged)
    if report.passed:
        assert all(isinstance(layer.qkv, Fp8Linear) for layer in scorer._model.layers)
        spread = max(exact) - min(exact)
        assert logits(scorer.score(QUERY, DOCUMENTS)) == pytest.approx(exact, abs=0.3 * spread)
    scorer._model.layers = layers
    # A product that loses its scales ranks differently, and is not taken.
    monkeypatch.setattr("torch._scaled_mm", lambda x, weight, **_: -(x.float() @ weight.float()) / 1e4)
    refused = quantise_fp8(scorer._model, judged)
    assert not refused.passed and list(scorer._model.layers) == layers


@pytest.mark.parametrize(("device", "capability"), [("cpu", (9, 0)), ("cuda", (8, 0))])
def test_fp8_is_refused_where_there_is_none(
    scorer: Qwen3Scorer, device: str, capability: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.get_device_capability", lambda device: capability)
    with pytest.raises(InputError, match="Ada and Hopper"):
        choose_precision("fp8", torch.device(device), scorer._model.arch)
    monkeypatch.setattr("torch.cuda.get_device_capability", lambda device: (8, 9))
    assert choose_precision("fp8", torch.device("cuda"), scorer._model.arch) == "fp8"
