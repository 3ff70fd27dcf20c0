"""What rerank clients send and what they get back, as plain data.

Parsing is lax because clients differ (booleans as strings, `top_k` for `top_n`, documents as objects);
answers are strict because clients assert them. Routes, codes and the model are left to `core.api.routes`.
"""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import __version__
from core.api.json_bounds import read_json
from core.errors import InputError
from core.workflows.rerank.export import chunk_fields, notice_line
from core.workflows.rerank.reranking import RankedDocument, Reranking


@dataclass(frozen=True, slots=True)
class RerankCall:
    """A parsed request. `top_n=None` means all."""

    query: str
    documents: tuple[str, ...]
    top_n: int | None
    instruction: str | None
    return_documents: bool
    raw_scores: bool


def parse_rerank(body: bytes) -> RerankCall:
    """Read a `/rerank` body; raises InputError naming the field at fault."""
    fields = _object(body)
    query = fields.get("query")
    if not isinstance(query, str):
        raise InputError(
            "«query» must be a string.", where="query", hint='Send {{"query": …, "documents": [ … ]}}.'
        )
    documents = fields.get("documents")
    if not isinstance(documents, list):
        raise InputError(
            "«documents» must be a list of strings.",
            where="documents",
            hint='Send {{"query": …, "documents": [ … ]}}.',
        )
    return RerankCall(
        query=query,
        documents=tuple(_document(i, d) for i, d in enumerate(documents)),
        top_n=_top_n(fields),
        instruction=_instruction(fields),
        return_documents=_flag(fields, "return_documents", default=True),
        raw_scores=_flag(fields, "raw_scores", default=False)
        or not _flag(fields, "use_activation", default=True),
    )


def rerank_answer(call: RerankCall, reranking: Reranking) -> dict[str, Any]:
    """The superset of Cohere's, Jina's and vLLM's answer, best first."""
    kept = reranking.ranked[: call.top_n]
    return {
        "id": f"rerank-{uuid.uuid4().hex}",
        "object": "list",
        "model": reranking.scorer.name,
        "created": int(time.time()),
        "results": [_result(call, r) for r in kept],
        "usage": {"prompt_tokens": reranking.tokens, "total_tokens": reranking.tokens},
        "meta": {
            "api_version": {"version": __version__},
            "warnings": [notice_line(n) for n in reranking.notices] + list(reranking.scorer.notes),
        },
        "reranked_documents": [r.document for r in kept],
    }


def error_body(message: str, kind: str, code: int, param: str = "") -> dict[str, Any]:
    """One shape for every failure; clients read `error.message`, `message` or `detail`."""
    return {
        "error": {"message": message, "type": kind, "param": param or None, "code": code},
        "message": message,
        "detail": message,
    }


def _result(call: RerankCall, ranked: RankedDocument) -> dict[str, Any]:
    score = ranked.score
    result: dict[str, Any] = {
        "index": ranked.index,
        "relevance_score": score.logit if call.raw_scores else score.probability,
    }
    if call.return_documents:
        result["document"] = {"text": ranked.document}
    if score.truncated:
        result["truncated"] = True
    return result | chunk_fields(score)


def _object(body: bytes) -> Mapping[str, Any]:
    value = read_json(body)
    if not isinstance(value, dict):
        raise InputError("The body must be a JSON object.", where="body")
    return value


def _document(position: int, document: object) -> str:
    if isinstance(document, str):
        return document
    if isinstance(document, dict):
        text = document.get("text")
        # Cohere ranks objects without "text" by their fields, written out.
        return text if isinstance(text, str) else json.dumps(document, ensure_ascii=False)
    raise InputError(
        "Document {n} is neither a string nor an object.", where=f"documents[{position}]", n=position + 1
    )


def _top_n(fields: Mapping[str, Any]) -> int | None:
    value = fields.get("top_n", fields.get("top_k"))
    if value in (None, "", 0, "0"):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):  # JSON's 1e999 is infinite
        number = -1
    if isinstance(value, bool) or number < 0:
        raise InputError("«top_n» must be a whole number of at least 1.", where="top_n")
    return number


def _instruction(fields: Mapping[str, Any]) -> str | None:
    template = fields.get("chat_template_kwargs")
    nested = template.get("instruction") if isinstance(template, dict) else None
    value = fields.get("instruction") or fields.get("instruct") or nested
    if value is not None and not isinstance(value, str):
        raise InputError("«instruction» must be a string.", where="instruction")
    return value


def _flag(fields: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = fields.get(name)
    if value is None:
        return default
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "yes")
    return bool(value)
