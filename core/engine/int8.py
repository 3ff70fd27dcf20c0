"""The int8 product with a weight, and how large int8 weights may be so that it adds exactly here.

Processors add the products of int8 in different ways. VNNI, AVX-VNNI and AMX add in 32 bits. AVX2 and the
first AVX-512 add two neighbours in 16 bits and cut the sum off at 32767, so that large neighbours of one
sign come out wrong by up to half. Two neighbours stay below that as long as weights stay within ±64:
2 · 255 · 64 = 32640. Which of the two holds is tried with one product of extreme values, because the names of
the instructions do not tell which kernel oneDNN chooses.

Whether int8 is good enough for a model is decided in `core.engine.guard`, whether it is worth trying in
`core.engine.device`.
"""

import functools
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

# Rows for which oneDNN chooses its packed layout; other row counts run on the same layout.
PACKED_FOR_ROWS = 256
# Activations are stored as unsigned, 1 to 255 for -127 to 127, because the instructions multiply unsigned
# by signed.
ZERO_POINT = 128
LARGEST_ACTIVATION = 127
# The weights' range where sums are exact, and the one whose sums fit into 16 bits, in order of preference.
FULL_RANGE = 127
HALF_RANGE = 64
# SmoothQuant's; `core.engine.repair` tries others where it is not good enough.
USUAL_EXPONENT = 0.5


class Int8Linear:
    """int8 weights with a scale per output channel, int8 activations with a scale per row.

    A scale per row, found on the fly, keeps the few tokens with huge activations (the first one, above all)
    from coarsening all others. Channels that are large in every row are levelled against the weights first
    (SmoothQuant, arXiv 2211.10438, with exponent 1/2): on SmolLM2-135M that halves the error of the logits.
    oneDNN applies the channels' scales inside the product, the rows' follow after it.
    """

    def __init__(
        self,
        weight: "torch.Tensor",
        largest: "torch.Tensor",
        weight_range: int,
        exponent: float = USUAL_EXPONENT,
        exact_channels: int = 0,
    ) -> None:
        """weight: [out, in] in any float type. largest: [in], the largest |x| seen in each input channel.

        weight_range: the largest |weight| in int8, `exact_range()` for the machine at hand. exponent: how
        much of a channel's size is moved from the inputs into the weights, 0 to 1. exact_channels: so many of
        the input channels that are largest even then are multiplied in fp32 beside the rest, which keeps a
        finer step (as in LLM.int8(), arXiv 2208.07339).
        """
        import torch

        weight = weight.float()
        sizes = weight.abs().amax(dim=0).clamp_min(1e-5)
        level = largest.clamp_min(1e-5).pow(exponent).div_(sizes.pow_(1 - exponent))
        self._unlevel = level.reciprocal()
        self._channels = (largest * self._unlevel).topk(min(exact_channels, len(largest))).indices
        self._exact = weight[:, self._channels].t().contiguous()  # [exact channels, out]
        weight = (weight * level).index_fill_(1, self._channels, 0)
        self._unlevel[self._channels] = 0
        self._scales = weight.abs().amax(dim=1).clamp_min_(1e-12).div_(weight_range)
        rounded = (weight / self._scales[:, None]).round_().to(torch.int8)
        self._zero_points = torch.zeros(len(weight), dtype=torch.int64)
        self._packed = _pack(rounded)
        small = (self._unlevel, self._scales, self._zero_points, self._channels, self._exact)
        self.nbytes = rounded.nbytes + sum(tensor.nbytes for tensor in small)

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """[rows, in] → [rows, out]."""
        import torch

        levelled = x * self._unlevel
        # The same as of the absolute values, without writing them.
        largest = levelled.amax(dim=1, keepdim=True).maximum(levelled.amin(dim=1, keepdim=True).neg_())
        scale = largest.clamp_min_(1e-12).div_(LARGEST_ACTIVATION)
        # Truncation after adding half a step rounds to nearest.
        quantised = levelled.div_(scale).add_(ZERO_POINT + 0.5).to(torch.uint8)
        result = _product(quantised, self._packed, self._scales, self._zero_points).mul_(scale)
        if len(self._channels):
            result.addmm_(x.index_select(1, self._channels), self._exact)
        return result


@functools.cache
def exact_range() -> int:
    """The largest |weight| for which the int8 product is exact here; 0 where it is exact for none."""
    for weight_range in (FULL_RANGE, HALF_RANGE):
        if is_exact(weight_range):
            logger.info("int8 products are exact for weights up to %d", weight_range)
            return weight_range
    logger.info("int8 products are not exact here")
    return 0


def is_exact(weight_range: int) -> bool:
    """Whether a product of the largest activations and weights of one sign equals that of integers.

    False too where this torch build or processor has no such product.
    """
    import torch

    # Row counts for which oneDNN may take other kernels; every second channel is negative.
    weight = torch.full((64, 192), weight_range, dtype=torch.int8)
    weight[1::2] *= -1
    ones, zeros = torch.ones(len(weight)), torch.zeros(len(weight), dtype=torch.int64)
    try:
        packed = _pack(weight)
        for rows in (1, 7, PACKED_FOR_ROWS):
            x = torch.full((rows, 192), ZERO_POINT + LARGEST_ACTIVATION, dtype=torch.uint8)
            exact = (x.int() - ZERO_POINT) @ weight.int().t()  # at most 3.1e6: exact in fp32
            if not torch.equal(_product(x, packed, ones, zeros), exact.float()):
                return False
    except (AttributeError, RuntimeError, NotImplementedError) as error:
        logger.info("no int8 product: %s", error)
        return False
    return True


def _pack(weight: "torch.Tensor") -> "torch.Tensor":
    """[out, in] int8 in the layout that oneDNN likes best."""
    import torch

    packed: torch.Tensor = torch.ops.onednn.qlinear_prepack(weight, [PACKED_FOR_ROWS, weight.shape[1]])
    return packed


def _product(
    x: "torch.Tensor", packed: "torch.Tensor", scales: "torch.Tensor", zero_points: "torch.Tensor"
) -> "torch.Tensor":
    """x [rows, in] uint8 → [rows, out] fp32, with the output channels' scales applied."""
    import torch

    result: torch.Tensor = torch.ops.onednn.qlinear_pointwise(
        x, 1.0, ZERO_POINT, packed, scales, zero_points,
        None, 1.0, 0, torch.float32, "none", [], "",
    )  # fmt: skip
    return result
