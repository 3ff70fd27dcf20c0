"""What other programs are told: complete, for the server that was asked, and tried by the client tests."""

import json
import shlex
import subprocess

import pytest

from core.workflows.serving.guides import GUIDES, Guide, guide

URL, KEY = "https://rerank.example.com", "secret"


@pytest.mark.parametrize("one", GUIDES, ids=lambda one: one.name)
def test_each_names_the_server_and_the_key_and_how_long_it_waits(one: Guide) -> None:
    told = one.code(URL, KEY) + " ".join(field.value for field in one.form(URL, KEY))
    assert URL in told and KEY in told and "«" not in told
    assert one.patience
    assert bool(one.fields) != bool(one.snippet)
    assert bool(one.where) or not one.fields


def test_every_program_of_the_contract_is_there() -> None:
    assert [one.name for one in GUIDES] == [
        "curl",
        "Python",
        "LangChain",
        "LlamaIndex",
        "Haystack",
        "Dify",
        "Open WebUI",
        "RAGFlow",
        "FastGPT",
        "LiteLLM",
        "Vercel AI SDK",
        "MCP",
    ]


def test_the_curl_line_is_one_command_with_a_json_body() -> None:
    code = guide("curl").code(URL, KEY)
    subprocess.run(["bash", "-n", "-c", code], check=True)
    words = shlex.split(code.replace("\\\n", " "))
    assert words[:2] == ["curl", f"{URL}/rerank"]
    assert sorted(json.loads(words[words.index("-d") + 1])) == ["documents", "query", "top_n"]


def test_the_settings_for_mcp_are_json() -> None:
    server = json.loads(guide("MCP").code(URL, KEY))["mcpServers"]["rerank"]
    assert server["url"] == f"{URL}/mcp" and server["headers"] == {"Authorization": f"Bearer {KEY}"}
