"""Cleaning a list of documents with the rules that are on, and what each changed.

A document of which nothing would be left stays as it was. Which rules there are is declared in `rules`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core.text.cleaning.duplicates import Duplicate, find_duplicates
from core.text.cleaning.rules import RULE_NAMES, RULES, RuleName
from core.text.cleaning.thin_documents import Thinness, thinness


@dataclass(frozen=True, slots=True)
class RuleChange:
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
    changes: tuple[RuleChange, ...] = ()
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
    documents: Sequence[str], rules: Collection[RuleName] = RULE_NAMES
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
    lists: Sequence[Sequence[str]], rules: Collection[RuleName] = RULE_NAMES
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
    return CleaningCounts(seen, changed, {rule: touched[rule] for rule in RULE_NAMES if touched[rule]})


def touched_by(document: CleanedDocument) -> tuple[RuleName, ...]:
    """The rules that changed or marked a document."""
    rules = [change.rule for change in document.changes]
    if document.duplicate is not None:
        rules.append("duplicates")
    if document.thin is not None:
        rules.append("thin")
    return tuple(rules)


def _changed(
    documents: Sequence[str], rules: Collection[RuleName]
) -> tuple[list[str], list[list[RuleChange]]]:
    """The texts after the changing rules, and each one's changes."""
    texts = list(documents)
    changes: list[list[RuleChange]] = [[] for _ in documents]
    for rule in RULES:
        if rule.name not in rules:
            continue
        if rule.change is not None:
            outcomes: Iterable[tuple[str, int]] = map(rule.change, texts)
        elif rule.change_together is not None:
            outcomes = rule.change_together(texts)
        else:
            continue
        for at, outcome in enumerate(outcomes):
            texts[at] = _applied(rule.name, outcome, texts[at], changes[at])
    return texts, changes


def _applied(rule: RuleName, outcome: tuple[str, int], before: str, changes: list[RuleChange]) -> str:
    """The text after a rule, its change noted; as before when nothing would be left."""
    text, count = outcome
    if text == before or (before.strip() and not text.strip()):
        return before
    changes.append(RuleChange(rule, max(count, 1)))
    return text
