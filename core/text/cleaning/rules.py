"""Cleaning a list of documents: which rules there are, in which order they work, and what each changed.

Rules either change a document or only mark it; none drops one. A document of which nothing would be left
stays as it was. What a rule looks for is in its own module.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.errors import InputError
from core.text.cleaning.boilerplate import without_boilerplate
from core.text.cleaning.broken_lines import joined_lines
from core.text.cleaning.characters import without_controls, without_full_width
from core.text.cleaning.duplicates import Duplicate, find_duplicates
from core.text.cleaning.html_pages import html_to_text
from core.text.cleaning.thin_documents import Thinness, thinness

RuleName = Literal["html", "controls", "width", "boilerplate", "lines", "duplicates", "thin"]
RULES: tuple[RuleName, ...] = get_args(RuleName)

# Boilerplate is found by whole lines, so before lines are joined; everything else reads text, so after HTML.
_SINGLE: tuple[tuple[RuleName, Callable[[str], tuple[str, int]]], ...] = (
    ("html", html_to_text),
    ("controls", without_controls),
    ("width", without_full_width),
)


@dataclass(frozen=True, slots=True)
class Change:
    """How often a rule changed a document: tags, characters, lines or joins, by rule."""

    rule: RuleName
    count: int


@dataclass(frozen=True, slots=True)
class CleanedDocument:
    """A document after cleaning, and what is to be said of it.

    text: what is left. changes: by rule, in the order in which the rules worked; () when nothing changed.
    duplicate: the earlier document of the list that it repeats. thin: why it is too little to judge.
    """

    text: str
    changes: tuple[Change, ...] = ()
    duplicate: Duplicate | None = None
    thin: Thinness | None = None

    @property
    def changed(self) -> bool:
        """Whether the text is another than before."""
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class CleaningCounts:
    """How many documents of a list each rule touched, and how many have any change."""

    documents: int
    changed: int
    by_rule: dict[RuleName, int]


def clean_documents(
    documents: Sequence[str], rules: Collection[RuleName] = RULES
) -> tuple[CleanedDocument, ...]:
    """Each document of a list after the chosen rules, in order."""
    texts, changes = _changed(documents, rules)
    duplicates: Sequence[Duplicate | None] = [None] * len(texts)
    if "duplicates" in rules:
        duplicates = find_duplicates(texts)
    return tuple(
        CleanedDocument(text, tuple(own), duplicate, thinness(text) if "thin" in rules else None)
        for text, own, duplicate in zip(texts, changes, duplicates, strict=True)
    )


def clean_lists(
    lists: Sequence[Sequence[str]], rules: Collection[RuleName] = RULES
) -> list[tuple[CleanedDocument, ...]]:
    """Several queries' documents: boilerplate is looked for over all of them, duplicates within each list."""
    different = list(dict.fromkeys(text for one in lists for text in one))
    marking: set[RuleName] = {"duplicates"}
    cleaned = dict(
        zip(different, clean_documents(different, [r for r in rules if r not in marking]), strict=True)
    )
    result: list[tuple[CleanedDocument, ...]] = []
    for one in lists:
        own = [cleaned[text] for text in one]
        if "duplicates" in rules:
            repeats = find_duplicates([document.text for document in own])
            own = [
                CleanedDocument(document.text, document.changes, repeat, document.thin)
                for document, repeat in zip(own, repeats, strict=True)
            ]
        result.append(tuple(own))
    return result


def cleaning_counts(documents: Iterable[CleanedDocument]) -> CleaningCounts:
    """How many documents each rule touched; rules that touched none are left out."""
    touched: Counter[RuleName] = Counter()
    seen = changed = 0
    for document in documents:
        seen += 1
        changed += document.changed
        touched.update(touched_by(document))
    return CleaningCounts(seen, changed, {rule: touched[rule] for rule in RULES if touched[rule]})


def touched_by(document: CleanedDocument) -> tuple[RuleName, ...]:
    """The rules that changed or marked a document."""
    rules = [change.rule for change in document.changes]
    if document.duplicate is not None:
        rules.append("duplicates")
    if document.thin is not None:
        rules.append("thin")
    return tuple(rules)


def rule_names(given: Iterable[str]) -> tuple[RuleName, ...]:
    """Rules by name, in their own order, each once. InputError names the one that is not known."""
    wanted = set(given)
    unknown = sorted(wanted - set(RULES))
    if unknown:
        raise InputError(
            "There is no cleaning rule called «{name}».",
            where="cleaning",
            hint="Known rules: {known}.",
            name=unknown[0],
            known=", ".join(RULES),
        )
    return tuple(rule for rule in RULES if rule in wanted)


def _changed(documents: Sequence[str], rules: Collection[RuleName]) -> tuple[list[str], list[list[Change]]]:
    """The texts after the changing rules, and each one's changes."""
    texts: list[str] = []
    changes: list[list[Change]] = []
    for document in documents:
        text, own = document, list[Change]()
        for rule, apply in _SINGLE:
            if rule in rules:
                text = _applied(rule, apply(text), text, own)
        texts.append(text)
        changes.append(own)
    if "boilerplate" in rules:
        for at, outcome in enumerate(without_boilerplate(texts)):
            texts[at] = _applied("boilerplate", outcome, texts[at], changes[at])
    if "lines" in rules:
        for at, text in enumerate(texts):
            texts[at] = _applied("lines", joined_lines(text), text, changes[at])
    return texts, changes


def _applied(rule: RuleName, outcome: tuple[str, int], before: str, changes: list[Change]) -> str:
    """The text after a rule, its change noted; as before when nothing would be left."""
    text, count = outcome
    if text == before or (before.strip() and not text.strip()):
        return before
    changes.append(Change(rule, max(count, 1)))
    return text
