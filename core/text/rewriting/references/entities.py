"""What the context names: the candidates a pronoun of the query may stand for, the likeliest first.

Rules, not a model: quotations, glossary terms, the names of `names_en` and `names_zh`, and a context that is
nothing but a name. Which of the candidates a pronoun stands for is decided in `choice`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.text.rewriting.references.edges_zh import has_certain_edges
from core.text.rewriting.references.entity_kinds import GROUP, NAMED, TERM, WHOLE, Entity, EntityKind
from core.text.rewriting.references.frames_zh import framed
from core.text.rewriting.references.names_en import latin_names
from core.text.rewriting.references.names_zh import chinese_names, groups, is_generic, is_name, objects
from core.text.rewriting.references.people import family_en, family_zh, is_role
from core.text.rewriting.spans import protected_spans
from core.text.rewriting.words import is_chinese, words

_GREETING = re.compile(
    r"(?:hi|hello|hey|good|thanks?|ok|okay|yes|no|sure|great|welcome|dear)\b", re.IGNORECASE
)
# «our new HR tool is Workday»: one thing, called twice.
_IS = re.compile(
    r"\s+(?:is|was|are)\s+(?:(?:the|a|an|called|named)\s+)*|(?:名?叫做?|就?是|[，,]?姓名是?)", re.IGNORECASE
)
# «User: …», 客服：…; who speaks is nothing that is spoken of.
_SPEAKER = re.compile(
    r"(?:(?<=^)|(?<=[\n。.!?！？；;] )|(?<=[\n。.!?！？；;]))\s*"
    r"(?:user|agent|customer|client|support|assistant|bot|rep|me|q|a|caller|staff|system|human|operator"
    r"|用户|客户|顾客|客服|坐席|我|对方|助手|机器人|问|答|买家|卖家|店家|商家|患者|医生|员工|人事|来电人)\s*[:：]",
    re.IGNORECASE,
)
# What shows that a group of words went too far.
_NO_PART = re.compile(r"[了吗呢吧]|(?<!^)《")
# 《劳动法》第四十四条.
_ARTICLE = re.compile(
    "第[零〇一二三四五六七八九十百两0-9]+[条款章项](?:第[零〇一二三四五六七八九十百两0-9]+[款项])?"
)
_CLAUSE_END = re.compile(r"[，。！？；：,.!?;:](?!\d)|\n|\b(?:then|now)\b", re.IGNORECASE)
_JOINT = re.compile(
    r"\s*(?:[、/,]|和|与|跟|或者?|还是|对比|,?\s+(?:and|or|vs\.?|versus|nor)\s+)\s*(?:(?:the|a|an|my|our)\s+)?",
    re.I,
)

# «…, and so is the Litetrax», 还买了: both are spoken of.
_ALSO = re.compile(
    r"\b(?:so is|so are|also|as well as|another)\b|[，,](?:我)?(?:还|也|又|另外|同时)", re.IGNORECASE
)
_PERSON: frozenset[EntityKind] = frozenset({"person"})
_WHOLE_WORDS, _WHOLE_CHARACTERS = 5, 20
_NOT_WHOLE = re.compile(
    r"[,.!?;:，。！？；：\n]|\b(?:i|my|we|our|you|your|is|are|was|were|do|does|did|have|has|had|can|will"
    r"|bought|the|a"
    r"|an|it|this|that|how|what|when|where|why|who|nobody|somebody|someone|everyone|everybody|anyone|nothing"
    r"|something|everything|[a-z]+ed)\b",
    re.I,
)


def named_entities(context: str, terms: Sequence[str] = ()) -> tuple[Entity, ...]:
    """Every candidate of the context, the likeliest first, each text once. terms: of the glossary."""
    context = without_speakers(context)
    found = [*_quoted(context)]
    named_terms = list(_terms(context, terms))
    found += _chinese(context, named_terms) if is_chinese(context) else [*_latin(context), *named_terms]
    found += _family(context, found)
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
    joined = list(_joined(context, kept.values()))
    # Of two in a row, one whose edges are certain makes the other's certain.
    certain = any(one.sure for one in joined if one.joined)
    joined = [replace(one, sure=one.sure or certain) if one.joined else one for one in joined]
    return tuple(sorted(joined, key=lambda e: (e.tier, -e.place)))


def _chinese(context: str, terms: Sequence[Entity]) -> list[Entity]:
    """What frames tell, and what is found by its words where no frame stands; people are always."""
    framed_ones = list(framed(context))
    relatives = [(one.start, one.start + len(one.text)) for one in family_zh(context)]
    taken = [(one.place, one.place + len(one.text)) for one in framed_ones]
    things = {_clause_of(context, one.place) for one in framed_ones if "thing" in one.kinds}
    others = (*terms, *_latin(context), *chinese_names(context), *objects(context))
    found = framed_ones + [
        # Outside a frame a group of common words is nothing to rely on.
        replace(one, sure="person" in one.kinds or (one.tier != GROUP and has_certain_edges(context, one)))
        for one in others
        if not any(one.place < end and start < one.place + len(one.text) for start, end in taken)
        and not (
            "person" not in one.kinds
            and any(one.place < e and s < one.place + len(one.text) for s, e in relatives)
        )
        and not _NO_PART.search(one.text)
        # Where a frame names the thing of a clause, other words of it are beside it.
        and not (one.kinds == {"thing"} and one.tier != TERM and _clause_of(context, one.place) in things)
    ]
    return list(_without_roles(found))


def _clause_of(context: str, place: int) -> int:
    return len(_CLAUSE_END.findall(context[:place]))


def _without_roles(found: Sequence[Entity]) -> Iterator[Entity]:
    """Without what jieba takes for a name and is what one is called: 老公."""
    return (one for one in found if "person" not in one.kinds or not is_role(one.text))


def _family(context: str, found: Sequence[Entity]) -> Iterator[Entity]:
    """People of the speaker, where nobody has a name."""
    if not any("person" in one.kinds and not is_role(one.text) for one in found):
        for person in family_zh(context) if is_chinese(context) else family_en(context):
            yield Entity(person.text, _PERSON, GROUP, person.start, gender=person.gender)


def _joined(context: str, entities: Iterable[Entity]) -> Iterator[Entity]:
    """The same ones, with what stands in a row marked: 戴森V12和追觅H30."""
    ordered = sorted(entities, key=lambda e: e.place)
    called = [
        one
        for one, after in zip(ordered, ordered[1:], strict=False)
        if _IS.fullmatch(context[one.place + len(one.text) : after.place]) and after.tier <= one.tier
    ]
    ordered = [entity for entity in ordered if entity not in called]
    linked: set[int] = set()
    for at in range(len(ordered) - 1):
        one, after = ordered[at : at + 2]
        between = context[one.place + len(one.text) : after.place]
        if not _JOINT.fullmatch(between) and not (_ALSO.search(between) and one.tier == after.tier == NAMED):
            continue
        if ("person" in one.kinds) != ("person" in after.kinds):
            # «Frank and George»: who stands beside a person is one, too.
            ordered[at : at + 2] = replace(one, kinds=_PERSON), replace(after, kinds=_PERSON)
        if ordered[at].kinds & ordered[at + 1].kinds:
            linked.update((at, at + 1))
    for at, entity in enumerate(ordered):
        clause = len(_CLAUSE_END.findall(context[: entity.place]))
        yield replace(entity, joined=at in linked, clause=clause)


def _latin(text: str) -> Iterator[Entity]:
    """Latin names; those within Chinese groups are found as a whole."""
    own = [(group[0].start, group[-1].end) for group in groups(text)] if is_chinese(text) else []
    for entity in latin_names(text):
        end = entity.place + len(entity.text)
        if not any(start <= entity.place and end <= last for start, last in own):
            yield entity


def without_speakers(context: str) -> str:
    """The context with blanks for who speaks, so that places stay."""
    return _SPEAKER.sub(lambda match: " " * (len(match.group()) - 1) + "\n", context)


def mentions_a_name(text: str, terms: Sequence[str] = ()) -> bool:
    """Whether a part of a query names something itself: then its pronoun has an antecedent."""
    return bool([*_quoted(text), *_latin(text), *_terms(text, terms)])


def names_in(text: str) -> Iterator[Entity]:
    """What surely is a name: quotations, Latin names, and Chinese names without the nouns around them."""
    yield from _quoted(text)
    if not is_chinese(text):
        yield from latin_names(text, nouns=False)
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
            article = _ARTICLE.match(text, span.end)
            end = article.end() if article is not None else span.end
            yield Entity(text[span.start : end], frozenset({"thing"}), NAMED, span.start)


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
    if (
        not name
        or _GREETING.match(name)
        or _NOT_WHOLE.search(name)
        or (is_chinese(name) and is_generic(name))
    ):
        return
    if is_chinese(name):
        fits = len(name) <= _WHOLE_CHARACTERS and all(w.is_noun or w.tag in ("b", "a") for w in words(name))
    else:
        fits = len(name.split()) <= _WHOLE_WORDS and bool(re.search("[A-Za-z]", name))
    if fits:
        yield Entity(name, frozenset({"thing", "place"}), WHOLE, context.index(name))
