"""The routes over corpora and their embedding model: `/search`, `/v1/embeddings`, `/embed`."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from core.api.json_bounds import read_json
from core.api.responses import JsonResponse
from core.api.retrieval import (
    embedded,
    openai_answer,
    read_openai_embeddings,
    read_search,
    read_tei_embeddings,
    searched,
)
from core.api.stoppable import Stop, on_thread
from core.api.waiting import WaitingRoom
from core.errors import InputError
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.service import RetrieveService

Read = TypeVar("Read")


class Retrieving:
    """They wait in a room of their own: what they do is short beside reranking."""

    def __init__(self, workbench: Callable[[], Workbench], retrieval: Callable[[], RetrieveService]) -> None:
        self._workbench, self._retrieval, self._room = workbench, retrieval, WaitingRoom()

    async def search(self, request: Request) -> Response:
        """The passages of a corpus for a query, reranked where asked for."""
        call = await self._parsed(request, read_search)
        bench, service = self._workbench(), self._retrieval()
        return await self._worked(lambda stop: JsonResponse(searched(bench, service, call, stop)))

    async def embeddings(self, request: Request) -> Response:
        """Vectors as OpenAI's clients ask for them."""
        call = await self._parsed(request, read_openai_embeddings)
        limit, service = self._workbench().settings.max_documents, self._retrieval()
        return await self._worked(
            lambda stop: JsonResponse(openai_answer(service, call, embedded(service, call, limit, stop)))
        )

    async def embed(self, request: Request) -> Response:
        """Vectors as TEI's clients ask for them."""
        call = await self._parsed(request, read_tei_embeddings)
        limit, service = self._workbench().settings.max_documents, self._retrieval()
        return await self._worked(lambda stop: JsonResponse(embedded(service, call, limit, stop)))

    async def _parsed(self, request: Request, read: Callable[[Mapping[str, Any]], Read]) -> Read:
        body = await request.body()
        return await on_thread(lambda _: read(_object(body)), self._room.parsing)

    async def _worked(self, work: Callable[[Stop], Response]) -> Response:
        async with self._room:
            return await on_thread(work, self._room.scoring)


def _object(body: bytes) -> Mapping[str, Any]:
    value = read_json(body)
    if not isinstance(value, dict):
        raise InputError("The body must be a JSON object.", where="body")
    return value
