"""Scores many callers' requests in shared passes: whatever waits when a pass ends goes into the next one.

Lanes (threads) take portions from the fair queue, score them together, and hand the scores to their
requests. Two lanes let one portion be tokenised while the other is in the model. A request leaves early when
its caller has gone or its deadline has passed; one that the model refuses fails alone. A batcher serves one
scorer; the scores do not depend on who shares a pass. What is asked of it, and what is known already, is
`answers`' affair.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from core.engine.gate import timed_turns
from core.errors import BusyError, NoNumberError, StoppedError, TooLateError, WorkbenchError
from core.jobs.pace import most_work, work_of
from core.records import PlansPasses, Score, ScoredPair, Scorer, ScoringRequest
from core.workflows.serving.fair_queue import FairQueue, Portion, Queued

log = logging.getLogger(__name__)

# Bytes of text per token, roughly: English has more, Chinese fewer. The scorer counts exactly and plans anew.
BYTES_PER_TOKEN = 4
# A pass should not take longer than this, so that whoever comes next waits no longer; but a smaller one than
# SMALLEST_PASS_TOKENS reads too many queries anew for too few documents.
PASS_SECONDS = 2.0
SMALLEST_PASS_TOKENS = 512
# Of a scorer that makes no passes of its own, such as a server elsewhere.
OTHER_PASS_TOKENS = 4096
# How many requests may be unanswered, however short: memory for their texts is the limit.
MAX_WAITING = 1000
# A new measurement counts this much in the rate.
RATE_WEIGHT = 0.2
# A lane that has had nothing to do for this long ends; the next request starts one.
IDLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class PassReport:
    """One shared pass. tokens: that the model read. seconds: of which `model` in the model, `tokenise`
    before.
    """

    requests: int
    pairs: int
    tokens: int
    seconds: float
    model: float
    tokenise: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A request's scores in its order, and the seconds it waited, was tokenised, and was in the model."""

    scores: tuple[Score, ...]
    queue: float = 0.0
    tokenise: float = 0.0
    model: float = 0.0


