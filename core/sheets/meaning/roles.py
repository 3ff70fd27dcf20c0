"""Guesses which column is the query, which the document, and so on, from headers and from content.

Every guess says how sure it is and why, so that a person can correct it. What the chosen columns then
become is the business of `layouts`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.sentences import NOTHING, Sentence, sentence
from core.sheets.meaning.cells import is_json_object, json_list
from core.sheets.meaning.numbers import read_number
from core.sheets.meaning.vocabulary import HeaderMatch, Role, is_bare_id, is_plural, match_header
from core.sheets.records import Cell, Table

Layout = Literal["long", "wide", "two_sheets", "cell", "documents"]

# From here on a guess is used without asking.
CERTAIN = 0.7
# Two columns closer than this are rivals: neither is certain.
_RIVAL = 0.1

BY_HEADER = "The header names it."
BY_HEADER_PART = "The header holds a word for it."
BY_CONTENT = "Its content looks like it."
BY_CONTENT_ONLY_TEXT = "It is the only column of text."
RIVALS = "Another column is as likely: {other}."
NUMBERED = "One of {count} numbered columns."
NOT_NUMERIC = "The header names {role}, but the content is not numeric."
JSON_OBJECTS = "The header names {role}, but the cells hold JSON objects, which are no texts."
ALL_NUMERIC = "The header names {role}, but the content is all numbers, so it is taken for an id."

_NOT_WORDS = re.compile(
    r"\s*(?:https?://|www\.|\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}|\d{1,2}:\d\d|[!-~]{20,}\s*$)", re.IGNORECASE
)

_PROFILED_ROWS = 2_000
_SAMPLES = 3
# Mean characters from which a column without a telling header can be documents; names are shorter.
_SHORTEST_TEXT = 8


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column's cells look like, over the first 2,000 rows. Shares are of the filled cells, 0–1."""

    filled: int
    distinct: int
    mean_length: float
    numeric: float
    wordy: float
    questions: float
    json_lists: float
    json_objects: float
    several_lines: float
    runs: float
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column with its likeliest role, if any. reason: why, for a person."""

    name: str
    role: Role | None
    confidence: float
    reason: Sentence = NOTHING
    number: int | None = None
    samples: tuple[str, ...] = ()
    filled: int = 0

    @property
    def because(self) -> str:
        """The reason in English."""
        return self.reason.text


@dataclass(frozen=True, slots=True)
class RoleGuesses:
    """All columns of one table, the layout they make, and how sure that is (the least sure needed role)."""

    columns: tuple[ColumnGuess, ...]
    layout: Layout | None
    confidence: float

    def of(self, role: Role) -> tuple[ColumnGuess, ...]:
        """The columns guessed to have a role, in the table's order."""
        return tuple(column for column in self.columns if column.role == role)


def guess_roles(table: Table) -> RoleGuesses:
    """Guess every column's role and the table's layout."""
    profiles = [_profile(table.rows, index) for index in range(len(table.columns))]
    guesses = [
        _by_header(name, profile, table.header_row is not None or not name.startswith("Column "))
        for name, profile in zip(table.columns, profiles, strict=True)
    ]
    guesses = _numbered_families(guesses)
    guesses = _one_column_per_role(guesses, profiles)
    guesses = _bare_ids(guesses, profiles)
    guesses = _by_content(guesses, profiles)
    layout, confidence = _layout(guesses, profiles)
    return RoleGuesses(tuple(guesses), layout, confidence)


