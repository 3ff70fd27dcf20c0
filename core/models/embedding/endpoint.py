"""Any server with OpenAI's `/v1/embeddings` as an embedder: vLLM, TEI, Ollama, llama-server, the makers' own.

The address is typed as for rerank servers, `https://host/v1#MODEL`. Texts leave this machine only after
consent; keys come from the environment or a private file. On connecting one public sentence is embedded,
which tells how long the vectors are.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence

import httpx
import numpy as np
from numpy.typing import NDArray

from core.models.embedding.embedder import Cancelled, Embedded, EmbedderInfo, Pace, Vector, passes, unit_rows
from core.models.embedding.qwen3 import DEFAULT_TASK, TASK
from core.models.remote.addresses import Address, check_consent, key_for, read_address
from core.models.remote.transport import Patience, RemoteError, Transport
from core.settings import Settings

KEY_VARIABLE = "RERANK_EMBEDDING_KEY"
# Characters of a request: well within what servers take at once, large enough that the way there is nothing.
CHARACTERS_PER_REQUEST = 32_000
PROBE: str = "Mars is known as the Red Planet."

LEAVES = "Embedded by a server elsewhere: queries and passages left this machine."
NOT_VECTORS = "The answer of the server {host} holds no embeddings for the {count} texts sent."
OTHER_LENGTH = "The server {host} gave a vector of {found} dimensions; those before had {expected}."


class EndpointEmbedder:
    """The `Embedder` protocol over HTTP."""

    def __init__(self, line: Transport, address: Address, path: str, dimensions: int = 0) -> None:
        """Connects; RemoteError without a usable answer. dimensions: vectors are cut to these; 0 does not."""
        self._line, self._address, self._path, self._cut = line, address, path, dimensions
        self._pace = Pace(CHARACTERS_PER_REQUEST, CHARACTERS_PER_REQUEST)
        self._instructed = "qwen3-embedding" in address.model.lower()
        found = self._ask([PROBE]).shape[1]
        identity = (address.url, address.model, found, self._instructed)
        self._info = EmbedderInfo(
            name=address.name,
            label=f"{address.model or 'embeddings'} @ {address.host}",
            fingerprint=hashlib.sha256(repr(identity).encode()).hexdigest()[:16],
            dimensions=found,
            device=address.host,
            max_tokens=0,
            notes=() if address.is_this_machine else (LEAVES,),
        )

    @property
    def info(self) -> EmbedderInfo:
        """Which model this is."""
        return self._info

    def query(self, text: str) -> Vector:
        """The vector of a query; a Qwen3-Embedding gets its instruction, others the text as it is."""
        worded = TASK.format(task=DEFAULT_TASK, query=text) if self._instructed else text
        vector: Vector = self._checked(self._ask([worded]))[0]
        return vector

    def passages(self, texts: Sequence[str], cancelled: Cancelled | None = None) -> Iterator[Embedded]:
        """Vectors of passages, a request each portion."""
        for batch in passes(texts, lambda at: len(texts[at]), self._pace, cancelled):
            yield Embedded(batch, self._checked(self._ask([texts[at] for at in batch])))

    def _ask(self, texts: Sequence[str]) -> NDArray[np.float32]:
        body: dict[str, object] = {"input": list(texts), "encoding_format": "float"}
        if self._address.model:
            body["model"] = self._address.model
        answer = self._line.post(self._path, body)
        try:
            rows = sorted(answer["data"], key=lambda row: row.get("index", 0))
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (KeyError, TypeError, ValueError, AttributeError):
            vectors = np.empty((0, 0), np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise RemoteError(NOT_VECTORS, host=self._address.host, count=len(texts))
        return unit_rows(vectors[:, : self._cut or None])

    def _checked(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        found, expected = vectors.shape[1], self._info.dimensions
        if found != expected:
            raise RemoteError(OTHER_LENGTH, host=self._address.host, found=found, expected=expected)
        return vectors


def connect_embeddings(
    name: str,
    settings: Settings,
    *,
    patience: Patience | None = None,
    transport: httpx.BaseTransport | None = None,
    environment: Mapping[str, str] = os.environ,
) -> EndpointEmbedder:
    """An embedder for the server at an address. patience, transport: a test's own.

    Raises InputError without consent or with an unusable address, RemoteError without a usable answer.
    """
    address = read_address(name)
    check_consent(address, settings.home, settings.send_to)
    key = key_for(address, settings.home, settings.embedding_key, "OPENAI_API_KEY", environment)
    line = Transport(address, key, key_variable=KEY_VARIABLE, patience=patience, transport=transport)
    path = address.path
    if not path.endswith("/embeddings"):
        path = f"{path or '/v1'}/embeddings"
    try:
        return EndpointEmbedder(line, address, path, settings.embedding_dimensions)
    except BaseException:
        line.close()
        raise
