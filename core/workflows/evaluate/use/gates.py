"""Whether a measurement is good enough to go on, for a build that stops otherwise.

What decides is an interval's bound, never the point estimate: a gate fails when the data show that the order
is below the value, or worse than the other recipe. Too few queries show nothing and fail nothing, and are
named.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.inference import bootstrap_interval, decimals
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import FEWEST_QUERIES, Comparison, ComparisonSettings, compare_together
from core.sentences import Sentence, sentence
from core.workflows.evaluate.outcome import EvaluateSettings

BAD_GATE = "«{gate}» is not MEASURE=VALUE."
GATE_HINT = "Write for example nDCG@10=0.80."
FAILED = "Failed: {measure} of «{run}» is {mean}, and its 95 % interval ends at {high}, below {least}."
PASSED = "Passed: {measure} of «{run}» is {mean}, 95 % interval {low} to {high}, not below {least}."
OPEN = (
    "Cannot tell, so nothing fails: {measure} of «{run}» is {mean}, 95 % interval {low} to {high}, which "
    "holds {least}."
)
OPEN_FEW = "Cannot tell, so nothing fails: {queries} judged queries are too few; judge at least {fewest}."
COMPARED = "«{run}» compared with «{other}»: {said}"


@dataclass(frozen=True, slots=True)
class Gate:
    """least: what the mean of the measure must not be shown to be below."""

    measure: str
    least: float


@dataclass(frozen=True, slots=True)
class GateResult:
    """failed: the statistics say so."""

    failed: bool
    sentence: Sentence


def parse_gate(text: str) -> Gate:
    """`nDCG@10=0.80`; InputError for anything else."""
    measure, equals, value = text.rpartition("=")
    try:
        least = float(value)
    except ValueError:
        least = float("nan")
    if not equals or not measure.strip() or least != least:
        raise InputError(BAD_GATE, where="--fail-below", hint=GATE_HINT, gate=text)
    return Gate(measure.strip(), least)


def gate_measure(gate: Gate, settings: EvaluateSettings) -> Measure:
    """The gate's measure with the relevance threshold and gain of the evaluation."""
    (measure,) = EvaluateSettings(gate.measure, settings.rel, settings.exponential).chosen()
    return measure


def below(evaluation: Evaluation, measure: Measure, gate: Gate, settings: ComparisonSettings) -> GateResult:
    """Fails where the upper bound of the mean's interval is below the value."""
    values = [*evaluation.values[measure].values()]
    interval = bootstrap_interval(
        values, confidence=settings.confidence, resamples=settings.resamples, seed=settings.seed
    )
    if interval is None or len(values) < FEWEST_QUERIES:
        return GateResult(False, sentence(OPEN_FEW, queries=len(values), fewest=FEWEST_QUERIES))
    mean = sum(values) / len(values)
    digits = decimals(mean, interval.low, interval.high)
    facts: dict[str, object] = {"measure": str(measure), "run": evaluation.run, "least": f"{gate.least:g}"}
    for name, value in (("mean", mean), ("low", interval.low), ("high", interval.high)):
        facts[name] = f"{value:.{digits}f}"
    failed = interval.high < gate.least
    template = FAILED if failed else OPEN if interval.low < gate.least else PASSED
    return GateResult(failed, Sentence(template, facts))


def worse_than(
    evaluation: Evaluation, other: Evaluation, measure: Measure, settings: ComparisonSettings
) -> GateResult:
    """Fails where the verdict against the other is «worse»: test and interval exclude «no difference»."""
    compared: Sequence[Comparison] = compare_together([(other, evaluation)], measure, settings)
    (comparison,) = compared
    said = sentence(COMPARED, run=evaluation.run, other=other.run, said=comparison.sentence)
    return GateResult(comparison.verdict == "worse", said)
