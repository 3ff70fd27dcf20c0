"""A rerank server as a `core.records.Scorer`: documents cut into requests, several under way at a time.

Every answered request is handed on before the next one is waited for, so that a job that is stopped, or whose
server went away, keeps what was scored. Counts, indexes and numbers were checked by `servers`. Whether the
server cut a long document is not known: no server says so.
"""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from core.errors import StoppedError
from core.models.remote.detection import Found
from core.models.remote.servers import Asked
from core.models.remote.servers.server import Price, Scale
from core.models.remote.transport import TooMuchError, Transport
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest

AT_A_TIME = 4
# Nearest to 0 and 1 that a probability is taken to be: servers round, and log(0) is no score.
SATURATED = 1e-9


@dataclass(frozen=True, slots=True)
class _Part:
    """Documents of one request of the caller's, small enough for one request to the server."""

    request: int
    documents: tuple[int, ...]


class RemoteScorer:
    """Implements `core.records.Scorer`. Safe to call from several threads."""

    def __init__(self, transport: Transport, found: Found, info: ScorerInfo, scale: Scale) -> None:
        """`connecting.connect` makes one."""
        self._transport, self._found, self._info, self._scale = transport, found, info, scale
        self._most_documents = found.server.most_documents

    @property
    def info(self) -> ScorerInfo:
        """Which server this is, and what it runs."""
        return self._info

    @property
    def price(self) -> Price | None:
        """What its maker charges; None where that is not known."""
        return self._found.server.prices.get(self._found.model)

    @property
    def hosted(self) -> bool:
        """Whether its maker runs it, and may charge for it."""
        return bool(self._found.server.hosts)

    def close(self) -> None:
        """End the connection."""
        self._transport.close()

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
        return self.score_many([request], on_progress=on_progress)[0]

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        interactive: bool = False,
    ) -> list[list[Score]]:
        """Score many queries; see `core.records.Scorer`. Equal documents of a query are sent once."""
        results: list[list[Score | None]] = [[None] * len(request.documents) for request in requests]
        done, total = 0, sum(len(request.documents) for request in requests)
        parts, stop = self._parts(requests), threading.Event()
        with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="remote-scorer") as threads:
            running: dict[Future[list[Score]], _Part] = {}
            try:
                while True:
                    if cancelled and cancelled():
                        raise StoppedError(
                            "Stopped after {done} of {total} pairs.",
                            hint="Run it again to score only what is missing.",
                            done=done,
                            total=total,
                        )
                    while len(running) < AT_A_TIME and (part := next(parts, None)) is not None:
                        running[threads.submit(self._ask, requests[part.request], part.documents, stop)] = (
                            part
                        )
                    if not running:
                        break
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        part = running.pop(future)
                        finished = _placed(requests, part, future.result())
                        for one in finished:
                            results[one.request][one.document] = one.score
                        done += len(finished)
                        if on_scored:
                            on_scored(finished)
                        if on_progress:
                            on_progress(done, total)
            finally:
                stop.set()
                self._hand_on(requests, running, on_scored)
        return [[score for score in row if score is not None] for row in results]

    def _hand_on(
        self,
        requests: Sequence[ScoringRequest],
        running: dict[Future[list[Score]], _Part],
        on_scored: Callable[[Sequence[ScoredPair]], None] | None,
    ) -> None:
        """What is under way when the work ends early is paid for: it is waited for and kept."""
        for future in running:
            future.cancel()
        for future, part in running.items():
            if not future.cancelled() and future.exception() is None and on_scored:
                on_scored(_placed(requests, part, future.result()))

    def _parts(self, requests: Sequence[ScoringRequest]) -> Iterator[_Part]:
        """The requests to the server, cut by the number of documents and by their bytes."""
        for place, request in enumerate(requests):
            first = {text: at for at, text in reversed(list(enumerate(request.documents)))}
            portion: list[int] = []
            size = 0
            for at in sorted(first.values()):
                length = len(request.documents[at].encode("utf-8", "replace")) + len(request.query)
                full = len(portion) >= self._most_documents
                if portion and (full or size + length > self._found.server.most_bytes):
                    yield _Part(place, tuple(portion))
                    portion, size = [], 0
                portion.append(at)
                size += length
            if portion:
                yield _Part(place, tuple(portion))

    def _ask(self, request: ScoringRequest, places: Sequence[int], stop: threading.Event) -> list[Score]:
        """One request's scores; halves it where the server takes it for too large, and remembers that."""
        server = self._found.server
        texts = [request.documents[place] for place in places]
        instruction = request.instruction if server.instruction else None
        try:
            answer = self._transport.post(
                self._found.path,
                server.body(Asked(self._found.model, request.query, texts, instruction)),
                stop,
            )
        except TooMuchError:
            if len(places) == 1:
                raise
            half = len(places) // 2
            self._most_documents = min(self._most_documents, max(1, half))
            return [*self._ask(request, places[:half], stop), *self._ask(request, places[half:], stop)]
        return [_score(value, self._scale) for value in server.read(answer, len(texts))]


def _placed(requests: Sequence[ScoringRequest], part: _Part, scores: Sequence[Score]) -> list[ScoredPair]:
    """The scores of a part at every place that has one of its texts."""
    documents = requests[part.request].documents
    of_text = {documents[place]: score for place, score in zip(part.documents, scores, strict=True)}
    return [
        ScoredPair(part.request, place, of_text[text])
        for place, text in enumerate(documents)
        if text in of_text
    ]


def logit_of(probability: float) -> float:
    """log(p / (1 - p)), with p at most `SATURATED` from 0 and 1."""
    kept = min(max(probability, SATURATED), 1 - SATURATED)
    return math.log(kept / (1 - kept))


def _score(value: float, scale: Scale) -> Score:
    """tokens: 0, since servers tell them per request at most."""
    logit = value if scale == "logit" else logit_of(value)
    return Score(logit, 0, False)
