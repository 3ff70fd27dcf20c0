"""What can be posted where: each wire format on its usual path, and the routes with one format."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.api.dialects import DIALECTS
from core.api.schemas import (
    DOCUMENTS,
    FLAG,
    INDEX,
    INSTRUCTION,
    NUMBER,
    RAW,
    STRING,
    STRINGS,
    WORDS,
    Schema,
    a_list,
    an_object,
    ranked,
)

# Where the clients of a format send it; every other rerank path takes it as well.
USUAL_PATHS = {
    "tei": "/rerank",
    "nvidia": "/v1/ranking",
    "dashscope": "/api/v1/services/rerank/text-rerank/text-rerank",
    "mixedbread": "/v1/reranking",
}
DEFAULT_PATH = "/v1/rerank"


@dataclass(frozen=True, slots=True)
class Posted:
    """A body that a path takes. example: one that is accepted. about: rerank or retrieve.

    refuses: as in `Dialect`.
    """

    name: str
    title: str
    path: str
    example: Mapping[str, Any]
    asks: Schema
    answers: Schema
    refuses: Schema | None = None
    about: str = "rerank"


_ONE_OR_MORE: Schema = {"anyOf": [STRING, STRINGS]}
_VECTOR: Schema = a_list(NUMBER)

_OTHERS = (
    Posted(
        "score",
        "vLLM",
        "/score",
        {"text_1": "reset second factor", "text_2": ["Order a new card.", "Reset it."]},
        an_object(
            {
                "model": STRING,
                "text_1": WORDS,
                "text_2": {"anyOf": [STRING, DOCUMENTS]},
                "instruction": INSTRUCTION,
                "raw_scores": RAW,
            },
            ("text_1", "text_2"),
        ),
        an_object(
            {"data": ranked("score")},
            ("id", "object", "model", "data", "usage"),
        ),
    ),
    Posted(
        "search",
        "a corpus, recalled and reranked",
        "/search",
        {"corpus": "help", "query": "How long does a refund take?", "top_k": 50, "top_n": 3},
        an_object(
            {
                "corpus": STRING,
                "query": WORDS,
                "stages": {"enum": ["bm25", "embedding", "union"]},
                "top_k": {"type": "integer", "minimum": 1, "maximum": 1000},
                "top_n": {"type": "integer", "minimum": 1, "maximum": 1000},
                "rerank": FLAG,
                "instruction": INSTRUCTION,
                "recipe": STRING,
                "sources": a_list(STRING),
                "filters": {"type": "object", "additionalProperties": _ONE_OR_MORE},
            },
            ("corpus", "query"),
        ),
        an_object(
            {
                "results": a_list(
                    an_object(
                        {"id": STRING, "rank": {"type": "integer"}, "logit": NUMBER, "text": STRING},
                        ("id", "rank", "stages", "text"),
                    )
                ),
            },
            ("results", "seconds", "model"),
        ),
        about="retrieve",
    ),
    Posted(
        "embeddings",
        "OpenAI",
        "/v1/embeddings",
        {"model": "embedding", "input": ["How long does a refund take?"]},
        an_object(
            {"model": STRING, "input": _ONE_OR_MORE, "encoding_format": {"enum": ["float", "base64"]}},
            ("input",),
        ),
        an_object(
            {
                "data": a_list(
                    an_object(
                        {"index": INDEX, "embedding": {"anyOf": [_VECTOR, STRING]}}, ("index", "embedding")
                    )
                )
            },
            ("object", "model", "data", "usage"),
        ),
        about="retrieve",
    ),
    Posted(
        "embed",
        "TEI",
        "/embed",
        {"inputs": ["How long does a refund take?"]},
        an_object({"inputs": _ONE_OR_MORE, "prompt_name": STRING}, ("inputs",)),
        a_list(_VECTOR),
        about="retrieve",
    ),
    Posted(
        "predict",
        "Gradio",
        "/api/predict",
        {"data": ["How long does a refund take?", "Exchanges are chosen there.\nRefunds take three days."]},
        an_object({"data": {"type": "array", "minItems": 2, "maxItems": 3, "items": WORDS}}, ("data",)),
        an_object({"data": {"type": "array"}}, ("data",)),
    ),
)


def posted() -> tuple[Posted, ...]:
    """Every format, the dialects' first."""
    dialects = (
        Posted(
            one.name,
            one.title,
            USUAL_PATHS.get(one.name, DEFAULT_PATH),
            one.example,
            one.asks,
            one.answers,
            one.refuses,
        )
        for one in DIALECTS
    )
    return (*dialects, *_OTHERS)
