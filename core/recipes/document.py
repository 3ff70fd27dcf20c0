"""A recipe as a JSON file that people can read, in the home folder and from hand to hand.

    {"format": "rerank-recipe", "version": 1, "name": …, "versions": [
        {"number": 1, "written": …, "note": …, "recipe": {"model": …, "instruction": …, …}}]}

Files come from outside: everything is checked, and what this program does not know is refused, because a
recipe without one of its settings would give another order.
"""

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from core.errors import InputError
from core.recipes.evidence import Evidence
from core.recipes.recipe import (
    Recipe,
    RecipeVersion,
    SavedRecipe,
    checked_name,
    checked_note,
    checked_recipe,
)

FORMAT, FORMAT_VERSION = "rerank-recipe", 1
LARGEST_FILE = 5_000_000

NOT_JSON = "The file is not valid JSON: {problem}"
NOT_OURS = "The file holds no recipe."
NOT_OURS_HINT = "It should be a file that the Recipes page or `recipe export` wrote."
TOO_NEW = "The recipe was written by a newer version of this program."
TOO_LARGE = "The file has {count} bytes; at most {limit} are read."
UNREADABLE = "The recipe cannot be read: {problem}"


def recipe_bytes(saved: SavedRecipe) -> bytes:
    """The recipe with all its versions, as indented UTF-8 JSON."""
    versions = [
        {
            "number": one.number,
            "written": one.written.isoformat(timespec="seconds"),
            "note": one.note,
            "recipe": recipe_record(one.recipe),
        }
        for one in saved.versions
    ]
    record = {"format": FORMAT, "version": FORMAT_VERSION, "name": saved.name, "versions": versions}
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def recipe_record(recipe: Recipe) -> dict[str, Any]:
    """As JSON values; what is left out of the order is left out here."""
    return {name: value for name, value in asdict(recipe).items() if value is not None and value != {}}


def read_recipe_file(content: bytes) -> SavedRecipe:
    """The recipe of a file; InputError when it is not one of ours."""
    if len(content) > LARGEST_FILE:
        raise InputError(TOO_LARGE, count=len(content), limit=LARGEST_FILE)
    try:
        record = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(NOT_JSON, hint=NOT_OURS_HINT, problem=str(error)) from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError(NOT_OURS, hint=NOT_OURS_HINT)
    if record.get("version") != FORMAT_VERSION:
        raise InputError(TOO_NEW)
    try:
        name = checked_name(str(record["name"]))
        versions = tuple(_version(number, one) for number, one in enumerate(record["versions"], start=1))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(UNREADABLE, problem=str(error)) from None
    if not versions:
        raise InputError(NOT_OURS, hint=NOT_OURS_HINT)
    return SavedRecipe(name, versions)


def read_recipe(record: object) -> Recipe:
    """The recipe of its record. ValueError for a field of the wrong type, InputError for one out of range."""
    from pydantic import TypeAdapter

    if not isinstance(record, dict):
        raise ValueError("recipe")
    unknown = record.keys() - {field.name for field in fields(Recipe)}
    if unknown:
        raise ValueError(f"{', '.join(sorted(map(str, unknown)))}?")
    # Strict JSON: a list is a tuple, but "3" is no number and 1 is no truth.
    recipe: Recipe = TypeAdapter(Recipe).validate_json(json.dumps(record), strict=True)
    return checked_recipe(recipe)


def read_evidence(record: object) -> Evidence | None:
    """Evidence of its record; ValueError for a field of the wrong type."""
    from pydantic import TypeAdapter

    if record is None:
        return None
    evidence: Evidence = TypeAdapter(Evidence).validate_json(json.dumps(record), strict=True)
    return evidence


def _version(number: int, given: dict[str, Any]) -> RecipeVersion:
    written = datetime.fromisoformat(str(given["written"]))
    return RecipeVersion(
        number,
        read_recipe(given["recipe"]),
        checked_note(str(given.get("note") or "")),
        written if written.tzinfo else written.replace(tzinfo=UTC),
    )


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
