"""The exact matrix product with a weight, in two forms behind one interface.

`TorchLinear` is torch's own. `OneDnnLinear` is the same fp32 product through oneDNN with the weight packed
once: torch sends fp32 to MKL, which reaches a third of oneDNN's speed on AMD processors with AVX-512
(75 against 200 GFLOP/s on one Zen 5 core, 92 against 104 on Zen 4); whether oneDNN is to be preferred is
measured once per process.
The third form, int8, is in `core.engine.int8`. All take [rows, in] and give [rows, out] in the input's dtype.
"""

import functools
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)

# Rows for which oneDNN chooses its packed layout; other row counts run on the same layout.
PACKED_FOR_ROWS = 256
# oneDNN is taken unless it is clearly slower. Its sums differ from MKL's in the last bits, and a limit near
# the ratio that a processor has (0.88 on Zen 4, 0.92 on Zen 3) would let a busy moment decide what a file
# holds.
CLEARLY_SLOWER = 1.3


class Linear(Protocol):
    """A weight and the product with it."""

    @property
    def nbytes(self) -> int:
        """What the weight holds in memory."""
        ...

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """[rows, in] → [rows, out] in x's dtype."""
        ...


class TorchLinear:
    """torch's product in the weight's dtype, on any device."""

    def __init__(self, weight: "torch.Tensor") -> None:
        """weight: [out, in]."""
        self.weight = weight
        self.nbytes = weight.nbytes

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """[rows, in] → [rows, out]."""
        from torch.nn.functional import linear

        return linear(x, self.weight)


class OneDnnLinear:
    """oneDNN's fp32 product on a CPU."""

    def __init__(self, weight: "torch.Tensor") -> None:
        """weight: [out, in] fp32."""
        import torch

        self._packed = torch.ops.mkldnn._reorder_linear_weight(weight, PACKED_FOR_ROWS)
        self.nbytes = weight.nbytes

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """[rows, in] → [rows, out]."""
        return onednn_product(x, self._packed)


def onednn_product(x: "torch.Tensor", weight: "torch.Tensor") -> "torch.Tensor":
    """x [rows, in] times weight [out, in], packed or contiguous → [rows, out], in fp32 on a CPU."""
    import torch

    result: torch.Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, None, "none", [], "")
    return result


def choose_float_linear(
    device: "torch.device", dtype: "torch.dtype"
) -> Callable[["torch.Tensor"], TorchLinear | OneDnnLinear]:
    """The exact product to take for this device and data type."""
    import torch

    if device.type == "cpu" and dtype == torch.float32 and onednn_is_chosen():
        return OneDnnLinear
    return TorchLinear


@functools.cache
def onednn_is_chosen() -> bool:
    """Whether oneDNN's fp32 product runs here, not clearly slower than torch's on one of its shapes."""
    import torch

    if not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        return False
    x, weight = torch.randn(128, 1024), torch.randn(1024, 1024)
    try:
        candidates: list[Linear] = [TorchLinear(weight), OneDnnLinear(weight)]
        best = [float("inf"), float("inf")]
        for _ in range(7):  # alternately, so that another program slows both alike
            for n, linear in enumerate(candidates):
                start = time.perf_counter()
                linear(x)
                best[n] = min(best[n], time.perf_counter() - start)
    except RuntimeError as error:
        logger.info("oneDNN's fp32 product does not run here: %s", error)
        return False
    logger.info("fp32 product: torch %.2f ms, oneDNN %.2f ms", best[0] * 1e3, best[1] * 1e3)
    return best[1] < best[0] * CLEARLY_SLOWER
