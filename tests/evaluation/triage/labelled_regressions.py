"""Reads the labelled regressions, and what the triage says of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.evaluation.judged import JudgedQuery, Ranking
from core.evaluation.measures import parse_measure
from core.evaluation.triage import Particulars, find_causes

FILE = Path(__file__).with_name("labelled_regressions.txt")
AFTER = "# after"


@dataclass(frozen=True, slots=True)
class LabelledRegression:
    """acceptable: keys of causes; none where a reader would name none. blind: written after the rules."""

    acceptable: frozenset[str]
    query: str
    relevant: str
    passed: tuple[str, ...]
    others: tuple[str, ...]
    blind: bool


def labelled_regressions() -> tuple[LabelledRegression, ...]:
    """Every line of the file."""
    found, blind = [], False
    for line in FILE.read_text(encoding="utf-8").splitlines():
        blind = blind or line.startswith(AFTER)
        if line and not line.startswith("#"):
            acceptable, query, relevant, passed, others = (part.strip() for part in line.split(" | "))
            keys = frozenset(acceptable.split()) - {"none"}
            found.append(LabelledRegression(keys, query, relevant, _texts(passed), _texts(others), blind))
    return tuple(found)


def named(case: LabelledRegression) -> frozenset[str]:
    """The causes that are named when the relevant document falls from first behind those that passed it."""
    texts = {"relevant": case.relevant}
    passed = tuple(f"passed {place}" for place in range(len(case.passed)))
    others = tuple(f"other {place}" for place in range(len(case.others)))
    texts |= dict(zip(passed, case.passed, strict=True)) | dict(zip(others, case.others, strict=True))
    judged = JudgedQuery("q", {name: int(name == "relevant") for name in texts}, case.query)
    before = Ranking("q", ("relevant", *passed, *others))
    after = Ranking("q", (*passed, "relevant", *others))
    found = find_causes(judged, before, after, parse_measure("nDCG@10"), Particulars(texts=texts))
    return frozenset(one.cause.key for one in found)


def _texts(cell: str) -> Sequence[str]:
    return tuple(text.strip() for text in cell.split(" / "))
