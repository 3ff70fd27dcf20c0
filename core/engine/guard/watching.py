"""What the inputs of every product look like over probe texts, in the exact model, layer by layer.

One layer at a time is in memory in fp32. What is made of what was seen is decided in `judging` and `repair`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.engine.guard.probe import Probe
from core.engine.int8 import USUAL_EXPONENT, Int8Linear, exact_range
from core.engine.linear import Linear
from core.engine.model import Layer, PackedModel, read_layer, run_layer

if TYPE_CHECKING:
    import torch

# The matrices of a `Layer`.
MATRICES = ("qkv", "out", "gate_up", "down")
# Input rows of a product that are kept to measure its error: every so-manieth of the texts' tokens.
ROWS_KEPT = 256


class Watched:
    """An exact product that remembers the largest value of each input channel, and some of the rows."""

    def __init__(self, weight: "torch.Tensor", exact: Linear) -> None:
        """weight: [out, in] as the file has it."""
        import torch

        self.weight, self.exact = weight, exact
        self._largest = weight.new_zeros(weight.shape[1], dtype=torch.float32)
        self._rows: list[torch.Tensor] = []
        self.nbytes = exact.nbytes

    def __call__(self, x: "torch.Tensor") -> "torch.Tensor":
        """[rows, in] → [rows, out]."""
        self._largest = self._largest.maximum(x.abs().amax(dim=0))
        self._rows.append(x)
        return self.exact(x)

    def to_int8(self, exponent: float = USUAL_EXPONENT, exact_channels: int = 0) -> Int8Linear:
        """The same product in int8; see there."""
        return Int8Linear(self.weight, self._largest, exact_range(), exponent, exact_channels)

    def error(self, product: Linear) -> float:
        """The error of another form of this product over the rows kept, as a share of its output.

        Frobenius norms: |product(x) - exact(x)| / |exact(x)|.
        """
        import torch

        rows = torch.cat(self._rows)
        rows = rows[:: max(1, len(rows) // ROWS_KEPT)]
        exact = self.exact(rows)
        return float((product(rows) - exact).norm() / exact.norm().clamp_min(1e-12))


class Walk:
    """Probe texts on their way through the layers of a model."""

    def __init__(self, frame: PackedModel, probe: Probe) -> None:
        """frame: the model around the layers."""
        import torch

        self._frame = frame
        self._states = frame.embed(probe.pack).clone()
        self._rotation = frame.rotation(probe.pack)
        self._attention = frame.kernel(probe.pack.segments, frame.device)
        self._last = torch.from_numpy(probe.pack.last)

    def through(self, layer: Layer) -> None:
        """Run one layer."""
        self._states = run_layer(self._frame.arch, layer, self._states, self._rotation, self._attention)

    def logits(self) -> list[float]:
        """Raw logits after the last layer, in the pack's order."""
        found: list[float] = self._frame.read_out(self._states.index_select(0, self._last)).tolist()
        return found


def watched_layer(
    tensors: Mapping[str, "torch.Tensor"],
    frame: PackedModel,
    number: int,
    linear: Callable[["torch.Tensor"], Linear],
) -> Layer:
    """Layer `number` with exact products that remember their inputs."""

    def place(tensor: "torch.Tensor") -> "torch.Tensor":
        return tensor.to(frame.device, frame.dtype)

    return read_layer(
        tensors, frame.arch, number, lambda weight: Watched(weight, linear(place(weight))), place
    )


def watched(layer: Layer) -> dict[str, Watched]:
    """The products of a layer that `watched_layer` made, by their names."""
    found = {name: getattr(layer, name) for name in MATRICES}
    assert all(isinstance(one, Watched) for one in found.values())
    return found


def exact(layer: Layer) -> Layer:
    """A watched layer without the watching."""
    return with_products(layer, {name: one.exact for name, one in watched(layer).items()})


def with_products(layer: Layer, products: Mapping[str, Linear]) -> Layer:
    """The layer with other products in place of those named."""
    changes: dict[str, Any] = dict(products)
    return replace(layer, **changes)
