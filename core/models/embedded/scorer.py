"""A scorer over any bi-encoder: planning, duplicates, turns at the gate, progress and stopping.

Documents are encoded once however many queries name them. A document is as relevant as its best window
(MaxP, Dai and Callan 2019). It knows nothing of weights, tokenizers or similarity functions.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Generic

import numpy as np

from core.engine.finite import part_finite
from core.engine.gate import Gate
from core.engine.guard import GuardReport
from core.errors import StoppedError
from core.models.embedded.biencoder import BiEncoder, Calibration, Encoded
from core.models.embedded.reading import ReadText, Window, micro_batches
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest

# Two windows of 512 tokens: about a third of a second on two cores, the longest an interactive query waits.
# Larger batches were not faster per token.
TOKENS_PER_BATCH = 1024
# Pairs planned together. Documents repeated within a block are encoded once; memory stays bounded.
PAIRS_PER_BLOCK = 2048

Progress = Callable[[int, int], None]
OnScored = Callable[[Sequence[ScoredPair]], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Callbacks:
    """known: mirrors the requests, or empty when nothing is known; see `core.records.RepeatsPasses`."""

    total: int
    interactive: bool
    known: Sequence[Sequence[bool]] = ()
    on_progress: Progress | None = None
    on_scored: OnScored | None = None
    cancelled: Cancelled | None = None

    def knows(self, place: tuple[int, int]) -> bool:
        """Whether the score of (request, document) is known."""
        return bool(self.known) and self.known[place[0]][place[1]]


@dataclass(slots=True)
class _Document:
    """A document text of a block, the pairs that ask for it, and what is known of them so far."""

    read: ReadText
    pairs: list[tuple[int, int]]  # (request, document) positions in the caller's lists
    windows_left: int
    best: dict[int, float] = field(default_factory=dict)  # request → best similarity of any window


class BiEncoderScorer(Generic[Encoded]):
    """The `Scorer` protocol for a bi-encoder. Instructions are ignored."""

    def __init__(
        self,
        encoder: BiEncoder[Encoded],
        info: ScorerInfo,
        calibration: Calibration,
        gate: Gate | None = None,
        guard: GuardReport | None = None,
    ) -> None:
        """guard: how int8 compared with fp32, where it was tried."""
        self.guard = guard
        self._encoder = encoder
        self._info = info
        self._calibration = calibration
        self._gate = gate or Gate()

    @property
    def info(self) -> ScorerInfo:
        """Which model this is and how it runs."""
        return self._info

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        """Score one query's documents; the result is in the caller's order."""
        request = ScoringRequest(query, tuple(documents), instruction)
        return self._score([request], _Callbacks(len(documents), True, on_progress=on_progress))[0]

    @property
    def pass_tokens(self) -> int:
        """See `core.records.PlansPasses`."""
        return TOKENS_PER_BATCH

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Progress | None = None,
        on_scored: OnScored | None = None,
        cancelled: Cancelled | None = None,
        interactive: bool = False,
    ) -> list[list[Score]]:
        """Score many queries; the result mirrors `requests`. See `core.records.Scorer`."""
        total = sum(len(request.documents) for request in requests)
        callbacks = _Callbacks(
            total, interactive, on_progress=on_progress, on_scored=on_scored, cancelled=cancelled
        )
        return self._score(requests, callbacks)

    def score_rest(
        self,
        requests: Sequence[ScoringRequest],
        known: Sequence[Sequence[bool]],
        *,
        on_scored: OnScored | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        """See `core.records.RepeatsPasses`."""
        total = sum(row.count(False) for row in known)
        self._score(requests, _Callbacks(total, False, known, on_scored=on_scored, cancelled=cancelled))

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        """Tokens of each pair; above `info.max_tokens` where the query or the document will be cut."""
        asked = self._encoder.read(query, "query")
        counts: list[int] = []
        for document in documents:
            read = self._encoder.read(document, "passage")
            tokens = asked.tokens + read.tokens
            cut = asked.truncated or read.truncated
            counts.append(max(tokens, self._info.max_tokens + 1) if cut else tokens)
        return counts

    def document_tokens(self, text: str) -> int:
        """Tokens of a document alone, however long; see `core.records.CountsDocumentTokens`."""
        return self._encoder.length(text)

    def _score(self, requests: Sequence[ScoringRequest], callbacks: _Callbacks) -> list[list[Score]]:
        scores: dict[tuple[int, int], Score] = {}
        for block in _blocks(requests):
            if all(callbacks.knows(place) for place in block):
                continue
            for batch in self._score_block(requests, block, callbacks):
                if not batch:
                    continue  # all of the micro-batch were windows of documents that have more
                scored, refusal = part_finite(batch, requests)
                scores.update({(pair.request, pair.document): pair.score for pair in scored})
                if callbacks.on_scored and scored:
                    callbacks.on_scored(scored)
                if callbacks.on_progress:
                    callbacks.on_progress(len(scores), callbacks.total)
                if refusal:
                    raise refusal
        return [
            [scores[position, i] for i in range(len(request.documents)) if (position, i) in scores]
            for position, request in enumerate(requests)
        ]

    def _score_block(
        self, requests: Sequence[ScoringRequest], block: Sequence[tuple[int, int]], callbacks: _Callbacks
    ) -> Iterator[list[ScoredPair]]:
        """The finished pairs of one block, micro-batch by micro-batch."""
        pairs_of: dict[str, list[tuple[int, int]]] = {}
        for request, position in block:
            pairs_of.setdefault(requests[request].documents[position], []).append((request, position))
        queries = self._queries({request: requests[request].query for request, _ in block}, callbacks)
        documents: list[_Document] = []
        owners: list[tuple[_Document, Window]] = []
        for text, pairs in pairs_of.items():
            read = self._encoder.read(text, "passage")
            documents.append(_Document(read, pairs, len(read.windows)))
            owners.extend((documents[-1], window) for window in read.windows)

        missing = {id(document) for document in documents if not all(map(callbacks.knows, document.pairs))}
        for planned in micro_batches([len(window.ids) for _, window in owners], TOKENS_PER_BATCH):
            batch = [i for i in planned if id(owners[i][0]) in missing]
            if not batch:
                continue
            if any(len(owners[i][0].read.windows) > 1 for i in planned):
                batch = planned
            finished: list[_Document] = []
            with self._turn(callbacks):
                encoded = self._encoder.encode([owners[i][1] for i in batch])
                for i, window in zip(batch, encoded, strict=True):
                    document = owners[i][0]
                    for request in {request for request, _ in document.pairs}:
                        similarity = self._encoder.similarity(queries[request][1], window)
                        best = document.best.get(request, -math.inf)
                        document.best[request] = float(np.maximum(similarity, best))  # keeps NaN
                    document.windows_left -= 1
                    if not document.windows_left:
                        finished.append(document)
            yield [
                ScoredPair(request, position, self._judge(queries[request][0], document, request))
                for document in finished
                for request, position in document.pairs
                if not callbacks.knows((request, position))
            ]

    def _queries(self, texts: dict[int, str], callbacks: _Callbacks) -> dict[int, tuple[ReadText, Encoded]]:
        """Every request's query, read and encoded; equal texts once."""
        read = {text: self._encoder.read(text, "query") for text in dict.fromkeys(texts.values())}
        owners = [(text, window) for text, query in read.items() for window in query.windows]
        parts: dict[str, list[Encoded]] = {text: [] for text in read}
        encoded: dict[int, Encoded] = {}
        for batch in micro_batches([len(window.ids) for _, window in owners], TOKENS_PER_BATCH):
            with self._turn(callbacks):
                vectors = self._encoder.encode([owners[i][1] for i in batch])
            encoded.update(zip(batch, vectors, strict=True))
        for i, (text, _) in enumerate(owners):
            parts[text].append(encoded[i])
        joined = {text: self._encoder.join(windows) for text, windows in parts.items()}
        return {request: (read[text], joined[text]) for request, text in texts.items()}

    def _turn(self, callbacks: _Callbacks) -> AbstractContextManager[None]:
        """The next micro-batch's turn, unless the caller has asked to stop."""
        if callbacks.cancelled and callbacks.cancelled():
            raise StoppedError("Scoring was stopped; the pairs scored so far were handed over.")
        return self._gate.turn(interactive=callbacks.interactive)

    def _judge(self, query: ReadText, document: _Document, request: int) -> Score:
        logit = self._calibration.slope * document.best[request] + self._calibration.intercept
        return Score(
            logit=logit,
            tokens=query.tokens + document.read.tokens,
            truncated=query.truncated or document.read.truncated,
        )


def _blocks(requests: Sequence[ScoringRequest]) -> Iterator[list[tuple[int, int]]]:
    """All (request, document) positions in the caller's order, in blocks."""
    block: list[tuple[int, int]] = []
    for position, request in enumerate(requests):
        for document in range(len(request.documents)):
            block.append((position, document))
            if len(block) == PAIRS_PER_BLOCK:
                yield block
                block = []
    if block:
        yield block
