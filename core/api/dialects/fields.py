"""Reading a request's fields as clients write them: null for absent, booleans as words, texts in objects.

Every refusal is an InputError that names the field. Which fields a dialect has is the dialect's business.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import InputError

Fields = Mapping[str, Any]
SEND = 'Send {{"query": …, "documents": [ … ]}}.'


def text_of(fields: Fields, name: str) -> str:
    """A text, or an object that holds one as `text`."""
    value = fields.get(name)
    if isinstance(value, dict):
        value = value.get("text")
    if not isinstance(value, str):
        raise InputError("«{name}» must be a string.", where=name, hint=SEND, name=name)
    return value


def documents_of(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of documents, or one; each a text or an object (see `document_text`)."""
    value = fields.get(name)
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise InputError("«{name}» must be a list of strings.", where=name, hint=SEND, name=name)
    only = fields.get("rank_fields")
    keys = [str(key) for key in only] if isinstance(only, list) else []
    return tuple(document_text(item, f"{name}[{place}]", place, keys) for place, item in enumerate(value))


def document_text(document: object, where: str, place: int, keys: Sequence[str] = ()) -> str:
    """A text; `{"text"}`; `{"content": [{"type": "text", "text"}]}`; any other object as «key: value» lines.

    keys: the fields of an object that count, in this order; all where there are none.
    """
    if isinstance(document, str):
        return document
    if not isinstance(document, dict):
        raise InputError("Document {n} is neither a string nor an object.", where=where, n=place + 1)
    if not keys and isinstance(document.get("text"), str):
        return str(document["text"])
    content = document.get("content")
    if not keys and isinstance(content, list):
        pieces = [part.get("text") for part in content if isinstance(part, dict)]
        if pieces and all(isinstance(piece, str) for piece in pieces):
            return "\n".join(map(str, pieces))
    chosen = {key: document[key] for key in keys if key in document} if keys else document
    return "\n".join(f"{key}: {_written(value)}" for key, value in chosen.items())


def count_of(fields: Fields, *names: str) -> int | None:
    """The first of these fields that is set, as a number of at least 1; null, 0 and "" mean no limit."""
    name = next((name for name in names if fields.get(name) not in (None, "", 0, "0", False)), None)
    if name is None:
        return None
    value = fields[name]
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):  # JSON's 1e999 is infinite
        number = -1
    if isinstance(value, bool) or number < 0:
        raise InputError("«{name}» must be a whole number of at least 1.", where=name, name=name)
    return number or None


def flag_of(fields: Fields, name: str, *, default: bool) -> bool:
    """A boolean, also as a word."""
    value = fields.get(name)
    if value is None:
        return default
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "yes")
    return bool(value)


def instruction_of(fields: Fields) -> str | None:
    """The instruction under any of its names; vLLM's template argument goes first, as there."""
    template = fields.get("chat_template_kwargs")
    nested = template.get("instruction") if isinstance(template, dict) else None
    value = nested or fields.get("instruction") or fields.get("instruct") or fields.get("task")
    if value is not None and not isinstance(value, str):
        raise InputError("«instruction» must be a string.", where="instruction")
    return value


def raw_of(fields: Fields) -> bool:
    """Whether log-odds are asked for."""
    return flag_of(fields, "raw_scores", default=False) or not flag_of(fields, "use_activation", default=True)


def model_of(fields: Fields) -> str:
    """The model that the client names; any name is taken."""
    value = fields.get("model")
    return value if isinstance(value, str) else ""


def recipe_of(fields: Fields) -> str:
    """The saved recipe that is asked for by name; empty for none."""
    value = fields.get("recipe")
    if value is not None and not isinstance(value, str):
        raise InputError("«recipe» must be the name of a recipe.", where="recipe")
    return value or ""


def first_scores_of(fields: Fields) -> tuple[float, ...] | None:
    """What the first stage gave each document; None where the client does not say."""
    given = fields.get("first_scores")
    if given is None:
        return None
    numbers = isinstance(given, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in given
    )
    if not numbers:
        raise InputError("«first_scores» must be a list of numbers.", where="first_scores")
    return tuple(map(float, given))


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
