"""The fp8 product with a weight, on GPUs that have it (Ada, Hopper and newer), and the guard before it.

Weights and activations are e4m3 with a scale per row: an output channel of the weight, a token of the input.
Opt-in (`RERANK_PRECISION=fp8`), and like int8 only where it ranks as the exact model does. Not measured on a
GPU yet.
"""

import logging
from typing import TYPE_CHECKING

from core.engine.guard import GuardReport, Probe, compare
from core.engine.guard.watching import MATRICES, with_products
from core.engine.linear import TorchLinear
from core.engine.model import Layer, PackedModel

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

# The largest number of e4m3; a row's largest value becomes this one.
LARGEST = 448.0


class Fp8Linear:
    """e4m3 weights with a scale per output channel, e4m3 activations with a scale per token."""

    def __init__(self, weight: "torch.Tensor") -> None:
        """weight: [out, in] in any float type; both sizes multiples of 16."""
        rounded, scales = to_fp8(weight)
        self._weight, self._scales = rounded.t(), scales.t().contiguous()  # [in, out], [1, out]
        self.nbytes = rounded.nbytes + scales.nbytes

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """[rows, in] → [rows, out] in x's dtype."""
        import torch

        rounded, scales = to_fp8(x)
        result: torch.Tensor = torch._scaled_mm(
            rounded, self._weight, scale_a=scales, scale_b=self._scales, out_dtype=x.dtype
        )
        return result


def to_fp8(x: "torch.Tensor") -> "tuple[torch.Tensor, torch.Tensor]":
    """[rows, n] → the same in e4m3, and scales [rows, 1] in fp32 that give the values back."""
    import torch

    scales = x.abs().amax(dim=1, keepdim=True).float().clamp_min_(1e-12).div_(LARGEST)
    return (x.float() / scales).to(torch.float8_e4m3fn), scales


def quantise_fp8(model: PackedModel, judged: Probe) -> GuardReport:
    """Put fp8 in place of the model's layers where it ranks like them; they stay where it does not.

    model: with its layers in bf16 or fp32, which the texts are compared with.
    """
    exact = model.layers
    expected = _logits(model, judged)
    model.layers = [
        with_products(layer, {name: Fp8Linear(_weight(layer, name)) for name in MATRICES}) for layer in exact
    ]
    report = compare(expected, _logits(model, judged), judged.queries)
    if not report.passed:
        logger.warning("fp8 differs too much from the exact model, which is used: %s", report)
        model.layers = exact
    return report


def _logits(model: PackedModel, probe: Probe) -> list[float]:
    return [float(value) for value in model.logits(probe.pack).tolist()]


def _weight(layer: Layer, name: str) -> "torch.Tensor":
    product = getattr(layer, name)
    assert isinstance(product, TorchLinear)
    return product.weight
