"""An OpenAI-compatible endpoint on 127.0.0.1 that streams what a test lets it say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import SecretStr

from core.chat.endpoint import Endpoint

Say = Callable[[str, Callable[[str], None]], None]


@contextmanager
def streaming_endpoint(answer: Say) -> Iterator[Endpoint]:
    """answer(prompt, say): called for each request; `say` sends a piece at once."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the base class's name
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()

            def say(text: str) -> None:
                chunk = {"choices": [{"delta": {"content": text}}]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.wfile.flush()

            answer(body["messages"][1]["content"], say)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{server.server_port}/v1", "tiny", SecretStr(""))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
