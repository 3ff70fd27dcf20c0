"""An OpenAI-compatible endpoint in small, on 127.0.0.1, with its faults."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-7Hq2mZ"


@dataclass
class FakeLanguageModel:
    """What it answers and what it was asked.

    proposals: sent as the content's JSON; content: sent instead, as it is; body: sent instead of everything.
    status: other than 200 sends an error. gate: the answer waits for it; drip: the answer never ends.
    """

    proposals: Sequence[str] = ()
    content: str | None = None
    body: bytes | None = None
    status: int = 200
    gate: threading.Event | None = None
    drip: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def answer(self) -> bytes:
        """The body of a successful answer."""
        if self.body is not None:
            return self.body
        content = self.content
        if content is None:
            content = json.dumps({"queries": list(self.proposals)}, ensure_ascii=False)
        return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


@contextmanager
def fake_language_model(model: FakeLanguageModel) -> Iterator[FakeLanguageModel]:
    """Serve it on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            model.asked.append(json.loads(self.rfile.read(length)))
            model.headers.append({name.lower(): value for name, value in self.headers.items()})
            model.paths.append(self.path)
            if model.gate is not None:
                model.gate.wait(30)
            body = model.answer() if model.status == 200 else b'{"error": {"message": "no"}}'
            self.send_response(model.status)
            self.send_header("Content-Type", "application/json")
            if not model.drip:
                self.send_header("Content-Length", str(len(body)))
            if 300 <= model.status < 400:
                self.send_header("Location", model.url + "/elsewhere")
            self.end_headers()
            try:
                self._send(body)
            except OSError:
                pass  # the caller has hung up, which is what its time limit is for

        def _send(self, body: bytes) -> None:
            while model.drip and not model.closing.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing; the tests look at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.closing.set()
        if model.gate is not None:
            model.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()
