"""A round of judging: every pair to every model of a panel, several at a time, each answer kept as it comes.

What is known is not asked again, so a round that was stopped or killed goes on where it was. A pair whose
answers cannot be read stays without a label and is counted. What it costs is reckoned elsewhere.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.chat.endpoint import Endpoint, LanguageModelError, RefusedError
from core.errors import InputError, StoppedError
from core.judging.asking import Asking, Question, Reply, put
from core.judging.labels import Label
from core.judging.pairs import Pair
from core.judging.panel import BAD_NUMBER, Panel, join
from core.judging.store import LabelStore
from core.sentences import Sentence

MOST_AT_ONCE = 64
# So many requests in a row without an answer, retries included, and the endpoint is held to be down.
GIVE_UP_AFTER = 5

STOPPED = "Judging was stopped; what was judged is kept."
STOPPED_HINT = "Start it again to go on: nothing that was answered is asked twice."


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a round stands; every count is of this round.

    pairs: to be judged; labelled: those that have a label now; failed: those that got none.
    answers: of models and votes, that were needed; known: those that an earlier round had paid for.
    requests: sent, retries included. malformed: answers that could not be read. tied: grades that only the
    rule for ties chose. read, written: tokens by the endpoint's count. seconds: since it began.
    """

    pairs: int
    answers: int
    known: int = 0
    labelled: int = 0
    failed: int = 0
    requests: int = 0
    malformed: int = 0
    tied: int = 0
    read: int = 0
    written: int = 0
    answered: int = 0
    seconds: float = 0.0
    running: bool = True

    @property
    def done(self) -> int:
        """Pairs that are settled, with a label or without."""
        return self.labelled + self.failed

    @property
    def seconds_left(self) -> float | None:
        """At the rate so far; None before anything was answered."""
        left = self.answers - self.known - self.answered
        return left * self.seconds / self.answered if self.answered else None


@dataclass(slots=True)
class _Votes:
    """The votes of one pair while they come. missing: answers that are still awaited."""

    missing: int
    by_model: dict[str, dict[int, int]] = field(default_factory=dict)


def unanswered(store: LabelStore, panel: Panel, pairs: Sequence[Pair]) -> list[tuple[str, int, int]]:
    """(model, vote, position of a pair) of each answer that would have to be paid for, equal texts once."""
    keys = {
        panel.answer_key(model, vote, pairs[at]): (model, vote, at)
        for model, vote, at in _wanted(panel, pairs)
    }
    known = store.answers(list(keys))
    return [one for key, one in keys.items() if key not in known]


def _wanted(panel: Panel, pairs: Sequence[Pair]) -> Iterator[tuple[str, int, int]]:
    """Every answer that the labels of these pairs take."""
    for position in range(len(pairs)):
        for model in panel.models:
            for vote in range(panel.votes):
                yield model, vote, position


def judge(
    where: Endpoint,
    panel: Panel,
    judged_set: str,
    pairs: Sequence[Pair],
    store: LabelStore,
    *,
    at_once: int = 4,
    stop: threading.Event | None = None,
    on_progress: Callable[[Standing], None] | None = None,
    how: Asking | None = None,
) -> Standing:
    """Label every pair that can be. at_once: requests under way together. stop: set from outside to end it.

    Raises StoppedError when stopped, and the endpoint's LanguageModelError where it refuses or is down; what
    was answered is kept. how: a test's own.
    """
    if not 1 <= at_once <= MOST_AT_ONCE:
        what = Sentence("requests at a time")
        raise InputError(BAD_NUMBER, where=what.text, what=what, most=MOST_AT_ONCE, given=at_once)
    store.describe(panel)
    round_ = _Round(panel, judged_set, pairs, store, on_progress)
    stop = stop or threading.Event()
    how = how or Asking(panel.rubric, panel.temperature)
    waiting = deque(round_.begin())
    halted: LanguageModelError | None = None
    without_answer = 0
    with _Askers(at_once, lambda question: put(where, question, how, stop)) as askers:
        while True:
            while waiting and askers.under_way < at_once and halted is None and not stop.is_set():
                askers.ask(waiting.popleft())
            if not askers.under_way:
                break
            question, reply = askers.next_reply()
            round_.take(question, reply, settled=not stop.is_set())
            without_answer = without_answer + 1 if reply.error and not reply.grades else 0
            if isinstance(reply.error, RefusedError) or without_answer >= GIVE_UP_AFTER:
                halted = reply.error
    standing = round_.end()
    if halted is not None:
        raise halted
    if stop.is_set() and waiting:
        raise StoppedError(STOPPED, hint=STOPPED_HINT)
    return standing


