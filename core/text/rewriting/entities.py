"""What the context names: the candidates a pronoun of the query may stand for, the likeliest first.

Rules, not a model: quotations, capitalised names, glossary terms, and Chinese noun groups that hold a name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.text.rewriting.entity_kinds import PLACE_END_ZH, EntityKind, kinds_en, kinds_zh
from core.text.rewriting.spans import half_width, protected_spans
from core.text.rewriting.words import Word, is_chinese, words
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

# Lower is likelier. Among equals, the one mentioned last.
NAMED, BESIDE, TERM, GROUP, WHOLE = range(5)

_TITLE = r"(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Madam)\.?"
_NAME_WORD = r"(?:[A-Z][A-Za-z0-9&+'’-]*|[a-z]{1,2}[A-Z][A-Za-z0-9]*|[A-Za-z]*\d[A-Za-z0-9.-]*[A-Za-z0-9]|\d)"
_NAME = rf"{_NAME_WORD}(?:[ -](?:(?:of|and|for|de|von)[ ](?=[A-Z]))?{_NAME_WORD})*"
_LATIN_NAME = re.compile(rf"(?<![A-Za-z0-9_]){_NAME}")
_TITLED = re.compile(rf"(?<![A-Za-z0-9_]){_TITLE}\s+{_NAME}")
_NO_NAMES = frozenset(_LISTS["no_names"])
_BESIDE_EN = re.compile(
    r"(?:^|\W)(?:from|by|at|in|on|via|through|with|to|near|using)\s+(?:the\s+|a\s+)?$", re.I
)
# «the Apple Store in Hamburg»: the city only says where the place is.
_IN_CITY = re.compile(r"[A-Z][\w'’-]*,? in\s+$")
_INSIDE = re.compile(r"(?:^|\W)in\s+$", re.I)
_BESIDE_ZH = frozenset("在 从 由 向 通过 跟 和 与 给 到 去".split())
_NAME_TAGS = ("nr", "ns", "nt", "nz", "nrt", "nrfg")
# What is done with a thing or at a place; jieba calls some of these nouns.
_ACTIONS_ZH = frozenset("办理 申请 购买 使用 退货 退款 续费 咨询 预约 登录 安装 重置 报销 就诊".split())
_GENERIC_ZH = frozenset("问题 情况 时候 东西 客服 用户 顾客 产品 商品 公司 方法 时间".split())
# A group of nouns without a name is offered from this length, so that «网» or «卡» alone is not.
_GROUP_CHARACTERS = 3
_WHOLE_WORDS, _WHOLE_CHARACTERS = 5, 20
_NOT_WHOLE = re.compile(
    r"[,.!?;:，。！？；：\n]|\b(?:i|my|we|our|you|your|is|are|was|were|do|does|did|have|has|had|can|will"
    r"|bought|the|a"
    r"|an|it|this|that|how|what|when|where|why|who)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A candidate. tier: how likely it is what a pronoun means, the lowest first; place: where it stands.

    inside: whether one is «in» it, as in a city, not «at» it.
    """

    text: str
    kinds: frozenset[EntityKind]
    tier: int
    place: int
    inside: bool = False


def named_entities(context: str, terms: Sequence[str] = ()) -> tuple[Entity, ...]:
    """Every candidate of the context, the likeliest first, each text once. terms: of the glossary."""
    found = [*_quoted(context), *_latin_names(context), *_chinese_groups(context), *_terms(context, terms)]
    if not found:
        found = list(_whole(context))
    kept: dict[str, Entity] = {}
    # Of candidates that overlap, the likelier one, then the longer one, stays.
    taken: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda e: (e.tier, -len(e.text), e.place)):
        end = one.place + len(one.text)
        if one.text not in kept and any(one.place < last and first < end for first, last in taken):
            continue
        taken.append((one.place, end))
        last = kept.get(one.text)
        if last is None or one.place > last.place:
            kept[one.text] = one
    return tuple(sorted(kept.values(), key=lambda e: (e.tier, -e.place)))


def mentions_a_name(text: str, terms: Sequence[str] = ()) -> bool:
    """Whether a part of a query names something itself: then its pronoun has an antecedent."""
    return bool([*_quoted(text), *_latin_names(text), *_terms(text, terms)])


def names_in(text: str) -> Iterator[Entity]:
    """What surely is a name: quotations, Latin names, and Chinese names without the nouns around them."""
    yield from _quoted(text)
    yield from (one for one in _latin_names(text) if not is_chinese(text))
    for word in words(text) if is_chinese(text) else ():
        if is_name(word) and (word.tag == "eng" or not word.text.isascii()):
            kind: EntityKind = "person" if word.tag == "nr" else "thing"
            yield Entity(word.text, frozenset({kind}), NAMED, word.start)


