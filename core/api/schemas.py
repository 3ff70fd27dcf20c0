"""JSON Schemas of what the routes take and answer, for the OpenAPI document: its pieces.

They say what is meant to be sent. More is accepted, because clients write null for absent and booleans as
words; see `core.api.dialects.fields`. Answers hold at least what is written here.
"""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

STRING: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
INDEX: Schema = {"type": "integer", "minimum": 0}
# As an answer counts what it has read.
TOKENS: Schema = {"type": "integer", "minimum": 0}
COUNT: Schema = {"type": "integer", "minimum": 0, "description": "0 or absent: all"}
WORDS: Schema = {"type": "string", "pattern": r"\S"}
QUERY: Schema = {"anyOf": [WORDS, {"type": "object", "properties": {"text": WORDS}, "required": ["text"]}]}
DOCUMENTS: Schema = {"type": "array", "minItems": 1, "items": {"anyOf": [STRING, {"type": "object"}]}}
STRINGS: Schema = {"type": "array", "minItems": 1, "items": STRING}
INSTRUCTION: Schema = {"type": "string", "description": "a text, or preset:NAME for a saved one"}
RAW: Schema = {"type": "boolean", "description": "log-odds instead of probabilities"}
# What every rerank format takes beside its own fields.
EVERYWHERE: Mapping[str, Schema] = {
    "instruction": INSTRUCTION,
    "recipe": {"type": "string", "description": "the name of a saved recipe"},
    "first_scores": {
        "type": "array",
        "items": NUMBER,
        "description": "the first stage's score of each document, for recipes that blend",
    },
}


def an_object(properties: Mapping[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    """An object with these properties, of which some must be there."""
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def a_list(items: Schema) -> Schema:
    """A list of them."""
    return {"type": "array", "items": items}


def ranked(score: str, **more: Schema) -> Schema:
    """A list of documents by their place in the request, each with its score under this name."""
    return a_list(an_object({"index": INDEX, score: NUMBER, **more}, ("index", score)))


ERROR: Schema = an_object(
    {
        "error": an_object({"message": STRING, "type": STRING}, ("message", "type")),
        "message": STRING,
        "detail": STRING,
    },
    ("error", "message"),
)
