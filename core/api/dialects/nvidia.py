"""NVIDIA NIM: `passages` in, `rankings` with log-odds out."""

from collections.abc import Mapping
from typing import Any

from core.api import schemas
from core.api.dialects.call import Answer, Call
from core.api.dialects.dialect import Dialect
from core.api.dialects.fields import count_of, documents_of, instruction_of, model_of, text_of


def _read(fields: Mapping[str, Any], path: str) -> Call:  # noqa: ARG001
    return Call(
        query=text_of(fields, "query"),
        documents=documents_of(fields, "passages"),
        model=model_of(fields),
        top_n=count_of(fields, "top_n", "top_k"),
        instruction=instruction_of(fields),
        raw_scores=True,
        may_truncate=str(fields.get("truncate") or "END").upper() != "NONE",
    )


def _write(answer: Answer, fields: Mapping[str, Any], path: str) -> dict[str, Any]:  # noqa: ARG001
    return {
        "rankings": [{"index": one.index, "logit": answer.score(one)} for one in answer.kept],
        "usage": {"prompt_tokens": answer.tokens, "total_tokens": answer.tokens},
    }


NVIDIA = Dialect(
    name="nvidia",
    title="NVIDIA NIM",
    clients="langchain-nvidia, LlamaIndex and Haystack NVIDIA rankers, LiteLLM nvidia_nim/",
    recognises=lambda fields: isinstance(fields.get("passages"), list) and fields.get("documents") is None,
    read=_read,
    write=_write,
    example={
        "model": "nvidia/rerank",
        "query": {"text": "How long does a refund take?"},
        "passages": [
            {"text": "Exchanges are chosen on the order page."},
            {"text": "Refunds arrive within three working days."},
        ],
    },
    asks=schemas.an_object(
        {
            "model": schemas.STRING,
            "query": schemas.QUERY,
            "passages": schemas.DOCUMENTS,
            "top_n": schemas.COUNT,
            "truncate": {"enum": ["NONE", "END"]},
            **schemas.EVERYWHERE,
        },
        ("query", "passages"),
    ),
    answers=schemas.an_object(
        {"rankings": schemas.ranked("logit")},
        ("rankings", "usage"),
    ),
)
