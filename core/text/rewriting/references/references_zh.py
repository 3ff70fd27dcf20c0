"""Chinese pronouns and deictics that point outside a query: 它, 她, 其, 该产品, 那家店, 前者, 它俩, 那里.

其它, 其中, 这个词 and 这个月 are no references, nor is a 它 whose noun stands in the query before it. In
doubt nothing is found.
"""

import re
from collections.abc import Iterator, Sequence

from core.text.rewriting.references.entity_kinds import EntityKind
from core.text.rewriting.references.names_zh import is_name
from core.text.rewriting.references.people import Gender
from core.text.rewriting.references.reference import Number, Reference
from core.text.rewriting.spans import ProtectedSpan, is_free
from core.text.rewriting.words import Word, words
from core.text.scripts import HAN
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_PRONOUNS: dict[str, tuple[EntityKind, Gender]] = {
    "它": ("thing", ""),
    "他": ("person", "male"),
    "她": ("person", "female"),
}
_MANY: dict[str, EntityKind] = {"它们": "thing", "他们": "person", "她们": "person"}
_THIS = re.compile("|".join(sorted(_LISTS["bare"], key=len, reverse=True)))
_PLACES = _LISTS["places"]
_SIDES = frozenset(_LISTS["sides"])
_FOLLOWING = frozenset(_LISTS["following"])
_AFTER_THIS = _FOLLOWING - frozenset("的 一 最 太 好 了".split())
# What a deictic calls its noun, and what that may be, the likeliest first.
_CALLED: dict[str, tuple[EntityKind, ...]] = {
    **dict.fromkeys(_LISTS["nouns"], ("thing",)),
    **dict.fromkeys(_LISTS["company_nouns"], ("organisation", "thing", "place")),
    **dict.fromkeys(_LISTS["place_nouns"], ("place", "organisation")),
}
_NOUNS = "|".join(sorted(_CALLED, key=len, reverse=True))
_MEASURES = "|".join("班瓶双盒把块床片颗期层节架艘幅根次个款台张部家件项辆支只套份种所门间趟条本位")
_THIS_NOUN = re.compile(rf"(?:这|那|该|此|上述)(?:一)?(?:{_MEASURES})?(?P<noun>{_NOUNS})")
_THIS_ANY = re.compile(
    rf"[这那](?:一)?(?:{_MEASURES})(?P<noun>[{HAN}]{{1,3}}?)"
    "(?=[能可怎如多几什为是有没不在支需还也都的吗好贵被和跟适值会要])"
)
_SAID_OF = frozenset(_LISTS["said_of"])
# What begins a predicate, however jieba would cut it.
_PREDICATE = re.compile(
    "能(?![力量耗源级])|会(?![员议计所])|要(?![求点素])|可[以不否]|怎|如何|多[少久大重长高]|几|哪|什么|为什么|为何|是(?!非)|有(?!效期|限)"
    "|没|不(?!锈|粘)|在(?!线)|支持|需要|还|也|都|的(?!士)|吗|呢|好(?!友)|贵|被|和|跟|与|比|咋|适|值得|到底|应该|现在|今天|明天|周[一二三四五六日末]"
    "|坏|丢|总|突然|一直|最(?!新)|太"
)
_TWO = re.compile(
    rf"(?P<people>他俩|她俩|他们俩|她们俩|他们两个|她们两个|[这那](?:两位|俩人|两个人))"
    rf"|它俩|它们俩|它们两个|它两个|[这那]俩(?!人)|[这那]两(?:{_MEASURES}|者)(?:{_NOUNS})?|两者|二者"
)
_ORDINALS: dict[str, Number] = {"前者": "first", "后者": "second"}
# 其他, 其中, 其实 … are words of their own; 极其, 尤其 too.
_ITS = re.compile("(?<![极尤与何及若])其(?![他它她中实余次间后先])")
_CLAUSE_ENDS = frozenset(
    "， , 。 ； ; ！ ! ？ ? 、 了 后 之后 以后 时 的话 的时候 但 但是 而 而且 所以 然后 如果 因为".split()
)


def find_chinese(query: str, spans: Sequence[ProtectedSpan]) -> tuple[Reference, ...]:
    """Every reference of the query, in order."""
    found: list[Reference] = []
    for reference in (*_twos(query), *_nouns(query), *_pronouns(query), *_bare(query), *_any_noun(query)):
        kept = [span for span in spans if span.kind != "number"] if reference.number == "pair" else spans
        free = is_free(kept, reference.start, reference.end)
        if free and not any(one.start < reference.end and reference.start < one.end for one in found):
            found.append(reference)
    return tuple(sorted(found, key=lambda one: one.start))


