"""People of a context: who is one, and whether «he» or «she» fits.

A title or a role says it («Mrs. Grant», «我妈孙丽华»), a first name says it in English; a Chinese given name
only hints. Who of several is meant is decided in `choice`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.text.rewriting.words import words
from core.text.scripts import HAN
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

Gender = Literal["", "male", "female"]

_FEMALE, _MALE = frozenset(_LISTS["female_en"]), frozenset(_LISTS["male_en"])
_TITLES_EN: dict[str, Gender] = {
    "mr": "male",
    "sir": "male",
    "mrs": "female",
    "ms": "female",
    "madam": "female",
}
ROLES_EN = "|".join(_LISTS["roles_en"])
# «my agent is Laura Bennett», «the defendant Robert Hayes», «my wife Emma».
_ROLE_BEFORE = re.compile(
    rf"\b(?:my|our|the|your|his|her|a|new)\s+(?:\w+\s+)?(?P<role>{ROLES_EN})(?:\s+(?:is|was|called|named))?"
    r"[:,]?\s+$",
    re.IGNORECASE,
)
_MALE_ROLES, _FEMALE_ROLES = frozenset(_LISTS["male_roles_en"]), frozenset(_LISTS["female_roles_en"])

_ROLES_ZH = "|".join(sorted(_LISTS["roles_zh"], key=len, reverse=True))
_TITLES_ZH = "|".join(_LISTS["titles_zh"])
_RARE = frozenset(_LISTS["rare_surnames"])
_SURNAMES = "|".join(sorted((*_LISTS["surnames"], *_RARE), key=len, reverse=True))
_MALE_ZH, _FEMALE_ZH = frozenset(_LISTS["male_zh"]), frozenset(_LISTS["female_zh"])
_MALE_CHARACTERS = frozenset(_LISTS["male_characters"])
_FEMALE_CHARACTERS = frozenset(_LISTS["female_characters"])
# 王府井店 is nobody.
_PLACE = re.compile("[店路街区市县镇村桥站门楼湾江河山]|大厦|大学|医院|广场")
_NO_PEOPLE = frozenset(_LISTS["no_people"])
# A role, 是 or 叫 announces a name; elsewhere jieba has to call it one.
_NAMED_ZH = re.compile(
    rf"(?P<before>{_ROLES_ZH}|叫|是)?(?:是|叫)?(?P<name>(?:{_SURNAMES})[{HAN}]{{1,2}}?)"
    rf"(?P<title>{_TITLES_ZH})?(?![A-Za-z0-9])"
)

# 侯大夫, 王先生.
_TITLED_ZH = re.compile(
    rf"(?:{_SURNAMES})(?P<title>先生|女士|小姐|太太|老师|医生|大夫|律师|教授|经理|主任|师傅|主管|院长|校长|护士|法官|警官|工)(?![{HAN}]{{0}}作|程|人)"
)
# «the bailiff and my flatmate»: either may be meant.
_BESIDE_PERSON = re.compile(r"\b(?:the|a|an|my|our|his|her|their)\s+[a-z-]+\s+(?:and|or)\s+$", re.IGNORECASE)
_AND_PERSON = re.compile(r"\s+(?:and|or)\s+(?:the|a|an|my|our|his|her|their)\b", re.IGNORECASE)
_FAMILY_EN = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur)\s+(?P<role>{'|'.join(sorted(_LISTS['family_en'], key=len, reverse=True))})\b"
    r"(?!['’]s|,?\s+[A-Z])"
)
# Whom one speaks of without a name, the longest first.
PEOPLE_ZH = tuple(sorted({*_LISTS["family_zh"], *_LISTS["roles_zh"]}, key=len, reverse=True))
_FAMILY_WORDS = frozenset(_LISTS["family_zh"])
_FAMILY = re.compile(
    rf"(?:我们?|咱|俺)(?:家|的)?(?P<role>{'|'.join(sorted(_LISTS['family_zh'], key=len, reverse=True))})"
    rf"(?!(?:{_SURNAMES})[{HAN}])"
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name, title included, and where it stands. hint: the gender only seems so."""

    text: str
    start: int
    gender: Gender
    hint: bool = False


