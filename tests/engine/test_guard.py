"""Int8: close to fp32, refused where it is not, and the products behind it."""

from pathlib import Path

import pytest
import torch

from core.engine.architecture import Architecture
from core.engine.device import choose_precision
from core.engine.guard import JUDGED, GuardReport, compare, judging
from core.engine.int8 import FULL_RANGE, HALF_RANGE, Int8Linear, exact_range
from core.engine.linear import OneDnnLinear, TorchLinear, onednn_is_chosen
from core.engine.scorer import Qwen3Scorer
from tests.engine.test_scorer import DOCUMENTS, QUERY, logits

needs_int8 = pytest.mark.skipif(not exact_range(), reason="there is no exact int8 product here")


@pytest.fixture(params=[HALF_RANGE, FULL_RANGE])
def weight_range(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Int8 as processors with AVX2 alone run it, then as those with VNNI do."""
    wanted: int = request.param
    if wanted > exact_range():
        pytest.skip("this processor adds int8 products in 16 bits")
    monkeypatch.setattr("core.engine.guard.watching.exact_range", lambda: wanted)
    monkeypatch.setattr("core.engine.scorer.exact_range", lambda: wanted)
    return wanted


def load(folder: Path, precision: str) -> Qwen3Scorer:
    return Qwen3Scorer.load(folder, name="tiny", device="cpu", precision=precision, max_tokens=512)


@needs_int8
def test_int8_that_agrees_is_used_and_reports_what_was_found(
    folder: Path, scorer: Qwen3Scorer, weight_range: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two random layers of width 64 round more coarsely than a real model: a looser limit lets them pass.
    monkeypatch.setattr(judging, "LARGEST_SHIFT_OF_SPREAD", 0.5)
    monkeypatch.setattr(judging, "LEAST_AGREEMENT", 0.5)
    loaded = load(folder, "int8")
    found = loaded.report.guard
    assert found is not None and found.passed and found.pairs == 12
    assert loaded.info.precision == "int8"
    assert loaded.info.memory_bytes < scorer.info.memory_bytes
    assert loaded.info.fingerprint != scorer.info.fingerprint
    exact, rounded = logits(scorer.score(QUERY, DOCUMENTS)), logits(loaded.score(QUERY, DOCUMENTS))
    assert rounded == pytest.approx(exact, abs=0.5)
    assert rounded != exact


@needs_int8
def test_the_guard_measures_what_the_loaded_models_do(
    folder: Path, scorer: Qwen3Scorer, weight_range: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "LARGEST_SHIFT_OF_SPREAD", 9.0)
    monkeypatch.setattr(judging, "LARGEST_SHIFT", 9.0)
    monkeypatch.setattr(judging, "LEAST_AGREEMENT", 0.0)
    loaded = load(folder, "int8")
    shifts = [
        abs(a.logit - b.logit)
        for query, texts in JUDGED
        for a, b in zip(scorer.score(query, texts), loaded.score(query, texts), strict=True)
    ]
    assert loaded.report.guard is not None
    assert loaded.report.guard.largest_shift == pytest.approx(max(shifts), abs=1e-3)


@needs_int8
def test_int8_that_ranks_differently_gives_way_to_fp32(
    folder: Path, scorer: Qwen3Scorer, weight_range: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "LARGEST_SHIFT", 1e-9)
    loaded = load(folder, "int8")
    assert loaded.report.guard is not None and not loaded.report.guard.passed
    assert loaded.info.precision == "fp32"
    assert logits(loaded.score(QUERY, DOCUMENTS)) == logits(scorer.score(QUERY, DOCUMENTS))
    assert loaded.info.fingerprint == scorer.info.fingerprint


@needs_int8
def test_int8_that_ranks_differently_is_repaired_before_it_is_given_up(
    folder: Path, scorer: Qwen3Scorer, weight_range: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "LARGEST_SHIFT_OF_SPREAD", 9.0)
    monkeypatch.setattr(judging, "LEAST_AGREEMENT", 0.0)
    plain = load(folder, "int8")
    assert plain.report.guard is not None and not plain.report.guard.recipe
    # Whatever plain int8 shifts is too much: only a repair can pass.
    monkeypatch.setattr(judging, "LARGEST_SHIFT", plain.report.guard.largest_shift * 0.999)
    repaired = load(folder, "int8")
    found = repaired.report.guard
    assert found is not None and found.passed and found.recipe
    assert found.largest_shift < plain.report.guard.largest_shift
    assert found.matrices == 8 and len(found.exact) <= 2
    assert len({plain.info.fingerprint, repaired.info.fingerprint, scorer.info.fingerprint}) == 3
    assert repaired.info.memory_bytes > plain.info.memory_bytes
    shifts = [
        abs(a.logit - b.logit)
        for query, texts in JUDGED
        for a, b in zip(scorer.score(query, texts), repaired.score(query, texts), strict=True)
    ]
    assert found.largest_shift == pytest.approx(max(shifts), abs=1e-3)


@needs_int8
def test_the_worst_matrices_stay_exact_where_channels_are_not_enough(
    folder: Path, scorer: Qwen3Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = iter([False, False, False, True])  # plain, channels, an eighth, a quarter

    def judged(*numbers: object) -> GuardReport:
        return GuardReport(next(accept), 1.0, 0.0, 1.0, 12)

    monkeypatch.setattr(judging, "compare", judged)
    found = load(folder, "int8").report.guard
    assert found is not None and found.passed
    assert len(found.exact) == 2 and all(
        name.split()[1] in ("qkv", "out", "gate_up", "down") for name in found.exact
    )


@needs_int8
@pytest.mark.parametrize("exact_channels", [0, 4])
def test_channels_kept_exact_take_the_error_of_outliers_away(exact_channels: int) -> None:
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(200, 96, generator=generator)
    x[:, :4] *= 60  # four channels as trained models have them
    x[::2, :4] /= 50  # and not in every row, so that levelling alone does not help
    weight = torch.randn(64, 96, generator=generator)
    product = Int8Linear(weight, x.abs().amax(dim=0), exact_range(), exact_channels=exact_channels)
    exact = x @ weight.t()
    error = float((product(x) - exact).norm() / exact.norm())
    assert error < 0.002 if exact_channels else error > 0.004


@needs_int8
def test_scores_of_another_range_are_not_taken_for_these(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They round differently, so a cache that two machines share must tell them apart."""
    monkeypatch.setattr(judging, "LARGEST_SHIFT", 9.0)
    monkeypatch.setattr(judging, "LARGEST_SHIFT_OF_SPREAD", 9.0)
    monkeypatch.setattr(judging, "LEAST_AGREEMENT", 0.0)
    prints = []
    for wanted in (HALF_RANGE, FULL_RANGE):
        monkeypatch.setattr("core.engine.guard.watching.exact_range", lambda wanted=wanted: wanted)
        monkeypatch.setattr("core.engine.scorer.exact_range", lambda wanted=wanted: wanted)
        prints.append(load(folder, "int8").info.fingerprint)
    assert prints[0] != prints[1]


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


@pytest.mark.skipif(not hasattr(torch.ops.mkldnn, "_linear_pointwise"), reason="torch built without oneDNN")
@pytest.mark.parametrize("rows", [1, 33, 256, 300])
def test_both_fp32_products_agree(rows: int) -> None:
    generator = torch.Generator().manual_seed(5)
    x, weight = torch.randn(rows, 96, generator=generator), torch.randn(40, 96, generator=generator)
    assert torch.allclose(OneDnnLinear(weight)(x), TorchLinear(weight)(x), atol=1e-4)
    assert OneDnnLinear(weight).nbytes == TorchLinear(weight).nbytes == 40 * 96 * 4


def test_the_faster_product_is_chosen_once() -> None:
    assert onednn_is_chosen() is onednn_is_chosen()


def test_auto_takes_int8_only_for_wide_models_on_processors_that_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def architecture(hidden: int) -> Architecture:
        return Architecture(
            layers=1, hidden=hidden, intermediate=3 * hidden, heads=4, kv_heads=2, head_dim=32,
            norm_eps=1e-6, max_positions=1024, qk_norm=True, tied=True,
        )  # fmt: skip

    cpu = torch.device("cpu")
    monkeypatch.setattr("core.engine.device.exact_range", lambda: FULL_RANGE)
    monkeypatch.setattr("core.engine.device.has_int8_instructions", lambda: True)
    assert choose_precision("auto", cpu, architecture(1024)) == "int8"
    assert choose_precision("auto", cpu, architecture(64)) == "fp32"
    monkeypatch.setattr("core.engine.device.has_int8_instructions", lambda: False)
    assert choose_precision("auto", cpu, architecture(1024)) == "fp32"
    assert choose_precision("int8", cpu, architecture(64)) == "int8"
    monkeypatch.setattr("core.engine.device.exact_range", lambda: 0)
    assert choose_precision("int8", cpu, architecture(64)) == "fp32"
    assert choose_precision("auto", torch.device("mps"), architecture(1024)) == "bf16"
