"""A glossary: which ways of writing a term stand for which canonical one.

Built from rows of text with the columns term, canonical and aliases. Reading files is for `core.sheets`,
replacing terms for `rewriting_terms`.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.errors import InputError
from core.sentences import Sentence, sentence
from core.text.rewriting.spans import half_width, is_code
from core.text.rewriting.words import is_chinese

FormKind = Literal["abbreviation", "synonym", "terminology"]

SAMPLE = Path(__file__).with_name("glossary_sample.csv")
# Every further form makes every query slower to look through.
MOST_FORMS = 20_000

NO_COLUMN = "The glossary has no column «{column}»; found: {found}."
NO_COLUMN_HINT = "Its first row names the columns: term, canonical, aliases."
EMPTY = "The glossary holds no term."
TOO_MANY = "The glossary holds {count} ways of writing terms; the limit is {limit}."
TOO_MANY_HINT = "Leave out the terms that do not occur in your queries."
TWO_MEANINGS = "«{form}» already stands for «{first}»; «{second}» was left out."
IS_CODE = "«{form}» is a number, a code or an identifier and is never replaced."
TOO_SHORT = "«{form}» is a single character; it would be found inside other words and was left out."
BLANK_TERM = "The row has no term and was left out."

_COLUMNS: dict[str, tuple[str, ...]] = {
    "term": ("term", "术语", "词条", "词语", "缩写", "abbreviation"),
    "canonical": (
        "canonical",
        "规范词",
        "标准词",
        "规范名称",
        "标准名称",
        "规范写法",
        "full form",
        "preferred",
    ),
    "aliases": ("aliases", "alias", "synonyms", "synonym", "别名", "同义词", "其他写法"),
}
_SEPARATORS = re.compile(r"[|;；、\n]")
# Rows looked through for the header.
_HEADER_ROWS = 10


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a term, and the canonical one. kind: what replacing it is called."""

    text: str
    canonical: str
    kind: FormKind


@dataclass(frozen=True)
class Glossary:
    """All forms, the longest first; canonical forms in their order. problems: (row from 1, what is odd)."""

    forms: tuple[Form, ...] = ()
    canonical: tuple[str, ...] = ()
    problems: tuple[tuple[int, Sentence], ...] = ()

    @property
    def further(self) -> int:
        """How many ways of writing there are beside the canonical ones."""
        return sum(form.text != form.canonical for form in self.forms)

    @functools.cached_property
    def searched(self) -> tuple[tuple[str, Form], ...]:
        """Each form beside the letters by which it is looked for, whatever their case and width."""
        return tuple((half_width(form.text).casefold(), form) for form in self.forms)

    @functools.cached_property
    def terms(self) -> tuple[str, ...]:
        """Every way of writing any term, canonical ones included, the longest first."""
        every = {*self.canonical, *(form.text for form in self.forms)}
        return tuple(sorted(every, key=lambda text: (-len(text), text)))


def glossary_from_rows(rows: Sequence[Sequence[str]], where: str = "glossary") -> Glossary:
    """Build a glossary from a table's cells, its header among the first rows."""
    header = _header_row(rows, where)
    names = [_key(cell) for cell in rows[header]]
    places = {column: _place(names, column) for column in _COLUMNS}

    def cell(row: Sequence[str], column: str) -> str:
        place = places[column]
        return " ".join(row[place].split()) if place is not None and place < len(row) else ""

    # Every canonical form is known before the first alias, so that none is taken for an alias of another.
    entries: list[tuple[int, str, list[str]]] = []
    problems: list[tuple[int, Sentence]] = []
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        if not any(part.strip() for part in row):
            continue
        term, aliases = cell(row, "term"), _SEPARATORS.split(cell(row, "aliases"))
        canonical = cell(row, "canonical") or term
        if not canonical:
            problems.append((number, sentence(BLANK_TERM)))
            continue
        entries.append((number, canonical, [form.strip() for form in (term, *aliases) if form.strip()]))
    canonical_forms = tuple(dict.fromkeys(canonical for _, canonical, _ in entries))
    forms = _forms(entries, canonical_forms, problems)
    if not canonical_forms:
        raise InputError(EMPTY, where=where)
    if len(forms) > MOST_FORMS:
        raise InputError(TOO_MANY, where=where, hint=TOO_MANY_HINT, count=len(forms), limit=MOST_FORMS)
    ordered = sorted(forms.values(), key=lambda form: (-len(form.text), form.text))
    return Glossary(tuple(ordered), canonical_forms, tuple(sorted(problems, key=lambda one: one[0])))


def folded(text: str) -> str:
    """The text without case, width, blanks and hyphens: equal for «Wi-Fi», «wifi» and «ＷＩＦＩ»."""
    return re.sub(r"[\s\-‐‑–_·]+", "", unicodedata.normalize("NFKC", text).casefold())


def kind_of(form: str, canonical: str) -> FormKind:
    """What it is called to write `canonical` for `form`."""
    if folded(form) == folded(canonical):
        return "terminology"
    if is_chinese(form):
        short = len(form) < len(canonical) and _is_subsequence(form, canonical)
        return "abbreviation" if short else "synonym"
    letters = [c for c in form if c.isalnum()]
    capitals = sum(c.isupper() or c.isdigit() for c in letters)
    short = " " not in form and 2 <= len(letters) <= 8
    return "abbreviation" if short and 2 * capitals >= max(len(letters), 4) - 1 else "synonym"


def _forms(
    entries: Iterable[tuple[int, str, list[str]]],
    canonical_forms: Sequence[str],
    problems: list[tuple[int, Sentence]],
) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    taken = set(canonical_forms)
    for number, canonical, written in entries:
        for text in dict.fromkeys(written):
            if text == canonical:
                continue
            known = forms.get(text)
            if text in taken or (known is not None and known.canonical != canonical):
                first = known.canonical if known is not None else text
                facts = {"form": text, "first": first, "second": canonical}
                problems.append((number, sentence(TWO_MEANINGS, **facts)))
            elif is_code(text):
                problems.append((number, sentence(IS_CODE, form=text)))
            elif len(text) < 2:
                problems.append((number, sentence(TOO_SHORT, form=text)))
            else:
                forms[text] = Form(text, canonical, kind_of(text, canonical))
    for canonical in canonical_forms:
        # Its own spelling in other capitals is found through itself: IPHONE, Wi-fi.
        if canonical != canonical.lower() and canonical not in forms:
            forms[canonical] = Form(canonical, canonical, "terminology")
    return forms


def _header_row(rows: Sequence[Sequence[str]], where: str) -> int:
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        names = [_key(cell) for cell in row]
        if _place(names, "term") is not None and _place(names, "canonical") is not None:
            return number
    first = next((row for row in rows if any(cell.strip() for cell in row)), ())
    names = [_key(cell) for cell in first]
    missing = "term" if _place(names, "term") is None else "canonical"
    found = ", ".join(cell.strip() for cell in first if cell.strip())
    raise InputError(NO_COLUMN, where=where, hint=NO_COLUMN_HINT, column=missing, found=found or "–")


def _place(names: Sequence[str], column: str) -> int | None:
    return next((at for at, name in enumerate(names) if name in _COLUMNS[column]), None)


def _key(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().casefold()


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)
