"""Chinese pronouns and deictics of a query that point outside it: 它, 这个, 该产品, 这款手机, 那里.

其它, 它们, 这个词 and 这个月 are no references, nor is a 它 whose noun stands in the query before it. In
doubt nothing is found.
"""

import re
from collections.abc import Iterator, Sequence

from core.text.rewriting.entities import is_name
from core.text.rewriting.entity_kinds import EntityKind
from core.text.rewriting.reference import Reference
from core.text.rewriting.spans import ProtectedSpan, is_free
from core.text.rewriting.words import Word, words
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

_PRONOUNS: dict[str, EntityKind] = {"它": "thing", "他": "person", "她": "person"}
_BARE = _LISTS["bare"]
_PLACES = _LISTS["places"]
_SIDES = frozenset(_LISTS["sides"])
_FOLLOWING = frozenset(_LISTS["following"])
_AFTER_THIS = _FOLLOWING - frozenset("的 一 最 太 好 了".split())
_NOUNS = "|".join(_LISTS["nouns"])
_THIS_NOUN = re.compile(
    rf"(?:这|那|该|此|上述)(?:一)?(?:个|款|台|张|部|家|件|项|辆|支|只|套|份|种|所|门|间)?(?:{_NOUNS})"
)
_CLAUSE_ENDS = frozenset(
    "， , 。 ； ; ！ ! ？ ? 、 了 后 之后 以后 时 的话 的时候 但 但是 而 而且 所以 然后 如果 因为".split()
)


def find_chinese(query: str, spans: Sequence[ProtectedSpan]) -> tuple[Reference, ...]:
    """Every reference of the query, in order."""
    found: list[Reference] = []
    for reference in (*_nouns(query), *_pronouns(query)):
        free = is_free(spans, reference.start, reference.end)
        if free and not any(one.start < reference.end and reference.start < one.end for one in found):
            found.append(reference)
    return tuple(sorted(found, key=lambda one: one.start))


def _pronouns(query: str) -> Iterator[Reference]:
    found = words(query)
    for at, word in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        if word.text in _PRONOUNS:
            wants = _PRONOUNS[word.text]
            plural = following is not None and following.text.startswith("们")
            if not plural and not _has_subject(found[:at]):
                yield Reference(word.start, word.end, wants)
        elif word.text in _BARE and _stands_alone(word, following) and not _has_subject(found[:at]):
            yield Reference(word.start, word.end, "thing")
        elif word.text == "这是" and not _has_subject(found[:at]):
            yield Reference(word.start, word.start + 1, "thing")
        elif word.text in _PLACES and at and found[at - 1].text in _SIDES:
            continue
        elif word.text in _PLACES and (following is None or following.text not in ("面", "边", "头")):
            yield Reference(word.start, word.end, "place")


def _stands_alone(word: Word, following: Word | None) -> bool:
    """Whether no noun follows that the deictic belongs to."""
    if following is None or following.tag == "x":
        return word.text != "这"
    return following.text in (_AFTER_THIS if word.text == "这" else _FOLLOWING)


def _nouns(query: str) -> Iterator[Reference]:
    found = words(query)
    ends = {word.end: at for at, word in enumerate(found)}
    for match in _THIS_NOUN.finditer(query):
        # The noun must end where a word ends, and no other noun may follow: 这款手机壳 is no phone.
        at = ends.get(match.end())
        if at is None or (at + 1 < len(found) and found[at + 1].is_noun and found[at + 1].text.isalnum()):
            continue
        starts = [at for at, word in enumerate(found) if word.start == match.start()]
        if starts and not _has_antecedent(found[: starts[0]]):
            yield Reference(match.start(), match.end(), "thing")


def _has_subject(before: Sequence[Word]) -> bool:
    """Whether the query names something ahead of the pronoun, or begins with a noun: 屏幕碎了它还能修吗."""
    spoken = [word for word in before if word.tag != "x"]
    begins = bool(spoken) and spoken[0].is_noun and len(spoken[0].text) > 1
    return begins or any(is_name(word) for word in spoken) or _has_antecedent(before)


def _has_antecedent(before: Sequence[Word]) -> bool:
    """Whether a clause of the query ahead of the pronoun holds a noun it may stand for."""
    nouns = [at for at, word in enumerate(before) if word.is_noun and len(word.text) > 1]
    return any(word.text in _CLAUSE_ENDS for first in nouns[:1] for word in before[first + 1 :])
