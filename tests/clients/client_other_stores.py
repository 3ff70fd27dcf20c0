"""The recipes for other stores, as they stand in the documentation, on a corpus that the program exported.

Qdrant's client searches by itself in its local mode; OpenSearch's sends its requests to a server of the
test's own, which keeps them.
"""

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = os.environ["RERANK_TEST_PYTHON"]
ROWS = (
    ("refund", "A refund reaches your card within 3 to 5 days.", "en"),
    ("电池", "首次使用前请将电池充满电，充电约需两小时。", "zh"),
    ("warranty", "The warranty covers two years from the date of purchase.", "en"),
)


def _recipe(word: str) -> str:
    """The block of code that imports a package."""
    text = (PROJECT / "docs" / "retrieval.md").read_text(encoding="utf-8")
    (found,) = [code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if word in code]
    return found


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A small corpus as `corpus export` writes it; the working folder holds the file."""
    folder = tmp_path_factory.mktemp("export")
    table = folder / "faq.csv"
    lines = ["document_id,document,lang", *(",".join(row) for row in ROWS)]
    table.write_text("\n".join(lines), encoding="utf-8")
    environment = os.environ | {"RERANK_HOME": str(folder / "home"), "RERANK_DOWNLOAD": "never"}
    for arguments in (
        ("add", "help", str(table), "--vectors", "now"),
        ("export", "help", "-o", str(folder / "help.jsonl")),
    ):
        command = [PYTHON, "-m", "core", "corpus", *arguments, "--json"]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    os.chdir(folder)
    return [json.loads(line) for line in (folder / "help.jsonl").read_text("utf-8").splitlines()]


def test_qdrant_takes_the_export_and_finds_each_passage_by_its_vector(
    exported: list[dict[str, Any]],
) -> None:
    code = _recipe("qdrant_client").replace('"http://localhost:6333"', '":memory:"')
    made: dict[str, Any] = {}
    exec(compile(code, "docs/retrieval.md", "exec"), made)  # our own documentation
    client = made["client"]
    assert client.count("help").count == len(ROWS)
    for row in exported:
        (hit,) = client.query_points("help", query=row["vector"], limit=1).points
        assert hit.payload["id"] == row["id"] and hit.payload["text"] == row["text"]
        assert hit.payload["lang"] == row["metadata"]["lang"]
        assert hit.score == pytest.approx(1, abs=1e-3)


@pytest.fixture
def requests() -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    """An address, and what was sent there: method, path, body."""
    kept: list[tuple[str, str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept.append((self.command, self.path, body))
            items = [
                {"index": {"_index": "help", "_id": json.loads(line)["index"]["_id"], "status": 201}}
                for line in body.splitlines()
                if line.startswith(b'{"index":')
            ]
            answer = json.dumps({"acknowledged": True, "errors": False, "items": items}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_PUT = do_POST = _answer  # noqa: N815 - the base class's names

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kept
    server.shutdown()
    thread.join()
    server.server_close()


def test_opensearch_is_sent_a_mapping_and_well_formed_bulk_lines(
    exported: list[dict[str, Any]], requests: tuple[str, list[tuple[str, str, bytes]]]
) -> None:
    address, kept = requests
    code = _recipe("opensearchpy").replace("http://localhost:9200", address)
    exec(compile(code, "docs/retrieval.md", "exec"), {})  # our own documentation
    (_, made, mapping), (_, bulk, body) = kept
    assert made == "/help" and bulk.startswith("/_bulk")
    vector = json.loads(mapping)["mappings"]["properties"]["vector"]
    assert vector["type"] == "knn_vector" and vector["dimension"] == len(exported[0]["vector"])
    # The bulk format: an action and its document by turns, each in a line of its own, a newline at the end.
    assert body.endswith(b"\n")
    lines = [json.loads(line) for line in body.splitlines()]
    assert lines[::2] == [{"index": {"_id": row["id"], "_index": "help"}} for row in exported]
    expected = [{name: value for name, value in row.items() if name != "id"} for row in exported]
    assert lines[1::2] == expected
