"""multilingual-e5-small as a bi-encoder: prefixes, windows, centred vectors and their similarity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.models.embedded.biencoder import Calibration
from core.models.embedded.centring import SHARE, Means, centres
from core.models.embedded.e5_encoder import E5Encoder, StoredRanges
from core.models.embedded.e5_file import E5File
from core.models.embedded.e5_tokenizer import E5Tokenizer
from core.models.embedded.reading import Layout, ReadText, Role, Window, read_text, readable

if TYPE_CHECKING:
    from torch import Tensor

PREFIXES: dict[Role, str] = {"query": "query:", "passage": "passage:"}
# Twelve windows hold about 5,400 tokens of a document; with four of a query a pair is 8,192 tokens at most.
WINDOWS: dict[Role, int] = {"query": 4, "passage": 12}
OVERLAP = 64

# Which similarity ranks, and why: benchmarks/quality.md.
METHOD = "MaxSim"
CALIBRATION = Calibration(slope=21.09, intercept=-15.16)


@dataclass(frozen=True, slots=True)
class E5Vectors:
    """Centred unit vectors of one window. pooled: [hidden]. tokens: [tokens, hidden]."""

    pooled: "Tensor"
    tokens: "Tensor"


class E5BiEncoder:
    """The `BiEncoder` protocol on the embedded model's weights."""

    def __init__(self, file: E5File, means: Means, weight_range: int = 0) -> None:
        """weight_range: of int8, `core.engine.int8.exact_range()`; 0 for fp32."""
        self.parameters = file.parameters
        self.positions = file.positions
        self.hidden = file.hidden
        self._network = E5Encoder(file, weight_range)
        self._tokenizer = E5Tokenizer(file.vocabulary)
        self._centres = centres(means)
        self._layout = Layout(
            positions=file.positions,
            overlap=OVERLAP,
            windows=WINDOWS,
            opening={
                role: (self._tokenizer.bos, *self._tokenizer.ids(prefix)) for role, prefix in PREFIXES.items()
            },
            closing=(self._tokenizer.eos,),
            longest_piece=self._tokenizer.longest_piece,
        )

    @property
    def memory_bytes(self) -> int:
        """Bytes of the weights as they lie in memory."""
        return self._network.memory_bytes

    def read(self, text: str, role: Role) -> ReadText:
        """Lay a text out behind its role's prefix."""
        return read_text(text, role, self._layout, self._tokenizer.ids)

    def length(self, text: str) -> int:
        """Tokens of a whole text, however many windows it takes."""
        return len(self._tokenizer.ids(readable(text)))

    def states(self, windows: Sequence[Window]) -> "list[Tensor]":
        """The network's last hidden states [tokens, hidden] of each window, not centred."""
        return self._network.hidden_states([window.ids for window in windows])

    def ranges(self, texts: Sequence[tuple[str, Role]]) -> StoredRanges:
        """What texts that fit into one window show of every product's input, for int8."""
        return self._network.ranges([self.read(text, role).windows[0].ids for text, role in texts])

    def sample_states(self, texts: Sequence[str], role: Role) -> "list[Tensor]":
        """The states of texts that fit into one window, for computing the means."""
        return self.states([self.read(text, role).windows[0] for text in texts])

    def encode(self, windows: Sequence[Window]) -> list[E5Vectors]:
        """Centred vectors of each window."""
        return self.centred(windows, self.states(windows))

    def centred(self, windows: Sequence[Window], states: "Sequence[Tensor]") -> list[E5Vectors]:
        """Unit vectors of each window's states after its role's and language's mean is taken out."""
        from torch.nn.functional import normalize

        vectors = []
        for window, rows in zip(windows, states, strict=True):
            centre = self._centres[window.role, window.language]
            pooled = normalize(normalize(rows.mean(dim=0), dim=0) - SHARE * centre.pooled, dim=0)
            tokens = normalize(normalize(rows, dim=1) - SHARE * centre.token, dim=1)
            vectors.append(E5Vectors(pooled, tokens))
        return vectors

    def pooled(self, windows: Sequence[Window]) -> NDArray[np.float32]:
        """The centred unit vectors [windows, hidden] alone, for search."""
        import torch
        from torch.nn.functional import normalize

        means = normalize(torch.stack([rows.mean(dim=0) for rows in self.states(windows)]), dim=1)
        centre = torch.stack([self._centres[one.role, one.language].pooled for one in windows])
        vectors: NDArray[np.float32] = normalize(means - SHARE * centre, dim=1).numpy()
        return vectors

    def join(self, windows: Sequence[E5Vectors]) -> E5Vectors:
        """One long query: all token states, and the mean direction of the windows."""
        import torch
        from torch.nn.functional import normalize

        if len(windows) == 1:
            return windows[0]
        pooled = normalize(torch.stack([window.pooled for window in windows]).sum(dim=0), dim=0)
        return E5Vectors(pooled, torch.cat([window.tokens for window in windows]))

    def similarity(self, query: E5Vectors, document: E5Vectors) -> float:
        """MaxSim: the mean over the query's tokens of the best match among the document's tokens."""
        return max_sim(query, document)


def cosine(query: E5Vectors, document: E5Vectors) -> float:
    """Cosine of the pooled vectors."""
    return float(query.pooled @ document.pooled)


def max_sim(query: E5Vectors, document: E5Vectors) -> float:
    """Late interaction (Khattab and Zaharia 2020), averaged over the query's tokens to stay in [-1, 1]."""
    return float((query.tokens @ document.tokens.T).amax(dim=1).mean())
