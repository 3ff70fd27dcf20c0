"""The guard over wordings that a language model proposes: what the query says must survive.

Numbers, codes, names and quotations of the query must be there, none may be added that neither the query nor
the context holds, negation must stay as it was, and so must the language. It repairs nothing.
"""

import re
import unicodedata
from collections.abc import Iterator

from core.records import Notice
from core.text.glossary import Glossary, folded
from core.text.rewriting_entities import Entity, names_in
from core.text.rewriting_spans import protected_spans
from core.text.rewriting_terms import says_canonically
from core.text.rewriting_words import is_chinese, language_of

LOST_NUMBER = "It lost «{text}»."
LOST_NAME = "It lost the name «{text}»."
ADDED_NUMBER = "It added «{text}», which neither the query nor the context holds."
ADDED_NAME = "It added the name «{text}», which neither the query nor the context holds."
LOST_NEGATION = "It lost a negation: «{text}»."
ADDED_NEGATION = "It added a negation: «{text}»."
OTHER_LANGUAGE = "It is in another language than the query."
BLANK = "It is empty."
TOO_LONG = "It has {count} characters, the query {query}; a rewording is not much longer."

# A pronoun may become a name, an abbreviation a phrase; beyond this, things were added.
_LONGER, _MARGIN = 2.0, 60

_NEGATION_EN = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|unable|lacks?|except"
    r"|[a-z]+n['’]t"
    r"|non(?=-))\b",
    re.IGNORECASE,
)
_NEGATION_ZH = re.compile("[不没無无未勿莫非别]")
# Words in which these characters deny nothing, and questions of the form A-not-A.
_NO_NEGATION_ZH = re.compile(
    r"(.)[不没]\1|是否|能否|可否|有没有|可不可以|需不需要|支不支持|应不应该|值不值得|不过|不仅|不但|不断"
    r"|不管|不论|不错|不如|不少|不同|不久|差不多|只不过"
    "|非常|并非常|无论|无线|没关系|没问题|未来|无人机|无障碍|不锈钢|不动产|别人|别的|别墅|级别|类别|区别"
    "|性别|个别|特别|分别|告别|识别|鉴别|除非|非洲|是非"
)
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split(), start=0
    )
}


def drift(query: str, proposal: str, context: str = "", glossary: Glossary | None = None) -> Notice | None:
    """Why a proposal is rejected; None when it says what the query says."""
    glossary = glossary or Glossary()
    if not proposal.strip():
        return Notice(BLANK)
    allowed = _LONGER * len(query) + _MARGIN + max(map(len, glossary.canonical), default=0)
    if len(proposal) > allowed:
        return Notice(TOO_LONG, facts={"count": len(proposal), "query": len(query)})
    if language_of(query) != language_of(proposal) and _is_wordy(query):
        return Notice(OTHER_LANGUAGE)
    return (
        _numbers(query, proposal, context, glossary)
        or _names(query, proposal, context, glossary)
        or _negation(query, proposal)
    )


def _is_wordy(query: str) -> bool:
    """A query that is nothing but a name may be asked about in any language."""
    return is_chinese(query) or len(query.split()) > 1


def _numbers(query: str, proposal: str, context: str, glossary: Glossary) -> Notice | None:
    held, offered = list(_figures(query)), {key for _, key in _figures(proposal)}
    for text, key in held:
        if key not in offered and not says_canonically(proposal, text, glossary):
            return Notice(LOST_NUMBER, facts={"text": text})
    known = {key for _, key in held} | {key for _, key in _figures(context)}
    known |= {key for canonical in glossary.canonical for _, key in _figures(canonical)}
    for text, key in _figures(proposal):
        if key not in known:
            return Notice(ADDED_NUMBER, facts={"text": text})
    return None


def _names(query: str, proposal: str, context: str, glossary: Glossary) -> Notice | None:
    flat = folded(proposal)
    for entity in _certain_names(query):
        if folded(entity.text) not in flat and not says_canonically(proposal, entity.text, glossary):
            return Notice(LOST_NAME, facts={"text": entity.text})
    known = folded(query) + "\n" + folded(context) + "\n" + "\n".join(map(folded, glossary.terms))
    for entity in _certain_names(proposal):
        # jieba takes many plain words of two characters for people.
        doubtful = entity.kinds == {"person"} and len(entity.text) < 3 and not entity.text.isascii()
        if not doubtful and folded(entity.text) not in known:
            return Notice(ADDED_NAME, facts={"text": entity.text})
    return None


def _certain_names(text: str) -> Iterator[Entity]:
    """Names and quotations. The first word of an English sentence has a capital anyway."""
    for entity in names_in(text):
        first = entity.place == len(text) - len(text.lstrip()) and entity.text.isascii()
        if not (first and " " not in entity.text and entity.text[1:].islower()):
            yield entity


def _negation(query: str, proposal: str) -> Notice | None:
    before, after = _denials(query), _denials(proposal)
    if before and not after:
        return Notice(LOST_NEGATION, facts={"text": before[0]})
    if after and not before:
        return Notice(ADDED_NEGATION, facts={"text": after[0]})
    return None


def _denials(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    # «How come it doesn't» denies; «isn't it» at the end only asks.
    asked = re.sub(r",\s*(?:is|do|does|did|are|was|wo|ca)n['’]t \w+\s*\?*$", "", plain, flags=re.IGNORECASE)
    found = [match.group() for match in _NEGATION_EN.finditer(asked)]
    return found + _NEGATION_ZH.findall(_NO_NEGATION_ZH.sub("〇", asked))


def _figures(text: str) -> Iterator[tuple[str, str]]:
    """Numbers and codes as written, each with a form in which equal ones are equal: 三天 and 3天."""
    plain = unicodedata.normalize("NFKC", text)
    for span in protected_spans(plain):
        written = plain[span.start : span.end]
        if span.kind == "number":
            yield written, _value(written)
        elif span.kind in ("address", "path", "option", "identifier") and _is_code(written):
            yield written, written.casefold()
    for word in re.findall(r"\b[A-Za-z]+\b", plain):
        # «one» is more often a pronoun than a number.
        if word.lower() in _NUMBER_WORDS and word.lower() not in ("one", "zero"):
            yield word, _NUMBER_WORDS[word.lower()]


def _is_code(written: str) -> bool:
    return not written.isalpha()


def _value(written: str) -> str:
    digits = written.removeprefix("第")
    if digits and all(c in _NUMERALS or c in _POWERS for c in digits):
        return str(_chinese_number(digits))
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", written)
    return (written.replace(",", "") if grouped else written).casefold()


def _chinese_number(digits: str) -> int:
    if not any(c in _POWERS for c in digits):
        return int("".join(str(_NUMERALS[c]) for c in digits))
    total = section = digit = 0
    for c in digits:
        if c in _NUMERALS:
            digit = _NUMERALS[c]
        elif _POWERS[c] < 10_000:
            section += (digit or 1) * _POWERS[c]
            digit = 0
        else:
            total = (total + section + digit) * _POWERS[c]
            section = digit = 0
    return total + section + digit
