"""What a bi-encoder offers to the scorer: reading a text, encoding windows, comparing two of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from core.models.embedded.reading import ReadText, Role, Window

Encoded = TypeVar("Encoded")


@dataclass(frozen=True, slots=True)
class Calibration:
    """logit = slope * similarity + intercept; fitted by benchmarks/embedded_quality.py."""

    slope: float
    intercept: float


class BiEncoder(Protocol[Encoded]):
    """A model that encodes queries and documents apart. `Encoded` is its own business."""

    def read(self, text: str, role: Role) -> ReadText:
        """Tokenize and lay out a text; cheap compared with encoding it."""
        ...

    def length(self, text: str) -> int:
        """Tokens of a whole text, without prefix and special tokens."""
        ...

    def encode(self, windows: Sequence[Window]) -> list[Encoded]:
        """Run the network over one micro-batch."""
        ...

    def join(self, windows: Sequence[Encoded]) -> Encoded:
        """One value for a query that needed several windows."""
        ...

    def similarity(self, query: Encoded, document: Encoded) -> float:
        """How alike a query and one window of a document are, in [-1, 1]."""
        ...
