"""A judging model in small, on 127.0.0.1: it knows the true grades and errs in a way that is known.

What it is asked is read from the request as a real model would have to; nothing is told to it beside.
"""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Profile = Literal["right", "over", "longer", "random"]


@dataclass
class FakeJudge:
    """truth: (query, document) -> grade; a pair that is not listed is 0.

    profile: how it errs: never; one grade too high wherever there is room; one too high for documents of more
    than `long` characters; by chance alone (the same for the same pair and model). by_model: another profile
    for a model of this name. malformed: answers words instead, for such a request (counted from 0).
    status: instead of an answer, for such a request. gate: answers wait for it, from request `after` on.
    """

    truth: Mapping[tuple[str, str], int] = field(default_factory=dict)
    profile: Profile = "right"
    by_model: Mapping[str, Profile] = field(default_factory=dict)
    long: int = 40
    malformed: Callable[[int, int], bool] = lambda number, documents: False
    status: Callable[[int], int] = lambda number: 200
    retry_after: str = ""
    gate: threading.Event | None = None
    after: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    most_together: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: int = 0

    @property
    def judged(self) -> Counter[tuple[str, str, str, object]]:
        """How often each (model, query, document, seed) was asked about."""
        found: Counter[tuple[str, str, str, object]] = Counter()
        for body in self.asked:
            question = json.loads(body["messages"][1]["content"])
            for text in question["documents"]:
                found[body["model"], question["query"], text, body.get("seed")] += 1
        return found

    def grade(self, model: str, query: str, document: str) -> int:
        """What it says of a pair."""
        right = self.truth.get((query, document), 0)
        match self.by_model.get(model, self.profile):
            case "over":
                return min(3, right + 1)
            case "longer":
                return min(3, right + (len(document) > self.long))
            case "random":
                return hashlib.sha256(f"{model}\0{query}\0{document}".encode()).digest()[0] % 4
        return right

    def answer(self, number: int, body: dict[str, Any]) -> str:
        """What it writes."""
        question = json.loads(body["messages"][1]["content"])
        documents = question["documents"]
        if self.malformed(number, len(documents)):
            return "I would say that the first one is rather good."
        grades = [self.grade(body["model"], question["query"], text) for text in documents]
        return json.dumps({"grades": grades})


@contextmanager
def fake_judge(judge: FakeJudge) -> Iterator[FakeJudge]:
    """Serve it on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with judge.lock:
                number = len(judge.asked)
                judge.asked.append(body)
                judge.keys.append(self.headers.get("Authorization", ""))
                judge.under_way += 1
                judge.most_together = max(judge.most_together, judge.under_way)
            if judge.gate is not None and number >= judge.after:
                judge.gate.wait(30)
            status = judge.status(number)
            content = judge.answer(number, body)
            sent = {
                "choices": [{"message": {"role": "assistant", "content": content}}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 7},
            }
            with judge.lock:
                judge.under_way -= 1
            answer = json.dumps(sent).encode() if status == 200 else b"{}"
            try:
                self.send_response(status)
                if judge.retry_after:
                    self.send_header("Retry-After", judge.retry_after)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except OSError:
                pass  # whoever asked was killed meanwhile, which a test does

        def log_message(self, format: str, *args: object) -> None:
            """Nothing; the tests look at `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    judge.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield judge
    finally:
        if judge.gate is not None:
            judge.gate.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
