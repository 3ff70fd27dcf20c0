"""The measures on offer, as declared objects with a name, a help text and parameters.

Spelling is that of ir-measures: `nDCG@10`, `P(rel=2)@5`, `nDCG(dcg='exp-log2')@10`. This module names
and parses measures; `per_query` computes them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.errors import InputError

Gain = Literal["linear", "exponential"]

LINEAR_GAIN = "Linear gain: a document graded 3 is worth 3 (trec_eval, scikit-learn)."
EXPONENTIAL_GAIN = "Exponential gain: a document graded g is worth 2^g - 1 (Elasticsearch, OpenSearch)."
CONVENTIONS: Mapping[str, str] = {
    "unjudged": "An unjudged document counts as not relevant and keeps its rank.",
    "no_relevant": "Queries without a relevant document are left out and counted.",
    "missing": "A judged query that the run does not answer counts as 0.",
    "negative": "Labels below 0 count as not relevant.",
    "ideal": "Recall, AP and the ideal of nDCG count every relevant document, also those not retrieved.",
    "linear": LINEAR_GAIN,
    "exponential": EXPONENTIAL_GAIN,
}

UNKNOWN_MEASURE = "«{measure}» is not a known measure."
UNKNOWN_HINT = "Known measures: {known}."
CUTOFF_MISSING = "{measure} needs a depth."
CUTOFF_HINT = "Write for example {measure}@10."
CUTOFF_ZERO = "The depth of «{measure}» must be at least 1."
BAD_PARAMETER = "«{parameter}» is not a parameter of {measure}."
PARAMETER_HINT = "It takes: {accepted}."
NO_PARAMETERS = "only a depth, such as @10"


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """What there is to know about a measure before its parameters are chosen.

    cutoff: «required», «optional» or «none»: whether it takes a depth `@k`.
    takes_rel: it counts documents as relevant or not, so the relevance threshold `rel` matters.
    takes_gain: it weighs grades, so the gain matters.
    quality: higher means a better order; false for measures about the judgements themselves.
    perfect_is_one: the perfect order of all judged documents always reaches 1.
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

    @property
    def example(self) -> str:
        """How to write it."""
        return self.name if self.cutoff == "none" else f"{self.name}@10"


KINDS: tuple[MeasureKind, ...] = (
    MeasureKind(
        "nDCG",
        "Normalised discounted cumulative gain",
        "How close the first k come to the best possible order, using the grades; "
        "1 is perfect. A relevant document counts less the lower it stands.",
        "optional",
        takes_gain=True,
        perfect_is_one=True,
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
    ),
    MeasureKind(
        "R",
        "Recall at k",
        "Share of all relevant documents that stand among the first k.",
        "required",
        takes_rel=True,
        aliases=("Recall",),
    ),
    MeasureKind(
        "P",
        "Precision at k",
        "Share of the first k that is relevant; divided by k even when fewer were returned.",
        "required",
        takes_rel=True,
        aliases=("Precision",),
    ),
    MeasureKind(
        "Success",
        "Success (hit)",
        "1 when at least one of the first k is relevant, else 0. Also called hit@k.",
        "required",
        takes_rel=True,
        perfect_is_one=True,
        aliases=("Hit", "HitRate"),
    ),
    MeasureKind(
        "AP",
        "Average precision",
        "Mean of the precision at the rank of every relevant document, found or not. "
        "Its mean is known as MAP.",
        "optional",
        takes_rel=True,
        aliases=("MAP",),
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
    ),
    MeasureKind(
        "Judged",
        "Judged",
        "Share of the first k that somebody judged. Where it is low, the other measures guess.",
        "optional",
        quality=False,
    ),
)
KINDS_BY_NAME: Mapping[str, MeasureKind] = {
    name.lower(): kind for kind in KINDS for name in (kind.name, *kind.aliases)
}
DEFAULT_MEASURES = "nDCG@10,RR@10,R@5,Success@1"

