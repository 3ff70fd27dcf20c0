"""The evidence that an instruction or a recipe won, or did not, in one sentence."""

from collections.abc import Mapping

from core.evaluation.inference import decimals
from core.recipes.evidence import Evidence, EvidenceVerdict
from core.sentences import Sentence, sentence
from core.workflows.instructions.use import AS_WORDS

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
    "better": (
        "Better than the order before on {file}: {difference:+.3f} {measure}, 95 % interval {low} to {high}, "
        "{queries} queries; {model}, {date}."
    ),
    "worse": (
        "Worse than the order before on {file}: {difference:+.3f} {measure}, 95 % interval {low} to {high}, "
        "{queries} queries; {model}, {date}."
    ),
    "cannot_tell": (
        "Cannot tell on {file}: {difference:+.3f} {measure}, 95 % interval {low} to {high}, "
        "{queries} queries; {model}, {date}."
    ),
    "no_difference": "No difference in {measure} on the {queries} queries of {file}; {model}, {date}.",
}
# Of a measurement against the order before, where no instruction was chosen among several.
TOO_FEW_MEASURED = (
    "Too few queries for a verdict on {file}: {difference:+.3f} {measure} on {queries} queries; "
    "{model}, {date}."
)
BY_MODEL = "{machine} of the {labels} labels are by the model «{judge}», not by people."


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
        **_bounds(evidence),
    }
    measured = evidence.verdict == "too_few" and not evidence.tried
    found = Sentence(TOO_FEW_MEASURED if measured else EVIDENCE[evidence.verdict], facts)
    said = [found]
    if evidence.machine_labels:
        facts = {"machine": evidence.machine_labels, "labels": evidence.labels, "judge": evidence.judge}
        said.append(sentence(BY_MODEL, **facts))
    if evidence.as_words:
        said.append(sentence(AS_WORDS, model=evidence.model))
    return tuple(said)


def _bounds(evidence: Evidence) -> dict[str, object]:
    if evidence.low is None or evidence.high is None:
        return {}
    digits = decimals(evidence.low, evidence.high)
    return {"low": f"{evidence.low:+.{digits}f}", "high": f"{evidence.high:+.{digits}f}"}
