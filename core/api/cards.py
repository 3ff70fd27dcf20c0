"""What the server says of itself: the model, its limits, and whether it is ready, as clients look it up."""

import time
from typing import Any

from core import __version__
from core.workflows.home.workbench import Workbench

# A client counts batches by tokens; this many are taken by any.
_MOST_BATCH_TOKENS = 16_384
_STARTED = int(time.time())


def health(workbench: Workbench) -> tuple[int, dict[str, Any]]:
    """Status code and body: 200 once a model answers, 503 before."""
    status = workbench.status()
    body: dict[str, Any] = {
        "status": "ok" if status.active else "loading" if status.loading else "error",
        "version": __version__,
        "model": status.active.name if status.active else None,
        "device": status.active.device if status.active else None,
        "precision": status.active.precision if status.active else None,
        "loading": status.loading,
        "error": str(status.error) if status.error else None,
    }
    if status.download is not None:
        body["download"] = {
            "model": status.download.model,
            "state": status.download.state,
            "bytes_done": status.download.bytes_done,
            "bytes_total": status.download.bytes_total,
        }
    return (200 if status.active else 503), body


def model_card(name: str) -> dict[str, Any]:
    """One model as OpenAI's, NVIDIA's, Infinity's and Xinference's clients read it.

    `stats` is there and `owned_by` is not, because infinity_client fails without the one and with the other.
    """
    return {
        "id": name,
        "object": "model",
        "created": _STARTED,
        "root": name,
        "stats": {},
        "capabilities": ["rerank"],
        "model_type": "rerank",
        "model_name": name,
    }


def model_list(workbench: Workbench) -> dict[str, Any]:
    """The active model, as a list of one; of none while it loads."""
    active = workbench.status().active
    return {"object": "list", "data": [model_card(active.name)] if active else []}


def info(workbench: Workbench) -> dict[str, Any]:
    """TEI's `/info`, every key there; then our own."""
    status, settings = workbench.status(), workbench.settings
    active = status.active
    name = active.name if active else (status.loading or "")
    longest = active.max_tokens if active else settings.max_tokens
    return {
        "model_id": name,
        "model_sha": active.fingerprint if active else None,
        "model_dtype": active.precision if active else "float32",
        "served_model_name": name,
        "model_type": {"reranker": {"id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}}},
        "max_concurrent_requests": 64,
        "max_input_length": longest,
        "max_batch_tokens": max(_MOST_BATCH_TOKENS, longest),
        "max_batch_requests": None,
        "max_client_batch_size": settings.max_documents,
        "auto_truncate": True,
        "tokenization_workers": 1,
        "version": __version__,
        "sha": None,
        "docker_label": None,
        "workbench": __version__,
        "uses_instruction": active.uses_instruction if active else None,
        "selftest": status.selftest.verdict if status.selftest else None,
    }
