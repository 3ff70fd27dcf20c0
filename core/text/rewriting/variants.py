"""Rewrites a query by rules: the same query, context and glossary always give the same variants.

Each variant applies one rule; where several apply, a last one applies all of them. No rule adds a word that
neither the context nor the glossary names, and none touches a number, a code, an identifier or a quotation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.sentences import Sentence
from core.text.rewriting.glossary import FormKind, Glossary
from core.text.rewriting.questions import turn_question
from core.text.rewriting.references.context import add_subject, resolve_references, unresolved
from core.text.rewriting.references.entities import named_entities
from core.text.rewriting.references.entity_kinds import Entity
from core.text.rewriting.references.reference import Rewording
from core.text.rewriting.spans import protected_spans
from core.text.rewriting.terms import apply_terms

Rule = Literal["reference", "subject", "abbreviation", "synonym", "terminology", "question"]
# What a variant is listed under: its one rule, all of them together, or a language model's proposal.
Source = Literal["reference", "subject", "abbreviation", "synonym", "terminology", "question", "all", "model"]

# Applied in this order: what the query is about comes before how it is said.
RULES: tuple[Rule, ...] = ("reference", "subject", "abbreviation", "synonym", "terminology", "question")
RULE_TITLES: dict[str, str] = {
    "reference": "Pronoun resolved",
    "subject": "Missing subject added",
    "abbreviation": "Abbreviation written out",
    "synonym": "Synonym replaced",
    "terminology": "Spelling of a term",
    "question": "Question form",
    "all": "All rules together",
    "model": "Language model",
}
DEFAULT_LIMIT = 3


@dataclass(frozen=True, slots=True)
class RewriteSettings:
    """What may be done to a query. limit: variants of a query at most, the original not counted."""

    rules: tuple[Rule, ...] = RULES
    limit: int = DEFAULT_LIMIT
    glossary: Glossary = field(default_factory=Glossary)


@dataclass(frozen=True, slots=True)
class Variant:
    """Another wording. source: what it is listed under. rules: every rule in it. reasons: one per change."""

    text: str
    source: Source
    rules: tuple[Rule, ...]
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A query with its variants; the original is always kept and is none of them.

    entities: what the context names, the likeliest first. notices: what could not be resolved.
    """

    query: str
    variants: tuple[Variant, ...]
    entities: tuple[str, ...] = ()
    notices: tuple[Sentence, ...] = ()


def rewrite(query: str, context: str = "", settings: RewriteSettings | None = None) -> Rewriting:
    """Every variant that the rules give, none twice, at most `settings.limit`."""
    settings = settings or RewriteSettings()
    terms = settings.glossary.terms
    entities = named_entities(context, terms) if context.strip() else ()
    names = tuple(entity.text for entity in entities)
    notices: tuple[Sentence, ...] = ()
    if "reference" in settings.rules:
        notices = unresolved(query, entities, protected_spans(query), terms)
    if not query.strip() or settings.limit < 1:
        return Rewriting(query, (), names, notices)
    rules = [rule for rule in RULES if rule in settings.rules]
    single: list[Variant] = []
    for rule in rules:
        change = _APPLY[rule](query, entities, settings.glossary, ())
        # The rule for a missing subject has nothing to do where a pronoun stands for it.
        if change is not None and not (rule == "subject" and single and single[0].source == "reference"):
            single.append(Variant(change.text, rule, (rule,), change.reasons))
    together = _together(query, entities, settings.glossary, [one.rules[0] for one in single])
    if single and single[0].source in ("reference", "subject"):
        # Without what it is about, a query in another form is no better.
        single = [one for one in single if one.source != "question"]
    elif notices:
        single, together = [], []
    variants = [*single, *together]
    return Rewriting(query, _chosen(query, variants, settings.limit), names, notices)


def _together(
    query: str, entities: Sequence[Entity], glossary: Glossary, rules: Sequence[Rule]
) -> list[Variant]:
    """All rules that apply, one after another; later ones leave alone what earlier ones wrote."""
    if len(rules) < 2:
        return []
    text, kept = query, tuple[str, ...]()
    reasons: list[Sentence] = []
    used: list[Rule] = []
    for rule in rules:
        change = _APPLY[rule](text, entities, glossary, kept)
        if change is not None:
            text, kept = change.text, (*kept, *change.inserted)
            reasons += change.reasons
            used.append(rule)
    return [Variant(text, "all", tuple(used), tuple(reasons))] if len(used) > 1 else []


def _chosen(query: str, variants: Sequence[Variant], limit: int) -> tuple[Variant, ...]:
    """Each wording once, none equal to the query; the one with all rules is never what is cut."""
    seen = {same_wording(query)}
    distinct: list[Variant] = []
    for variant in variants:
        key = same_wording(variant.text)
        if key not in seen:
            seen.add(key)
            distinct.append(variant)
    if len(distinct) > limit and distinct[-1].source == "all":
        return (*distinct[: limit - 1], distinct[-1])
    return tuple(distinct[:limit])


def same_wording(text: str) -> str:
    """Equal for wordings that differ in blanks only."""
    return " ".join(text.split())


_Apply = Callable[[str, Sequence[Entity], Glossary, tuple[str, ...]], Rewording | None]


def _reference(
    query: str, entities: Sequence[Entity], glossary: Glossary, kept: tuple[str, ...]
) -> Rewording | None:
    return resolve_references(query, entities, protected_spans(query, kept), glossary.terms)


def _subject(query: str, entities: Sequence[Entity], _: Glossary, __: tuple[str, ...]) -> Rewording | None:
    return add_subject(query, entities)


def _terms(kind: FormKind) -> _Apply:
    def apply(query: str, _: Sequence[Entity], glossary: Glossary, kept: tuple[str, ...]) -> Rewording | None:
        return apply_terms(query, glossary, (kind,), protected_spans(query, kept))

    return apply


def _question(query: str, _: Sequence[Entity], __: Glossary, kept: tuple[str, ...]) -> Rewording | None:
    return turn_question(query, protected_spans(query, kept))


_APPLY: dict[Rule, _Apply] = {
    "reference": _reference,
    "subject": _subject,
    "abbreviation": _terms("abbreviation"),
    "synonym": _terms("synonym"),
    "terminology": _terms("terminology"),
    "question": _question,
}
