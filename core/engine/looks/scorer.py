"""A scorer that looks twice: faster for long documents, at the price of a top that may lack one of them.

It reads the beginning of every document, and the rest of those that could still reach the first places, as
`core.engine.looks.choosing` says. The others get the score of their beginning, moved by what reading on
changed for those that were read, and are marked as truncated. Every score of a document that was read on is
what a whole reading gives; what may be missing among the first is a document whose beginning misled. How
often that happens is found on a sample of the queries, which are read whole.
"""

import hashlib
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from core.engine.encoding import EncodedPairs
from core.engine.finite import part_finite
from core.engine.looks.choosing import BEGINNING, READ_ON, looks_twice, read_on_first, read_on_then, top_of
from core.engine.looks.reading import Found, Passes, QueryReading
from core.engine.model import PackedModel
from core.engine.packing import Pair
from core.engine.prompt import PromptEncoder
from core.engine.turns import Turns
from core.errors import InputError, StoppedError
from core.records import OnChecked, Score, ScoredPair, ScorerInfo, ScoringRequest

if TYPE_CHECKING:
    from core.engine.scorer import Qwen3Scorer

NOTE = "Two looks: documents far from the top were read up to their first 128 tokens."
# Of the queries in which documents are left, so many are read whole to see what that changes.
CHECKED_SHARE, MOST_CHECKED = 0.1, 100


@dataclass(frozen=True, slots=True)
class Engine:
    """What a scorer reads with. encode: pairs to their tokens."""

    model: PackedModel
    encoder: PromptEncoder
    turns: Turns
    encode: Callable[[Sequence[Pair]], EncodedPairs]