def _pronouns(query: str) -> Iterator[Reference]:
    found = words(query)
    for at, word in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        if word.text in _MANY:
            if not _has_subject(found[:at]):
                end = word.end
                if query.startswith("家", end) and (
                    _PREDICATE.match(query, end + 1) or end + 1 == len(query)
                ):
                    # 他们家 is a shop, but in 他们家孩子 a home.
                    end += 1
                yield Reference(word.start, end, _MANY[word.text], number="many", conjunction="和")
        elif word.text in _PRONOUNS:
            wants, gender = _PRONOUNS[word.text]
            plural = following is not None and following.text.startswith("们")
            if not plural and not _has_subject(found[:at]):
                yield Reference(word.start, word.end, wants, gender=gender)
        elif word.text == "这是" and not _has_subject(found[:at]):
            yield Reference(word.start, word.start + 1, "thing")
        elif word.text in _PLACES and at and found[at - 1].text in _SIDES:
            continue
        elif word.text in _PLACES and (following is None or following.text not in ("面", "边", "头")):
            yield Reference(word.start, word.end, "place")


def _twos(query: str) -> Iterator[Reference]:
    """Both, the former, the latter, and 其, which may be anything."""
    found = words(query)
    for match in _TWO.finditer(query):
        after = next((word for word in found if word.start >= match.end()), None)
        # 这两个城市: another noun than the candidates'.
        counted = query[match.start()] in "这那" and query[match.start() + 1] == "两"
        if (
            counted
            and after is not None
            and after.start == match.end()
            and after.is_noun
            and len(after.text) > 1
        ):
            continue
        if not _has_antecedent([word for word in found if word.end <= match.start()]):
            wants: EntityKind = "person" if match["people"] else "thing"
            yield Reference(match.start(), match.end(), wants, number="pair", conjunction="和")
    which = re.match("(?:请问)?(?P<which>哪[个款家种](?!人|月|年|地方|城市))", query)
    if which is not None:
        yield Reference(
            *which.span("which"), "thing", after=which["which"], number="pair", quiet=True, conjunction="和"
        )
    for text, number in _ORDINALS.items():
        for match in re.finditer(text, query):
            if not _has_subject([word for word in found if word.end <= match.start()]):
                others: tuple[EntityKind, ...] = ("person", "place")
                yield Reference(match.start(), match.end(), "thing", number=number, or_else=others)
    for match in _ITS.finditer(query):
        before = [word for word in found if word.end <= match.start()]
        if any(word.start < match.start() < word.end for word in found) or _has_subject(before):
            continue
        after = next((word for word in found if word.end > match.end()), None)
        owns = after is not None and (after.is_noun or after.tag == "m" or after.text[0] == "第")
        yield Reference(
            match.start(),
            match.end(),
            "thing",
            after="的" if owns else "",
            or_else=("organisation", "person"),
        )


def _bare(query: str) -> Iterator[Reference]:
    """这个, 那款, 这套 without a noun, and 这 alone."""
    for match in _THIS.finditer(query):
        rest = words(query[match.end() :])
        this = match.group() == "这"
        if not rest or rest[0].tag == "x":
            alone = not this
        else:
            predicate = not this and _PREDICATE.match(query, match.end()) is not None
            alone = predicate or rest[0].text in (_AFTER_THIS if this else _FOLLOWING)
        before = [word for word in words(query) if word.end <= match.start()]
        if alone and not _has_subject(before):
            yield Reference(match.start(), match.end(), "thing")


def _nouns(query: str) -> Iterator[Reference]:
    for match in _THIS_NOUN.finditer(query):
        # No other noun may follow: 这款手机壳 is no phone.
        rest = words(query[match.end() :])
        if rest and _PREDICATE.match(query, match.end()) is None and _is_noun_of_its_own(rest[0]):
            continue
        if not _has_antecedent([word for word in words(query) if word.end <= match.start()]):
            wants, *others = _CALLED[match["noun"]]
            yield Reference(match.start(), match.end(), wants, noun=match["noun"], or_else=tuple(others))


def _any_noun(query: str) -> Iterator[Reference]:
    """Any other noun does where the entity holds it, too: 这支笔 of a 果汁笔."""
    for match in _THIS_ANY.finditer(query):
        noun = words(match["noun"])
        if noun[-1].is_noun and match["noun"] not in _SAID_OF:
            if not _has_antecedent([word for word in words(query) if word.end <= match.start()]):
                yield Reference(*match.span(), "thing", noun=match["noun"], held=True, quiet=True)


def _is_noun_of_its_own(word: Word) -> bool:
    """手机壳 has another noun; 软件收费 and 手机保修 go on with what is done."""
    return word.is_noun and word.tag != "vn" and word.text.isalnum() and word.text not in _SAID_OF


def _has_subject(before: Sequence[Word]) -> bool:
    """Whether the query names something ahead of the pronoun, or begins with a noun: 屏幕碎了它还能修吗."""
    spoken = [word for word in before if word.tag != "x"]
    begins = bool(spoken) and spoken[0].is_noun and len(spoken[0].text) > 1
    return begins or any(is_name(word) for word in spoken) or _has_antecedent(before)


def _has_antecedent(before: Sequence[Word]) -> bool:
    """Whether a clause of the query ahead of the pronoun holds a noun it may stand for."""
    nouns = [at for at, word in enumerate(before) if word.is_noun and len(word.text) > 1]
    return any(word.text in _CLAUSE_ENDS for first in nouns[:1] for word in before[first + 1 :])
