"""Takes apart a cell that holds several values: a JSON list, or one value per line; labels also by commas."""

import json
import re

from core.sheets.records import LINE_END

_NUMBERED_LINE = re.compile(r"(?:[(（]?\d{1,2}[)）.、:：]|[①-⑳])\s*\S")
_BETWEEN_LABELS = re.compile(r"[,，;；、|]")


def split_cell(text: str) -> list[str]:
    """The values in a cell, blank ones left out. A list entry that is an object gives its text field."""
    return [part for part in cell_parts(text) if part]


def cell_parts(text: str) -> list[str]:
    """The values in a cell by position, blank ones as ""."""
    stripped = text.strip()
    values = json_list(text)
    if values is not None:
        return [part if part.strip() else "" for part in map(_entry_text, values)]
    return [line.strip() for line in LINE_END.split(stripped)]


def label_parts(text: str, documents: int) -> list[str]:
    """The labels in the cell of so many documents by position, missing ones as ""; [] when there is none."""
    parts = cell_parts(text)
    if documents > 1 and len(parts) == 1 and json_list(text) is None:
        parts = [part.strip() for part in _BETWEEN_LABELS.split(parts[0])]
    return parts if any(parts) else []


def questions_in(text: str) -> int:
    """How many questions a cell lists: a JSON list of texts, numbered lines, or three lines of questions."""
    values = json_list(text)
    if values is not None:
        return len(values) if all(isinstance(value, str) for value in values) else 1
    lines = [line for line in map(str.strip, LINE_END.split(text)) if line]
    if len(lines) < 2:
        return 1
    numbered = all(_NUMBERED_LINE.match(line) for line in lines)
    asked = len(lines) >= 3 and all(line.endswith(("?", "？")) for line in lines)
    return len(lines) if numbered or asked else 1


def is_json_object(text: str) -> bool:
    """Whether the text is a JSON object, or a list of lists."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if isinstance(value, list):
        return bool(value) and all(isinstance(entry, list) for entry in value)
    return isinstance(value, dict)


def json_list(text: str) -> list[object] | None:
    """The values of a JSON list; None where the text is none."""
    text = text.strip()
    if not text.startswith("["):
        return None
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, list) else None


def _entry_text(value: object) -> str:
    if isinstance(value, dict):
        for name in ("document", "text", "content", "passage", "文档", "内容"):
            if isinstance(value.get(name), str):
                return str(value[name])
        return ""  # an object without a text is no document
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
