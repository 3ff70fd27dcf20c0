"""Other wordings of an instruction that mean the same, made by rules: no model writes them.

Each rule changes one thing that should not matter. What then changes in the order shows how much of it
hangs on the wording. The list is a proposal; the page lets people edit it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.text.scripts import has_han

MOST = 6

_GIVEN = re.compile(r"given\s+(?P<given>[^,]+),\s*(?P<task>.+?)(?P<end>[.!]?)$", re.IGNORECASE | re.DOTALL)
# One word each, taken for its like; the first that occurs is exchanged.
_LIKE = (
    ("passages", "texts"),
    ("documents", "passages"),
    ("articles", "documents"),
    ("products", "items"),
    ("papers", "publications"),
    ("code", "source code"),
)


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """One wording and the rule that made it."""

    rule: str
    instruction: str


def paraphrases(instruction: str, most: int = MOST) -> tuple[Paraphrase, ...]:
    """At most `most` other wordings, each different from the instruction and from each other."""
    text = " ".join(instruction.split())
    seen = {text}
    found: list[Paraphrase] = []
    for rule, change in RULES.items():
        changed = change(text)
        if changed and changed not in seen:
            seen.add(changed)
            found.append(Paraphrase(rule, changed))
    return tuple(found[:most])


def _task_first(text: str) -> str:
    match = _GIVEN.match(text)
    if match is None:
        return ""
    return f"{_capital(match['task'])}, given {match['given']}{match['end']}"


def _another_verb(text: str) -> str:
    if re.search(r"\bretrieve\b", text, re.IGNORECASE):
        return _exchanged(text, "retrieve", "find")
    return _exchanged(text, "find", "retrieve")


def _another_noun(text: str) -> str:
    for word, like in _LIKE:
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return _exchanged(text, word, like)
    return ""


def _task_alone(text: str) -> str:
    match = _GIVEN.match(text)
    return _capital(match["task"]) + match["end"] if match else ""


def _full_stop(text: str) -> str:
    if text[-1:] in (".", "。"):
        return text[:-1]
    if text[-1:] in ("!", "?", "！", "？", ""):
        return ""
    return text + ("。" if has_han(text[-1:]) else ".")


def _first_letter(text: str) -> str:
    first = text[:1]
    return (first.lower() if first.isupper() else first.upper()) + text[1:]


RULES: dict[str, Callable[[str], str]] = {
    "The task first": _task_first,
    "Another verb": _another_verb,
    "Another noun": _another_noun,
    "Without the situation": _task_alone,
    "Full stop at the end": _full_stop,
    "First letter": _first_letter,
}


def _exchanged(text: str, word: str, like: str) -> str:
    """The first occurrence replaced, in the same case."""

    def same_case(match: re.Match[str]) -> str:
        return _capital(like) if match[0][0].isupper() else like

    return re.sub(rf"\b{word}\b", same_case, text, count=1, flags=re.IGNORECASE)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
