"""Gates for a build: what the interval shows decides, in either direction, and never the mean alone."""

import pytest

from core.errors import InputError
from core.evaluation.measures import parse_measure
from core.evaluation.per_query import Evaluation
from core.evaluation.significance import ComparisonSettings
from core.workflows.evaluate.use.gates import Gate, below, parse_gate, worse_than

MEASURE = parse_measure("nDCG@10")
SETTINGS = ComparisonSettings()


def evaluation(name: str, values: list[float]) -> Evaluation:
    queries = {f"q{at}": value for at, value in enumerate(values)}
    return Evaluation(name, {MEASURE: queries}, tuple(queries), (), (), (), 0, 0)


SPREAD = [0.5, 0.9, 0.7, 0.8, 0.6] * 8  # mean 0.7, its 95 % interval about 0.655 to 0.745


@pytest.mark.parametrize(
    ("least", "failed", "word"),
    [
        (0.80, True, "Failed"),
        (0.72, False, "Cannot tell"),
        (0.68, False, "Cannot tell"),
        (0.60, False, "Passed"),
    ],
)
def test_the_intervals_bound_decides(least: float, failed: bool, word: str) -> None:
    result = below(evaluation("a", SPREAD), MEASURE, Gate("nDCG@10", least), SETTINGS)
    assert result.failed is failed and result.sentence.text.startswith(word)


def test_few_queries_fail_nothing_and_say_so() -> None:
    result = below(evaluation("a", [0.1] * 9), MEASURE, Gate("nDCG@10", 0.8), SETTINGS)
    assert not result.failed and "9 judged queries are too few" in result.sentence.text


def test_worse_needs_more_than_a_lower_mean() -> None:
    slightly = [value - 0.02 * (at % 2) + 0.015 for at, value in enumerate(SPREAD)]
    assert not worse_than(evaluation("b", slightly), evaluation("a", SPREAD), MEASURE, SETTINGS).failed
    worse = worse_than(
        evaluation("b", [value - 0.1 for value in SPREAD]), evaluation("a", SPREAD), MEASURE, SETTINGS
    )
    assert worse.failed and "Worse by 0.100" in worse.sentence.text
    better = worse_than(
        evaluation("b", [v + 0.05 for v in SPREAD]), evaluation("a", SPREAD), MEASURE, SETTINGS
    )
    assert not better.failed


@pytest.mark.parametrize("text", ["nDCG@10", "=0.8", "nDCG@10=much", "nDCG@10=nan"])
def test_a_gate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="MEASURE=VALUE"):
        parse_gate(text)


def test_a_measure_with_parameters_is_read() -> None:
    assert parse_gate("P(rel=2)@5=0.4") == Gate("P(rel=2)@5", 0.4)