def _quoted(text: str) -> Iterator[Entity]:
    for span in protected_spans(text):
        inside = text[span.start + 1 : span.end - 1].strip()
        if span.kind == "quoted" and inside and text[span.start] not in "《〈":
            yield Entity(inside, frozenset({"thing"}), NAMED, span.start + 1)
        elif span.kind == "quoted" and inside:
            yield Entity(text[span.start : span.end], frozenset({"thing"}), NAMED, span.start)


def _latin_names(text: str) -> Iterator[Entity]:
    flat = half_width(text)
    for match in _TITLED.finditer(flat):
        yield Entity(match.group(), frozenset({"person"}), NAMED, match.start())
    untitled = _TITLED.sub(lambda match: " " * len(match.group()), flat)
    for match in _LATIN_NAME.finditer(untitled):
        start, name = match.start(), match.group()
        parts = re.split(r"(?<=\S) ", name)
        while parts and parts[0].casefold() in _NO_NAMES:
            start += len(parts[0]) + 1
            parts = parts[1:]
        while parts and parts[-1].casefold() in _NO_NAMES:
            parts = parts[:-1]
        name = " ".join(parts).rstrip("'’-")
        if not re.search("[A-Za-z]", name) or (len(name) < 2):
            continue
        if is_chinese(text) and _joins_chinese(text, start, start + len(name)):
            continue  # part of a Chinese group, which is found as a whole
        before = flat[:start]
        kinds = kinds_en(name, before, flat[start + len(name) :])
        tier = BESIDE if _BESIDE_EN.search(before) else NAMED
        if _IN_CITY.search(before):
            tier = GROUP
        yield Entity(name, kinds, tier, start, inside=bool(_INSIDE.search(before)))


def _joins_chinese(text: str, start: int, end: int) -> bool:
    return any(g[0].start <= start and end <= g[-1].end for g in _groups(text))


def _chinese_groups(text: str) -> Iterator[Entity]:
    if not is_chinese(text):
        return
    found = words(text)
    for group in _groups(text):
        start, end = group[0].start, group[-1].end
        name = text[start:end]
        if not is_chinese(name) and not re.search(r"[A-Z0-9]", name):
            continue
        at = found.index(group[0])
        beside = at > 0 and found[at - 1].text in _BESIDE_ZH
        named = any(is_name(word) for word in group)
        if not named and (len(name) < _GROUP_CHARACTERS or name in _GENERIC_ZH):
            continue
        tier = (BESIDE if beside else NAMED) if named else GROUP
        kinds = kinds_zh(group, found[at - 1].text if at else "", whole=name == text.strip(" 。.\n"))
        yield Entity(name, kinds, tier, start)


def _groups(text: str) -> list[list[Word]]:
    """Maximal runs of nouns, Latin words and figures; a blank joins two Latin ones."""
    groups: list[list[Word]] = []
    run: list[Word] = []
    found = words(text)
    for at, word in enumerate(found):
        if word.is_noun or (run and (_is_figure(word) or PLACE_END_ZH.fullmatch(word.text))):
            run.append(word)
        elif run and word.text in (" ", "-") and at + 1 < len(found) and _joins(run[-1], found[at + 1]):
            run.append(word)
        else:
            groups.append(run)
            run = []
    groups.append(run)
    return [_without_action(group) for group in groups if group]


def _without_action(group: list[Word]) -> list[Word]:
    """The group without what is done at its end: 上海分行办理 is about 上海分行."""
    while len(group) > 1 and (group[-1].tag == "vn" or group[-1].text in _ACTIONS_ZH):
        group = group[:-1]
    return group


def _joins(last: Word, following: Word) -> bool:
    latin = (last.text.isascii(), following.text.isascii())
    return any(latin) and (following.is_noun or _is_figure(following))


def _is_figure(word: Word) -> bool:
    return word.text.isascii() and word.text.isalnum()


def is_name(word: Word) -> bool:
    """A name of two characters or more, or a Latin word with a capital or a digit."""
    if word.text.isascii():
        return bool(re.search(r"[A-Z0-9]", word.text))
    return word.tag in _NAME_TAGS and len(word.text) >= 2


def _terms(text: str, terms: Sequence[str]) -> Iterator[Entity]:
    lowered = text.casefold()
    for term in terms:
        if term.casefold() not in lowered:
            continue
        pattern = rf"(?<![A-Za-z0-9_]){re.escape(term)}(?![A-Za-z0-9_])"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield Entity(match.group(), frozenset({"thing"}), TERM, match.start())


def _whole(context: str) -> Iterator[Entity]:
    """A context that is nothing but a short name of something: «electric kettle», «智能门锁»."""
    name = context.strip().rstrip("。.")
    if not name or _NOT_WHOLE.search(name):
        return
    if is_chinese(name):
        fits = len(name) <= _WHOLE_CHARACTERS and all(w.is_noun or w.tag in ("b", "a") for w in words(name))
    else:
        fits = len(name.split()) <= _WHOLE_WORDS and bool(re.search("[A-Za-z]", name))
    if fits:
        yield Entity(name, frozenset({"thing", "place"}), WHOLE, context.index(name))
