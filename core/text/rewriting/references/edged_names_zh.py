"""What may be a name between two words that tell its edges, and what kind of thing it then is.

Which words tell edges is known by `frames_zh`. In doubt nothing is a name.
"""

import re
from collections.abc import Iterator

from core.text.rewriting.references.entity_kinds import GROUP, NAMED, PLACE_END_ZH, Entity, EntityKind
from core.text.rewriting.references.people import PEOPLE_ZH
from core.text.rewriting.words import Word, is_dictionary_word, words
from core.text.scripts import HAN
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)


def _any(name: str) -> str:
    return "|".join(sorted(_LISTS[name], key=len, reverse=True))


# As parts of patterns: what ends a thing that something is said of, and the name of a company.
SAID_OF, COMPANY_ENDS = _any("said_of"), _any("company_ends")
_SAID = re.compile(f"(?:{SAID_OF})")
_GOES_ON = frozenset(_LISTS["goes_on"])
_POINTERS = frozenset("这 那 我 我们 他 她 它 这个 那个 这些 那些 这批".split())
_AMOUNT = re.compile("[一两二三四五六七八九十百千万亿几多0-9.,]+(?:块|元|万|千|块钱|万块|万元|个|天|年|次)?")
# What tells that something is said inside: 拿不定主意.
_SAID_INSIDE = re.compile("不(?!锈|粘|二|倒翁)|没|[了吗呢]")
_TIME = re.compile(
    "[上下本这]个?(?:周|月|星期|季度)|周[一二三四五六日末]|星期|[去今明前后]年|[今昨明前后][天晚早]|最近|刚才"
)
_TITLED = re.compile(
    "(?:先生|女士|小姐|老师|医生|大夫|律师|教授|经理|主任|总监|师傅|同学|主管|院长|校长|护士|法官|警官|阿姨|叔叔)$"
)
_JOINTS = frozenset("和 跟 与 及 或 、 还是 或者 以及 对比 比".split())
_NO_PARTS, _EMPTY = frozenset(_LISTS["no_parts"]), frozenset(_LISTS["empty"])
_DRUG = re.compile(rf"(?:{_any('drugs')})$")
STARTS_AS_PERSON = re.compile(
    f"[我你他她](?:{'|'.join(PEOPLE_ZH)})|(?:{'|'.join(PEOPLE_ZH)})(?![{HAN}]*(?:险|卡|课|装|鞋|车))"
)
COMPANY_END = re.compile(f"(?:{COMPANY_ENDS})$")
_LONGEST, _LONGEST_UNNAMED, _SHORT_NAME = 24, 8, 4
_SPEAKERS = frozenset("我你您他她它这那")
_PLACE: frozenset[EntityKind] = frozenset({"place"})
AT_COMPANY: frozenset[EntityKind] = frozenset({"organisation", "place"})


def things(
    name: str, start: int, kinds: frozenset[EntityKind], *, whole: bool = False, nouns: bool = False
) -> Iterator[Entity]:
    """One, or two that a word joins; none where something in it is no part of a name.

    whole: nothing but the name stands in its clause. nouns: it is followed by a predicate, so it must be made
    of nouns.
    """
    name, start = _behind_of(name, start)
    if STARTS_AS_PERSON.match(name):
        return
    parts = _parts(name)
    named = any(_is_named(part) for part, _ in parts)
    if len(parts) > 2 or not all(_may_be_named(part, beside=named and len(parts) == 2) for part, _ in parts):
        return
    if (nouns or whole) and not (named and len(parts) == 2):
        if not all(_is_noun_phrase(part) for part, _ in parts):
            return
    for part, place in parts:
        yield Entity(
            part,
            kinds_of(part, kinds),
            NAMED if _is_named(part) else GROUP,
            start + place,
            joined=len(parts) == 2,
        )


def _behind_of(name: str, start: int) -> tuple[str, int]:
    """K7091 of 去哈尔滨的K7091: a name in Latin letters or figures stands for itself."""
    at = name.rfind("的") + 1
    tail = name[at:]
    route = re.match("[去到飞]|.{2,6}[到至飞去]", name[:at]) is not None
    return (tail, start + at) if at > 2 and (re.search("[A-Z0-9]", tail) or route) else (name, start)


def _parts(name: str) -> list[tuple[str, int]]:
    """The name, or what a word of joining separates, each with its place."""
    found: list[tuple[str, int]] = []
    last = 0
    for word in words(name):
        if word.text in _JOINTS and 0 < word.start and word.end < len(name):
            found.append((name[last : word.start].strip(), last))
            last = word.end
    rest = name[last:]
    return [*found, (rest.strip(), last + len(rest) - len(rest.lstrip()))]


def _may_be_named(name: str, *, beside: bool) -> bool:
    """beside: «and» joins it to a name."""
    if (
        not 2 <= len(name) <= _LONGEST
        or name in _EMPTY
        or _TIME.match(name)
        or _AMOUNT.fullmatch(name)
        or _TITLED.search(name)
    ):
        return False
    if _DRUG.search(name):
        return True
    if _SAID_INSIDE.search(name):
        return False
    own = words(name)
    if beside and len(name) <= _SHORT_NAME and name[0] not in _SPEAKERS:
        return True
    if any(word.text in _NO_PARTS for word in own) or all(word.text in _EMPTY for word in own):
        return False
    return beside or _is_named(name) or (len(name) <= _LONGEST_UNNAMED and _is_noun_phrase(name, own[0]))


def _is_named(name: str) -> bool:
    """Whether it is more than words of the dictionary."""
    own = words(name)
    return (len(name) >= 4 and COMPANY_END.search(name) is not None) or any(
        (word.text.isascii() and re.search("[A-Z0-9]", word.text))
        or word.tag in ("nz", "nt", "ns", "nr", "nrt", "nrfg")
        or not is_dictionary_word(word)
        for word in own
    )


def _is_noun_phrase(name: str, first: Word | None = None) -> bool:
    """first: the first word of what a verb has as its object."""
    own = [word for word in words(name) if word.text.strip()]
    # 翼支付: what is no word as a whole, and does not begin with a deed.
    if first is not None and (len(name) >= 4 or (len(name) == 3 and first.tag[:1] not in "vdpac")):
        return own[-1].tag[:1] not in "adcpy"
    return own[-1].tag[:1] in "njlqg" or own[-1].tag in ("eng", "vn", "m") or not is_dictionary_word(own[-1])


def kinds_of(name: str, kinds: frozenset[EntityKind]) -> frozenset[EntityKind]:
    if PLACE_END_ZH.search(name):
        return kinds | _PLACE
    return kinds | AT_COMPANY if COMPANY_END.search(name) else kinds


def is_plain(name: str) -> bool:
    """Whether a name between two words that tell its edges may be one, whatever jieba makes of it."""
    if _may_be_named(name, beside=False):
        return True
    if not 2 <= len(name) <= _LONGEST_UNNAMED or _SAID_INSIDE.search(name) or name in _EMPTY:
        return False
    return not any(word.text in _NO_PARTS for word in words(name))


def without_rest(name: str) -> str:
    """Without what is done with it or said of it behind it: 中欧班列运这批货, 手环给我妈, 衣柜到货三天."""
    if _DRUG.search(name):
        return name
    said = _SAID.search(name, 2)
    if said is not None:
        name = name[: said.start()]
    own = words(name)
    for at, word in enumerate(own):
        if at and word.text in _GOES_ON:
            return name[: word.start].rstrip()
        if at > 1 and word.text in _POINTERS:
            return name[: own[at - 1].start].rstrip()
    return name
