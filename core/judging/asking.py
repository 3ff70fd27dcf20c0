"""One request to a judging model: asked again where that may help, never guessed where it does not.

What is retried, how long is waited and when it is given up stands here; which requests there are and where
their answers go is for `rounds`.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.chat.asking import Answer, ask
from core.chat.endpoint import Endpoint, LanguageModelError, PassingError, RefusedError
from core.judging.prompt import asked_again, messages, read_grades

# Of one request; a judge reads a few pages and writes a line.
SECONDS = 90.0
# Times that a question is put again: where the endpoint fails for a while, and where the answer is none.
PASSING_RETRIES, MALFORMED_RETRIES = 4, 2
# Doubled each time; an endpoint that names a time is taken at its word.
FIRST_WAIT = 1.0

Ask = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in one request. positions: of the documents, in the caller's list of pairs."""

    model: str
    vote: int
    query: str
    documents: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a question. grades: by position; a document without one was not judged.

    malformed: answers that could not be read. requests: how often the endpoint was asked, retries included.
    read, written: tokens by the endpoint's count. error: why it ended without an answer, if it did.
    """

    grades: dict[int, int]
    requests: int = 0
    malformed: int = 0
    read: int = 0
    written: int = 0
    error: LanguageModelError | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """How to ask. first_wait, seconds: a test's own. send: the client, `core.chat.asking.ask`."""

    rubric: str
    temperature: float
    seconds: float = SECONDS
    first_wait: float = FIRST_WAIT
    send: Ask = ask


def put(where: Endpoint, question: Question, how: Asking, stop: threading.Event) -> Reply:
    """Ask until there is an answer that can be read, or no more hope of one.

    Several documents whose answers cannot be read together are asked about one by one.
    """
    reply = _readable(where, question, how, stop)
    if reply.grades or reply.error is not None or len(question.documents) == 1:
        return reply
    for position, document in zip(question.positions, question.documents, strict=True):
        alone = replace(question, documents=(document,), positions=(position,))
        reply = _both(reply, _readable(where, alone, how, stop))
        if reply.error is not None:
            break
    return reply


def _readable(where: Endpoint, question: Question, how: Asking, stop: threading.Event) -> Reply:
    reply = Reply({})
    asked = first = messages(how.rubric, question.query, question.documents)
    for _ in range(1 + MALFORMED_RETRIES):
        answered = _answered(where, question, asked, how, stop)
        if isinstance(answered, Reply):
            return _both(reply, answered)
        answer, requests = answered
        grades = read_grades(answer.text, len(question.documents))
        found = dict(zip(question.positions, grades, strict=True)) if grades is not None else {}
        reply = _both(
            reply, Reply(found, requests, int(grades is None), answer.read or 0, answer.written or 0)
        )
        if grades is not None:
            break
        asked = asked_again(first, answer.text, len(question.documents))
    return reply


def _answered(
    where: Endpoint,
    question: Question,
    asked: Sequence[dict[str, str]],
    how: Asking,
    stop: threading.Event,
) -> tuple[Answer, int] | Reply:
    """The answer and how often was asked; a reply with the error where none came."""
    judge = replace(where, model=question.model)
    # Equal questions at a temperature differ by their seed, so that a vote can be asked for again.
    seed = question.vote if how.temperature else None
    wait = how.first_wait
    for attempt in range(1, 2 + PASSING_RETRIES):
        try:
            facts = {"seconds": how.seconds, "temperature": how.temperature, "seed": seed}
            return how.send(judge, asked, **facts), attempt
        except PassingError as error:
            if attempt > PASSING_RETRIES or stop.wait(max(wait, error.seconds)):
                return Reply({}, attempt, error=error)
            wait *= 2
        except RefusedError as error:
            return Reply({}, attempt, error=error)
        except LanguageModelError as error:
            # A body that is no chat at all, or a status that repeats itself.
            return Reply({}, attempt, 1, error=error)
    raise AssertionError  # the last attempt returns


def _both(first: Reply, second: Reply) -> Reply:
    return Reply(
        first.grades | second.grades,
        first.requests + second.requests,
        first.malformed + second.malformed,
        first.read + second.read,
        first.written + second.written,
        second.error,
    )
