"""The tool at /mcp, asked by the client of the mcp package. The server runs here, where the package is."""

import asyncio
import json
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from questions import DOCUMENTS, PROBABILITIES, QUERY, assert_right

from tests.serving import Served, serving


@pytest.fixture(scope="module", params=["with pages", "--api-only"])
def running(request: pytest.FixtureRequest) -> Iterator[Served]:
    settings = {"RERANK_MODEL": "embedded", "RERANK_DOWNLOAD": "never"}
    options = ("--api-only",) if request.param == "--api-only" else ()
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home), settings, command=("-m", "core", "serve", *options)) as started,
    ):
        yield started
        # A second log of the package's own would show its requests there.
        assert "RichHandler" not in started.log() and "Processing request" not in started.log()


@pytest.fixture
def server(running: Served) -> str:
    return running.address


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


def test_calls_are_counted_and_logged_and_their_texts_are_not(running: Served) -> None:
    before, begun = counted(running), len(logged(running))
    asked(running.address)
    assert asked(running.address, instruction="preset:nothing").is_error
    assert asked(running.address, documents="no list").is_error
    after = counted(running)
    assert {status: after[status] - before.get(status, 0) for status in after} == {"200": 1, "400": 2}
    deadline = time.monotonic() + 20
    while len(logged(running)) < begun + 3 and time.monotonic() < deadline:
        time.sleep(0.05)  # a line is written once its answer is gone
    lines = logged(running)[begun:]
    assert [(one["path"], one["dialect"], one["status"]) for one in lines] == [
        ("/mcp", "mcp", 200),
        ("/mcp", "mcp", 400),
        ("/mcp", "mcp", 400),
    ]
    assert lines[0]["pairs"] == len(DOCUMENTS) and lines[0]["client"] == "127.0.0.1"
    assert not any(text in running.log() for text in (QUERY, *filter(None, DOCUMENTS)))


def counted(running: Served) -> dict[str, float]:
    """The tool's calls so far by status, as a monitoring system reads them."""
    text = httpx.get(f"{running.address}/metrics").text
    calls = re.findall(r'rerank_requests_total\{dialect="mcp",route="mcp",status="(\d+)"\} ([\d.]+)', text)
    return {status: float(count) for status, count in calls}


def logged(running: Served) -> list[dict[str, Any]]:
    return [json.loads(line) for line in running.log().splitlines() if line.startswith("{")]


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
