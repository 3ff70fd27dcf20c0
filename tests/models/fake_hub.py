"""ModelScope and Hugging Face in small, on 127.0.0.1: their listings, their redirects, and their faults.

As the real ones do, ModelScope sends small files itself, without heeding Range, and redirects large ones to a
store that heeds it; Hugging Face redirects both, small ones to a relative address.
"""

import hashlib
import json
import re
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
Dialect = Literal["modelscope", "huggingface"]


@dataclass(frozen=True)
class Sent:
    """One answered request for a file's content: where it began, and how many bytes left the server."""

    file: str
    start: int
    count: int


@dataclass
class FakeHub:
    """What the hub holds, how it misbehaves, and what it was asked.

    cuts: for a file, after how many body bytes the next answers break off (one per answer).
    damaged: for a file, how many more answers carry a flipped byte.
    statuses: for a file, the status codes of the next answers. deaf: large files ignore Range too.
    listing_text, listing_status: sent instead of the listing.
    life: how many bytes of bodies, listings too, leave the hub until it is dead: the last one is cut, and
    further requests find the connection closed. None: for ever.
    gate: when set, weights wait for it before their second half, and `halfway` tells that they do.
    """

    dialect: Dialect
    model: str
    files: dict[str, bytes]
    cuts: dict[str, list[int]] = field(default_factory=dict)
    damaged: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    deaf: bool = False
    listing_text: str = ""
    listing_status: int = 200
    life: int | None = None
    gate: threading.Event | None = None
    halfway: threading.Event = field(default_factory=threading.Event)
    sent: list[Sent] = field(default_factory=list)
    url: str = ""

    def is_large(self, path: str) -> bool:
        """Kept in Git LFS on the real hubs."""
        return path.endswith(".safetensors") or path == "tokenizer.json"

    def listing(self) -> dict[str, Any]:
        """The hub's answer to «which files?»."""
        if self.dialect == "modelscope":
            files = [
                {
                    "Type": "blob",
                    "Name": path.rpartition("/")[2],
                    "Path": path,
                    "Size": len(content),
                    "Sha256": hashlib.sha256(content).hexdigest(),
                }
                for path, content in self.files.items()
            ]
            folder = {"Type": "tree", "Name": "onnx", "Path": "onnx", "Size": 0, "Sha256": ""}
            return {"Code": 200, "Success": True, "Data": {"Files": [folder, *files]}}
        siblings = []
        for path, content in self.files.items():
            sibling: dict[str, Any] = {"rfilename": path, "size": len(content), "blobId": "0" * 40}
            if self.is_large(path):
                sibling["lfs"] = {"sha256": self.etag(path), "size": len(content), "pointerSize": 135}
            else:
                sibling["blobId"] = self.etag(path)
            siblings.append(sibling)
        return {"id": self.model, "sha": COMMIT, "siblings": siblings}

    def etag(self, path: str) -> str:
        """sha256 of what is in Git LFS, the git blob id of the rest."""
        content = self.files[path]
        if self.is_large(path):
            return hashlib.sha256(content).hexdigest()
        return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()

    def outlived(self, body: bytes) -> bytes:
        """As much of a body as leaves the hub before it dies."""
        if self.life is None:
            return body
        kept = body[: self.life]
        self.life -= len(kept)
        return kept

    def sent_of(self, path: str) -> list[Sent]:
        """The answers that carried this file."""
        return [answer for answer in self.sent if answer.file == path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    hub: FakeHub

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests; anything else should be seen."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            traceback.print_exc()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: object) -> None: ...

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, address = self.server.hub, urlsplit(self.path)
        if hub.life == 0:
            self.close_connection = True
            return
        if hub.dialect == "modelscope":
            self._modelscope(hub, address.path, parse_qs(address.query))
        else:
            self._huggingface(hub, unquote(address.path))

    def _modelscope(self, hub: FakeHub, path: str, query: dict[str, list[str]]) -> None:
        root = f"/api/v1/models/{hub.model}/repo"
        if path == f"{root}/files" and query["Revision"] == ["master"]:
            self._json(hub.listing_text or json.dumps(hub.listing()), hub.listing_status)
        elif path == root:
            file = query["FilePath"][0]
            if hub.is_large(file):
                self._redirect(302, f"{hub.url}/store/{file}")
            else:
                self._content(hub, file, ranges=False)
        elif path.startswith("/store/"):
            self._content(hub, path.removeprefix("/store/"), ranges=True)
        else:
            self._json('{"error": "Repository not found"}', status=404)

    def _huggingface(self, hub: FakeHub, path: str) -> None:
        resolve, cache = f"/{hub.model}/resolve/{COMMIT}/", f"/api/resolve-cache/models/{hub.model}/{COMMIT}/"
        if path == f"/api/models/{hub.model}/revision/main":
            self._json(hub.listing_text or json.dumps(hub.listing()), hub.listing_status)
        elif path.startswith(resolve):
            file = path.removeprefix(resolve)
            if hub.is_large(file):
                self._redirect(302, f"{hub.url}/store/{file}")
            else:
                self._redirect(307, cache + file)
        elif path.startswith(cache):
            self._content(hub, path.removeprefix(cache), ranges=True)
        elif path.startswith("/store/"):
            self._content(hub, path.removeprefix("/store/"), ranges=True)
        else:
            self._json('{"error": "Repository not found"}', status=404)

    def _json(self, text: str, status: int = 200) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(self.server.hub.outlived(body))
        self.close_connection = True

    def _redirect(self, status: int, address: str) -> None:
        self.send_response(status)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        hub, file = self.server.hub, address.rpartition("/")[2]
        if hub.dialect == "huggingface":
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("X-Linked-Size", str(len(hub.files[file])))
            self.send_header("X-Linked-ETag", f'"{hub.etag(file)}"')
        self.end_headers()

    def _content(self, hub: FakeHub, file: str, *, ranges: bool) -> None:
        if hub.statuses.get(file):
            self.send_error(hub.statuses[file].pop(0))
            return
        whole = hub.files[file]
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked.group(1)) if asked and ranges and not hub.deaf else 0
        if hub.damaged.get(file, 0) > 0:
            hub.damaged[file] -= 1
            whole = whole[:-1] + bytes([whole[-1] ^ 0xFF])
        body = whole[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hub.etag(file)}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if self.command == "HEAD":
            return
        if hub.cuts.get(file):
            body = body[: hub.cuts[file].pop(0)]
        body = hub.outlived(body)
        hub.sent.append(Sent(file, start, len(body)))
        middle = len(body) // 2
        self.wfile.write(body[:middle])
        if hub.gate is not None and file.endswith(".safetensors"):
            hub.halfway.set()
            hub.gate.wait(timeout=30)
        self.wfile.write(body[middle:])
        self.close_connection = True


@contextmanager
def running(hub: FakeHub) -> Iterator[FakeHub]:
    """Serve the hub on a free port for the length of the block."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.hub = hub
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refusing_url() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@contextmanager
def black_hole() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
