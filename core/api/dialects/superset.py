"""Cohere's, Jina's, vLLM's, Xinference's and Voyage's form at once: their answers can live in one object."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

from core import __version__
from core.api import schemas
from core.api.dialects.call import Answer, Call, recipe_fields
from core.api.dialects.dialect import Dialect
from core.api.dialects.fields import (
    count_of,
    documents_of,
    flag_of,
    instruction_of,
    model_of,
    raw_of,
    text_of,
)
from core.workflows.rerank.export import chunk_fields

# Dify's Ollama plugin: no documents unless asked for, and then as strings.
OLLAMA_PATH = "/api/rerank"


def _read(fields: Mapping[str, Any], path: str) -> Call:
    return Call(
        query=text_of(fields, "query"),
        documents=documents_of(fields, "documents"),
        model=model_of(fields),
        top_n=count_of(fields, "top_n", "top_k", "topN"),
        instruction=instruction_of(fields),
        return_documents=flag_of(fields, "return_documents", default=path != OLLAMA_PATH),
        raw_scores=raw_of(fields),
        most_tokens=count_of(fields, "max_tokens_per_doc") or 0,
    )


def _write(answer: Answer, fields: Mapping[str, Any], path: str) -> dict[str, Any]:
    # No `object`: infinity_client takes only its own word for it, and nobody reads it.
    return {
        "id": f"rerank-{uuid.uuid4().hex}",
        "model": answer.model,
        "created": int(time.time()),
        "results": [_result(answer, one, path) for one in answer.kept],
        "data": [_datum(answer, one, "top_k" in fields) for one in answer.kept],
        "usage": {
            "prompt_tokens": answer.tokens,
            "completion_tokens": 0,
            "total_tokens": answer.tokens,
        },
        "meta": {
            "api_version": {"version": __version__},
            "billed_units": {"search_units": 1},
            "tokens": {"input_tokens": answer.tokens, "output_tokens": 0},
            "scored_by": answer.scorer.name,
            **({"recipe": answer.recipe} if answer.recipe else {}),
            **({} if answer.reranked else {"reranked": False}),
            "warnings": [notice.text for notice in answer.notices] + list(answer.scorer.notes),
        },
        "reranked_documents": [one.document for one in answer.kept],
    }


def _result(answer: Answer, ranked: Any, path: str) -> dict[str, Any]:  # noqa: ANN401
    result: dict[str, Any] = {"index": ranked.index, "relevance_score": answer.score(ranked)}
    if answer.call.return_documents:
        result["document"] = ranked.document if path == OLLAMA_PATH else {"text": ranked.document}
    if ranked.scored is None:
        return result
    if ranked.scored.truncated:
        result["truncated"] = True
    return result | chunk_fields(ranked.scored) | recipe_fields(ranked)


def _datum(answer: Answer, ranked: Any, voyage: bool) -> dict[str, Any]:  # noqa: ANN401
    """The same for Voyage's and Pinecone's clients."""
    score = answer.score(ranked)
    datum: dict[str, Any] = {"index": ranked.index, "relevance_score": score, "score": score}
    if voyage and answer.call.return_documents:
        datum["document"] = ranked.document
    return datum


SUPERSET = Dialect(
    name="superset",
    title="Cohere, Jina, vLLM, Xinference, Voyage",
    clients="Cohere, LangChain, LlamaIndex, Haystack, LiteLLM, Infinity, Open WebUI, Dify, RAGFlow, FastGPT",
    recognises=lambda fields: True,
    read=_read,
    write=_write,
    example={
        "model": "rerank",
        "query": "How long does a refund take?",
        "documents": ["Exchanges are chosen on the order page.", "Refunds arrive within three working days."],
        "top_n": 1,
    },
    asks=schemas.an_object(
        {
            "model": schemas.STRING,
            "query": schemas.QUERY,
            "documents": schemas.DOCUMENTS,
            "top_n": schemas.COUNT,
            "top_k": schemas.COUNT,
            "return_documents": schemas.FLAG,
            "rank_fields": schemas.a_list(schemas.STRING),
            "max_tokens_per_doc": schemas.COUNT,
            "raw_scores": schemas.RAW,
            **schemas.EVERYWHERE,
        },
        ("query", "documents"),
    ),
    answers=schemas.an_object(
        {
            "id": schemas.STRING,
            "model": schemas.STRING,
            "results": schemas.a_list(
                schemas.an_object(
                    {"index": schemas.INDEX, "relevance_score": schemas.NUMBER}, ("index", "relevance_score")
                )
            ),
        },
        ("id", "model", "results", "data", "usage", "meta"),
    ),
)
