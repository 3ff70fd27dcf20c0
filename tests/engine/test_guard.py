"""Int8: close to fp32, refused where it is not, and the products behind it."""

from pathlib import Path

import pytest
import torch

from core.engine import guard as guard_module
from core.engine.device import choose_precision
from core.engine.guard import compare
from core.engine.linear import Int8Linear, OneDnnLinear, TorchLinear, int8_is_available, onednn_is_faster
from core.engine.scorer import Qwen3Scorer
from core.engine.weights import Architecture
from tests.engine.test_scorer import DOCUMENTS, QUERY, logits

needs_int8 = pytest.mark.skipif(not int8_is_available(), reason="this torch build has no int8 product")


def load(folder: Path, precision: str) -> Qwen3Scorer:
    return Qwen3Scorer.load(folder, name="tiny", device="cpu", precision=precision, max_tokens=512)


@needs_int8
def test_int8_that_agrees_is_used_and_reports_what_was_found(
    folder: Path, scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two random layers of width 64 round more coarsely than a real model: a looser limit lets them pass.
    monkeypatch.setattr(guard_module, "LARGEST_SHIFT_OF_SPREAD", 0.5)
    monkeypatch.setattr(guard_module, "LEAST_AGREEMENT", 0.5)
    loaded = load(folder, "int8")
    found = loaded.report.guard
    assert found is not None and found.passed and found.pairs == 9
    assert loaded.info.precision == "int8"
    assert loaded.info.memory_bytes < scorer.info.memory_bytes
    assert loaded.info.fingerprint != scorer.info.fingerprint
    exact, rounded = logits(scorer.score(QUERY, DOCUMENTS)), logits(loaded.score(QUERY, DOCUMENTS))
    assert rounded == pytest.approx(exact, abs=0.5)
    assert rounded != exact


@needs_int8
def test_the_guard_measures_what_the_loaded_models_do(
    folder: Path, scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard_module, "LARGEST_SHIFT_OF_SPREAD", 9.0)
    monkeypatch.setattr(guard_module, "LARGEST_SHIFT", 9.0)
    monkeypatch.setattr(guard_module, "LEAST_AGREEMENT", 0.0)
    loaded = load(folder, "int8")
    shifts = [
        abs(a.logit - b.logit)
        for query, texts in guard_module.PROBE
        for a, b in zip(scorer.score(query, texts), loaded.score(query, texts), strict=True)
    ]
    assert loaded.report.guard is not None
    assert loaded.report.guard.largest_shift == pytest.approx(max(shifts), abs=1e-3)


@needs_int8
def test_int8_that_ranks_differently_gives_way_to_fp32(
    folder: Path, scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard_module, "LARGEST_SHIFT", 1e-9)
    loaded = load(folder, "int8")
    assert loaded.report.guard is not None and not loaded.report.guard.passed
    assert loaded.info.precision == "fp32"
    assert logits(loaded.score(QUERY, DOCUMENTS)) == logits(scorer.score(QUERY, DOCUMENTS))
    assert loaded.info.fingerprint == scorer.info.fingerprint


def test_agreement_counts_clear_orders_within_a_query() -> None:
    exact = [0.0, 1.0, 4.0, 2.0, 2.01, 3.0]
    # Query 1 turns (0, 1); in query 2 the near tie (3, 4) turns, which does not count.
    report = compare(exact, [1.1, 1.0, 4.0, 2.02, 2.01, 3.0], [(0, 1, 2), (3, 4, 5)])
    assert report.agreement == pytest.approx(4 / 5)
    assert report.largest_shift == pytest.approx(1.1)
    assert not report.passed


def test_small_shifts_that_keep_the_order_pass() -> None:
    assert compare([-3.0, 0.0, 7.0], [-3.1, 0.1, 7.2], [(0, 1, 2)]).passed
    assert not compare([-3.0, 0.0, 7.0], [-3.1, 0.1, 7.6], [(0, 1, 2)]).passed
    assert not compare([-0.03, 0.0, 0.07], [-0.03, 0.0, 0.09], [(0, 1, 2)]).passed


def test_a_logit_that_is_not_a_number_fails() -> None:
    assert not compare([0.0, 1.0, 2.0], [float("nan"), 1.0, 2.0], [(0, 1, 2)]).passed


@needs_int8
@pytest.mark.parametrize("rows", [1, 7, 256])
def test_int8_product_is_within_its_rounding(rows: int) -> None:
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(rows, 192, generator=generator)
    x[0] *= 1000  # one huge row must not coarsen the others
    weight = torch.randn(80, 192, generator=generator)
    exact = x @ weight.T
    # Channels level already: the levelling factor is 1 and the bound below is the plain one.
    largest = weight.abs().amax(0)
    # Each factor is rounded by at most half a step of 1/127 of its row's maximum.
    step_x, step_w = x.abs().amax(1, keepdim=True) / 127, weight.abs().amax(1) / 127
    error = (step_x / 2) * weight.abs().sum(1) + (step_w / 2) * x.abs().sum(1, keepdim=True)
    error += 192 * step_x * step_w / 4
    assert ((Int8Linear(weight, largest)(x) - exact).abs() <= error).all()


@needs_int8
def test_a_channel_that_is_always_large_does_not_coarsen_the_others() -> None:
    generator = torch.Generator().manual_seed(4)
    x, weight = torch.randn(64, 192, generator=generator), torch.randn(80, 192, generator=generator)
    x[:, 5] *= 300
    exact = x @ weight.T
    level = Int8Linear(weight, x.abs().amax(0))(x)
    plain = Int8Linear(weight, weight.abs().amax(0))(x)
    assert (level - exact).norm() < 0.5 * (plain - exact).norm()


@needs_int8
def test_int8_product_of_zeros_is_zero() -> None:
    linear = Int8Linear(torch.zeros(8, 16), torch.zeros(16))
    assert torch.equal(linear(torch.zeros(3, 16)), torch.zeros(3, 8))


@pytest.mark.skipif(not hasattr(torch.ops.mkldnn, "_linear_pointwise"), reason="torch built without oneDNN")
@pytest.mark.parametrize("rows", [1, 33, 256, 300])
def test_both_fp32_products_agree(rows: int) -> None:
    generator = torch.Generator().manual_seed(5)
    x, weight = torch.randn(rows, 96, generator=generator), torch.randn(40, 96, generator=generator)
    assert torch.allclose(OneDnnLinear(weight)(x), TorchLinear(weight)(x), atol=1e-4)
    assert OneDnnLinear(weight).nbytes == TorchLinear(weight).nbytes == 40 * 96 * 4


def test_the_faster_product_is_chosen_once() -> None:
    assert onednn_is_faster() is onednn_is_faster()


def test_auto_takes_int8_only_for_wide_models_on_processors_that_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def architecture(hidden: int) -> Architecture:
        return Architecture(
            layers=1, hidden=hidden, intermediate=3 * hidden, heads=4, kv_heads=2, head_dim=32,
            norm_eps=1e-6, max_positions=1024, qk_norm=True, tied=True,
        )  # fmt: skip

    cpu = torch.device("cpu")
    monkeypatch.setattr("core.engine.device.int8_is_available", lambda: True)
    monkeypatch.setattr("core.engine.device.has_int8_instructions", lambda: True)
    assert choose_precision("auto", cpu, architecture(1024)) == "int8"
    assert choose_precision("auto", cpu, architecture(64)) == "fp32"
    monkeypatch.setattr("core.engine.device.has_int8_instructions", lambda: False)
    assert choose_precision("auto", cpu, architecture(1024)) == "fp32"
    assert choose_precision("int8", cpu, architecture(64)) == "int8"
    monkeypatch.setattr("core.engine.device.int8_is_available", lambda: False)
    assert choose_precision("int8", cpu, architecture(64)) == "fp32"
    assert choose_precision("auto", torch.device("mps"), architecture(1024)) == "bf16"
