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
from core.text.rewriting.references.people import Person, is_role, people_zh
from core.text.rewriting.words import Word, is_chinese, is_dictionary_word, words
from core.text.scripts import HAN
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_VERBS = frozenset(_LISTS["verbs"])
_PREDICATES = frozenset(_LISTS["predicates"])
_GENERIC = frozenset(_LISTS["generic"])
_BESIDE = frozenset("在 从 由 向 通过 跟 给 到 去".split())
_OBJECT = re.compile(
    r"(?:买|购买|装|安装|预订|签|签订|办|办理|开通|下载|租|领|换)了(?:[一两]?[个款台张部家件项辆支只套份种口条双本])?"
    rf"(?P<noun>[{HAN}]{{2,8}})(?=[，。！？；,.!?;]|$)"
)
_MEANS = frozenset("用 使用 给 去 到 跟 通过 对 向 由 被 在".split())
_SEVERAL = re.compile("[两二三四五六七八九十几多数]+[个位名台部款张只件家条份]$")
_IS_COMPANY = re.compile("(?:公司|集团|厂|事务所|银行|中心|学校|医院)$")
_TIME = re.compile(
    r"^(?:[上下本这]个?(?:周|月|星期|季度)|周[一二三四五六日末]|星期|[去今明前后]年|\d+[年月日号点])"
)
_SIGNS = frozenset("+#&/")
_JOINTS = frozenset("和 与 跟 及 或 同 以及 或者".split())
_CLAUSE_MARKS = frozenset("，。！？；,.!?;")
_SPEAKERS, _DENIES = frozenset("我你您他她它这那"), frozenset("没不未很太都也")
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
        if _begins_before(text, person.start, person.start + len(person.text)):
            continue
        yield Entity(person.text, kinds, NAMED, person.start, gender=person.gender, hinted_gender=person.hint)
    found = words(text)
    for group in groups(text, people):
        group = _without_deed(text, group)
        start, end = group[0].start, group[-1].end
        name = text[start:end]
        if not is_chinese(name) and not re.search(r"[A-Z0-9]", name):
            continue
        at = found.index(group[0])
        before = found[at - 1].text if at else ""
        named = any(is_name(word) for word in group) or not all(map(is_dictionary_word, group))
        if (
            all(word.text in _GENERIC for word in group)
            or name in _GENERIC
            or _TIME.search(name)
            or is_role(name)
        ):
            continue
        if not named and len(name) < _GROUP_CHARACTERS:
            continue
        if _is_cut(text, start, end) or _beside_unnamed(text, start, end):
            continue
        tier = (BESIDE if before in _BESIDE else NAMED) if named else GROUP
        kinds_of_name = kinds_zh(group, before, whole=name == text.strip(" 。.\n"))
        yield Entity(name, kinds_of_name, tier, start)


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a name goes on before or after this part of it: 竞业 of 竞业限制协议, V16.5 of U8+ V16.5."""
    if _begins_before(text, start, end):
        return True
    found = words(text)
    after = [word for word in found if word.start >= end]
    if not after or after[0].start > end:
        return False
    if after[0].text in _SIGNS:
        return True
    own = next((word for word in found if word.end == end), None)
    if own is None or is_figure(own) or _ends_names(after[0]) or len(after[0].text) < 2:
        return False
    goes_on = len(after) == 1 or after[1].text in _CLAUSE_MARKS or after[1].is_noun
    return after[0].tag in ("v", "vn", "n") and goes_on and not is_dictionary_word(own)


def _begins_before(text: str, start: int, end: int) -> bool:
    """Whether a name begins ahead of this part of it."""
    found = words(text)
    before = next((word for word in found if word.end == start), None)
    if before is not None and before.text == " ":
        earlier = next((word for word in found if word.end == before.start), None)
        if earlier is not None and earlier.text in _SIGNS:
            return True
    if before is not None and (before.text in _SIGNS or _is_part(before) or _counts(text, before)):
        return True
    if before is not None and _measured(found, before):
        return True
    # 远大 of 远大科技有限公司.
    return (
        before is not None
        and len(before.text) > 1
        and before.tag == "a"
        and _IS_COMPANY.search(text[start:end]) is not None
    )


def _without_deed(text: str, group: list[Word]) -> list[Word]:
    """Without what is done with or at it: 用FileZilla传文件, 给宏达公司供货, 去西湖店配镜."""
    before = next((word.text for word in words(text) if word.end == group[0].start), "")
    for at in range(1, len(group)):
        last, word = group[at - 1], group[at]
        deed = word.tag in ("v", "vn") and is_chinese(word.text) and before in _MEANS
        goes_on = any(
            _IS_COMPANY.search(later.text) or PLACE_END_ZH.search(later.text) for later in group[at:]
        )
        if (deed and not goes_on) or (_IS_COMPANY.search(last.text) and not goes_on and not is_figure(word)):
            return group[:at]
        if PLACE_END_ZH.fullmatch(last.text) and before in _MEANS and not PLACE_END_ZH.search(word.text):
            return group[:at]
    return group


def _measured(found: Sequence[Word], before: Word) -> bool:
    """Whether a word between «one» and the name was left out: 安踏 of 一件安踏羽绒服."""
    earlier = next((word for word in found if word.end == before.start), None)
    if earlier is None or earlier.tag not in ("m", "q") or is_figure(earlier):
        return False
    return not _ends_names(before) and before.tag not in ("m", "q") and is_chinese(before.text)


def _counts(text: str, before: Word) -> bool:
    """Whether there are several: 两个孙子."""
    return bool(_SEVERAL.search(text[: before.end]))


def _is_part(word: Word) -> bool:
    """A piece that jieba cut off a name: a suffix, a guess, a lone character that is no word."""
    if not is_chinese(word.text) or is_role(word.text) or _ends_names(word) and word.tag not in ("k", "h"):
        return False
    return word.tag in ("k", "h", "g") or not is_dictionary_word(word)


def _beside_unnamed(text: str, start: int, end: int) -> bool:
    """Whether «and» joins it to something without a name: 物业公司和业主委员会."""
    found = words(text)
    for at, word in enumerate(found):
        if word.text in _JOINTS and 0 < at < len(found) - 1 and (word.end == start or word.start == end):
            other = found[at - 1] if word.end == start else found[at + 1]
            if word.start == end and at + 2 < len(found) and is_figure(found[at + 2]):
                continue
            unnamed = other.is_noun and not is_name(other) and is_dictionary_word(other)
            if unnamed and is_chinese(other.text):
                return True
    return False


def objects(text: str) -> Iterator[Entity]:
    """What somebody bought, installed or signed, without a name: 裙子 in 给王芳买了条裙子."""
    for match in _OBJECT.finditer(text):
        own = [word for word in words(text) if match.start("noun") <= word.start < match.end("noun")]
        whole = bool(own) and own[0].start == match.start("noun") and own[-1].end == match.end("noun")
        if whole and not any(_FUNCTION.fullmatch(word.tag) or word.text in _GENERIC for word in own):
            yield Entity(match["noun"], frozenset({"thing"}), GROUP, match.start("noun"))


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
        and (word.text[0] in _SPEAKERS or word.text[0] in _DENIES or word.text[0] in _VERBS)
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
