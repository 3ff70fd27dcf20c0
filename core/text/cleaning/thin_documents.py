"""Documents with too little in them for a model to judge: a word or two, or nothing but a title."""

import re
from typing import Literal

Thinness = Literal["blank", "short", "title"]

# In words, of which a Chinese character is half a one.
SHORT_WORDS = 3.0
TITLE_WORDS = 12.0

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile("[^\\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+(?:['’.-][^\\W_]+)*")
_SENTENCE = re.compile(r"[.!?。！？…；;][\"'”’」』）)]*(\s|$)")
_FIELDS = re.compile(r"[:：]\s*\S")


def thinness(text: str) -> Thinness | None:
    """Why a document is too little, or None.

    A title is one line of at most twelve words (or 24 Chinese characters) that ends no sentence, states no
    field («Price: 20») and has no comma; one that is shorter still counts as short, whatever it holds.
    """
    stripped = text.strip()
    if not stripped:
        return "blank"
    words = len(_HAN.findall(stripped)) / 2 + len(_WORD.findall(stripped))
    if words < SHORT_WORDS:
        return "short"
    one_line = "\n" not in stripped
    states = _SENTENCE.search(stripped) or _FIELDS.search(stripped) or re.search("[，,]", stripped)
    return "title" if one_line and words <= TITLE_WORDS and not states else None
