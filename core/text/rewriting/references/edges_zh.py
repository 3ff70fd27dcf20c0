"""Whether it is certain where a Chinese name begins and ends, by the words beside it.

jieba cuts names that it does not know; where a word beside one may belong to it, the name is not used without
asking.
"""

import re

from core.text.rewriting.references.entity_kinds import PLACE_END_ZH, Entity
from core.text.rewriting.words import Word, is_dictionary_word, words
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)
_BEFORE, _AFTER = frozenset(_LISTS["before"]), frozenset(_LISTS["after"])
_FIGURE_END = re.compile(r"[A-Za-z0-9+]$")
_CLOSES = re.compile(r"(?:公司|集团|速运|快递|快运|物流|银行|平台|保险|事务所|旗舰店|专卖店|医院|酒店|大学)$")


def has_certain_edges(text: str, entity: Entity) -> bool:
    """Whether the words beside it cannot belong to it."""
    start, end = entity.place, entity.place + len(entity.text)
    found = words(text)
    before = next((word for word in reversed(found) if word.end <= start and word.text.strip()), None)
    after = next((word for word in found if word.start >= end and word.text.strip()), None)
    cut = any(word.start < start < word.end or word.start < end < word.end for word in found)
    return not cut and _begins(before, entity.text) and _ends(after, entity.text)


def _begins(before: Word | None, name: str) -> bool:
    if before is None or before.tag == "x" or before.text in _BEFORE:
        return True
    own = words(name)[0]
    if before.tag == "v" and len(before.text) > 1 and len(own.text) > 1 and is_dictionary_word(own):
        # 路过中国银行国贸支行, but not 跨越速运.
        return is_dictionary_word(before)
    # 我GT5: between a person and a thing a verb is missing.
    if before.tag[:1] in ("m", "q", "u"):
        return True
    return name[:1].isascii() and before.tag[:1] in "vp" and len(before.text) > 1


def _ends(after: Word | None, name: str) -> bool:
    if after is None or after.tag == "x" or after.text in _AFTER or after.text[0] in "了的吗呢吧啊":
        return True
    figure = _FIGURE_END.search(name) is not None and not after.text[0].isascii()
    return figure or _CLOSES.search(name) is not None or PLACE_END_ZH.search(name) is not None
