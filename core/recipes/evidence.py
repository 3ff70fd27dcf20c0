"""The evidence for a recipe or an instruction: on which data, by how much, how sure, how its scores lay."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

# The first five are those of a comparison with the order before, the others those of choosing among several
# on one half of the queries; «not_chosen»: another one was the best.
EvidenceVerdict: TypeAlias = Literal[
    "better",
    "worse",
    "cannot_tell",
    "no_difference",
    "too_few",
    "confirmed",
    "not_confirmed",
    "refuted",
    "baseline_best",
    "not_chosen",
]


@dataclass(frozen=True, slots=True)
class ScoreShape:
    """How scores lay, without any text: what is served later is held against it.

    best: the best logit of each query, thinned to a few hundred evenly by rank. under: share of pairs below
    the threshold, None without one. truncated: share of pairs that lost their end. chinese: share of queries
    with Chinese characters.
    """

    queries: int
    pairs: int
    best: tuple[float, ...]
    under: float | None
    truncated: float
    chinese: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a measurement found against the order before, or a trial against the default instruction.

    file, sha256: the data. difference, low, high: on all measured queries, with the interval; p_adjusted is
    corrected for the number of things `tried`. confirmed_difference: on the held-out half, of
    `confirmed_queries`. as_words: the model takes no instruction, so it was tried as words in front of the
    query. before, after: the measure's means. pairs, labels: how many there were.
    machine_labels: those of them that the model `judge` gave and no person; None where people gave all.
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
    before: float | None = None
    after: float | None = None
    pairs: int | None = None
    labels: int | None = None
    machine_labels: int | None = None
    judge: str | None = None
    scores: ScoreShape | None = field(default=None, repr=False)
