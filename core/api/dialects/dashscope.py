"""DashScope's native form: query and documents under `input`, options under `parameters`."""

import uuid
from collections.abc import Mapping
from typing import Any

from core.api import schemas
from core.api.dialects.call import Answer, Call
from core.api.dialects.dialect import TYPE_OF_CODE, Dialect, Refusal, general_error
from core.api.dialects.fields import count_of, documents_of, flag_of, instruction_of, model_of, text_of


def _read(fields: Mapping[str, Any], path: str) -> Call:  # noqa: ARG001
    given = fields["input"]
    options = fields.get("parameters")
    options = options if isinstance(options, dict) else {}
    return Call(
        query=text_of(given, "query"),
        documents=documents_of(given, "documents"),
        model=model_of(fields),
        top_n=count_of(options, "top_n"),
        instruction=instruction_of(options),
        return_documents=flag_of(options, "return_documents", default=False),
    )


def _write(answer: Answer, fields: Mapping[str, Any], path: str) -> dict[str, Any]:  # noqa: ARG001
    told = answer.call.return_documents
    results = [
        {"index": one.index, "relevance_score": answer.score(one)}
        | ({"document": {"text": one.document}} if told else {})
        for one in answer.kept
    ]
    return {
        "output": {"results": results},
        "usage": {"total_tokens": answer.tokens},
        "request_id": str(uuid.uuid4()),
    }


def _error(refusal: Refusal) -> dict[str, Any]:
    """Its clients read `code`, a word, and `message` at the top."""
    kind = TYPE_OF_CODE.get(refusal.code, "invalid_request_error")
    return general_error(refusal) | {"code": kind, "request_id": str(uuid.uuid4())}


DASHSCOPE = Dialect(
    name="dashscope",
    title="DashScope",
    clients="dashscope, its LangChain and LlamaIndex wrappers, LightRAG ali_rerank",
    recognises=lambda fields: isinstance(fields.get("input"), dict),
    read=_read,
    write=_write,
    error=_error,
    example={
        "model": "qwen3-rerank",
        "input": {
            "query": "退款多久到账？",
            "documents": ["如需换货，请在订单页选择换货。", "退款在三个工作日内到账。"],
        },
        "parameters": {"top_n": 1, "return_documents": True},
    },
    asks=schemas.an_object(
        {
            "model": schemas.STRING,
            "input": schemas.an_object(
                {"query": schemas.QUERY, "documents": schemas.DOCUMENTS}, ("query", "documents")
            ),
            "parameters": schemas.an_object(
                {"top_n": schemas.COUNT, "return_documents": schemas.FLAG, "instruct": schemas.INSTRUCTION}
            ),
            "recipe": schemas.EVERYWHERE["recipe"],
            "first_scores": schemas.EVERYWHERE["first_scores"],
        },
        ("input",),
    ),
    answers=schemas.an_object(
        {
            "output": schemas.an_object(
                {
                    "results": schemas.a_list(
                        schemas.an_object(
                            {"index": schemas.INDEX, "relevance_score": schemas.NUMBER},
                            ("index", "relevance_score"),
                        )
                    )
                },
                ("results",),
            ),
            "request_id": schemas.STRING,
        },
        ("output", "usage", "request_id"),
    ),
    refuses={**schemas.ERROR, "required": ["code", "message", "request_id"]},
)
