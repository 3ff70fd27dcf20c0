"""A server with /v1/embeddings as the embedding model: what is asked of it, and what it may not answer."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
import pytest
from pydantic import SecretStr

from core.errors import InputError
from core.models.embedding.endpoint import EndpointEmbedder, connect_embeddings
from core.models.remote.transport import RemoteError
from core.settings import Settings

NAME = "http://127.0.0.1:9/v1#qwen3-embedding"


class Server:
    """Answers as OpenAI does, rows in falling order of their index; keeps what was asked."""

    def __init__(self, vector: Callable[[str], list[float]]) -> None:
        self.vector = vector
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        texts = json.loads(request.content)["input"]
        rows = [{"index": at, "embedding": self.vector(text)} for at, text in enumerate(texts)]
        return httpx.Response(200, json={"object": "list", "data": rows[::-1]})


def _connect(server: Server, tmp_path: Path, name: str = NAME, **settings: object) -> EndpointEmbedder:
    chosen = Settings(home=tmp_path, **settings)  # type: ignore[arg-type]
    return connect_embeddings(name, chosen, transport=httpx.MockTransport(server), environment={})


def test_vectors_come_in_the_callers_order_at_length_one(tmp_path: Path) -> None:
    server = Server(lambda text: [float(len(text)), 1.0, 0.0])
    embedder = _connect(server, tmp_path, embedding_key=SecretStr("geheim"))
    texts = ["four", "a", "三个字"]
    (part,) = embedder.passages(texts)
    for position, vector in zip(part.positions, part.vectors, strict=True):
        expected = np.array([len(texts[position]), 1.0, 0.0])
        assert vector == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)
    assert embedder.info.dimensions == 3
    request = server.asked[-1]
    assert request.url.path == "/v1/embeddings" and request.headers["authorization"] == "Bearer geheim"
    assert json.loads(request.content)["model"] == "qwen3-embedding"


def test_a_qwen3_embedding_gets_its_instruction_with_queries_only(tmp_path: Path) -> None:
    server = Server(lambda text: [1.0, float(text.startswith("Instruct: "))])
    embedder = _connect(server, tmp_path)
    assert embedder.query("q")[1] > 0
    (part,) = embedder.passages(["p"])
    assert part.vectors[0][1] == 0
    other = _connect(server, tmp_path, "http://127.0.0.1:9/v1#bge-m3")
    assert other.query("q")[1] == 0


def test_dimensions_are_cut(tmp_path: Path) -> None:
    embedder = _connect(Server(lambda text: [3.0, 4.0, 12.0]), tmp_path, embedding_dimensions=2)
    assert embedder.query("q") == pytest.approx([0.6, 0.8]) and embedder.info.dimensions == 2


@pytest.mark.parametrize(
    "answer", [{}, {"data": []}, {"data": [{"embedding": None}]}, {"data": [{"embedding": ["a"]}]}, []]
)
def test_an_answer_without_vectors_is_one_sentence(answer: object, tmp_path: Path) -> None:
    with pytest.raises(RemoteError, match="no embeddings"):
        connect_embeddings(
            NAME,
            Settings(home=tmp_path),
            transport=httpx.MockTransport(lambda request: httpx.Response(200, json=answer)),
            environment={},
        )


def test_a_vector_of_another_length_is_refused(tmp_path: Path) -> None:
    server = Server(lambda text: [1.0] * (2 if "Mars" in text else 3))
    embedder = _connect(server, tmp_path)
    with pytest.raises(RemoteError, match="3 dimensions"):
        embedder.query("q")


def test_nothing_is_sent_elsewhere_without_consent(tmp_path: Path) -> None:
    server = Server(lambda text: [1.0])
    with pytest.raises(InputError):
        _connect(server, tmp_path, "https://api.example.com/v1#m")
    assert server.asked == []
    embedder = _connect(server, tmp_path, "https://api.example.com/v1#m", send_to="api.example.com")
    assert "left this machine" in embedder.info.notes[0]
