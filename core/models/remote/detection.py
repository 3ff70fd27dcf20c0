"""Which kind of server answers at an address: by the word in front of it, by its host, or by asking it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from core.errors import InputError
from core.models.remote.addresses import Address
from core.models.remote.servers import SERVERS, Server
from core.models.remote.transport import RemoteError, Transport

UNKNOWN_KIND = 'There is no kind of server called "{kind}".'
NOT_RECOGNISED = "What answers at {host} is no rerank server that is known here."
NOT_RECOGNISED_HINT = (
    "Name its kind in front of the address, for example {example}, or give the whole address of its rerank "
    "route. Kinds: {kinds}."
)
NAME_THE_MODEL = "{title} has several models, and the address names none."
NAME_THE_MODEL_HINT = "Put the model behind the address: {example}#MODEL"

# What servers call themselves in `/v1/models`.
_OWNERS = {"vllm": "vllm", "llamacpp": "llama-server", "sglang": "sglang", "tensorrt_llm": "tensorrt-llm"}
_ROUTES = ("rerank", "reranking", "reranks", "ranking", "score", "text-rerank")


@dataclass(frozen=True, slots=True)
class Found:
    """A server that was recognised.

    server: its kind, with the limits it states. path: where it is asked. model: the one it is asked for, ""
    where it needs no name. most_tokens: the longest input it states, 0 if none. revision: of the weights, ""
    if it does not say.
    """

    server: Server
    path: str
    model: str
    most_tokens: int = 0
    revision: str = ""


def kind_named(address: Address) -> Server | None:
    """The kind that the address names, by word or by its maker's host; None when it has to be asked."""
    if address.kind:
        if address.kind not in SERVERS:
            raise InputError(
                UNKNOWN_KIND,
                where="model",
                hint="Kinds: {kinds}.",
                kind=address.kind,
                kinds=", ".join(SERVERS),
            )
        return SERVERS[address.kind]
    host = urlsplit(address.url).hostname or ""
    return next((server for server in SERVERS.values() if host in server.hosts), None)


def recognise(address: Address, transport: Transport) -> Found:
    """Ask the server what it is. RemoteError when nothing known answers, InputError without a model."""
    server = kind_named(address)
    info = models = None
    if server is None or not server.hosts:
        info, models = transport.probe("/info"), transport.probe("/v1/models")
    if server is None:
        server = _by_answers(address, info, models)
    path = address.path if _is_route(address.path) else address.path + server.path
    model = address.model or _only_model(models)
    if server.needs_model and not model:
        raise InputError(
            NAME_THE_MODEL,
            where="model",
            hint=NAME_THE_MODEL_HINT,
            title=server.title,
            example=address.name,
        )
    if not isinstance(info, dict):
        return Found(server, path, model)
    limit = info.get("max_client_batch_size")
    if isinstance(limit, int) and limit > 0:
        server = replace(server, most_documents=limit)
    longest = info.get("max_input_length")
    model = model or str(info.get("model_id") or "")
    revision = str(info.get("model_sha") or "")
    return Found(server, path, model, longest if isinstance(longest, int) else 0, revision)


def _by_answers(address: Address, info: Any, models: Any) -> Server:  # noqa: ANN401 - any JSON
    if isinstance(info, dict) and info.get("workbench"):
        return SERVERS["workbench"]
    if isinstance(info, dict) and isinstance(kinds := info.get("model_type"), dict) and "reranker" in kinds:
        return SERVERS["tei"]
    for card in _cards(models):
        if card.get("owned_by") in _OWNERS:
            return SERVERS[_OWNERS[card["owned_by"]]]
    if _is_route(address.path):
        return SERVERS["rerank"]
    raise RemoteError(
        NOT_RECOGNISED,
        hint=NOT_RECOGNISED_HINT,
        host=address.host,
        example=f"vllm+{address.url}",
        kinds=", ".join(SERVERS),
    )


def _cards(models: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    listed = models.get("data") if isinstance(models, dict) else None
    return [card for card in listed if isinstance(card, dict)] if isinstance(listed, list) else []


def _only_model(models: Any) -> str:  # noqa: ANN401 - any JSON
    cards = _cards(models)
    return str(cards[0].get("id", "")) if len(cards) == 1 else ""


def _is_route(path: str) -> bool:
    return path.rstrip("/").rpartition("/")[2] in _ROUTES
