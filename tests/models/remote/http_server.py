"""A rerank server on a free port of this machine that speaks as TEI does, over any scorer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from core.records import Scorer


@contextmanager
def tei_server(scorer: Scorer, model: str = "acme/tiny-reranker") -> Iterator[str]:
    """Gives the server's address; it ends with the block."""
    info = {"model_id": model, "model_type": {"reranker": {}}, "max_client_batch_size": 8}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200 if self.path == "/info" else 404, info)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if len(body["texts"]) > 8:
                self._answer(422, {"error": "batch size 9 > maximum allowed batch size 8"})
                return
            scores = scorer.score(body["query"], body["texts"])
            self._answer(200, [{"index": at, "score": one.logit} for at, one in enumerate(scores)])

        def _answer(self, status: int, content: object) -> None:
            written = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    work = threading.Thread(target=server.serve_forever, daemon=True)
    work.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        work.join(timeout=10)