class TwoLooksScorer:
    """Implements `core.records.Scorer` over a scorer that reads everything."""

    def __init__(
        self, whole: "Qwen3Scorer", engine: Engine, top: int, on_checked: OnChecked | None = None
    ) -> None:
        """top: the places that are to be right. on_checked: told of each query of the sample; without it
        nothing is checked. InputError where there is no place at the top."""
        if top < 1:
            raise InputError("Two looks need at least one place at the top.", where="two_looks")
        self._whole, self._engine, self._top, self._on_checked = whole, engine, top, on_checked
        info = whole.info
        identity = f"{info.fingerprint}|two looks|{BEGINNING}|{READ_ON}|{top}"
        self._info = replace(
            info,
            fingerprint=hashlib.sha256(identity.encode()).hexdigest()[:16],
            notes=(*info.notes, NOTE),
            two_looks=top,
        )

    @property
    def info(self) -> ScorerInfo:
        """Its scores are no whole reading's, and are never taken for them."""
        return self._info

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        """See `core.records.Scorer`."""
        request = ScoringRequest(query, tuple(documents), instruction)
        return self.score_many([request], on_progress=on_progress, interactive=True)[0]

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        interactive: bool = False,
    ) -> list[list[Score]]:
        """See `core.records.Scorer`. Queries are read one after the other."""
        known = [[False] * len(request.documents) for request in requests]
        return self._run(_Run(requests, known, interactive, on_progress, on_scored, cancelled))

    def score_rest(
        self,
        requests: Sequence[ScoringRequest],
        known: Sequence[Sequence[bool]],
        *,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """See `core.records.RepeatsPasses`: a query with a missing score is read again as a whole."""
        self._run(_Run(requests, known, False, None, on_scored, cancelled))

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        """Tokens of each pair when it is read whole."""
        return self._whole.count_tokens(query, documents, instruction)

    def tokens_read(self, tokens: int, candidates: int) -> int:
        """Of a pair of so many tokens among so many candidates, those that are read on average."""
        beginning = min(tokens, BEGINNING + self._around)
        if not looks_twice(candidates, self._top):
            return tokens
        return beginning + (tokens - beginning) * READ_ON * self._top // candidates

    def document_tokens(self, text: str) -> int:
        """See `core.records.CountsDocumentTokens`."""
        return self._whole.document_tokens(text)

    @property
    def _around(self) -> int:
        """Tokens of a prompt without query and document, nearly."""
        return len(self._engine.encoder.prefix(None, "")) + len(self._engine.encoder.closing)

    def _run(self, run: "_Run") -> list[list[Score]]:
        passes = Passes(self._engine.model, self._engine.turns, run.interactive, run.stop_if_asked)
        sample = self._sample(run.requests)
        for at, request in enumerate(run.requests):
            if all(run.known[at]):
                continue
            texts = list(dict.fromkeys(request.documents))
            encoded = self._engine.encode([Pair(request.instruction, request.query, one) for one in texts])
            # Read in several parts, a document has no one beginning.
            in_parts = any(count > 1 for count in encoded.parts.values())
            report = partial(run.report, at)
            if in_parts or not looks_twice(len(texts), self._top):
                self._read_all(ScoringRequest(request.query, tuple(texts), request.instruction), run, report)
                continue
            reading = QueryReading(passes, encoded, self._engine.encoder.closing)
            self._look_twice(reading, texts, report, at if at in sample else None)
        return run.scores

    def _look_twice(
        self, reading: QueryReading, texts: Sequence[str], report: "_Report", checked: int | None
    ) -> None:
        """checked: the request's position where it is one of the sample."""
        logits: dict[int, float] = {}
        whole: set[int] = set()

        def finish(found: Found) -> None:
            logits.update(found)
            whole.update(at for at, _ in found)
            if found:
                report([(texts[at], reading.score(at, logit)) for at, logit in found])

        for found in reading.first_look(lambda: read_on_first(logits, self._top)):
            logits.update(found)
            # A beginning without a number ends the run as a document without one does.
            finish([(at, logit) for at, logit in found if reading.is_short(at) or not math.isfinite(logit)])
        beginnings = dict(logits)
        going_on = [at for at in read_on_first(logits, self._top) if at not in whole]
        for found in reading.read_on(going_on):
            finish(found)
        # What reading on changed for these, on average, is expected of the others too: a beginning's score
        # alone lies on another scale than a whole document's.
        moved = sum(logits[at] - beginnings[at] for at in going_on) / max(len(going_on), 1)
        logits.update({at: beginnings[at] + moved for at in beginnings if at not in whole})
        for found in reading.read_on(read_on_then(logits, self._top, whole)):
            finish(found)
        left = [at for at in range(len(texts)) if at not in whole]
        if checked is None or self._on_checked is None:
            report([(texts[at], reading.first_score(at, logits[at])) for at in left])
            return
        looked = top_of(logits, self._top)
        for found in reading.read_on(left):
            finish(found)
        self._on_checked(checked, len(top_of(logits, self._top) - looked))

    def _read_all(self, request: ScoringRequest, run: "_Run", report: "_Report") -> None:
        """So few documents that nothing is to be saved."""

        def hand_on(pairs: Sequence[ScoredPair]) -> None:
            report([(request.documents[pair.document], pair.score) for pair in pairs])

        try:
            self._whole.score_many(
                [request], on_scored=hand_on, cancelled=run.cancelled, interactive=run.interactive
            )
        except StoppedError:
            run.stop_if_asked()
            raise

    def _sample(self, requests: Sequence[ScoringRequest]) -> frozenset[int]:
        """The queries that are read whole to see what two looks change: drawn, the same each time."""
        if self._on_checked is None:
            return frozenset()
        at_stake = [
            at for at, request in enumerate(requests) if looks_twice(len(set(request.documents)), self._top)
        ]
        count = min(MOST_CHECKED, int(len(at_stake) * CHECKED_SHARE))
        return frozenset(random.Random(len(requests)).sample(at_stake, count))


_Report = Callable[[Sequence[tuple[str, Score]]], None]


@dataclass(slots=True)
class _Run:
    """One call: what was asked, who is told, and what has been found."""

    requests: Sequence[ScoringRequest]
    known: Sequence[Sequence[bool]]
    interactive: bool
    on_progress: Callable[[int, int], None] | None
    on_scored: Callable[[Sequence[ScoredPair]], None] | None
    cancelled: Callable[[], bool] | None
    done: int = 0
    _found: dict[tuple[int, int], Score] = field(default_factory=dict)

    def stop_if_asked(self) -> None:
        """StoppedError once the caller wants no more."""
        if self.cancelled and self.cancelled():
            raise StoppedError(
                "Stopped after {done} of {total} pairs.",
                hint="Run it again to score only what is missing.",
                done=self.done,
                total=self._total,
            )

    def report(self, at: int, scored: Sequence[tuple[str, Score]]) -> None:
        """Hand the scores of a request's texts on, to every place that waits for one."""
        scores = dict(scored)
        pairs = [
            ScoredPair(at, place, scores[text])
            for place, text in enumerate(self.requests[at].documents)
            if text in scores and not self.known[at][place]
        ]
        finished, refusal = part_finite(pairs, self.requests)
        self._found.update({(one.request, one.document): one.score for one in finished})
        self.done += len(finished)
        if self.on_scored and finished:
            self.on_scored(finished)
        if self.on_progress:
            self.on_progress(self.done, self._total)
        if refusal:
            raise refusal

    @property
    def scores(self) -> list[list[Score]]:
        """All that was found, by request."""
        return [
            [self._found[at, place] for place in range(len(request.documents)) if (at, place) in self._found]
            for at, request in enumerate(self.requests)
        ]

    @property
    def _total(self) -> int:
        return sum(row.count(False) for row in self.known)
