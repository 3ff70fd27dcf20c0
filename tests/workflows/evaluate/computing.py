"""Which costly parts of an evaluation are computed, seen from outside: the real functions, counted."""

from collections import Counter
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

import core.evaluation.report as report
import core.workflows.evaluate.outcome as outcome

P = ParamSpec("P")
T = TypeVar("T")

PLACES = {
    "values": (report, "evaluate_run"),
    "comparisons": (report, "compare_many"),
    "groups": (report, "compare_groups"),
    "headroom": (report, "headroom"),
    "ceiling": (report, "recall_ceiling"),
    "triage": (report, "regressions"),
    "thresholds": (report, "advise"),
    "movement": (outcome, "agree"),
    "scores": (outcome, "read_all"),
}


def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each part of `PLACES` has been computed since."""
    counts: Counter[str] = Counter()
    for part, (module, name) in PLACES.items():
        monkeypatch.setattr(module, name, _counting(part, getattr(module, name), counts))
    return counts


def _counting(part: str, compute: Callable[P, T], counts: Counter[str]) -> Callable[P, T]:
    def counting(*arguments: P.args, **named: P.kwargs) -> T:
        counts[part] += 1
        return compute(*arguments, **named)

    return counting
