"""int8 in the encoder: products equal those of integers, calibrated layers stay near the exact ones."""

import pytest
import torch
from torch.nn.functional import gelu

from core.engine.encoder.calibration import int8_layer, watched_ranges
from core.engine.encoder.dense import exact_forms
from core.engine.encoder.int8_dense import EXACT_CHANNELS, Int8Dense, Int8FeedForward, Ranges
from core.engine.encoder.layout import lay_out
from core.engine.encoder.network import Encoder
from core.engine.int8 import ZERO_POINT, exact_range
from tests.engine.encoder.bert import (
    HEADS,
    embedded,
    encoder_of,
    random_bert,
    random_texts,
    states_of,
    weights_of,
)

pytestmark = pytest.mark.skipif(not exact_range(), reason="there is no exact int8 product here")


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def seen(x: torch.Tensor) -> Ranges:
    return Ranges(x.amin(0), x.amax(0))


@pytest.mark.parametrize("rows", [1, 7, 300])
def test_a_product_is_within_its_rounding(rows: int) -> None:
    x, weight, bias, residual = normal(rows, 192), normal(80, 192), normal(80), normal(rows, 80)
    dense = Int8Dense((weight, bias), seen(normal(400, 192)), exact_range())
    assert (dense.steps(x).float() - ZERO_POINT).abs().max() > 60  # the range is made use of
    found, exact = dense(x, residual), x @ weight.T + bias + residual
    assert (found - exact).norm() < 0.02 * (x @ weight.T).norm()
    assert torch.allclose(dense(x) + residual, found, atol=1e-5)


def test_what_lies_beyond_the_range_is_cut_off() -> None:
    weight = torch.eye(16)
    dense = Int8Dense((weight, torch.zeros(16)), seen(torch.full((1, 16), 2.0)), exact_range())
    assert dense(torch.full((1, 16), 50.0)).max() == pytest.approx(2.0, rel=0.02)
    assert dense(torch.full((1, 16), -50.0)).min() == pytest.approx(-2.0, rel=0.02)


def test_a_few_huge_channels_do_not_coarsen_the_others() -> None:
    x = normal(300, 64)
    inner, outer = (normal(160, 64) * 0.1, torch.zeros(160)), (normal(64, 160), normal(64))
    inner[0][:EXACT_CHANNELS] *= 40
    middle = gelu(x @ inner[0].T)
    feed_forward = Int8FeedForward(inner, outer, seen(x), seen(middle), exact_range())
    exact = middle @ outer[0].T + outer[1]
    rest = middle[:, EXACT_CHANNELS:] @ outer[0][:, EXACT_CHANNELS:].T
    assert (feed_forward(x) - x - exact).norm() < 0.03 * rest.norm() < 0.003 * exact.norm()


def test_calibrated_layers_stay_near_the_exact_ones_on_other_texts() -> None:
    model = random_bert()
    texts, others = random_texts((40, 90, 33, 120, 64)), random_texts((17, 80, 31))
    layout = lay_out([len(text) for text in texts])
    weights, epsilon = weights_of(model), model.config.layer_norm_eps
    with torch.inference_mode():
        ranges = watched_ranges(weights, HEADS, epsilon, embedded(model, texts, layout), layout)
        layers = [
            int8_layer(one, HEADS, found, exact_range()) for one, found in zip(weights, ranges, strict=True)
        ]
    # Rows that fill the layout up hold a thousand: they are no part of the ranges.
    assert max(float(one.qkv.largest.max()) for one in ranges) < 100
    exact = states_of(encoder_of(model, exact_forms()), model, others)
    quick = states_of(Encoder(layers, HEADS, epsilon), model, others)
    assert sum(layer.nbytes for layer in layers) < encoder_of(model, exact_forms()).nbytes / 2
    for one, other in zip(exact, quick, strict=True):
        assert (one - other).norm() < 0.06 * one.norm()
        assert not torch.equal(one, other)
