"""multilingual-e5-small's forward pass in torch: token ids in, last hidden states out.

A post-norm BERT encoder with erf GELU. The texts of a batch are laid end to end: all matrix products run over
the flat token axis, and only attention pads them to the longest text (one call per layer; a call per text was
as fast on an idle machine and slower on a busy one). It knows nothing of prefixes, pooling or similarity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.engine.linear import Linear, choose_float_linear
from core.models.embedded.e5_file import E5File, unpack_q4

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class _Dense:
    """A product with a weight [out, in], plus a bias [out]."""

    weight: Linear
    bias: "Tensor"

    def __call__(self, states: "Tensor") -> "Tensor":
        """[tokens, in] to [tokens, out]."""
        return self.weight(states).add_(self.bias)

    @property
    def nbytes(self) -> int:
        return self.weight.nbytes + self.bias.nbytes


@dataclass(frozen=True, slots=True)
class _Layer:
    """The products and norm parameters [hidden] of one block."""

    qkv: _Dense
    output: _Dense
    attention_norm: "tuple[Tensor, Tensor]"
    inner: _Dense
    outer: _Dense
    feedforward_norm: "tuple[Tensor, Tensor]"

    @property
    def nbytes(self) -> int:
        products = (self.qkv, self.output, self.inner, self.outer)
        return sum(part.nbytes for part in (*products, *self.attention_norm, *self.feedforward_norm))


class E5Encoder:
    """The network. Stateless between calls, therefore safe to share between threads."""

    def __init__(self, file: E5File) -> None:
        import torch

        def tensor(name: str, *shape: int) -> "Tensor":
            return torch.from_numpy(file.tensors[name]).reshape(shape)

        hidden = file.hidden
        self._heads = file.heads
        self._epsilon = file.norm_epsilon
        self._words = file.words
        # The token type is always 0, so its row joins the positions'.
        self._positions = tensor("emb.pos", -1, hidden) + tensor("emb.type", -1, hidden)[0]
        self._embedding_norm = (tensor("emb.ln.w", -1), tensor("emb.ln.b", -1))
        product = choose_float_linear(torch.device("cpu"), torch.float32)

        def dense(names: Sequence[str], width: int) -> _Dense:
            weight = torch.cat([tensor(f"{name}.w", -1, width) for name in names])
            return _Dense(product(weight), torch.cat([tensor(f"{name}.b", -1) for name in names]))

        def norm(name: str) -> "tuple[Tensor, Tensor]":
            return tensor(f"{name}.w", -1), tensor(f"{name}.b", -1)

        self._layers = [
            _Layer(
                qkv=dense([f"l{i}.{name}" for name in "qkv"], hidden),
                output=dense([f"l{i}.ao"], hidden),
                attention_norm=norm(f"l{i}.aln"),
                inner=dense([f"l{i}.fi"], hidden),
                outer=dense([f"l{i}.fo"], file.tensors[f"l{i}.fi.b"].size),
                feedforward_norm=norm(f"l{i}.oln"),
            )
            for i in range(file.layers)
        ]

    def hidden_states(self, texts: Sequence[Sequence[int]]) -> "list[Tensor]":
        """The last hidden states [tokens, hidden], float32, of every text (token ids, at least one each)."""
        import torch
        from torch.nn import functional

        lengths = [len(text) for text in texts]
        ids = np.concatenate([np.asarray(text) for text in texts])
        with torch.inference_mode():
            grid = _Grid.of(lengths)
            states = self._word_rows(ids) + self._positions[grid.places]  # [tokens, hidden]
            states = self._norm(states, self._embedding_norm)
            for layer in self._layers:
                attended = layer.output(self._attend(layer.qkv(states), grid))
                states = self._norm(states + attended, layer.attention_norm)
                outer = layer.outer(functional.gelu(layer.inner(states)))
                states = self._norm(states + outer, layer.feedforward_norm)
            return list(torch.split(states, lengths))

    @property
    def memory_bytes(self) -> int:
        """Bytes of the weights as they lie in memory."""
        total = self._words.nbytes + self._positions.nbytes
        total += sum(part.nbytes for part in self._embedding_norm)
        return total + sum(layer.nbytes for layer in self._layers)

    def _word_rows(self, ids: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "Tensor":
        import torch

        different, place = np.unique(ids, return_inverse=True)
        rows = unpack_q4(self._words[different]).reshape(len(different), -1)
        return torch.from_numpy(rows)[torch.from_numpy(place)]

    def _norm(self, states: "Tensor", weight_and_bias: "tuple[Tensor, Tensor]") -> "Tensor":
        from torch.nn import functional

        weight, bias = weight_and_bias
        return functional.layer_norm(states, (states.shape[-1],), weight, bias, self._epsilon)

    def _attend(self, qkv: "Tensor", grid: "_Grid") -> "Tensor":
        """Self-attention inside each text: [tokens, 3 * hidden] to [tokens, hidden]."""
        from torch.nn import functional

        padded = qkv[grid.fill].view(grid.texts, grid.longest, 3, self._heads, -1)
        query, key, value = padded.permute(2, 0, 3, 1, 4)  # each [texts, heads, longest, head size]
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=grid.mask)
        return attended.transpose(1, 2).reshape(grid.texts * grid.longest, -1)[grid.cells]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the flat tokens of a batch lie in a [texts, longest] grid.

    cells [tokens]: each token's cell. fill [texts * longest]: each cell's token, 0 in padding.
    places [tokens]: each token's position in its text. mask [texts, 1, 1, longest]: which keys are real.
    """

    texts: int
    longest: int
    cells: "Tensor"
    fill: "Tensor"
    places: "Tensor"
    mask: "Tensor"

    @staticmethod
    def of(lengths: Sequence[int]) -> "_Grid":
        import torch

        texts, longest = len(lengths), max(lengths)
        real = torch.arange(longest) < torch.tensor(lengths)[:, None]  # [texts, longest]
        cells = real.flatten().nonzero().squeeze(1)
        fill = torch.zeros(texts * longest, dtype=torch.long)
        fill[cells] = torch.arange(len(cells))
        return _Grid(texts, longest, cells, fill, cells % longest, real[:, None, None, :])
