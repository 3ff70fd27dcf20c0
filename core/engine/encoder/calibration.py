"""From what probe texts show in the exact layers to the same layers in int8.

Whether those are good enough is judged by whoever knows what the model's states are read for
(`core.engine.guard.compare`), and on other texts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.engine.encoder.attention import Attention
from core.engine.encoder.dense import FeedForward, FloatFeedForward, Forms, Parameters, TorchDense
from core.engine.encoder.int8_dense import Int8Dense, Int8FeedForward, Ranges
from core.engine.encoder.layout import Layout
from core.engine.encoder.network import Encoder, Layer, LayerWeights, joined_qkv, make_layer

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class LayerRanges:
    """The ranges of the inputs of a layer's four products."""

    qkv: Ranges
    output: Ranges
    inner: Ranges
    outer: Ranges


def watched_ranges(
    weights: Iterable[LayerWeights], heads: int, epsilon: float, embedded: "torch.Tensor", layout: Layout
) -> list[LayerRanges]:
    """The ranges of each layer over the texts of a layout; embedded [T, H].

    The products are torch's own whatever is faster here, so that one machine always finds the same ranges.
    """
    attention = Attention(layout, heads)
    found: list[LayerRanges] = []
    for one in weights:
        seen: list[_Watched] = []
        layer = make_layer(one, heads, _watching(seen, layout.tokens))
        embedded = Encoder([layer], heads, epsilon).step(layer, embedded, attention)
        found.append(LayerRanges(*(product.ranges() for product in seen)))
    return found


def int8_layer(weights: LayerWeights, heads: int, ranges: LayerRanges, weight_range: int) -> Layer:
    """A layer with its products in int8. weight_range: `core.engine.int8.exact_range()`."""
    return Layer(
        qkv=Int8Dense(joined_qkv(weights, heads), ranges.qkv, weight_range),
        output=Int8Dense(weights.output, ranges.output, weight_range),
        attention_norm=weights.attention_norm,
        feed_forward=Int8FeedForward(weights.inner, weights.outer, ranges.inner, ranges.outer, weight_range),
        output_norm=weights.output_norm,
    )


def _watching(seen: "list[_Watched]", tokens: int) -> Forms:
    """Exact products that are noted in the order in which a layer's are made."""

    def watched(parameters: Parameters, gelu: bool = False) -> "_Watched":
        seen.append(_Watched(parameters, tokens, gelu))
        return seen[-1]

    def feed_forward(inner: Parameters, outer: Parameters) -> FeedForward:
        return FloatFeedForward(watched(inner, gelu=True), watched(outer))

    return Forms(watched, feed_forward)


class _Watched(TorchDense):
    """An exact product that remembers the range of each input channel, of rows that hold a token."""

    def __init__(self, parameters: Parameters, tokens: int, gelu: bool) -> None:
        super().__init__(parameters, gelu=gelu)
        channels = parameters[0].shape[1]
        self._least = parameters[0].new_full((channels,), float("inf"))
        self._largest = parameters[0].new_full((channels,), -float("inf"))
        self._left = tokens

    def __call__(self, x: "torch.Tensor", residual: "torch.Tensor | None" = None) -> "torch.Tensor":
        """See `Dense`. Blocks come in order; the rows behind the last token fill the layout up."""
        real = x[: self._left]
        if len(real):
            self._least = self._least.minimum(real.amin(dim=0))
            self._largest = self._largest.maximum(real.amax(dim=0))
        self._left -= len(real)
        return super().__call__(x, residual)

    def ranges(self) -> Ranges:
        """What was seen."""
        return Ranges(self._least, self._largest)
