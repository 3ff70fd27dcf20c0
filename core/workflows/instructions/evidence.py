"""The evidence that an instruction won, or did not: kept beside it, and said in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.evaluation.held_out import HeldOutVerdict
from core.sentences import Sentence, sentence
from core.workflows.instructions.use import AS_WORDS

# What the held-out check said of an instruction; «not_chosen»: another one was the best.
EvidenceVerdict: TypeAlias = HeldOutVerdict | Literal["not_chosen"]

EVIDENCE: Mapping[EvidenceVerdict, str] = {
    "confirmed": (
        "Won against the default on {file}: {difference:+.3f} {measure} on {queries} queries, confirmed by "
        "{confirmed:+.3f} on {other} held-out ones; {tried} tried, {model}, {date}."
    ),
    "not_confirmed": (
        "Best of {tried} on {file}: {difference:+.3f} {measure} on {queries} queries, but not confirmed: "
        "{confirmed:+.3f} on {other} held-out ones; {model}, {date}."
    ),
    "refuted": (
        "Best of {tried} on {file}: {difference:+.3f} {measure} on {queries} queries, but worse on {other} "
        "held-out ones: {confirmed:+.3f}; {model}, {date}."
    ),
    "baseline_best": (
        "Did not beat the default on the half of {file} used for choosing; on all {queries} queries "
        "{difference:+.3f} {measure}; {tried} tried, {model}, {date}."
    ),
    "not_chosen": (
        "Not the best of {tried} on the half of {file} used for choosing; on all {queries} queries "
        "{difference:+.3f} {measure}; {model}, {date}."
    ),
    "too_few": (
        "Too few queries to confirm anything on {file}: {difference:+.3f} {measure} on {queries} queries; "
        "{tried} tried, {model}, {date}."
    ),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a trial found of an instruction against the default one.

    file, sha256: the data. difference, low, high: on all measured queries, with the interval; p_adjusted is
    corrected for the number of instructions `tried`. verdict: of the held-out check;
    confirmed_difference: on the held-out half, of `confirmed_queries`.
    as_words: the model takes no instruction, so it was tried as words in front of the query.
    """

    file: str
    sha256: str
    measure: str
    queries: int
    difference: float
    low: float | None
    high: float | None
    p_adjusted: float
    tried: int
    verdict: EvidenceVerdict
    seed: int
    model: str
    precision: str
    as_words: bool
    date: str
    job: str
    confirmed_difference: float | None = None
    confirmed_low: float | None = None
    confirmed_high: float | None = None
    confirmed_queries: int | None = None


def evidence_sentences(evidence: Evidence) -> tuple[Sentence, ...]:
    """The evidence in words: what was found and, where it was a makeshift, how it was tried."""
    facts: dict[str, object] = {
        "file": evidence.file,
        "measure": evidence.measure,
        "queries": evidence.queries,
        "difference": evidence.difference,
        "model": evidence.model,
        "date": evidence.date,
        "tried": evidence.tried,
        "confirmed": evidence.confirmed_difference,
        "other": evidence.confirmed_queries,
    }
    found = Sentence(EVIDENCE[evidence.verdict], facts)
    if not evidence.as_words:
        return (found,)
    return found, sentence(AS_WORDS, model=evidence.model)
