"""text-embeddings-inference and llama.cpp: `texts` in, a bare array out, errors in TEI's own words."""

from collections.abc import Mapping
from typing import Any

from core.api import schemas
from core.api.dialects.call import Answer, Call, recipe_fields
from core.api.dialects.dialect import Dialect, Refusal
from core.api.dialects.fields import count_of, documents_of, flag_of, instruction_of, raw_of, text_of
from core.errors import BusyError, InputError, NotReadyError, TooLargeError, TooLateError, WorkbenchError
from core.workflows.rerank.candidates import NO_DOCUMENTS

_TYPES = {400: "Empty", 422: "Validation", 429: "Overloaded", 503: "Unhealthy", 504: "Overloaded"}
TOO_LONG = "truncation"


def _read(fields: Mapping[str, Any], path: str) -> Call:  # noqa: ARG001
    asked = "return_text" if fields.get("return_text") is not None else "return_documents"
    return Call(
        query=text_of(fields, "query"),
        documents=documents_of(fields, "texts"),
        top_n=count_of(fields, "top_n"),
        instruction=instruction_of(fields),
        return_documents=flag_of(fields, asked, default=False),
        raw_scores=raw_of(fields),
        may_truncate=flag_of(fields, "truncate", default=True),
        keep_end=str(fields.get("truncation_direction")).lower() == "left",
    )


def _write(answer: Answer, fields: Mapping[str, Any], path: str) -> list[dict[str, Any]]:  # noqa: ARG001
    text = answer.call.return_documents
    return [
        {"index": one.index, "score": answer.score(one)}
        | ({"text": one.document} if text else {})
        | recipe_fields(one)
        for one in answer.kept
    ]


def _error(refusal: Refusal) -> dict[str, Any]:
    kind = "Tokenizer" if refusal.param == TOO_LONG else _TYPES.get(refusal.code, "Backend")
    return {"error": refusal.message, "error_type": kind}


def _code(error: WorkbenchError, code: int) -> int:
    """400 only where there is nothing to rank; too much and malformed are 422; the model's fault is 424."""
    if isinstance(error, TooLargeError):
        return 422
    if isinstance(error, InputError):
        return 400 if error.sentence.template == NO_DOCUMENTS else 422
    return code if isinstance(error, (BusyError, NotReadyError, TooLateError)) else 424


TEI = Dialect(
    name="tei",
    title="TEI, llama.cpp",
    clients="Hugging Face TEI clients, LlamaIndex and Haystack TEI rankers, LiteLLM huggingface/",
    recognises=lambda fields: isinstance(fields.get("texts"), list) and fields.get("documents") is None,
    read=_read,
    write=_write,
    error=_error,
    code=_code,
    example={
        "query": "How long does a refund take?",
        "texts": ["Exchanges are chosen on the order page.", "Refunds arrive within three working days."],
        "raw_scores": False,
        "return_text": True,
    },
    asks=schemas.an_object(
        {
            "query": schemas.QUERY,
            "texts": schemas.DOCUMENTS,
            "top_n": schemas.COUNT,
            "raw_scores": schemas.RAW,
            "return_text": schemas.FLAG,
            "truncate": schemas.FLAG,
            "truncation_direction": {"enum": ["left", "right", "Left", "Right"]},
            **schemas.EVERYWHERE,
        },
        ("query", "texts"),
    ),
    answers=schemas.a_list(
        schemas.an_object(
            {"index": schemas.INDEX, "score": schemas.NUMBER, "text": schemas.STRING}, ("index", "score")
        )
    ),
    refuses=schemas.an_object(
        {"error": schemas.STRING, "error_type": schemas.STRING}, ("error", "error_type")
    ),
)
