"""Documents with too little in them for a model to judge: a word or two, or nothing but a title."""

import re
from typing import Literal

from core.text.scripts import CLOSING, HAN, HAN_CHARACTER, SENTENCE_ENDS

Thinness = Literal["blank", "short", "title"]

# In words, of which a Chinese character is half a one.
SHORT_WORDS = 3.0
TITLE_WORDS = 12.0

_WORD = re.compile(f"[^\\W_{HAN}]+(?:['’.-][^\\W_]+)*")
_SENTENCE = re.compile(rf"[{SENTENCE_ENDS}；;][{re.escape(CLOSING)}]*(\s|$)")
_FIELDS = re.compile(r"[:：]\s*\S")


def thinness(text: str) -> Thinness | None:
    """Why a document is too little, or None.

    A title is one line of at most twelve words (or 24 Chinese characters) that ends no sentence, states no
    field («Price: 20») and has no comma; one that is shorter still counts as short, whatever it holds.
    """
    stripped = text.strip()
    if not stripped:
        return "blank"
    words = len(HAN_CHARACTER.findall(stripped)) / 2 + len(_WORD.findall(stripped))
    if words < SHORT_WORDS:
        return "short"
    one_line = "\n" not in stripped
    states = _SENTENCE.search(stripped) or _FIELDS.search(stripped) or re.search("[，,]", stripped)
    return "title" if one_line and words <= TITLE_WORDS and not states else None
