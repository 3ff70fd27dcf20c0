"""Writes an answer as JSON in pieces, so that 60 MB of texts do not hold the interpreter up."""

import json
from collections.abc import Iterator, Mapping, Sequence

_PIECE = 1 << 18


def json_bytes(value: object) -> bytes:
    """Compact UTF-8 JSON; lone surrogates of a user's text are escaped. Raises ValueError for a NaN."""
    return b"".join(piece.encode("utf-8", "backslashreplace") for piece in _pieces(value))


def _pieces(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield '"'
        for start in range(0, len(value), _PIECE):
            yield json.dumps(value[start : start + _PIECE], ensure_ascii=False)[1:-1]
        yield '"'
    elif isinstance(value, Mapping):
        for number, (key, item) in enumerate(value.items()):
            yield "," if number else "{"
            yield from _pieces(str(key))
            yield ":"
            yield from _pieces(item)
        yield "}" if value else "{}"
    elif isinstance(value, Sequence):
        for number, item in enumerate(value):
            yield "," if number else "["
            yield from _pieces(item)
        yield "]" if value else "[]"
    else:
        yield json.dumps(value, allow_nan=False)
