"""A product with a weight and what follows it at once: the bias, and the residual that is added.

Two exact forms, torch's own and oneDNN's, which does all of it in one pass over memory; the third, int8, is
in `core.engine.encoder.int8_dense`. The two products between which GELU stands are one step, because in int8
they hand over numbers that nothing else can read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.engine.linear import PACKED_FOR_ROWS, onednn_is_chosen

if TYPE_CHECKING:
    import torch

# A weight [out, in] and its bias [out], both fp32; or those of a norm, [H] each.
Parameters = tuple["torch.Tensor", "torch.Tensor"]


class Dense(Protocol):
    """A weight with a bias."""

    @property
    def nbytes(self) -> int:
        """What it holds in memory."""
        ...

    def __call__(self, x: "torch.Tensor", residual: "torch.Tensor | None" = None) -> "torch.Tensor":
        """x [rows, in], residual [rows, out] → x · weight + bias + residual, [rows, out] in fp32."""
        ...


class FeedForward(Protocol):
    """Two weights with GELU between, and the residual around them."""

    @property
    def nbytes(self) -> int:
        """What it holds in memory."""
        ...

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """x [rows, H] → outer(gelu(inner(x))) + x, [rows, H] in fp32."""
        ...


class TorchDense:
    """torch's own operations, one after the other."""

    def __init__(self, parameters: Parameters, *, gelu: bool = False) -> None:
        """gelu: whether its exact form follows the bias."""
        self._weight, self._bias = parameters
        self._gelu = gelu
        self.nbytes = self._weight.nbytes + self._bias.nbytes

    def __call__(self, x: "torch.Tensor", residual: "torch.Tensor | None" = None) -> "torch.Tensor":
        """See `Dense`."""
        from torch.nn.functional import gelu, linear

        result = linear(x, self._weight, self._bias)
        if self._gelu:
            result = gelu(result)
        return result if residual is None else result.add_(residual)


class OneDnnDense:
    """oneDNN's product, which applies GELU or adds the residual as it writes."""

    def __init__(self, parameters: Parameters, *, gelu: bool = False) -> None:
        """gelu: whether its exact form follows the bias; there is no residual then."""
        import torch

        weight, self._bias = parameters
        self._packed = torch.ops.mkldnn._reorder_linear_weight(weight, PACKED_FOR_ROWS)
        self._activation = "gelu" if gelu else "none"
        self.nbytes = weight.nbytes + self._bias.nbytes

    def __call__(self, x: "torch.Tensor", residual: "torch.Tensor | None" = None) -> "torch.Tensor":
        """See `Dense`."""
        import torch

        result: torch.Tensor
        if residual is None:
            # "none" behind "gelu" is its exact form, by the error function.
            result = torch.ops.mkldnn._linear_pointwise(
                x, self._packed, self._bias, self._activation, [], "none"
            )
        else:
            result = torch.ops.mkldnn._linear_pointwise.binary(x, residual, self._packed, self._bias, "add")
        return result


@dataclass(frozen=True, slots=True)
class FloatFeedForward:
    """Both products in an exact form; inner with GELU."""

    inner: Dense
    outer: Dense

    @property
    def nbytes(self) -> int:
        """See `FeedForward`."""
        return self.inner.nbytes + self.outer.nbytes

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """See `FeedForward`."""
        return self.outer(self.inner(x), x)


@dataclass(frozen=True, slots=True)
class Forms:
    """How a layer's products are made."""

    dense: Callable[[Parameters], Dense]
    feed_forward: Callable[[Parameters, Parameters], FeedForward]


def exact_forms(onednn: bool | None = None) -> Forms:
    """The faster exact form on this machine's CPU. onednn: which one, where it is not to be chosen."""
    kind = OneDnnDense if (onednn_is_chosen() if onednn is None else onednn) else TorchDense
    return Forms(kind, lambda inner, outer: FloatFeedForward(kind(inner, gelu=True), kind(outer)))
