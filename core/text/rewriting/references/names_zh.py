"""Names and noun groups of a Chinese text: products with their figures, companies, places, people.

jieba's dictionary does not know most brands and cuts them into verbs and adjectives. Words that it only
guesses belong to the name beside them, unless they are listed as what is done with it. What a group may be is
decided in `entity_kinds`, who is a person in `people`.
"""

import re
from collections.abc import Iterator, Sequence

from core.text.rewriting.references.entity_kinds import (
    BESIDE,
    GROUP,
    NAMED,
    PLACE_END_ZH,
    Entity,
    EntityKind,
    kinds_zh,
)
from core.text.rewriting.references.people import Person, people_zh
from core.text.rewriting.words import Word, is_chinese, is_dictionary_word, words
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_VERBS = frozenset(_LISTS["verbs"])
_PREDICATES = frozenset(_LISTS["predicates"])
_GENERIC = frozenset(_LISTS["generic"])
_BESIDE = frozenset("在 从 由 向 通过 跟 给 到 去".split())
_SPEAKERS = frozenset("我你您他她它这那")
_NAME_TAGS = ("nr", "ns", "nt", "nz", "nrt", "nrfg")
# What is done with a thing or at a place; jieba calls some of these nouns.
_ACTIONS = frozenset("办理 申请 购买 使用 退货 退款 续费 咨询 预约 登录 安装 重置 报销 就诊".split())
# jieba's tags of words that end a name: pronouns, particles, prepositions, conjunctions, adverbs, times.
_FUNCTION = re.compile(r"r.?|u.|u|p|c|d|y|e|f|t|o|h|k")
# A group of nouns without a name is offered from this length, so that «网» or «卡» alone is not.
_GROUP_CHARACTERS = 3


def chinese_names(text: str) -> Iterator[Entity]:
    """People, and every group of nouns that may be meant, in order."""
    if not is_chinese(text):
        return
    people = tuple(people_zh(text))
    for person in people:
        kinds: frozenset[EntityKind] = frozenset({"person"})
        yield Entity(person.text, kinds, NAMED, person.start, gender=person.gender, hinted_gender=person.hint)
    found = words(text)
    for group in groups(text, people):
        start, end = group[0].start, group[-1].end
        name = text[start:end]
        if not is_chinese(name) and not re.search(r"[A-Z0-9]", name):
            continue
        at = found.index(group[0])
        before = found[at - 1].text if at else ""
        named = any(is_name(word) for word in group) or not all(map(is_dictionary_word, group))
        if all(word.text in _GENERIC for word in group) or name in _GENERIC:
            continue
        if not named and len(name) < _GROUP_CHARACTERS:
            continue
        tier = (BESIDE if before in _BESIDE else NAMED) if named else GROUP
        kinds_of_name = kinds_zh(group, before, whole=name == text.strip(" 。.\n"))
        yield Entity(name, kinds_of_name, tier, start)


def groups(text: str, people: Sequence[Person] = ()) -> list[list[Word]]:
    """Maximal runs of words that may be a name or a noun group; a blank joins two Latin ones."""
    taken = [(person.start, person.start + len(person.text)) for person in people]
    found = words(text)
    runs: list[list[Word]] = []
    run: list[Word] = []
    for at, word in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else None
        if any(start < word.end and word.start < end for start, end in taken):
            belongs = False
        else:
            belongs = _continues(run, word, after) if run else _begins(word, after)
        if belongs:
            run.append(word)
        else:
            runs.append(run)
            run = []
    runs.append(run)
    return [own for own in map(_trimmed, runs) if own]


def is_generic(text: str) -> bool:
    """Whether all words of a text are such as name nothing: 谢谢客服."""
    return all(word.text in _GENERIC for word in words(text) if word.tag != "x")


def is_name(word: Word) -> bool:
    """A name of two characters or more, or a Latin word with a capital or a digit."""
    if word.text.isascii():
        return bool(re.search(r"[A-Z0-9]", word.text))
    return word.tag in _NAME_TAGS and len(word.text) >= 2


def _begins(word: Word, after: Word | None) -> bool:
    if _ends_names(word):
        return False
    if word.is_noun:
        return True
    # 深 of 深信服, 乐高 before its number: guessed or short words before a name.
    unknown = not is_dictionary_word(word) or len(word.text) == 1 or word.tag in ("a", "j")
    named = after is not None and (is_figure(after) or after.tag == "eng" or not is_dictionary_word(after))
    short = len(word.text) == 1 and after is not None and len(after.text) == 1 and not _ends_names(after)
    return word.tag[:1] in "avzjli" and unknown and (named or short)


def _continues(run: Sequence[Word], word: Word, after: Word | None) -> bool:
    last = run[-1]
    if word.text in (" ", "-"):
        latin = after is not None and (last.text.isascii() or after.text.isascii())
        return latin and after is not None and (after.is_noun or is_figure(after))
    if _ends_names(word):
        return False
    if word.is_noun or is_figure(word) or PLACE_END_ZH.fullmatch(word.text):
        return True
    if last.tag == "m" and word.tag in ("q", "m"):
        # 1.5匹, 129元套餐; but not 两个.
        return last.text[-1:].isascii() and (word.tag == "q" or (after is not None and after.is_noun))
    named = after is not None and (after.is_noun or is_figure(after)) and not _ends_names(after)
    return not is_dictionary_word(word) or word.tag in ("l", "j", "b") or (len(word.text) == 1 and named)


def _ends_names(word: Word) -> bool:
    if word.text in _VERBS or word.text in _PREDICATES:
        return True
    if (
        not is_dictionary_word(word)
        and (word.text[0] in _SPEAKERS or word.text[0] in _VERBS)
        and len(word.text) < 4
    ):
        # 我想, 买个: guessed together.
        return True
    return bool(_FUNCTION.fullmatch(word.tag)) or (word.tag == "x" and not word.text.isalnum())


def _trimmed(group: list[Word]) -> list[Word]:
    """Without what is done with it at either end: 上海分行办理 is about 上海分行."""
    while group and (group[0].text in _VERBS or not group[0].text.strip()):
        group = group[1:]
    while len(group) > 1 and (
        group[-1].text in _ACTIONS or group[-1].text in _VERBS or not group[-1].text.strip()
    ):
        group = group[:-1]
    # A figure or a verb alone names nothing.
    return group if any(word.is_noun or not is_dictionary_word(word) for word in group) else _numbered(group)


def _numbered(group: list[Word]) -> list[Word]:
    return group if len(group) > 1 and is_figure(group[-1]) else []


def is_figure(word: Word) -> bool:
    """Latin letters and digits, 5.0 too."""
    return word.text.isascii() and word.text.replace(".", "").isalnum()