class _Askers:
    """Threads that each put one question at a time. They never keep the program from ending."""

    def __init__(self, count: int, put_question: Callable[[Question], Reply]) -> None:
        self._put = put_question
        self._count = count
        self._questions: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[tuple[Question, Reply | Exception]] = queue.SimpleQueue()
        self.under_way = 0

    def __enter__(self) -> "_Askers":
        for number in range(self._count):
            threading.Thread(target=self._work, name=f"judge-{number}", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for _number in range(self._count):
            self._questions.put(None)

    def ask(self, question: Question) -> None:
        """Put a question when a thread is free."""
        self.under_way += 1
        self._questions.put(question)

    def next_reply(self) -> tuple[Question, Reply]:
        """Wait for the next one; what a thread raised is raised here."""
        question, reply = self._replies.get()
        self.under_way -= 1
        if isinstance(reply, Exception):
            raise reply
        return question, reply

    def _work(self) -> None:
        while (question := self._questions.get()) is not None:
            try:
                self._replies.put((question, self._put(question)))
            except Exception as error:  # whatever it is, `next_reply` raises it where the round is driven
                self._replies.put((question, error))


class _Round:
    """Collects votes into labels and counts, in the one thread that drives the round."""

    def __init__(
        self,
        panel: Panel,
        judged_set: str,
        pairs: Sequence[Pair],
        store: LabelStore,
        on_progress: Callable[[Standing], None] | None,
    ) -> None:
        self._panel, self._judged_set, self._pairs, self._store = panel, judged_set, pairs, store
        self._report = on_progress or (lambda standing: None)
        self._start = time.monotonic()
        answers = len(panel.models) * panel.votes
        self._votes = [_Votes(answers) for _ in pairs]
        # A text that stands in the list more than once is asked about once.
        self._equal: dict[tuple[str, str], list[int]] = {}
        for position, pair in enumerate(pairs):
            self._equal.setdefault(_content(pair), []).append(position)
        self._standing = Standing(len(pairs), answers * len(pairs))

    def begin(self) -> Iterator[Question]:
        """Take what is known; the questions that are left, a pair's own close together."""
        panel = self._panel
        wanted = {
            (model, vote, at): panel.answer_key(model, vote, self._pairs[at])
            for model, vote, at in _wanted(panel, self._pairs)
        }
        known = self._store.answers(list(wanted.values()))
        labels: list[Label] = []
        missing: set[tuple[str, int, int]] = set()
        for one, key in wanted.items():
            if key in known:
                labels += self._vote(one[2], one[0], one[1], known[key])
            else:
                missing.add(one)
        self._store.save(self._judged_set, labels)
        self._note(known=len(wanted) - len(missing))
        return self._questions(missing)

    def take(self, question: Question, reply: Reply, *, settled: bool) -> None:
        """Keep a reply. settled: what has no grade now will get none; else the round was stopped."""
        labels: list[Label] = []
        answers: dict[bytes, int] = {}
        answered = 0
        for position in question.positions:
            grade = reply.grades.get(position)
            if grade is not None:
                key = self._panel.answer_key(question.model, question.vote, self._pairs[position])
                answers[key] = grade
            if grade is not None or settled:
                for equal in self._equal[_content(self._pairs[position])]:
                    labels += self._vote(equal, question.model, question.vote, grade)
                    answered += grade is not None
        self._store.save(self._judged_set, labels, answers)
        was = self._standing
        self._note(
            requests=was.requests + reply.requests,
            malformed=was.malformed + reply.malformed,
            read=was.read + reply.read,
            written=was.written + reply.written,
            answered=was.answered + answered,
        )

    def end(self) -> Standing:
        """The last word."""
        self._note(running=False)
        return self._standing

    def _questions(self, missing: set[tuple[str, int, int]]) -> Iterator[Question]:
        together, pairs = self._panel.together, self._pairs
        by_query: dict[str, list[int]] = {}
        for (query, _), positions in self._equal.items():
            by_query.setdefault(query, []).append(positions[0])
        for query, positions in by_query.items():
            for first in range(0, len(positions), together):
                part = positions[first : first + together]
                for model in self._panel.models:
                    for vote in range(self._panel.votes):
                        left = tuple(at for at in part if (model, vote, at) in missing)
                        if left:
                            texts = tuple(pairs[at].document for at in left)
                            yield Question(model, vote, query, texts, left)

    def _vote(self, position: int, model: str, vote: int, grade: int | None) -> list[Label]:
        """One vote more, or one that did not come; the pair's labels once it was the last."""
        votes = self._votes[position]
        votes.missing -= 1
        if grade is not None:
            votes.by_model.setdefault(model, {})[vote] = grade
        if votes.missing:
            return []
        if not votes.by_model:
            self._standing = replace(self._standing, failed=self._standing.failed + 1)
            return []
        self._standing = replace(self._standing, labelled=self._standing.labelled + 1)
        return self._labels(self._pairs[position], votes)

    def _labels(self, pair: Pair, votes: _Votes) -> list[Label]:
        panel, now = self._panel, time.time()
        ordered = {
            model: tuple(votes.by_model[model][vote] for vote in sorted(votes.by_model[model]))
            for model in panel.models
            if model in votes.by_model
        }
        every = tuple(vote for given in ordered.values() for vote in given)
        joined = join(every, panel.rule)
        self._standing = replace(self._standing, tied=self._standing.tied + joined.tied)
        labels = [Label(pair.query_id, pair.document_id, joined.grade, panel.source, now, every)]
        if len(panel.models) > 1:
            # How well each judge agrees with people is known for each of them, too.
            labels += [
                Label(
                    pair.query_id,
                    pair.document_id,
                    join(given, panel.rule).grade,
                    panel.single(model),
                    now,
                    given,
                )
                for model, given in ordered.items()
            ]
        return labels

    def _note(self, **changed: object) -> None:
        seconds = time.monotonic() - self._start
        self._standing = replace(self._standing, seconds=seconds, **changed)  # type: ignore[arg-type]
        self._report(self._standing)


def _content(pair: Pair) -> tuple[str, str]:
    return pair.query, pair.document
