"""One query's documents in a better order, for any framework: scored by a scorer of this process or by a
server of this program, waited for or awaited, and with the order as it came where that is asked for.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from core.errors import InputError, ModelError, WorkbenchError
from core.records import Scorer, sigmoid

log = logging.getLogger(__name__)

URL = "http://localhost:8080"
# A thousand documents on a CPU take minutes; a server that is gone is found at once.
SECONDS = 300.0
CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A document of the answer. index: in the caller's list. logit: None where the first order was kept."""

    index: int
    logit: float | None

    @property
    def probability(self) -> float | None:
        """sigmoid(logit): no probability where the embedded model scored, only its order counts."""
        return None if self.logit is None else sigmoid(self.logit)

    def metadata(self) -> dict[str, float]:
        """What is written beside the document; nothing where there is no score."""
        if self.logit is None:
            return {}
        return {"relevance_score": sigmoid(self.logit), "logit": self.logit}


class Source(Protocol):
    """Whoever scores. Documents come best first, equal ones as they came."""

    def ranked(self, query: str, texts: Sequence[str], instruction: str | None) -> list[Placed]:
        """Score and wait. Raises WorkbenchError."""
        ...

    async def ranked_later(self, query: str, texts: Sequence[str], instruction: str | None) -> list[Placed]:
        """The same without holding up the event loop."""
        ...


@dataclass(frozen=True, slots=True)
class InProcess:
    """A scorer of this process, as `core.models.load_scorer` gives it."""

    scorer: Scorer

    def ranked(self, query: str, texts: Sequence[str], instruction: str | None) -> list[Placed]:
        """See Source."""
        logits = [score.logit for score in self.scorer.score(query, texts, instruction)]
        return [Placed(at, logits[at]) for at in sorted(range(len(logits)), key=lambda at: -logits[at])]

    async def ranked_later(self, query: str, texts: Sequence[str], instruction: str | None) -> list[Placed]:
        """See Source."""
        return await asyncio.to_thread(self.ranked, query, texts, instruction)


@dataclass(frozen=True, slots=True)
class OverHttp:
    """A server of this program. recipe: a saved one there, which decides the order and how many come back.

    transport: stands in for the network in tests.
    """

    url: str = URL
    key: str = ""
    seconds: float = SECONDS
    transport: Any = None
    recipe: str = ""

    def ranked(self, query: str, texts: Sequence[str], instruction: str | None) -> list[Placed]:
        """See Source."""
        try:
            with httpx.Client(timeout=self._timeout, transport=self.transport) as client:
                answer = client.post(
                    self._route, json=self._body(query, texts, instruction), headers=self._headers
                )
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        return self._read(answer, len(texts))

    async def ranked_later(self, query: str, texts: Sequence[str], instruction: str | None) -> list[Placed]:
        """See Source."""
        try:
            async with httpx.AsyncClient(timeout=self._timeout, transport=self.transport) as client:
                answer = await client.post(
                    self._route, json=self._body(query, texts, instruction), headers=self._headers
                )
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        return self._read(answer, len(texts))

    @property
    def _route(self) -> str:
        return f"{self.url.rstrip('/')}/rerank"

    @property
    def _timeout(self) -> httpx.Timeout:
        return httpx.Timeout(self.seconds, connect=min(CONNECT_SECONDS, self.seconds))

    @property
    def _headers(self) -> dict[str, str]:
        # The server gives up what nobody waits for any longer.
        limit = {"X-Request-Timeout": f"{self.seconds:g}"}
        return limit | ({"Authorization": f"Bearer {self.key}"} if self.key else {})

    def _unreachable(self, error: httpx.HTTPError) -> ModelError:
        return ModelError(
            "The rerank server {url} did not answer: {problem}.",
            where=self._route,
            hint="Is it running (python -m core serve), and is the address right?",
            url=self.url,
            problem=str(error) or type(error).__name__,
        )

    def _body(self, query: str, texts: Sequence[str], instruction: str | None) -> dict[str, object]:
        body: dict[str, object] = {
            "query": query,
            "documents": list(texts),
            "raw_scores": True,
            "return_documents": False,
        }
        named = {"instruction": instruction, "recipe": self.recipe}
        return body | {name: value for name, value in named.items() if value}

    def _read(self, answer: httpx.Response, count: int) -> list[Placed]:
        try:
            body = answer.json()
            if answer.status_code == 200:
                found = [Placed(int(one["index"]), float(one["relevance_score"])) for one in body["results"]]
                known = {one.index for one in found}
                # A recipe may leave documents out; else each has its place.
                if len(known) == len(found) and known <= set(range(count)):
                    if self.recipe:
                        return found
                    if len(found) == count:
                        return sorted(found, key=lambda one: (-(one.logit or 0.0), one.index))
                raise ValueError
            problem = str(body["message"])
        except (ValueError, KeyError, TypeError):
            problem = "the answer has another form than this program's"
        raise ModelError(
            "The rerank server {url} answered HTTP {status}: {problem}",
            where=self._route,
            hint="Address and key are those of the Connect page.",
            url=self.url,
            status=answer.status_code,
            problem=problem,
        )


def source_of(scorer: Scorer | None, url: str, key: str, seconds: float, recipe: str = "") -> Source:
    """The scorer where there is one, else the server, which has the recipes."""
    if scorer is None:
        return OverHttp(url, key, seconds, recipe=recipe)
    if recipe:
        raise InputError(
            "A recipe is used by a server; a scorer of this process has none.",
            where="recipe",
            hint="Give url in place of scorer.",
        )
    return InProcess(scorer)


@dataclass(frozen=True, slots=True)
class Ranking:
    """How documents are ordered. top_n: how many come back, None for all.

    fallback: when scoring fails, log it and keep the order as it came, in place of an error.
    """

    source: Source
    instruction: str | None = None
    top_n: int | None = None
    fallback: bool = False

    def order(self, query: str, texts: Sequence[str]) -> list[Placed]:
        """Best first, equal ones as they came. Raises WorkbenchError."""
        self._check()
        if not texts:
            return []
        try:
            return self.source.ranked(query, texts, self.instruction)[: self.top_n]
        except WorkbenchError as error:
            return self._as_they_came(texts, error)

    async def order_later(self, query: str, texts: Sequence[str]) -> list[Placed]:
        """The same, awaited."""
        self._check()
        if not texts:
            return []
        try:
            return (await self.source.ranked_later(query, texts, self.instruction))[: self.top_n]
        except WorkbenchError as error:
            return self._as_they_came(texts, error)

    def _check(self) -> None:
        if self.top_n is not None and self.top_n < 1:
            raise InputError(
                "{count} is not a number of documents.",
                where="top_n",
                hint="Use 1 or more, or None for all.",
                count=self.top_n,
            )

    def _as_they_came(self, texts: Sequence[str], error: WorkbenchError) -> list[Placed]:
        if not self.fallback:
            raise error
        log.warning("Reranking failed, the documents stay in their order: %s", error)
        return [Placed(at, None) for at in range(len(texts))][: self.top_n]
