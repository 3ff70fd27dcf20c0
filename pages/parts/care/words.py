"""What document care is called: rules, changes, marks and advice, in the interface language."""

from collections.abc import Sequence

from core.text.chunking import ChunkSettings
from core.text.cleaning.documents import CleanedDocument
from core.text.cleaning.rules import RULES, RuleName
from core.text.cleaning.thin_documents import Thinness
from core.workflows.care.preparing import DocumentCare
from pages.parts.frame.language import t

TITLES = {rule.name: rule.title for rule in RULES}
THIN: dict[Thinness, str] = {
    "blank": "Without text",
    "short": "Very short",
    "title": "Title only",
}
ADVICE: dict[Thinness, str] = {
    "blank": "Leave them out: their score means nothing.",
    "short": "Give the model a whole sentence: of a word or two it can only guess the meaning.",
    "title": "Add the text below the title: the model judges only what it reads.",
}


def rule_name(rule: RuleName) -> str:
    """A cleaning rule as people know it."""
    return t(TITLES[rule])


def rules_help() -> str:
    """What each rule does, one a line."""
    return "  \n".join(f"**{t(rule.title)}**{t(': ')}{t(rule.help)}" for rule in RULES)


def changes_words(cleaned: CleanedDocument) -> str:
    """«HTML to text 4 · Broken lines 2»; empty when nothing was changed."""
    return " · ".join(f"{rule_name(change.rule)} {change.count}" for change in cleaned.changes)


def duplicate_words(cleaned: CleanedDocument, rank: int) -> str:
    """That a document repeats the one with this former rank."""
    if cleaned.duplicate is None:
        return ""
    if cleaned.duplicate.similarity == 1:
        return t("repeats document {number}", number=rank)
    return t(
        "nearly repeats document {number} ({share} alike)",
        number=rank,
        share=f"{cleaned.duplicate.similarity:.0%}",
    )


def care_words(care: DocumentCare) -> str:
    """Everything that was done to a document, on one line."""
    cleaned = care.document.cleaned
    parts = [changes_words(cleaned)]
    if cleaned.duplicate is not None:
        parts.append(duplicate_words(cleaned, cleaned.duplicate.of + 1))
    if cleaned.thin is not None:
        parts.append(t(THIN[cleaned.thin]))
    if care.document.cut:
        parts.append(t("best chunk: {number} of {count}", number=care.winner + 1, count=len(care.logits)))
    return " · ".join(part for part in parts if part)


def care_marks(care: DocumentCare | None) -> str:
    """The same as signs for a table's cell."""
    if care is None:
        return ""
    cleaned = care.document.cleaned
    signs = (
        ("✎", cleaned.changed),
        ("≡", cleaned.duplicate is not None),
        ("◦", cleaned.thin is not None),
        (f"§{care.winner + 1}/{len(care.logits)}", care.document.cut),
    )
    return " ".join(sign for sign, on in signs if on)


def settings_words(rules: Sequence[RuleName], chunks: ChunkSettings | None) -> str:
    """What is on, on one line; empty when nothing is."""
    parts = [rule_name(rule) for rule in rules]
    if chunks is not None:
        parts.append(t("chunks of at most {tokens} tokens", tokens=chunks.tokens))
    return " · ".join(parts)
