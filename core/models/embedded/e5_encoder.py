"""multilingual-e5-small's network: token ids in, last hidden states out.

The layers run on `core.engine.encoder`; here are the names of the file's tensors and the embeddings, whose
rows are unpacked as their tokens occur. It knows nothing of prefixes, pooling or similarity.

int8 takes its ranges from `int8_ranges.npy`, found on the sample texts, so that every machine rounds the
weights to the same numbers.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.engine.encoder.calibration import LayerRanges, int8_layer, watched_ranges
from core.engine.encoder.dense import Parameters, exact_forms
from core.engine.encoder.int8_dense import Ranges
from core.engine.encoder.layout import Layout, lay_out
from core.engine.encoder.network import Encoder, LayerWeights, make_layer
from core.engine.encoder.spread import spread
from core.models.embedded.e5_file import E5File, unpack_q4

if TYPE_CHECKING:
    from torch import Tensor


RANGES_FILE = Path(__file__).parent / "int8_ranges.npy"

# [layer, (least, largest), channels of the four products' inputs one after the other]
StoredRanges = npt.NDArray[np.float16]


class E5Encoder:
    """The network. Stateless between calls, therefore safe to share between threads."""

    def __init__(self, file: E5File, weight_range: int = 0) -> None:
        """weight_range: of int8, `core.engine.int8.exact_range()`; 0 for fp32."""
        self._file = file
        # The token type is always 0, so its row joins the positions'.
        positions = file.tensors["emb.pos"].reshape(-1, file.hidden)
        self._positions = positions + file.tensors["emb.type"].reshape(-1, file.hidden)[0]
        self._norm = _parameters(file, "emb.ln")
        heads = file.heads
        weights = (_layer(file, number) for number in range(file.layers))
        if weight_range:
            stored = zip(weights, _stored_ranges(file), strict=True)
            layers = [int8_layer(one, heads, ranges, weight_range) for one, ranges in stored]
        else:
            forms = exact_forms()
            layers = [make_layer(one, heads, forms) for one in weights]
        self._encoder = Encoder(layers, heads, file.norm_epsilon)

    def hidden_states(self, texts: Sequence[Sequence[int]]) -> "list[Tensor]":
        """The last hidden states [tokens, hidden], float32, of every text (token ids, at least one each)."""
        return spread([len(text) for text in texts], lambda part: self._states([texts[at] for at in part]))

    def _states(self, texts: Sequence[Sequence[int]]) -> "list[Tensor]":
        import torch

        layout = lay_out([len(text) for text in texts])
        with torch.inference_mode():
            states = self._encoder.states(self._embedded(layout, texts), layout)
            laid = torch.split(states, layout.lengths)
            ordered: list[Tensor] = [states] * len(texts)
            for at, rows in zip(layout.order, laid, strict=True):
                ordered[at] = rows
            return ordered

    @property
    def memory_bytes(self) -> int:
        """Bytes of the weights as they lie in memory."""
        total = self._file.words.nbytes + self._positions.nbytes
        total += sum(part.nbytes for part in self._norm)
        return int(total) + self._encoder.nbytes

    def ranges(self, texts: Sequence[Sequence[int]]) -> StoredRanges:
        """What these texts show of every product's input, as `int8_ranges.npy` keeps it."""
        import torch

        file, layout = self._file, lay_out([len(text) for text in texts])
        with torch.inference_mode():
            weights = (_layer(file, number) for number in range(file.layers))
            embedded = self._embedded(layout, texts)
            found = watched_ranges(weights, file.heads, file.norm_epsilon, embedded, layout)
        inputs = [(one.qkv, one.output, one.inner, one.outer) for one in found]
        rows = [
            [torch.cat([part.least for part in parts]), torch.cat([part.largest for part in parts])]
            for parts in inputs
        ]
        return np.array([[part.numpy() for part in row] for row in rows]).astype(np.float16)

    def _embedded(self, layout: Layout, texts: Sequence[Sequence[int]]) -> "Tensor":
        """Word and position of every token, normed: [rows, hidden]."""
        import torch
        from torch.nn.functional import layer_norm

        different, place = np.unique(layout.flat(texts), return_inverse=True)
        words = unpack_q4(self._file.words[different]).reshape(len(different), -1)
        rows = np.zeros((layout.rows, self._file.hidden), np.float32)
        np.add(words[place], self._positions[layout.places], out=rows[: layout.tokens])
        return layer_norm(torch.from_numpy(rows), (rows.shape[1],), *self._norm, self._file.norm_epsilon)


def _parameters(file: E5File, name: str, width: int = 0) -> Parameters:
    """Weight and bias of a norm, or of a product that reads `width` numbers."""
    import torch

    weight, bias = (torch.from_numpy(file.tensors[f"{name}.{part}"]) for part in "wb")
    return (weight.view(-1, width) if width else weight), bias


def _stored_ranges(file: E5File) -> list[LayerRanges]:
    import torch

    stored = torch.from_numpy(np.load(RANGES_FILE, allow_pickle=False)).float()
    widths = [file.hidden] * 3 + [file.tensors["l0.fi.b"].size]
    return [
        LayerRanges(*(Ranges(*part) for part in zip(*(side.split(widths) for side in layer), strict=True)))
        for layer in stored
    ]


def _layer(file: E5File, number: int) -> LayerWeights:
    hidden, inner = file.hidden, file.tensors[f"l{number}.fi.b"].size

    def named(part: str, width: int = 0) -> Parameters:
        return _parameters(file, f"l{number}.{part}", width)

    return LayerWeights(
        query=named("q", hidden),
        key=named("k", hidden),
        value=named("v", hidden),
        output=named("ao", hidden),
        attention_norm=named("aln"),
        inner=named("fi", hidden),
        outer=named("fo", inner),
        output_norm=named("oln"),
    )