def gender_en(name: str, before: str) -> Gender:
    """By title, role or first name; "" where nothing says it."""
    first = name.split()[0].rstrip(".")
    role = _ROLE_BEFORE.search(before)
    if first.lower() in _TITLES_EN:
        return _TITLES_EN[first.lower()]
    if role is not None and role["role"].lower() in _MALE_ROLES:
        return "male"
    if role is not None and role["role"].lower() in _FEMALE_ROLES:
        return "female"
    if first in _FEMALE:
        return "female"
    return "male" if first in _MALE else ""


def family_en(text: str) -> Iterator[Person]:
    """Whom an English text calls by what they are to the speaker, without a name: my husband."""
    for match in _FAMILY_EN.finditer(text):
        if _BESIDE_PERSON.search(text[: match.start()]) or _AND_PERSON.match(text, match.end()):
            continue
        role = match["role"].lower()
        gender: Gender = "male" if role in _MALE_ROLES else "female" if role in _FEMALE_ROLES else ""
        yield Person(match.group().lower(), match.start(), gender)


def is_role(name: str) -> bool:
    """Whether it is what many are called, and no name."""
    return name in _FAMILY_WORDS or re.fullmatch(_ROLES_ZH, name) is not None


def is_announced(before: str) -> bool:
    """Whether the words before a name say that it is a person's."""
    return _ROLE_BEFORE.search(before) is not None


def has_first_name(name: str) -> bool:
    """Whether a name begins with a common English first name."""
    return name.split()[0] in _FEMALE | _MALE


def family_zh(text: str) -> Iterator[Person]:
    """Whom a Chinese text calls by what they are to the speaker, without a name: 我老公, 我爸."""
    for match in _FAMILY.finditer(text):
        role = match["role"]
        gender: Gender = "male" if role in _MALE_ZH else "female" if role in _FEMALE_ZH else ""
        yield Person(match.group(), match.start(), gender)


def people_zh(text: str) -> Iterator[Person]:
    """The people whom a Chinese text names."""
    found = words(text)
    for titled in _TITLED_ZH.finditer(text):
        if any(word.start == titled.start() for word in found):
            yield Person(titled.group(), titled.start(), *_gender_zh("", "", titled["title"]))
    ends = {word.end for word in found}
    tagged = {word.start: word for word in found if word.tag in ("nr", "nrfg")}
    place = 0
    while (match := _longest(text, place, ends)) is not None:
        start, end = match.span("name")
        place = match.end()
        title, role = match["title"] or "", match["before"] or ""
        own = tagged.get(start)
        known = own is not None and own.end in (end, end + len(title)) and own.end - own.start >= 2
        announced = bool(title) or (role not in ("", "是", "叫")) or (role == "叫")
        nickname = text[start - 1 : start] in ("小", "老", "阿")
        unlikely = match["name"][0] in _RARE and not announced and len(match["name"]) < 3
        if (
            nickname
            or unlikely
            or match["name"] in _NO_PEOPLE
            or _PLACE.match(text, end)
            or not (known or announced)
        ):
            place = start + 1
            continue
        gender, hint = _gender_zh(match["name"], role, title)
        yield Person(text[start : end + len(title)], start, gender, hint)


def _longest(text: str, place: int, ends: set[int]) -> "re.Match[str] | None":
    """The next possible name, with the longest given name that ends where a word does."""
    match = _NAMED_ZH.search(text, place)
    if match is None:
        return None
    start, end = match.span("name")
    if not match["title"] and end + 1 in ends and re.match(f"[{HAN}]", text[end : end + 1]):
        longer = re.compile(_NAMED_ZH.pattern.replace("{1,2}?", "{2}")).match(text, match.start())
        if longer is not None and longer.end("name") == end + 1 and end not in ends:
            return longer
        if longer is not None and _is_one_word(text, start, end + 1):
            return longer
    if end in ends or match["title"]:
        return match
    return _longest(text, start + 1, ends)


def _is_one_word(text: str, start: int, end: int) -> bool:
    return any((word.start, word.end) == (start, end) for word in words(text)) or any(
        (word.start, word.end) == (start + 1, end) and word.tag != "v" for word in words(text)
    )


def _gender_zh(name: str, role: str, title: str) -> tuple[Gender, bool]:
    for word in (title, role):
        if word in _MALE_ZH:
            return "male", False
        if word in _FEMALE_ZH:
            return "female", False
    given = name[1:]
    female = sum(one in _FEMALE_CHARACTERS for one in given)
    male = sum(one in _MALE_CHARACTERS for one in given)
    if female == male:
        return "", True
    return ("female" if female > male else "male"), True
