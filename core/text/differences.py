"""What changed between two versions of a text, word by word (character by character in Chinese)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from core.text.scripts import HAN, WIDE_MARKS

PieceKind = Literal["same", "removed", "added"]

# Comparing words takes time with their square; longer texts are compared line by line first.
MOST_WORDS = 4000

_TOKEN = re.compile(f"[{HAN}{WIDE_MARKS}]|[^\\W_]+|\n|[^\\S\n]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions have, or only one of them."""

    kind: PieceKind
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Pieces that, without the added ones, are `before`, and without the removed ones `after`."""
    if before == after:
        return (Piece("same", before),) if before else ()
    left, right = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(left) + len(right) > 2 * MOST_WORDS:
        left, right = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_pieces(left, right))


def _pieces(left: Sequence[str], right: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for kind, left_start, left_end, right_start, right_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(left[left_start:left_end])))
            continue
        if left_start < left_end:
            pieces.append(Piece("removed", "".join(left[left_start:left_end])))
        if right_start < right_end:
            pieces.append(Piece("added", "".join(right[right_start:right_end])))
    return pieces
