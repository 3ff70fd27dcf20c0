"""The server without pages, as a process of its own."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.serving import ROOT, serving


def test_the_app_without_pages_imports_no_streamlit() -> None:
    code = (
        "import sys\nfrom core.api.app import api_app\nfrom core.api.door.flights import Closing\n"
        "from core.settings import Settings\napi_app(Settings(), Closing())\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'streamlit'))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert answer.stdout.strip() == "[]"


def test_it_answers_and_logs_one_line_a_request(tmp_path: Path) -> None:
    command = ("-m", "core", "serve", "--api-only")
    settings = {"RERANK_MODEL": "embedded", "RERANK_DOWNLOAD": "never"}
    with serving(tmp_path, settings, command=command) as server:
        body = json.dumps({"query": "refund", "documents": ["weather", "money back"]}).encode()
        request = urllib.request.Request(f"{server.address}/v1/rerank", body, {"X-Request-Id": "mine"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert [one["index"] for one in json.load(answer)["results"]] == [1, 0]
            assert answer.headers["x-request-id"] == "mine"
        with urllib.request.urlopen(f"{server.address}/docs", timeout=60) as answer:
            assert answer.headers["content-type"].startswith("text/html")
        with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=60) as answer:
            assert answer.read() == b"ok"
        with pytest.raises(urllib.error.HTTPError) as no_page:
            urllib.request.urlopen(f"{server.address}/batch", timeout=60)
        assert no_page.value.code == 404 and "no route /batch" in json.load(no_page.value)["message"]
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(urllib.request.Request(f"{server.address}/mcp", b"{}"), timeout=60)
        assert missing.value.code == 501
        assert "pip install -r requirements-mcp.txt" in json.load(missing.value)["message"]
        lines = [json.loads(line) for line in server.log().splitlines() if line.startswith("{")]
    assert [(line["request"], line["status"], line["pairs"]) for line in lines] == [("mine", 200, 2)]
    assert "refund" not in server.log() and "money" not in server.log()
