"""One function a cause: which overtakings of a query meet its rule.

They see the order, the labels, the scores and the texts of one query, and decide on nothing else. Whether a
cause explains the loss is asked elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from core.evaluation.judged import JudgedQuery, Ranking
from core.evaluation.triage import wording
from core.evaluation.triage.causes import (
    DUPLICATES,
    ENTITY,
    EXACT_MATCH_LOST,
    LABEL_DOUBT,
    LANGUAGE,
    NAME_LEFT_OUT,
    NARROW_MARGIN,
    NEGATION,
    NUMBERS,
    TOO_GENERIC,
    TRUNCATED,
    UNJUDGED_WINNER,
    WORDS_ALIKE,
    Cause,
)
from core.evaluation.triage.overtakings import Overtaking

# A gap this small against the query's whole range of scores is within the noise of low-precision arithmetic.
NARROW_SHARE = 0.01
DOUBTED_PROBABILITY = 0.9
# Texts that share so many of their words repeat one another.
REPEATS = 0.8
# A word of the query that more candidates have than this says what the topic is, not what is asked.
COMMON = 0.34
# A name that more candidates have than this is the topic of all.
TOPIC = 0.5
# Of the weight of the query's words, what one document has more than the other; much more needs no rare word.
MORE_SPECIFIC, MUCH_MORE = 0.1, 0.15
# A document that has some share of the query's words, and no less of them than the other, is alike in words.
ALIKE = 0.1


@dataclass(frozen=True)
class Evidence:
    """One query with what is known of its documents; words are looked for once a document."""

    judged: JudgedQuery
    after: Ranking
    passed: tuple[Overtaking, ...]
    texts: Mapping[str, str]
    probabilities: Mapping[str, float]
    truncated: frozenset[str]
    read: Mapping[str, int]
    _terms: dict[str, frozenset[str]] = field(default_factory=dict)
    _has: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The query's text."""
        return self.judged.query

    def known(self, p: Overtaking) -> bool:
        """Whether both texts are there."""
        return bool(self.texts.get(p.loser)) and bool(self.texts.get(p.winner))

    def terms(self, document: str) -> frozenset[str]:
        """The words of a document."""
        if document not in self._terms:
            self._terms[document] = wording.terms(self.texts.get(document, ""))
        return self._terms[document]

    @cached_property
    def asked(self) -> frozenset[str]:
        """The words of the query."""
        return wording.terms(self.query, parts=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in the query that set candidates apart; what most of them name is the topic."""
        texts = [wording.folded(self.texts[d]) for d in self.after.documents if self.texts.get(d)]
        most = TOPIC * len(texts)
        return tuple(
            name for name in wording.names(self.query) if sum(name in text for text in texts) <= most
        )

    def has(self, document: str) -> frozenset[str]:
        """Words of the query that a document has; a Chinese one also inside a longer word, 灯 in 指示灯."""
        if document not in self._has:
            text, own = wording.folded(self.texts.get(document, "")), self.terms(document)
            self._has[document] = frozenset(
                word for word in self.asked if word in own or (not word.isascii() and word in text)
            )
        return self._has[document]

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        """Of every word of the query that some candidate has, the share of candidates that have it."""
        return wording.rarity(self.has(d) for d in self.after.documents if self.texts.get(d))

    def covered(self, document: str) -> float:
        """Share of these words that a document has, rare ones counting for more."""
        weights = {word: 1.05 - share for word, share in self.rarity.items()}
        own = self.has(document)
        return sum(weight for word, weight in weights.items() if word in own) / (sum(weights.values()) or 1.0)


def _truncated(found: Evidence, p: Overtaking) -> bool:
    if p.loser not in found.truncated:
        return False
    text, read = found.texts.get(p.loser, ""), found.read.get(p.loser)
    if not text or not read or read >= len(text):
        return True
    unread = wording.terms(text[read:]) & found.asked
    return len(unread - wording.terms(text[:read])) > 0


def _exact(found: Evidence, p: Overtaking) -> bool:
    query = wording.folded(found.query)
    loser, winner = (wording.folded(found.texts[document]) for document in (p.loser, p.winner))
    return wording.contains_exactly(loser, query) and not wording.contains_exactly(winner, query)


def _numbers(found: Evidence, p: Overtaking) -> bool:
    asked = wording.numbers(found.query)
    own, other = (wording.numbers(found.texts[document]) for document in (p.loser, p.winner))
    if asked & own and not asked & other:
        return True
    return wording.asks_number(found.query) and bool(own - asked) and not other - asked


def _negation(found: Evidence, p: Overtaking) -> bool:
    if not wording.asks_without(found.query):
        return False
    return wording.negates(found.texts[p.loser]) and not wording.negates(found.texts[p.winner])


def _entity(found: Evidence, p: Overtaking) -> bool:
    return _named(found, p.winner) < _named(found, p.loser)


def _name_left_out(found: Evidence, p: Overtaking) -> bool:
    return _named(found, p.loser) < _named(found, p.winner)


def _named(found: Evidence, document: str) -> frozenset[str]:
    text = wording.folded(found.texts[document])
    return frozenset(name for name in found.names if name in text)


def _language(found: Evidence, p: Overtaking) -> bool:
    asked, own, other = (
        wording.writing(text) for text in (found.query, found.texts[p.loser], found.texts[p.winner])
    )
    return bool(asked and own) and asked == other != own


def _repeats(found: Evidence, one: str, other: str) -> bool:
    first, second = found.texts.get(one, ""), found.texts.get(other, "")
    if not first or not second:
        return False
    if wording.folded(first) == wording.folded(second):
        return True
    # One number or one «not» makes another statement of the same words.
    alike = wording.numbers(first) == wording.numbers(second) and wording.negates(first) == wording.negates(
        second
    )
    return alike and wording.likeness(found.terms(one), found.terms(other)) >= REPEATS


def _duplicates(found: Evidence) -> list[Overtaking]:
    """All but the first of those that passed a document and repeat one another."""
    kept: dict[str, list[str]] = {}
    result = []
    for p in found.passed:
        earlier = kept.setdefault(p.loser, [])
        if any(_repeats(found, p.winner, one) for one in earlier):
            result.append(p)
        earlier.append(p.winner)
    return result


def _doubted(found: Evidence, p: Overtaking) -> bool:
    if p.winner not in found.judged.labels or found.judged.labels[p.winner] > 0:
        return False
    relevant = [document for document, label in found.judged.labels.items() if label > 0]
    return found.probabilities.get(p.winner, 0.0) >= DOUBTED_PROBABILITY or any(
        _repeats(found, p.winner, document) for document in relevant
    )


def _generic(found: Evidence, p: Overtaking) -> bool:
    lacking = found.has(p.loser) - found.has(p.winner)
    lacks = any(found.rarity.get(word, 1.0) <= COMMON for word in lacking)
    return found.covered(p.loser) - found.covered(p.winner) >= (MORE_SPECIFIC if lacks else MUCH_MORE)


def _alike(found: Evidence, p: Overtaking) -> bool:
    return found.covered(p.winner) >= max(ALIKE, found.covered(p.loser))


def _narrow(found: Evidence) -> list[Overtaking]:
    if found.after.scores is None:
        return []
    scores = dict(zip(found.after.documents, found.after.scores, strict=True))
    margin = NARROW_SHARE * (max(scores.values(), default=0.0) - min(scores.values(), default=0.0))
    return [p for p in found.passed if p.loser in scores and scores[p.winner] - scores[p.loser] <= margin]


# Rules that look at one overtaking; the second kind needs both texts.
_BY_FACTS: Mapping[Cause, Callable[[Evidence, Overtaking], bool]] = {
    TRUNCATED: _truncated,
    LABEL_DOUBT: _doubted,
    UNJUDGED_WINNER: lambda found, p: p.winner not in found.judged.labels,
}
_BY_TEXTS: Mapping[Cause, Callable[[Evidence, Overtaking], bool]] = {
    EXACT_MATCH_LOST: _exact,
    NUMBERS: _numbers,
    NEGATION: _negation,
    ENTITY: _entity,
    NAME_LEFT_OUT: _name_left_out,
    LANGUAGE: _language,
    TOO_GENERIC: _generic,
    WORDS_ALIKE: _alike,
}


def met(found: Evidence) -> dict[Cause, list[Overtaking]]:
    """Of every cause, the overtakings that meet its rule."""
    result = {cause: [p for p in found.passed if rule(found, p)] for cause, rule in _BY_FACTS.items()}
    both = [p for p in found.passed if found.known(p)]
    result |= {cause: [p for p in both if rule(found, p)] for cause, rule in _BY_TEXTS.items()}
    result[DUPLICATES] = _duplicates(found)
    result[NARROW_MARGIN] = _narrow(found)
    return result
