"""BM25 over a handful of documents in memory, for orders to compare with. Corpora are searched by the stores.

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with the idf that Lucene
uses, which is never negative. Tokens are those of `tokens`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from core.retrieval.tokens import tokens

# Lucene's defaults.
K1, B = 1.2, 0.75


class Bm25:
    """Statistics of a collection, and scores by them; safe to use from several threads."""

    def __init__(self, documents: Iterable[str]) -> None:
        """documents: the collection; equal texts count once."""
        self._counts = {text: Counter(tokens(text)) for text in dict.fromkeys(documents)}
        self._lengths = {text: sum(counts.values()) for text, counts in self._counts.items()}
        self._mean = sum(self._lengths.values()) / max(1, len(self._lengths)) or 1.0
        self._holding = Counter(token for counts in self._counts.values() for token in counts)

    def scores(self, query: str, documents: Sequence[str]) -> list[float]:
        """A score of each document, all of the collection; 0 where no word is shared."""
        asked = Counter(tokens(query))
        return [
            sum(times * self._weight(token, text) for token, times in asked.items()) for text in documents
        ]

    def _weight(self, token: str, text: str) -> float:
        count = self._counts[text][token]
        if not count:
            return 0.0
        holding = self._holding[token]
        idf = math.log(1 + (len(self._counts) - holding + 0.5) / (holding + 0.5))
        return idf * count / (count + K1 * (1 - B + B * self._lengths[text] / self._mean))
