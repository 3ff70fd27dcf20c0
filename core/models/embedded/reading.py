"""How a text is laid out for a bi-encoder: its language, what of it is read, and its windows.

Plain Python over token ids; the tokenizer is handed in. A text longer than the model's positions is read in
windows of equal length that overlap, so that no sentence is only seen cut in two.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["query", "passage"]
Language = Literal["en", "zh"]
ROLES: tuple[Role, ...] = ("query", "passage")
LANGUAGES: tuple[Language, ...] = ("en", "zh")

HAN_SHARE = 0.2
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of one model input, special tokens and prefix included."""

    ids: tuple[int, ...]
    role: Role
    language: Language


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as the model will read it. truncated: its end is in none of the windows."""

    windows: tuple[Window, ...]
    truncated: bool

    @property
    def tokens(self) -> int:
        """Tokens read, with every window's prefix and special tokens."""
        return sum(len(window.ids) for window in self.windows)


@dataclass(frozen=True, slots=True)
class Layout:
    """The shape of a model's inputs.

    positions: longest input in tokens. overlap: tokens that neighbouring windows share.
    longest_piece: characters of the longest vocabulary entry; bounds how much text must be tokenized.
    """

    positions: int
    overlap: int
    windows: dict[Role, int]
    opening: dict[Role, tuple[int, ...]]
    closing: tuple[int, ...]
    longest_piece: int


def read_text(text: str, role: Role, layout: Layout, token_ids: Callable[[str], Sequence[int]]) -> ReadText:
    """Lay out one text. Only as many characters are tokenized as the windows can hold."""
    opening, closing = layout.opening[role], layout.closing
    room = layout.positions - len(opening) - len(closing)
    most_tokens = room + (layout.windows[role] - 1) * (room - layout.overlap)
    text = text.strip()
    read = readable(text[: most_tokens * layout.longest_piece])
    ids = token_ids(read)
    windows = tuple(
        Window((*opening, *ids[start:end], *closing), role, language_of(read))
        for start, end in window_bounds(min(len(ids), most_tokens), room, layout.overlap)
    )
    return ReadText(windows, truncated=len(read) < len(text) or len(ids) > most_tokens)


def readable(text: str) -> str:
    """The text without lone surrogates, which no tokenizer reads."""
    return _SURROGATES.sub("\ufffd", text)


def window_bounds(tokens: int, room: int, overlap: int) -> list[tuple[int, int]]:
    """Start and end of the windows of a text of `tokens` tokens, `room` of which fit into one window.

    The fewest windows that share at least `overlap` tokens, spread evenly, all equally long.
    """
    if tokens <= room:
        return [(0, tokens)]
    count = math.ceil((tokens - overlap) / (room - overlap))
    starts = [round(i * (tokens - room) / (count - 1)) for i in range(count)]
    return [(start, start + room) for start in starts]


def language_of(text: str) -> Language:
    """«zh» when at least a fifth of the characters are Han, otherwise «en», whatever the language."""
    return "zh" if text and len(_HAN.findall(text)) >= HAN_SHARE * len(text) else "en"


def micro_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Positions of `lengths` in groups of at most `budget` tokens, shortest inputs first.

    An input longer than the budget forms a group of its own. Equal lengths stay in order.
    """
    batches: list[list[int]] = []
    filled = budget
    for position in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if filled + lengths[position] > budget:
            batches.append([])
            filled = 0
        batches[-1].append(position)
        filled += lengths[position]
    return batches