def _profile(rows: Sequence[tuple[Cell, ...]], index: int) -> ColumnProfile:
    cells = [row[index] for row in rows[:_PROFILED_ROWS]]
    filled = [cell for cell in cells if cell is not None]
    texts = [cell if isinstance(cell, str) else str(cell) for cell in filled]
    count = max(len(filled), 1)
    changes = sum(1 for before, after in zip(filled, filled[1:], strict=False) if before != after)
    samples = list(dict.fromkeys(texts))[:_SAMPLES]
    return ColumnProfile(
        filled=len(filled),
        distinct=len(set(texts)),
        mean_length=sum(map(len, texts)) / count,
        numeric=sum(map(_is_number, filled)) / count,
        wordy=sum(map(_is_wordy, filled)) / count,
        questions=sum(1 for text in texts if text.rstrip().endswith(("?", "？", "吗", "呢"))) / count,
        json_lists=sum(1 for text in texts if json_list(text) is not None) / count,
        json_objects=sum(map(is_json_object, texts)) / count,
        several_lines=sum(1 for text in texts if "\n" in text.strip()) / count,
        runs=(changes + 1) / count,
        samples=tuple(text if len(text) <= 60 else text[:59] + "…" for text in samples),
    )


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, (int, float)):
        return True
    if not isinstance(cell, str) or len(cell) > 40:
        return False
    return read_number(cell) is not None


def _is_wordy(cell: Cell) -> bool:
    """Text in a language, as opposed to numbers, dates, links, paths and hashes."""
    return (
        isinstance(cell, str)
        and not _is_number(cell)
        and not _NOT_WORDS.match(cell)
        and not is_json_object(cell)
    )


def _by_header(name: str, profile: ColumnProfile, named: bool) -> ColumnGuess:
    plain = ColumnGuess(name, None, 0.0, samples=profile.samples, filled=profile.filled)
    match = match_header(name) if named else None
    if match is None:
        return plain
    confidence = 0.95 * match.strength
    reason = BY_HEADER if match.strength >= 0.8 else BY_HEADER_PART
    if profile.filled and match.role in ("label", "initial_rank", "initial_score"):
        if match.role != "label" and profile.numeric < 0.5:
            return _with(plain, None, 0.0, NOT_NUMERIC, {"role": match.role})
        if match.role == "label" and profile.mean_length > 20:
            return plain
    if profile.json_objects > 0.5 and match.role in ("query", "document"):
        return _with(plain, None, 0.0, JSON_OBJECTS, {"role": match.role})
    if profile.filled and match.role in ("query", "document") and profile.numeric > 0.9:
        role: Role = "query_id" if match.role == "query" else "document_id"
        return _with(plain, role, 0.6, ALL_NUMERIC, {"role": match.role})
    if match.role == "group" and profile.mean_length > 60:
        return plain
    return _with(plain, match.role, confidence, reason, {}, match)


def _with(
    guess: ColumnGuess,
    role: Role | None,
    confidence: float,
    reason: str,
    facts: Mapping[str, object],
    match: HeaderMatch | None = None,
) -> ColumnGuess:
    number = match.number if match else guess.number
    return ColumnGuess(
        guess.name, role, confidence, Sentence(reason, facts), number, guess.samples, guess.filled
    )


def _numbered_families(guesses: list[ColumnGuess]) -> list[ColumnGuess]:
    """doc1, doc2, …: two or more numbered columns belong together; a lone number means nothing."""
    counts: dict[Role, set[int]] = {}
    for guess in guesses:
        if guess.role and guess.number is not None:
            counts.setdefault(guess.role, set()).add(guess.number)
    wide = len(counts.get("document", ())) >= 2
    result = []
    for guess in guesses:
        if guess.role is None or guess.number is None:
            result.append(guess)
        elif wide and len(counts[guess.role]) >= 2:
            facts = {"count": len(counts[guess.role])}
            result.append(_with(guess, guess.role, max(guess.confidence, 0.8), NUMBERED, facts))
        else:
            result.append(
                ColumnGuess(
                    guess.name,
                    guess.role,
                    min(guess.confidence, 0.75),
                    sentence(BY_HEADER_PART),
                    samples=guess.samples,
                    filled=guess.filled,
                )
            )
    return result


def _one_column_per_role(guesses: list[ColumnGuess], profiles: list[ColumnProfile]) -> list[ColumnGuess]:
    """Of several columns with one role the likeliest keeps it; a close rival takes the certainty away."""
    result = list(guesses)
    numbered = {guess.role for guess in guesses if guess.number is not None}
    for role in {guess.role for guess in guesses if guess.role}:
        places = [index for index, guess in enumerate(guesses) if guess.role == role and guess.number is None]
        if role in numbered:
            for index in places:  # doc1, doc2 … win over a lone «content»
                result[index] = _with(guesses[index], None, 0.0, "", {})
            continue
        if len(places) < 2:
            continue
        places.sort(key=lambda index: (-guesses[index].confidence, -profiles[index].filled, index))
        first, second = guesses[places[0]], guesses[places[1]]
        if first.confidence - second.confidence < _RIVAL and profiles[places[1]].filled:
            result[places[0]] = _with(first, role, 0.55, RIVALS, {"other": second.name})
        for index in places[1:]:
            result[index] = _with(guesses[index], None, 0.0, "", {})
    return result


