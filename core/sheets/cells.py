"""Takes apart a cell that holds several values: a JSON list, or one value per line."""

import json


def split_cell(text: str) -> list[str]:
    """The values in a cell, blank ones left out. A list entry that is an object gives its text field."""
    stripped = text.strip()
    if stripped.startswith("["):
        try:
            values = json.loads(stripped)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, list):
            return [part for part in map(_entry_text, values) if part.strip()]
    lines = stripped.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


def _entry_text(value: object) -> str:
    if isinstance(value, dict):
        for name in ("document", "text", "content", "passage", "文档", "内容"):
            if isinstance(value.get(name), str):
                return str(value[name])
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
