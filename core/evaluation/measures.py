"""Measures with their parameters, and how they are written.

Spelling is that of ir-measures: `nDCG@10`, `P(rel=2)@5`, `nDCG(dcg='exp-log2')@10`. Which measures there
are is declared in `kinds`; `per_query` computes them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.kinds import DEFAULT_MEASURES, KINDS, KINDS_BY_NAME, Gain, MeasureKind

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