_SPELLING = re.compile(
    r"\s*(?P<name>[A-Za-z]+)\s*(?:\((?P<parameters>[^()]*)\))?\s*(?:@\s*(?P<cutoff>\d+))?\s*"
)
_GAIN_SPELLINGS: Mapping[str, Gain] = {
    "dcg=exp-log2": "exponential",
    "gain=exp": "exponential",
    "gain=exponential": "exponential",
    "dcg=log2": "linear",
    "gain=linear": "linear",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with its parameters; equal spellings are equal measures.

    rel: the lowest grade that counts as relevant.
    """

    kind: MeasureKind
    cutoff: int | None = None
    rel: int = 1
    gain: Gain = "linear"

    def __str__(self) -> str:
        parameters = []
        if self.rel != 1:
            parameters.append(f"rel={self.rel}")
        if self.gain == "exponential":
            parameters.append("dcg='exp-log2'")
        inside = f"({','.join(parameters)})" if parameters else ""
        depth = f"@{self.cutoff}" if self.cutoff is not None else ""
        return f"{self.kind.name}{inside}{depth}"

    @property
    def gain_text(self) -> str:
        """The gain in words; empty where grades are not weighed."""
        if not self.kind.takes_gain:
            return ""
        return EXPONENTIAL_GAIN if self.gain == "exponential" else LINEAR_GAIN


def parse_measure(text: str, default_rel: int = 1) -> Measure:
    """Read one measure, e.g. `nDCG@10`; `default_rel` applies where the text names no threshold."""
    match = _SPELLING.fullmatch(text)
    kind = KINDS_BY_NAME.get(match["name"].lower()) if match else None
    if match is None or kind is None:
        known = ", ".join(kind.example for kind in KINDS)
        raise InputError(UNKNOWN_MEASURE, hint=UNKNOWN_HINT, measure=text.strip(), known=known)
    cutoff = int(match["cutoff"]) if match["cutoff"] else None
    if cutoff is None and kind.cutoff == "required":
        raise InputError(CUTOFF_MISSING, hint=CUTOFF_HINT, measure=kind.name)
    if cutoff == 0:
        raise InputError(CUTOFF_ZERO, measure=text.strip())
    if cutoff is not None and kind.cutoff == "none":
        raise _bad_parameter(kind, f"@{cutoff}")
    rel, gain = default_rel if kind.takes_rel else 1, "linear"
    for part in filter(None, (match["parameters"] or "").split(",")):
        plain = re.sub(r"[\s'\"]", "", part)
        if kind.takes_rel and (threshold := re.fullmatch(r"rel=(\d+)", plain)):
            rel = int(threshold[1])
            if not rel:
                raise _bad_parameter(kind, part.strip())
        elif kind.takes_gain and plain in _GAIN_SPELLINGS:
            gain = _GAIN_SPELLINGS[plain]
        else:
            raise _bad_parameter(kind, part.strip())
    return Measure(kind, cutoff, rel, "exponential" if gain == "exponential" else "linear")


def parse_measures(text: str = DEFAULT_MEASURES, default_rel: int = 1) -> tuple[Measure, ...]:
    """Read a comma-separated list of measures; one that is named twice is kept once."""
    parts = re.split(r",(?![^()]*\))", text)
    return tuple(dict.fromkeys(parse_measure(part, default_rel) for part in parts if part.strip()))


def _bad_parameter(kind: MeasureKind, parameter: str) -> InputError:
    accepted = [
        *(["rel=2"] if kind.takes_rel else []),
        *(["dcg='log2'", "dcg='exp-log2'"] if kind.takes_gain else []),
    ]
    return InputError(
        BAD_PARAMETER,
        hint=PARAMETER_HINT,
        parameter=parameter,
        measure=kind.name,
        accepted=", ".join(accepted) or NO_PARAMETERS,
    )