@dataclass(eq=False, slots=True)
class Waiting:
    """A request on its way to its scores."""

    request: ScoringRequest
    future: "Future[Scored]"
    deadline: float | None
    arrived: float
    scores: list[Score | None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    began: float | None = None
    tokenise: float = 0.0
    model: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        # From now on nobody but `settle` ends it: a caller that goes away says so by `cancel`.
        self.future.set_running_or_notify_cancel()

    def cancel(self) -> None:
        """Nobody waits for the answer any longer."""
        self.cancelled.set()

    def settle(self, error: Exception | None = None) -> None:
        """End it with an error, or with its scores if all are there; two lanes may finish a half each."""
        with self.lock:
            scores = tuple(score for score in self.scores if score is not None)
            if self.future.done() or (error is None and len(scores) < len(self.scores)):
                return
            if error is not None:
                self.future.set_exception(error)
                return
            queue = (self.began or self.arrived) - self.arrived
            self.future.set_result(Scored(scores, queue, self.tokenise, self.model))


class Batcher:
    """Serves one scorer from its first request on. Safe to use from many threads."""

    def __init__(
        self,
        scorer: Scorer,
        *,
        max_wait_seconds: float,
        lanes: int = 2,
        on_pass: Callable[[PassReport], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self.scorer = scorer
        self._max_wait = max_wait_seconds
        self._lanes, self._max_waiting = lanes, MAX_WAITING
        self._on_pass = on_pass
        self._changed = threading.Condition()
        self._queue: FairQueue[Waiting] = FairQueue(OTHER_PASS_TOKENS * BYTES_PER_TOKEN)
        self._running = 0  # lanes that are alive
        self._under_way = 0  # work that lanes have taken
        self._unanswered = 0  # requests, whether they wait or are in a pass
        self._rate: float | None = None  # work per second, all lanes together

    @property
    def waiting(self) -> int:
        """How many requests have documents that no pass has taken yet."""
        with self._changed:
            return len(self._queue)

    def submit(self, request: ScoringRequest, caller: str, deadline: float | None = None) -> Waiting:
        """Queue a request. deadline: on the clock of `time.monotonic`.

        BusyError where the wait would be too long, and TooLateError where it would end after the deadline.
        """
        now = self._clock()
        waiting = Waiting(request, Future(), deadline, now, [None] * len(request.documents))
        most = most_work(self.scorer.info)
        works = [work_of(text, most) for text in request.documents]
        head = work_of(request.query) + len((request.instruction or "").encode("utf-8", "surrogatepass"))
        with self._changed:
            self._refuse_hopeless(caller, sum(works) + head, deadline, now)
            self._unanswered += 1
            self._queue.add(Queued(waiting, caller, works, head))
            if self._running < min(self._lanes, len(self._queue) + bool(self._under_way)):
                self._running += 1
                threading.Thread(target=self._serve, name="scoring-lane", daemon=True).start()
            self._changed.notify()
        waiting.future.add_done_callback(self._answered)
        return waiting

    def _answered(self, _: object) -> None:
        with self._changed:
            self._unanswered -= 1

    def expected_wait(self, caller: str, work: int) -> float:
        """Seconds until a new request of `work` would begin, as far as is known; 0 before the first pass."""
        with self._changed:
            return self._expected_wait(caller, work)

    def _expected_wait(self, caller: str, work: int) -> float:
        if not self._rate:
            return 0.0
        return (self._under_way + self._queue.work_before(caller, work)) / self._rate

    def _refuse_hopeless(self, caller: str, work: int, deadline: float | None, now: float) -> None:
        wait = self._expected_wait(caller, work)
        if self._unanswered >= self._max_waiting or wait > self._max_wait:
            error = BusyError(
                "{count} requests are waiting already; yours would wait for {seconds} seconds.",
                hint="Try again later.",
                count=self._unanswered,
                seconds=round(wait),
            )
            error.retry_after = max(1, round(wait - self._max_wait))
            raise error
        if deadline is not None and now + wait > deadline:
            raise _late(wait)

    def _serve(self) -> None:
        while (portions := self._next_portions()) is not None:
            began = self._clock()
            try:
                self._score(portions, began)
            except Exception as error:  # a thread's last line: whoever waits must be told
                log.exception("a pass failed")
                for one in portions:
                    self._fail(one.queued, error)
            with self._changed:
                self._under_way -= _work_of(portions)
                self._changed.notify()

    def _next_portions(self) -> list[Portion[Waiting]] | None:
        """The next pass; None when there has been nothing to do for long."""
        with self._changed:
            while True:
                self._drop_unwanted()
                budget = self._pass_work()
                self._queue.pass_work = budget
                if portions := self._queue.take(budget):
                    self._under_way += _work_of(portions)
                    return portions
                if not self._changed.wait(IDLE_SECONDS):
                    self._running -= 1
                    return None

    def _drop_unwanted(self) -> None:
        now = self._clock()
        for queued in list(self._queue):
            waiting = queued.item
            if waiting.cancelled.is_set():
                self._queue.remove(queued)
                waiting.settle(StoppedError("The request was given up."))
            elif waiting.deadline is not None and now > waiting.deadline:
                self._queue.remove(queued)
                waiting.settle(_late(now - waiting.arrived))

    def _pass_work(self) -> int:
        tokens = self.scorer.pass_tokens if isinstance(self.scorer, PlansPasses) else OTHER_PASS_TOKENS
        if self._rate:
            quick = int(self._rate * PASS_SECONDS) // BYTES_PER_TOKEN
            tokens = min(tokens, max(SMALLEST_PASS_TOKENS, quick))
        return tokens * BYTES_PER_TOKEN

    def _learn_rate(self, work: int, occupied: float, seconds: float) -> None:
        # Lanes share the model's time; a scorer without turns lets all of them work at once.
        rate = work / occupied if occupied > 0 else work * self._lanes / max(seconds, 1e-6)
        with self._changed:
            self._rate = rate if self._rate is None else self._rate + RATE_WEIGHT * (rate - self._rate)

    def _score(self, portions: Sequence[Portion[Waiting]], began: float) -> None:
        wanted = [one for one in portions if not one.queued.item.future.done()]
        for one in wanted:
            one.queued.item.began = one.queued.item.began or began
        try:
            self._pass(wanted)
        except Exception as error:  # whoever waits must be told, whatever it is
            if len(wanted) == 1:
                self._fail(wanted[0].queued, error)
                return
            log.info("a shared pass failed, its requests go on alone: %s", error)
            for one in wanted:
                try:
                    self._pass([one])
                except Exception as own:  # its caller must be told, whatever it is
                    self._fail(one.queued, own)

    def _pass(self, portions: Sequence[Portion[Waiting]]) -> None:
        """Score what these portions still miss, together, and settle the requests that are complete."""
        places: list[list[int]] = []
        requests: list[ScoringRequest] = []
        for one in portions:
            item = one.queued.item
            missing = [at for at in range(one.start, one.stop) if item.scores[at] is None]
            places.append(missing)
            texts = tuple(item.request.documents[at] for at in missing)
            requests.append(ScoringRequest(item.request.query, texts, item.request.instruction))
        pairs = tokens = 0

        def keep(batch: Sequence[ScoredPair]) -> None:
            nonlocal pairs, tokens
            for pair in batch:
                portions[pair.request].queued.item.scores[places[pair.request][pair.document]] = pair.score
                pairs += 1
                tokens += pair.score.tokens

        def unwanted() -> bool:
            return all(one.queued.item.cancelled.is_set() for one in portions)

        began = self._clock()
        with timed_turns() as times:
            try:
                self.scorer.score_many(requests, on_scored=keep, cancelled=unwanted, interactive=True)
            except NoNumberError as error:
                # Its place among all of the request's documents, not among those of this pass.
                at = places[error.query][error.document]
                text = portions[error.query].queued.item.request.documents[at]
                raise NoNumberError.of(0, at, queries=1, text=text) from error
        seconds = self._clock() - began
        tokenise = max(0.0, seconds - times.held - times.waited)
        self._learn_rate(_work_of(portions), times.occupied, seconds)
        for one in portions:
            one.queued.item.model += times.held
            one.queued.item.tokenise += tokenise
        if self._on_pass is not None:
            self._on_pass(PassReport(len(portions), pairs, tokens, seconds, times.held, tokenise))
        for one in portions:
            one.queued.item.settle()

    def _fail(self, queued: Queued[Waiting], error: Exception) -> None:
        with self._changed:
            self._queue.remove(queued)
        queued.item.settle(error)


def _work_of(portions: Sequence[Portion[Waiting]]) -> int:
    return sum(sum(one.queued.works[one.start : one.stop]) + one.queued.head for one in portions)


def _late(seconds: float) -> WorkbenchError:
    return TooLateError(
        "The answer would come after the time-out that you sent: {seconds} seconds.",
        hint="Raise the client's time-out, or send fewer documents at a time.",
        seconds=round(seconds, 1),
    )
