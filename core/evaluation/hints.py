"""What scores alone suggest when nobody has judged anything, and how often labels prove it right.

Each hint has its rule, measured against the model's own lists, and is never a finding: a high score may be
wrong and a low one right. Where labels show a hint to be wrong more often than right, it is not given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from core.evaluation.distributions import ScoreReading, ScoreSpread
from core.evaluation.judged import Judgements, Ranking
from core.sentences import Sentence, sentence

HintKind = Literal["broad", "low", "clear first", "narrow first"]
KINDS: tuple[HintKind, ...] = get_args(HintKind)
# Without labels. That a flat list is broad was right in none of the lists it was tried on.
USUAL: frozenset[HintKind] = frozenset(("low", "clear first", "narrow first"))
# From so many hints of a kind with labels on, the labels decide.
FEWEST_JUDGED = 5

SAID: Mapping[HintKind, str] = {
    "broad": (
        "Hint: {documents} candidates score alike and, for this model, high (mean {mean:.1f}, standard "
        "deviation {deviation:.2f}). The query may be broad; a more specific one could tell them apart."
    ),
    "low": (
        "Hint: all scores are low for this model (best {best:.1f}; so low in 5 % of lists). The documents "
        "may not hold the answer, or the query or instruction may need work."
    ),
    "clear first": (
        "Hint: the first stands out from the second by {gap:.1f}, so far in 10 % of this model's lists; one "
        "document seems to answer."
    ),
    "narrow first": (
        "Hint: first and second differ by only {gap:.2f}, so little in 10 % of this model's lists; their "
        "order may change with the wording or precision."
    ),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """A kind of hint, and the sentence that says it of one query."""

    kind: HintKind
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class HintRate:
    """How often labels bore a kind of hint out."""

    right: int
    wrong: int

    @property
    def holds(self) -> bool:
        """Whether it was right at least as often as wrong."""
        return self.right >= self.wrong


def hints_of(
    reading: ScoreReading, spread: ScoreSpread | None, kinds: Iterable[HintKind] = USUAL
) -> tuple[Hint, ...]:
    """What a reading suggests beside the model's other lists; nothing where these are not known."""
    if spread is None or reading.gap is None:
        return ()
    met: dict[HintKind, bool] = {
        "broad": reading.deviation <= spread.flat_deviation and reading.mean >= spread.high_mean,
        "low": reading.best <= spread.low_best,
        "clear first": reading.gap >= spread.clear_gap,
        "narrow first": reading.gap <= spread.narrow_gap,
    }
    facts = {
        "documents": reading.documents,
        "best": reading.best,
        "mean": reading.mean,
        "deviation": reading.deviation,
        "gap": reading.gap,
    }
    allowed = set(kinds)
    return tuple(
        Hint(kind, sentence(SAID[kind], **{name: facts[name] for name in facts if f"{{{name}" in SAID[kind]}))
        for kind in KINDS
        if met[kind] and kind in allowed
    )


def hint_rates(
    readings: Sequence[ScoreReading],
    spread: ScoreSpread | None,
    judgements: Judgements,
    rankings: Mapping[str, Ranking],
) -> Mapping[HintKind, HintRate]:
    """By the candidates' labels, how often each kind was right; queries without any label count nowhere.

    low: right where no candidate is relevant. clear first: where the first is. narrow first: where it is not
    so that the first is more relevant than the second. broad: where several are relevant.
    """
    counted: dict[HintKind, list[bool]] = {kind: [] for kind in KINDS}
    for reading in readings:
        judged = judgements.get(reading.query_id)
        if judged is None or not judged.labels:
            continue
        grades = [judged.labels.get(document, 0) for document in rankings[reading.query_id].documents]
        right: dict[HintKind, bool] = {
            "broad": sum(grade > 0 for grade in grades) > 1,
            "low": not any(grade > 0 for grade in grades),
            "clear first": grades[0] > 0,
            "narrow first": len(grades) < 2 or grades[0] <= grades[1],
        }
        for hint in hints_of(reading, spread, KINDS):
            counted[hint.kind].append(right[hint.kind])
    return {kind: HintRate(sum(values), len(values) - sum(values)) for kind, values in counted.items()}


def kinds_that_hold(
    rates: Mapping[HintKind, HintRate], usual: frozenset[HintKind] = USUAL
) -> frozenset[HintKind]:
    """The usual kinds, without those that enough labels disprove and with those that they bear out."""
    return frozenset(
        kind
        for kind, rate in rates.items()
        if (rate.holds if rate.right + rate.wrong >= FEWEST_JUDGED else kind in usual)
    )
