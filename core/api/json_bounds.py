"""Counts what a JSON body holds before any object is made of it, and reads it when that is little enough.

`{"documents":[{},{},…]}` of 28 MB becomes nine million objects, and while a parser makes them the whole
process stands still: it does not give the interpreter up in between. Counting does, since no single call of
it looks at more than a piece of the body, and it stops at the limit. A text of megabytes holds the parser up
in the same way, so such texts are read in pieces, too. What the fields mean is left to the routes.
"""

import json
import re
import secrets

from core.errors import InputError, TooLargeError

# 1,000 documents as objects of a hundred fields, or as passages with their scores, are far below.
MOST_VALUES = 200_000
DEEPEST = 64

# Below this a body is parsed in a few hundredths of a second, however it is made, if it holds few values.
_SMALL = 2 << 20
_LONG_TEXT = 1 << 20
_PIECE = 1 << 18
_MARK = re.compile(rb'["\[\]{},]')
_INSIDE_STRING = re.compile(rb'(?:[^"\\]++|\\u[0-9A-Fa-f]{4}|\\[^u])*+', re.DOTALL)
_SPLIT_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HINT = 'Send {{"query": …, "documents": [ … ]}} in UTF-8.'


def read_json(body: bytes) -> object:
    """The value in `body`. To be called from a worker thread: 32 MB take a second or two.

    Raises TooLargeError when it holds more than MOST_VALUES values, InputError when it is no JSON or nested
    deeper than DEEPEST.
    """
    try:
        long_texts = check_bounds(body)
        if not long_texts:
            return json.loads(body)
        # Each long text is parsed by itself and put in the place of its name.
        names = [secrets.token_hex(16) for _ in long_texts]
        skeleton, position = [], 0
        for name, (begin, end) in zip(names, long_texts, strict=True):
            skeleton += [body[position:begin], f'"{name}"'.encode()]
            position = end
        value = json.loads(b"".join([*skeleton, body[position:]]))
        texts = {name: _read_text(body, *place) for name, place in zip(names, long_texts, strict=True)}
        return _filled(value, texts)
    except (ValueError, RecursionError) as error:
        raise _no_json(str(error)) from None


def check_bounds(body: bytes) -> list[tuple[int, int]]:
    """Count values and nesting; see `read_json`. Gives where long texts begin and end, quotes included."""
    if len(body) < _SMALL and _clearly_within(body):
        return []
    long_texts = []
    depth = values = strings = position = 0
    while found := _MARK.search(body, position):
        mark, begin, position = found[0], found.start(), found.end()
        if mark == b'"':
            position = _end_of_text(body, position)
            strings += 1
            if position - begin > _LONG_TEXT:
                long_texts.append((begin, position))
        elif mark in b"[{":
            depth += 1
            values += 1
        elif mark == b",":
            values += 1
        else:
            depth -= 1
        if depth > DEEPEST:
            raise _no_json(f"it is nested deeper than {DEEPEST} levels")
        # A key and its text are two strings of one value; more, or an end without a beginning, is no JSON.
        if depth < 0 or strings > 2 * values + 2:
            raise _no_json(f"unexpected «{mark.decode()}» at byte {begin}")
        if values > MOST_VALUES:
            raise TooLargeError(
                "The body holds more than {limit} values.",
                where="body",
                hint="Send fewer documents at a time.",
                limit=MOST_VALUES,
            )
    return long_texts


def _clearly_within(body: bytes) -> bool:
    """Counts the marks inside of texts, too: enough for nearly every body, and ten times quicker."""
    opened = body.count(b"[") + body.count(b"{")
    return opened <= DEEPEST and opened + body.count(b",") <= MOST_VALUES


def _end_of_text(body: bytes, position: int) -> int:
    """Where the text that `position` lies in has ended, its quote included."""
    while position < len(body):
        reached = _reached(body, position)
        if body[reached : reached + 1] == b'"':
            return reached + 1
        if reached == position:
            raise _no_json(f"a text has a wrong escape at byte {position}")
        position = reached
    raise _no_json("a text has no end")


def _read_text(body: bytes, begin: int, end: int) -> str:
    pieces: list[str] = []
    position = begin + 1
    while position < end - 1:
        reached = min(_reached(body, position), end - 1)
        piece = json.loads(b'"' + body[position:reached] + b'"')
        # A character that was written as two escapes may have been cut between them.
        if pieces and _SPLIT_PAIR.fullmatch(pieces[-1][-1:] + piece[:1]):
            pieces[-1], piece = pieces[-1][:-1], _joined(pieces[-1][-1:] + piece[:1]) + piece[1:]
        pieces.append(piece)
        position = reached
    return "".join(pieces)


def _reached(body: bytes, position: int) -> int:
    """The end of a piece of text from `position` on: at its quote, or between two characters."""
    found = _INSIDE_STRING.match(body, position, position + _PIECE)
    reached = found.end() if found else position
    while position < reached < len(body) and body[reached] & 0xC0 == 0x80:
        reached -= 1
    return reached


def _joined(halves: str) -> str:
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _filled(value: object, texts: dict[str, str]) -> object:
    if isinstance(value, str):
        return texts.get(value, value)
    if isinstance(value, list):
        return [_filled(item, texts) for item in value]
    if isinstance(value, dict):
        return {texts.get(key, key): _filled(item, texts) for key, item in value.items()}
    return value


def _no_json(problem: str) -> InputError:
    return InputError("The body is not valid JSON: {problem}", where="body", hint=_HINT, problem=problem)