def _bare_ids(guesses: list[ColumnGuess], profiles: list[ColumnProfile]) -> list[ColumnGuess]:
    """«id» belongs to the query or the document, whichever the table is about."""
    roles = {guess.role for guess in guesses}
    result = list(guesses)
    for index, guess in enumerate(guesses):
        if guess.role is not None or not is_bare_id(guess.name):
            continue
        has_document = "document" in roles
        role: Role = "document_id" if has_document and profiles[index].runs > 0.9 else "query_id"
        if role in roles or not (has_document or "query" in roles):
            continue
        if role == "query_id" and "query" not in roles:
            role = "document_id"
        result[index] = _with(guess, role, 0.7, BY_HEADER_PART, {})
        roles.add(role)
    return result


def _by_content(guesses: list[ColumnGuess], profiles: list[ColumnProfile]) -> list[ColumnGuess]:
    """Find the query and the document among columns whose headers say nothing."""
    result = list(guesses)
    free = [
        index
        for index, (guess, profile) in enumerate(zip(guesses, profiles, strict=True))
        if guess.role is None and profile.wordy > 0.5 and profile.mean_length >= 2
    ]
    roles = {guess.role for guess in guesses}
    longer = False
    candidates = [index for index in free if profiles[index].distinct >= min(3, profiles[index].filled)]
    if "document" not in roles and candidates:
        longest = max(candidates, key=lambda index: profiles[index].mean_length)
        others = [index for index in free if index != longest]
        second = max((profiles[index].mean_length for index in others), default=0.0)
        is_text = profiles[longest].mean_length >= _SHORTEST_TEXT
        longer = is_text and profiles[longest].mean_length >= 1.5 * second
        only = not others
        confidence = 0.8 if only and is_text else 0.7 if longer and len(others) == 1 else 0.5
        reason = BY_CONTENT_ONLY_TEXT if only else BY_CONTENT
        result[longest] = _with(result[longest], "document", confidence, reason, {})
        free = others
    if "query" not in roles and free:
        best = max(free, key=lambda index: _query_score(profiles[index]))
        if _query_score(profiles[best]) >= 0.5:
            # Questions beside a longer text are queries; without question marks a person should look.
            sure = profiles[best].questions >= 0.5 and len(free) == 1 and (longer or "document" in roles)
            result[best] = _with(result[best], "query", 0.7 if sure else 0.5, BY_CONTENT, {})
    return result


def _query_score(profile: ColumnProfile) -> float:
    """Queries end in question marks, repeat over consecutive rows, and are short but more than a word."""
    repeats = profile.filled >= 4 and profile.runs <= 0.5
    score = profile.questions + (0.6 if repeats else 0.0)
    if 4 <= profile.mean_length <= 60:
        score += 0.4
    return score if profile.distinct > 1 or profile.filled <= 2 or repeats else 0.0


def _layout(guesses: list[ColumnGuess], profiles: list[ColumnProfile]) -> tuple[Layout | None, float]:
    def best(role: Role) -> float:
        return max((guess.confidence for guess in guesses if guess.role == role), default=0.0)

    documents = [index for index, guess in enumerate(guesses) if guess.role == "document"]
    query, document = best("query"), best("document")
    if not documents:
        return None, 0.0
    if len(documents) >= 2:
        return ("wide", min(query, document)) if query else (None, 0.0)
    if query:
        profile, guess = profiles[documents[0]], guesses[documents[0]]
        lists = profile.json_lists >= 0.8 or (is_plural(guess.name) and profile.several_lines >= 0.5)
        return ("cell" if lists else "long"), min(query, document)
    return "documents", document
