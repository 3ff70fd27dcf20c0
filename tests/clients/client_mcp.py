"""The tool at /mcp, asked by the client of the mcp package. The server runs here, where the package is."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from questions import DOCUMENTS, PROBABILITIES, QUERY, assert_right

from tests.serving import serving


@pytest.fixture(scope="module", params=["with pages", "--api-only"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    settings = {"RERANK_MODEL": "embedded", "RERANK_DOWNLOAD": "never"}
    options = ("--api-only",) if request.param == "--api-only" else ()
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home), settings, command=("-m", "core", "serve", *options)) as running,
    ):
        yield running.address
        # A second log of the package's own would show its requests there.
        assert "RichHandler" not in running.log() and "Processing request" not in running.log()


def asked(server: str, **arguments: Any) -> Any:  # noqa: ANN401 - any JSON
    async def ask() -> Any:  # noqa: ANN401 - any JSON
        async with Client(f"{server}/mcp") as client:
            return await client.call_tool("rerank", {"query": QUERY, "documents": DOCUMENTS, **arguments})

    return asyncio.run(ask())


def results(answer: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    assert not answer.is_error, answer
    found: list[dict[str, Any]] = json.loads(answer.content[0].text)["results"]
    return found


def test_there_is_one_tool_and_it_says_what_it_takes(server: str) -> None:
    async def ask() -> Any:  # noqa: ANN401 - any JSON
        async with Client(f"{server}/mcp") as client:
            return await client.list_tools()

    [tool] = asyncio.run(ask()).tools
    assert tool.name == "rerank" and "best first" in tool.description
    assert sorted(tool.input_schema["properties"]) == ["documents", "instruction", "query", "top_n"]
    assert sorted(tool.input_schema["required"]) == ["documents", "query"]


def test_documents_come_best_first_with_their_probabilities(server: str) -> None:
    found = results(asked(server))
    assert_right((one["index"], one["relevance_score"]) for one in found)
    assert [one["document"] for one in found] == [DOCUMENTS[at] for at, _ in PROBABILITIES]


def test_only_the_best(server: str) -> None:
    found = results(asked(server, top_n=2, instruction="preset:legal"))
    assert [one["index"] for one in found] == [at for at, _ in PROBABILITIES[:2]]


def test_a_mistake_is_the_tools_error_and_says_what_to_do(server: str) -> None:
    answer = asked(server, instruction="preset:nothing")
    assert answer.is_error and "nothing" in answer.content[0].text and "legal" in answer.content[0].text


def test_a_page_of_another_site_is_refused_at_the_door(server: str) -> None:
    answer = httpx.post(f"{server}/mcp", json={}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_many_at_once(server: str) -> None:
    async def ask() -> list[Any]:
        async with Client(f"{server}/mcp") as client:
            calls = [client.call_tool("rerank", {"query": QUERY, "documents": DOCUMENTS}) for _ in range(8)]
            return list(await asyncio.gather(*calls))

    for answer in asyncio.run(ask()):
        assert_right((one["index"], one["relevance_score"]) for one in results(answer))
