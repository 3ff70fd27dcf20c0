"""A recipe in words: what it decides, part by part, and what another one decides otherwise."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.evaluation.blends.words import blend_words
from core.evaluation.calibrations.curve import Calibration
from core.recipes.recipe import QueryRewriting, Recipe
from core.sentences import Sentence, sentence

NONE = sentence("none")
ANY_MODEL = sentence("whichever is loaded")
CHANGED = "{part}: {before} → {after}"
ONLY_EVIDENCE = sentence("The settings are the same; the evidence is another.")
SAME = sentence("Both are the same.")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a recipe decides. value: None where it leaves it out."""

    name: Sentence
    value: Sentence | str | None


def parts_of(recipe: Recipe) -> tuple[Part, ...]:
    """Everything, in the order in which it happens."""
    model, care = recipe.model, recipe.care
    chunks = care.get("chunks") or {}
    rewriting = recipe.rewriting
    return (
        Part(sentence("Model"), model.label if model else ANY_MODEL),
        Part(sentence("Runs in"), model.precision if model else None),
        Part(sentence("Fingerprint"), model.fingerprint[:12] if model else None),
        Part(sentence("Instruction"), recipe.instruction),
        Part(sentence("Candidates"), _number(recipe.candidates)),
        Part(sentence("Query rules"), ", ".join(rewriting.rules) if rewriting else None),
        Part(sentence("Query glossary"), _glossary(rewriting)),
        Part(sentence("Cleaning rules"), ", ".join(care.get("rules") or ()) or None),
        Part(sentence("Chunks"), _chunks(chunks) if chunks else None),
        Part(sentence("Blend"), blend_words(recipe.blend) if recipe.blend else None),
        Part(sentence("Calibration"), _calibration(recipe.calibration)),
        Part(sentence("Threshold"), _number(recipe.threshold)),
        Part(sentence("Documents kept"), _number(recipe.top)),
    )


def decided(recipe: Recipe) -> tuple[Part, ...]:
    """The parts that it does not leave out."""
    return tuple(part for part in parts_of(recipe) if part.value is not None)


def differences(before: Recipe, after: Recipe) -> tuple[Sentence, ...]:
    """What `after` decides otherwise, a sentence a part."""
    found = [
        sentence(CHANGED, part=old.name, before=_shown(old.value), after=_shown(new.value))
        for old, new in zip(parts_of(before), parts_of(after), strict=True)
        if old.value != new.value
    ]
    if found:
        return tuple(found)
    return (SAME if before == after else ONLY_EVIDENCE,)


def _shown(value: Sentence | str | None) -> Sentence | str:
    return NONE if value is None else value


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _glossary(rewriting: QueryRewriting | None) -> Sentence | None:
    if rewriting is None or not rewriting.forms:
        return None
    return sentence(
        "{count} ways of writing ({digest})", count=len(rewriting.forms), digest=_digest(rewriting.forms)
    )


def _chunks(chunks: dict[str, int]) -> Sentence:
    return sentence(
        "{tokens} tokens, overlap {overlap}, at least {least}, mean of the best {top}",
        **{name: chunks.get(name, 1) for name in ("tokens", "overlap", "least", "top")},
    )


def _calibration(calibration: Calibration | None) -> Sentence | None:
    if calibration is None:
        return None
    return sentence(
        "{method} on {labels} labels, {share} relevant ({digest})",
        method=calibration.method,
        labels=calibration.labels,
        share=f"{calibration.base_rate:.0%}",
        digest=_digest([calibration]),
    )


def _digest(values: Sequence[object]) -> str:
    """A few digits that tell two lists apart."""
    return hashlib.sha256(repr(tuple(values)).encode()).hexdigest()[:6]
