"""The layers of a BERT, RoBERTa or XLM-RoBERTa encoder over flat rows: norms behind the sums, GELU between.

Shapes: T rows (`core.engine.encoder.layout`), N texts, H hidden. Numbers are fp32. What the rows are made of,
and what is read from the last states, is the caller's business: embeddings and heads differ from model to
model. Stateless between calls, therefore safe to share between threads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.engine.encoder.attention import Attention
from core.engine.encoder.dense import Dense, FeedForward, Forms, Parameters
from core.engine.encoder.layout import Layout

if TYPE_CHECKING:
    import torch

# Rows per block: what a product writes stays in the cache until the next one reads it.
BLOCK = 256


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """One layer as published. Products are [out, in] and [out], norms [H] and [H]."""

    query: Parameters
    key: Parameters
    value: Parameters
    output: Parameters
    attention_norm: Parameters
    inner: Parameters
    outer: Parameters
    output_norm: Parameters


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as it runs; queries, keys and values are one product, the queries' scale within it."""

    qkv: Dense  # H → 3 · H
    output: Dense  # H → H
    attention_norm: Parameters
    feed_forward: FeedForward  # H → H
    output_norm: Parameters

    @property
    def nbytes(self) -> int:
        """What the layer holds in memory."""
        norms = (*self.attention_norm, *self.output_norm)
        products = (self.qkv, self.output, self.feed_forward)
        return sum(one.nbytes for one in norms) + sum(one.nbytes for one in products)


def make_layer(weights: LayerWeights, heads: int, forms: Forms) -> Layer:
    """The layer with its products in these forms."""
    return Layer(
        qkv=forms.dense(joined_qkv(weights, heads)),
        output=forms.dense(weights.output),
        attention_norm=weights.attention_norm,
        feed_forward=forms.feed_forward(weights.inner, weights.outer),
        output_norm=weights.output_norm,
    )


def joined_qkv(weights: LayerWeights, heads: int) -> Parameters:
    """Queries, scaled for attention, keys and values as one product."""
    import torch

    scale = (weights.query[0].shape[0] // heads) ** -0.5
    query = (weights.query[0] * scale, weights.query[1] * scale)
    parts = (query, weights.key, weights.value)
    return torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])


@dataclass(frozen=True, slots=True)
class Encoder:
    """The layers, and how many heads attend. epsilon: of the norms."""

    layers: Sequence[Layer]
    heads: int
    epsilon: float

    @property
    def nbytes(self) -> int:
        """What the layers hold in memory."""
        return sum(layer.nbytes for layer in self.layers)

    def states(self, embedded: "torch.Tensor", layout: Layout) -> "torch.Tensor":
        """The last states of all tokens, as they lie: [T, H] of normed embeddings → [tokens, H]."""
        attention = Attention(layout, self.heads)
        for layer in self.layers:
            embedded = self.step(layer, embedded, attention)
        return embedded[: layout.tokens]

    def first_states(self, embedded: "torch.Tensor", layout: Layout) -> "torch.Tensor":
        """The last state of each text's first token, in the caller's order: [T, H] → [N, H]."""
        import torch

        attention = Attention(layout, self.heads)
        for layer in self.layers[:-1]:
            embedded = self.step(layer, embedded, attention)
        last, starts = self.layers[-1], torch.from_numpy(layout.starts)
        qkv = last.qkv(embedded)
        first = self._after_attention(last, attention.of_first(qkv), embedded.index_select(0, starts))
        ordered = torch.empty_like(first)
        ordered[list(layout.order)] = first
        return ordered

    def step(self, layer: Layer, x: "torch.Tensor", attention: Attention) -> "torch.Tensor":
        """One layer: [T, H] → [T, H]."""
        return self._after_attention(layer, attention(layer.qkv(x)), x)

    def _after_attention(self, layer: Layer, attended: "torch.Tensor", x: "torch.Tensor") -> "torch.Tensor":
        import torch

        result = torch.empty_like(x)
        for rows in _blocks(len(x)):
            block = self._normed(layer.output(attended[rows], x[rows]), layer.attention_norm)
            result[rows] = self._normed(layer.feed_forward(block), layer.output_norm)
        return result

    def _normed(self, x: "torch.Tensor", norm: Parameters) -> "torch.Tensor":
        from torch.nn.functional import layer_norm

        return layer_norm(x, (x.shape[1],), *norm, self.epsilon)


def _blocks(rows: int) -> Iterator[slice]:
    for start in range(0, rows, BLOCK):
        yield slice(start, start + BLOCK)
