"""Mixedbread: documents as a list under `input`, an answer under `data`."""

from collections.abc import Mapping
from typing import Any

from core.api import schemas
from core.api.dialects.call import Answer, Call
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


def _read(fields: Mapping[str, Any], path: str) -> Call:  # noqa: ARG001
    return Call(
        query=text_of(fields, "query"),
        documents=documents_of(fields, "input"),
        model=model_of(fields),
        top_n=count_of(fields, "top_k", "top_n"),
        instruction=instruction_of(fields),
        return_documents=flag_of(fields, "return_input", default=True),
        raw_scores=raw_of(fields),
    )


def _write(answer: Answer, fields: Mapping[str, Any], path: str) -> dict[str, Any]:  # noqa: ARG001
    told = answer.call.return_documents
    return {
        "model": answer.model,
        "object": "list",
        "data": [
            {"index": one.index, "score": answer.score(one)} | ({"input": one.document} if told else {})
            for one in answer.kept
        ],
        "usage": {
            "prompt_tokens": answer.tokens,
            "completion_tokens": 0,
            "total_tokens": answer.tokens,
        },
    }


MIXEDBREAD = Dialect(
    name="mixedbread",
    title="Mixedbread",
    clients="rerankers, Mixedbread's own",
    recognises=lambda fields: isinstance(fields.get("input"), list) and fields.get("documents") is None,
    read=_read,
    write=_write,
    example={
        "model": "mxbai-rerank-large-v2",
        "query": "How long does a refund take?",
        "input": ["Exchanges are chosen on the order page.", "Refunds arrive within three working days."],
        "top_k": 2,
    },
    asks=schemas.an_object(
        {
            "model": schemas.STRING,
            "query": schemas.QUERY,
            "input": schemas.DOCUMENTS,
            "top_k": schemas.COUNT,
            "return_input": schemas.FLAG,
            "raw_scores": schemas.RAW,
            **schemas.EVERYWHERE,
        },
        ("query", "input"),
    ),
    answers=schemas.an_object(
        {
            "model": schemas.STRING,
            "data": schemas.ranked("score"),
        },
        ("model", "object", "data", "usage"),
    ),
)
