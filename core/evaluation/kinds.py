"""The measures there are, one declaration each: name, help, parameters, common depths, own computation.

Pages, command line and documents list what is declared here. What ir-measures computes needs no more than
its name; another one carries its function. Spelling and parsing are for `measures`, measuring for
`per_query`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Gain = Literal["linear", "exponential"]


@dataclass(frozen=True, slots=True)
class RankedLabels:
    """What a measure computed here sees of one query.

    ranked: the label at each rank, the best first; None where nobody judged the document.
    judged: every label of the query, in no order. cutoff, rel, gain: the measure's parameters.
    """

    ranked: Sequence[int | None]
    judged: Sequence[int]
    cutoff: int | None
    rel: int
    gain: Gain


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """What there is to know about a measure before its parameters are chosen.

    cutoff: «required», «optional» or «none»: whether it takes a depth `@k`.
    takes_rel: it counts documents as relevant or not, so the relevance threshold `rel` matters.
    takes_gain: it weighs grades, so the gain matters.
    quality: higher means a better order; false for measures about the judgements themselves.
    perfect_is_one: the perfect order of all judged documents always reaches 1.
    common: depths that are offered for choice, None for none; () for a measure that has to be typed.
    own, own_for: how it is computed here, and for which gains; ir-measures computes the others by `name`.
    """

    name: str
    title: str
    help: str
    cutoff: Literal["required", "optional", "none"]
    takes_rel: bool = False
    takes_gain: bool = False
    quality: bool = True
    perfect_is_one: bool = False
    aliases: tuple[str, ...] = ()
    common: tuple[int | None, ...] = ()
    own: Callable[[RankedLabels], float] | None = None
    own_for: tuple[Gain, ...] = ("linear", "exponential")

    @property
    def example(self) -> str:
        """How to write it."""
        return self.name if self.cutoff == "none" else f"{self.name}@10"

    @property
    def common_spellings(self) -> tuple[str, ...]:
        """How it is written at the depths that are offered."""
        return tuple(self.name if depth is None else f"{self.name}@{depth}" for depth in self.common)

    def computed_here(self, gain: Gain) -> bool:
        """Whether `own` gives its value."""
        return self.own is not None and gain in self.own_for


def _ndcg(query: RankedLabels) -> float:
    """DCG of the order, divided by that of the ideal order (Järvelin & Kekäläinen 2002)."""
    ideal = _discounted(sorted(query.judged, reverse=True), query)
    return _discounted(query.ranked, query) / ideal if ideal > 0 else 0.0


def _dcg(query: RankedLabels) -> float:
    return _discounted(query.ranked, query)


def _discounted(labels: Sequence[int | None], query: RankedLabels) -> float:
    import numpy as np

    gains = np.array([_worth(label or 0, query.gain) for label in labels[: query.cutoff]], dtype=np.float64)
    return float(gains @ (1 / np.log2(np.arange(2, len(gains) + 2))))


def _worth(label: int, gain: Gain) -> float:
    """Exponential gain: Burges et al. 2005."""
    if label <= 0:
        return 0.0
    return 2.0**label - 1 if gain == "exponential" else float(label)


# In the order in which people meet them.
KINDS: tuple[MeasureKind, ...] = (
    MeasureKind(
        "nDCG",
        "Normalised discounted cumulative gain",
        "How close the first k come to the best possible order, using the grades; "
        "1 is perfect. A relevant document counts less the lower it stands.",
        "optional",
        takes_gain=True,
        perfect_is_one=True,
        common=(10, 5, 3),
        own=_ndcg,
        own_for=("exponential",),
    ),
    MeasureKind(
        "RR",
        "Reciprocal rank",
        "1 divided by the rank of the first relevant document, 0 if there is none in the first k. "
        "Its mean is known as MRR.",
        "optional",
        takes_rel=True,
        perfect_is_one=True,
        aliases=("MRR",),
        common=(10,),
    ),
    MeasureKind(
        "R",
        "Recall at k",
        "Share of all relevant documents that stand among the first k.",
        "required",
        takes_rel=True,
        aliases=("Recall",),
        common=(5, 10),
    ),
    MeasureKind(
        "P",
        "Precision at k",
        "Share of the first k that is relevant; divided by k even when fewer were returned.",
        "required",
        takes_rel=True,
        aliases=("Precision",),
        common=(1, 5),
    ),
    MeasureKind(
        "Success",
        "Success (hit)",
        "1 when at least one of the first k is relevant, else 0. Also called hit@k.",
        "required",
        takes_rel=True,
        perfect_is_one=True,
        aliases=("Hit", "HitRate"),
        common=(1, 3, 5),
    ),
    MeasureKind(
        "AP",
        "Average precision",
        "Mean of the precision at the rank of every relevant document, found or not. "
        "Its mean is known as MAP.",
        "optional",
        takes_rel=True,
        aliases=("MAP",),
        common=(None,),
    ),
    MeasureKind(
        "Rprec",
        "R-precision",
        "Precision at the depth of as many documents as there are relevant ones.",
        "none",
        takes_rel=True,
        perfect_is_one=True,
    ),
    MeasureKind(
        "DCG",
        "Discounted cumulative gain",
        "Sum of the gains of the first k, each divided by log2(rank + 1); not normalised, "
        "so queries with many relevant documents weigh more.",
        "optional",
        takes_gain=True,
        own=_dcg,
    ),
    MeasureKind(
        "Judged",
        "Judged",
        "Share of the first k that somebody judged. Where it is low, the other measures guess.",
        "optional",
        quality=False,
        common=(10,),
    ),
)
KINDS_BY_NAME: Mapping[str, MeasureKind] = {
    name.lower(): kind for kind in KINDS for name in (kind.name, *kind.aliases)
}

# What pages and command line offer; any other spelling can be typed.
COMMON_MEASURES = tuple(spelling for kind in KINDS for spelling in kind.common_spellings)
# Those of them that tell a good order from a bad one, so that they can decide.
DECIDING_MEASURES = tuple(spelling for kind in KINDS if kind.quality for spelling in kind.common_spellings)
# What is measured unless something else is asked for; the first one decides the verdict.
DEFAULT_MEASURES = "nDCG@10,RR@10,R@5,Success@1"
