"""Glossary terms of a query written in their canonical form: abbreviations, synonyms, other spellings.

A form is replaced only where it stands as a word of its own: not inside a longer word, an identifier or a
quotation, and not beside its canonical form, which would then be said twice. How it is fitted in is known by
`rewriting_joints`.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from core.sentences import Sentence, sentence
from core.text.rewriting.glossary import Form, FormKind, Glossary, folded
from core.text.rewriting.joints import fitted
from core.text.rewriting.references.reference import Rewording
from core.text.rewriting.spans import ProtectedSpan, half_width, is_free
from core.text.rewriting.words import cuts_a_word, is_chinese
from core.text.word_lists import word_lists

_LISTS = word_lists(__file__)

REASONS: dict[FormKind, str] = {
    "abbreviation": "«{form}» is short for «{canonical}» in the glossary.",
    "synonym": "«{form}» is called «{canonical}» in the glossary.",
    "terminology": "«{form}» is written «{canonical}» in the glossary.",
}
_EVERYDAY = frozenset(_LISTS["everyday"])


def apply_terms(
    query: str, glossary: Glossary, kinds: Collection[FormKind], spans: Sequence[ProtectedSpan]
) -> Rewording | None:
    """Every form of these kinds replaced by its canonical one; None when none occurs."""
    found = _matches(query, glossary, spans)
    chosen = [(start, end, form) for start, end, form in found if form.kind in kinds]
    if not chosen:
        return None
    text, reasons, untouched = query, list[Sentence](), len(query)
    for start, end, form in reversed(chosen):
        placed = fitted(query, start, end, _in_place(query, start, end, form.canonical))
        # Words beside a form are taken in only where nothing else holds them.
        if placed is None or placed[1] > untouched or not _is_free_beside(spans, placed, (start, end)):
            continue
        first, last, written = placed
        text = text[:first] + written + text[last:]
        reasons.append(sentence(REASONS[form.kind], form=query[start:end], canonical=form.canonical))
        untouched = first
    return Rewording(text, tuple(reversed(reasons))) if reasons else None


def _is_free_beside(
    spans: Sequence[ProtectedSpan], placed: tuple[int, int, str], form: tuple[int, int]
) -> bool:
    return is_free(spans, placed[0], form[0]) and is_free(spans, form[1], placed[1])


def _matches(query: str, glossary: Glossary, spans: Sequence[ProtectedSpan]) -> list[tuple[int, int, Form]]:
    """Forms and their places, in order and without overlaps; the longest form at a place wins."""
    flat = half_width(query)
    lowered = flat.casefold() if len(flat.casefold()) == len(flat) else flat.lower()
    # What is canonical already stays, and so does every alias inside it or beside it.
    present = {
        canonical
        for canonical in glossary.canonical
        if canonical in query and any(_occurrences(query, flat, canonical, exact=True))
    }
    taken = [place for canonical in present for place in _occurrences(query, flat, canonical, exact=True)]
    found: list[tuple[int, int, Form]] = []
    for letters, form in glossary.searched:
        if letters not in lowered or form.canonical in present:
            continue
        for start, end in _occurrences(query, flat, form.text, exact=False):
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            if _may_replace(query, start, end, form, spans):
                found.append((start, end, form))
    return sorted(found, key=lambda one: one[0])


def _may_replace(query: str, start: int, end: int, form: Form, spans: Sequence[ProtectedSpan]) -> bool:
    for span in spans:
        if span.overlaps(start, end):
            # A term may look like an identifier (iPhone) or hold a number (2FA, 二次验证): all of it or none.
            whole = start <= span.start and span.end <= end and span.kind in ("identifier", "number")
            if not whole:
                return False
    written = query[start:end]
    if written == form.canonical:
        return False
    # Chinese readers search for VPN: an English phrase in a Chinese query is no better known.
    if form.kind != "terminology" and is_chinese(query) and not is_chinese(form.canonical):
        return False
    if form.kind == "terminology" and form.canonical == form.canonical.lower():
        # A capital at a sentence's start is no other spelling of a plain word.
        return written.casefold() != form.canonical.casefold()
    if is_chinese(written):
        return not cuts_a_word(query, start, end)
    # In capitals throughout, a query does not tell «IT» from «it».
    ambiguous = written.lower() in _EVERYDAY and (written != form.text or query.isupper())
    return not ambiguous


def _occurrences(query: str, flat: str, form: str, *, exact: bool) -> Iterator[tuple[int, int]]:
    """Where a form stands. Latin letters need a border; a run of blanks counts as one."""
    form = half_width(form)
    pattern = r"\s+".join(re.escape(part) for part in form.split())
    if re.match(r"[A-Za-z0-9]", form):
        pattern = r"(?<![A-Za-z0-9_])(?<![A-Za-z0-9][-.@\\#:+$&])" + pattern
    if re.search(r"[A-Za-z0-9]$", form):
        pattern += r"(?![A-Za-z0-9_]|[-.@\\#:+$&][A-Za-z0-9]|\+\+|#)"
    for match in re.finditer(pattern, query if exact else flat, 0 if exact else re.IGNORECASE):
        yield match.start(), match.end()


def _in_place(query: str, start: int, end: int, canonical: str) -> str:
    """The canonical form, with a capital where a sentence began with one."""
    written = query[start:end]
    began = start == 0 and written[:1].isupper() and written[1:].islower()
    return canonical[:1].upper() + canonical[1:] if began and canonical.islower() else canonical


def says_canonically(text: str, written: str, glossary: Glossary) -> bool:
    """Whether the text holds the canonical form of a term that was written otherwise."""
    wanted = folded(written)
    canonical = {form.canonical for form in glossary.forms if folded(form.text) == wanted}
    return any(folded(one) in folded(text) for one in canonical)
