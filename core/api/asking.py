"""From a request's body to the answer's bytes: reading on a thread, scoring in shared passes, writing on a
thread.

The event loop only waits. A client that goes cancels the task it waits in, which takes its documents out of
the queue. The formats are `dialects`' and `pairs`' affair.
"""

import asyncio
import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import Response

from core.api.dialects import dialect_of
from core.api.dialects.call import Answer, Call
from core.api.dialects.fields import Fields, first_scores_of, recipe_of
from core.api.dialects.tei import TOO_LONG
from core.api.json_bounds import read_json
from core.api.observed import Observed
from core.api.pairs import PairsCall, pairs_answer, read_pairs, read_predict
from core.api.responses import JsonResponse, refused_for
from core.api.stoppable import on_thread
from core.errors import InputError, WorkbenchError
from core.records import ScoringRequest
from core.workflows.rerank.candidates import check_candidates
from core.workflows.rerank.cutting import Cutting
from core.workflows.serving.answers import AnswerService, Pending, Question, Served
from core.workflows.serving.recent import AskedTexts

# A body of 32 MB takes half a second; two at a time leave the interpreter to others in between.
PARSING_THREADS = 2
# Preparing and writing answers; the model itself runs on the batcher's lanes.
ANSWERING_THREADS = 4
# Seconds, as clients and proxies send them.
_DEADLINES = ("x-request-timeout", "request-timeout", "x-stainless-read-timeout", "x-stainless-timeout")

NO_ROOM = "Document {n} is longer than the model reads, and the request forbids to shorten it."
NO_ROOM_HINT = 'Send "truncate": true, or shorter documents.'

PAIRS_RECIPE = "Pairs are scored one by one; a recipe is for the documents of one query."
PAIRS_RECIPE_HINT = "Send them to /rerank."

Result = TypeVar("Result")


class Desk:
    """Answers requests of one app. Used from the event loop only."""

    def __init__(self, service: AnswerService) -> None:
        self._service = service
        self._parsing: anyio.CapacityLimiter | None = None
        self._answering: anyio.CapacityLimiter | None = None

    async def rerank(self, request: Request, noted: Observed) -> Response:
        """Any rerank-shaped POST; the body chooses the format."""
        path = request.url.path.rstrip("/")
        fields = await self._fields(request)
        dialect = dialect_of(fields)
        noted.dialect = dialect.name
        read, write = dialect.read, dialect.write
        try:
            call = await self._reading(lambda: _with_recipe(read(fields, path), fields))
            answer = await self._answer(call, request, noted)
            return await self._writing(lambda: write(answer, fields, path))
        except WorkbenchError as error:
            return refused_for(error, dialect)

    async def predict(self, request: Request, noted: Observed) -> Response:
        """Gradio's old form."""
        noted.dialect = "predict"
        fields = await self._fields(request)
        call = await self._reading(lambda: read_predict(fields))
        answer = await self._answer(call, request, noted)
        return await self._writing(lambda: {"data": [[one.document for one in answer.kept]]})

    async def score(self, request: Request, noted: Observed) -> Response:
        """Pairs in, their scores in the same order out."""
        noted.dialect = "score"
        fields = await self._fields(request)
        if recipe_of(fields):
            raise InputError(PAIRS_RECIPE, where="recipe", hint=PAIRS_RECIPE_HINT)
        call = await self._reading(lambda: read_pairs(fields))
        most = self._service.bench.settings.max_documents
        check_candidates(call.queries[0] if call.queries else "", call.documents, max_documents=most)
        questions = [_pairs_question(call, one, request) for one in call.requests()]
        served = await asyncio.gather(*(self.served(question) for question in questions))
        for one in served:
            noted.add(one)
        scores = [
            ranked.score
            for one in served
            for ranked in sorted(one.reranking.ranked, key=lambda ranked: ranked.index)
        ]
        return await self._writing(lambda: pairs_answer(call, scores, served[0].reranking.scorer))

    async def _answer(self, call: Call, request: Request, noted: Observed) -> Answer:
        noted.texts = AskedTexts(call.query, call.documents, call.instruction)
        served = await self.served(_question(call, request))
        noted.add(served)
        _check_whole(call, served)
        return Answer.of(call, served.reranking)

    async def _fields(self, request: Request) -> Fields:
        body = await request.body()
        return await self._reading(lambda: _object(body))

    async def served(self, question: Question) -> Served:
        """A question's answer, waited for without a thread. Raises WorkbenchError."""
        errand = _Errand()
        try:
            pending = await self._preparing(lambda: errand.begin(self._service, question))
            await asyncio.wait([asyncio.wrap_future(pending.future)])
        finally:
            errand.end()  # has no effect on what is done
        return await self._preparing(pending.finish)

    async def _reading(self, work: Callable[[], Result]) -> Result:
        if self._parsing is None:
            self._parsing = anyio.CapacityLimiter(PARSING_THREADS)
        return await on_thread(lambda _: work(), self._parsing)

    async def _preparing(self, work: Callable[[], Result]) -> Result:
        if self._answering is None:
            self._answering = anyio.CapacityLimiter(ANSWERING_THREADS)
        return await on_thread(lambda _: work(), self._answering)

    async def _writing(self, body: Callable[[], object]) -> Response:
        return await self._preparing(lambda: JsonResponse(body()))


class _Errand:
    """A question that a thread begins while the task that waits for it may end at any moment."""

    def __init__(self) -> None:
        self._pending: Pending | None = None
        self._ended = False

    def begin(self, service: AnswerService, question: Question) -> Pending:
        self._pending = pending = service.begin(question)
        if self._ended:
            pending.cancel()
        return pending

    def end(self) -> None:
        self._ended = True
        if self._pending is not None:
            self._pending.cancel()


def caller_of(request: Request) -> str:
    """Who asks, so that one caller's requests do not push another's aside: address, key and program."""
    address = request.client.host if request.client else ""
    key = hashlib.sha256(request.headers.get("authorization", "").encode()).hexdigest()[:8]
    return f"{address} {key} {request.headers.get('user-agent', '')}"


def deadline_of(request: Request) -> float | None:
    """When the client stops waiting, where it says so, on the clock of `time.monotonic`."""
    for name in _DEADLINES:
        try:
            seconds = float(request.headers.get(name, ""))
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds > 0:
            return time.monotonic() + seconds
    return None


def _question(call: Call, request: Request) -> Question:
    limited = call.most_tokens or call.keep_end
    return Question(
        call.query,
        call.documents,
        call.instruction,
        caller_of(request),
        Cutting(call.most_tokens or None, call.keep_end) if limited else None,
        deadline_of(request),
        call.recipe,
        call.model,
        call.first_scores,
    )


def _with_recipe(call: Call, fields: Fields) -> Call:
    """A recipe is asked for in the same words whatever the format."""
    return replace(call, recipe=recipe_of(fields), first_scores=first_scores_of(fields))


def _pairs_question(call: PairsCall, one: ScoringRequest, request: Request) -> Question:
    return Question(
        one.query, one.documents, call.instruction, caller_of(request), None, deadline_of(request)
    )


def _check_whole(call: Call, served: Served) -> None:
    """Raise where the client forbids a cut that was needed."""
    cut = sorted(
        one.index for one in served.reranking.ranked if one.scored is not None and one.scored.truncated
    )
    if cut and not call.may_truncate:
        raise InputError(NO_ROOM, where=TOO_LONG, hint=NO_ROOM_HINT, n=cut[0] + 1)


def _object(body: bytes) -> Fields:
    value = read_json(body)
    if not isinstance(value, dict):
        raise InputError("The body must be a JSON object.", where="body")
    return value
