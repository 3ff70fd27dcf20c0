"""The int8 product in both ranges of weights: the half runs everywhere, the whole where sums have 32 bits."""

import os
import subprocess
import sys

import pytest
import torch

from core.engine.int8 import FULL_RANGE, HALF_RANGE, Int8Linear, exact_range, is_exact

# AVX2's sums of 16 bits, forced on processors that have better ones; others ignore it.
AVX2_ONLY = {**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2"}

pytestmark = pytest.mark.skipif(not exact_range(), reason="there is no exact int8 product here")
needs_wide_sums = pytest.mark.skipif(
    exact_range() != FULL_RANGE, reason="this processor adds int8 products in 16 bits"
)
each_range = pytest.mark.parametrize(
    "weight_range", [HALF_RANGE, pytest.param(FULL_RANGE, marks=needs_wide_sums)]
)


@each_range
@pytest.mark.parametrize("rows", [1, 7, 256])
def test_int8_product_is_within_its_rounding(rows: int, weight_range: int) -> None:
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(rows, 192, generator=generator)
    x[0] *= 1000  # one huge row must not coarsen the others
    weight = torch.randn(80, 192, generator=generator)
    exact = x @ weight.T
    # Channels level already: the levelling factor is 1 and the bound below is the plain one.
    largest = weight.abs().amax(0)
    # Each factor is rounded by at most half a step of its row's maximum.
    step_x, step_w = x.abs().amax(1, keepdim=True) / 127, weight.abs().amax(1) / weight_range
    error = (step_x / 2) * weight.abs().sum(1) + (step_w / 2) * x.abs().sum(1, keepdim=True)
    error += 192 * step_x * step_w / 4
    assert ((Int8Linear(weight, largest, weight_range)(x) - exact).abs() <= error).all()


@each_range
@pytest.mark.parametrize("rows", [1, 7, 256])
def test_values_at_the_ends_of_the_range_add_exactly(rows: int, weight_range: int) -> None:
    # Whole numbers that become themselves in int8: a step of activations and of weights is 1.
    x = torch.full((rows, 96), 127.0)
    weight = torch.full((8, 96), float(weight_range))
    weight[1::2] *= -1
    linear = Int8Linear(weight, weight.abs().amax(0), weight_range)
    assert torch.equal(linear(x), x @ weight.T)


@each_range
def test_a_channel_that_is_always_large_does_not_coarsen_the_others(weight_range: int) -> None:
    generator = torch.Generator().manual_seed(4)
    x, weight = torch.randn(64, 192, generator=generator), torch.randn(80, 192, generator=generator)
    x[:, 5] *= 300
    exact = x @ weight.T
    level = Int8Linear(weight, x.abs().amax(0), weight_range)(x)
    plain = Int8Linear(weight, weight.abs().amax(0), weight_range)(x)
    assert (level - exact).norm() < 0.5 * (plain - exact).norm()


@each_range
def test_int8_product_of_zeros_is_zero(weight_range: int) -> None:
    linear = Int8Linear(torch.zeros(8, 16), torch.zeros(16), weight_range)
    assert torch.equal(linear(torch.zeros(3, 16)), torch.zeros(3, 8))


def test_half_the_range_is_exact_wherever_there_is_a_product() -> None:
    assert is_exact(HALF_RANGE)


def test_sums_that_16_bits_cannot_hold_are_found_out() -> None:
    """The check tells AVX2's kernel, which cuts sums off, from those that add in 32 bits."""
    if not torch.cpu.get_capabilities().get("avx2"):
        pytest.skip("oneDNN's AVX2 kernel needs AVX2")
    program = "from core.engine import int8; print(int8.is_exact(127), int8.is_exact(64), int8.exact_range())"
    ran = subprocess.run(
        [sys.executable, "-c", program], env=AVX2_ONLY, capture_output=True, text=True, timeout=120
    )
    assert ran.stdout.split() == ["False", "True", str(HALF_RANGE)], ran.stderr
