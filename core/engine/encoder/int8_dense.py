"""An encoder's products in int8, with one scale per tensor for what is multiplied.

`core.engine.int8` scales every row by itself, because a decoder's first tokens are huge. An encoder's rows
come out of a norm and are much alike, so that scales can be fixed beforehand, by the ranges that probe texts
showed; then bias, GELU and residual happen inside oneDNN's product, and between the two products of a feed
forward nothing is ever written in fp32. Two things make that exact enough:

- channels that are large in every row are levelled against the weights (SmoothQuant, arXiv 2211.10438,
  exponent 1/2);
- behind GELU a few channels are up to ten times as large as all others (in multilingual-e5-small one in most
  layers); they are multiplied in fp32 beside the rest (as in LLM.int8(), arXiv 2208.07339), and the others
  keep a fine step.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.engine.encoder.dense import OneDnnDense, Parameters
from core.engine.int8 import FULL_RANGE, PACKED_FOR_ROWS, ZERO_POINT

if TYPE_CHECKING:
    import torch

# Channels behind GELU that stay in fp32; 4 to 64 gave the same error (benchmarks/LOG.md).
EXACT_CHANNELS = 8
LARGEST = 255


@dataclass(frozen=True, slots=True)
class Ranges:
    """What probe texts showed of a product's input: least and largest number of each channel, [in]."""

    least: "torch.Tensor"
    largest: "torch.Tensor"


class Int8Dense:
    """A weight in int8. Stateless between calls."""

    def __init__(self, parameters: Parameters, ranges: Ranges, weight_range: int) -> None:
        """weight_range: the largest |weight| in int8, `core.engine.int8.exact_range()`."""
        weight, self._bias = parameters
        size = ranges.largest.maximum(-ranges.least).clamp_min(1e-5)
        level = (size / weight.abs().amax(dim=0).clamp_min(1e-5)).sqrt_()
        step = float((size / level).amax()) / FULL_RANGE
        self._to_steps = (level * step).reciprocal_()
        # Truncation after adding half a step rounds to nearest.
        self._half = self._to_steps.new_full((), ZERO_POINT + 0.5)
        self._product = _Product(weight * level, step, weight_range)
        self.nbytes = self._product.nbytes + self._to_steps.nbytes + self._bias.nbytes

    def __call__(self, x: "torch.Tensor", residual: "torch.Tensor | None" = None) -> "torch.Tensor":
        """See `Dense`."""
        return self._product(self.steps(x), ZERO_POINT, self._bias, residual)

    def steps(self, x: "torch.Tensor") -> "torch.Tensor":
        """x [rows, in] as the numbers that are multiplied: uint8 around ZERO_POINT."""
        import torch

        steps = torch.addcmul(self._half, x, self._to_steps)
        return steps.clamp_(0, LARGEST + 0.5).to(torch.uint8)

    def to_gelu(self, x: "torch.Tensor", step: float, zero: int) -> "torch.Tensor":
        """gelu(x · weight + bias) in steps: uint8 [rows, out], what is below 0 or above 255 cut off."""
        return self._product.to_gelu(self.steps(x), ZERO_POINT, self._bias, step, zero)


class Int8FeedForward:
    """Two weights in int8 with GELU between."""

    def __init__(
        self,
        inner: Parameters,
        outer: Parameters,
        inner_ranges: Ranges,
        outer_ranges: Ranges,
        weight_range: int,
    ) -> None:
        """weight_range: see `Int8Dense`."""
        import torch

        size = outer_ranges.largest.maximum(-outer_ranges.least)
        exact = size.topk(min(EXACT_CHANNELS, len(size) // 2)).indices
        self._exact_inner = OneDnnDense((inner[0][exact], inner[1][exact]), gelu=True)
        self._exact_outer = OneDnnDense((outer[0][:, exact].contiguous(), outer[1]))
        rest = torch.ones(len(size), dtype=torch.bool).index_fill_(0, exact, False)
        least = float(outer_ranges.least[rest].amin().clamp_max(0))
        largest = float(outer_ranges.largest[rest].amax().clamp_min(1e-5))
        self._step = (largest - least) / LARGEST
        self._zero = round(-least / self._step)
        self._inner = Int8Dense(inner, inner_ranges, weight_range)
        self._outer = _Product(outer[0] * rest, self._step, weight_range)
        parts = (self._inner, self._outer, self._exact_inner, self._exact_outer)
        self.nbytes = sum(part.nbytes for part in parts)

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """See `FeedForward`."""
        beside = self._exact_outer(self._exact_inner(x), x)  # the bias and the residual among it
        steps = self._inner.to_gelu(x, self._step, self._zero)
        return self._outer(steps, self._zero, None, beside)


class _Product:
    """A packed weight in int8 with a scale per output channel, the input's step among them."""

    def __init__(self, weight: "torch.Tensor", step: float, weight_range: int) -> None:
        import torch

        scales = weight.abs().amax(dim=1).clamp_min_(1e-12).div_(weight_range)
        rounded = (weight / scales[:, None]).round_().to(torch.int8)
        self._packed = torch.ops.onednn.qlinear_prepack(rounded, [PACKED_FOR_ROWS, weight.shape[1]])
        self._scales = scales.mul_(step)
        self._zero_points = torch.zeros(len(weight), dtype=torch.int64)
        self.nbytes = rounded.nbytes + self._scales.nbytes + self._zero_points.nbytes

    def __call__(
        self, x: "torch.Tensor", zero: int, bias: "torch.Tensor | None", residual: "torch.Tensor | None"
    ) -> "torch.Tensor":
        """x [rows, in] uint8, whose 0 is `zero` → x · weight + bias + residual, [rows, out] fp32."""
        import torch

        given = (x, 1.0, zero, self._packed, self._scales, self._zero_points)
        result: torch.Tensor
        if residual is None:
            result = torch.ops.onednn.qlinear_pointwise(*given, bias, 1.0, 0, torch.float32, "none", [], "")
        else:
            result = torch.ops.onednn.qlinear_pointwise.binary(
                *given, residual, bias, 1.0, 0, torch.float32, 1.0, 0, "add", 1.0, "none", [], ""
            )
        return result

    def to_gelu(
        self, x: "torch.Tensor", zero: int, bias: "torch.Tensor", step: float, step_zero: int
    ) -> "torch.Tensor":
        """x [rows, in] uint8 → gelu(x · weight + bias) in steps, [rows, out] uint8."""
        import torch

        result: torch.Tensor = torch.ops.onednn.qlinear_pointwise(
            x, 1.0, zero, self._packed, self._scales, self._zero_points,
            bias, step, step_zero, torch.uint8, "gelu", [], "none",
        )  # fmt: skip
        return result
