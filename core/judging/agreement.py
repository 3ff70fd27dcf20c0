"""How well one judge agrees with another on what both graded: a model with people, or two people.

Every figure has an interval: documents of one query are judged alike, so queries are what is resampled. It
says nothing about the measures that the labels are for; that is what `inference` does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from core.evaluation.inference import Interval
from core.judging.labels import HIGHEST_GRADE
from core.sentences import Sentence, sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

GRADES = HIGHEST_GRADE + 1
# What those who labelled a file are called where nobody gave a name.
PEOPLE = "people"
RESAMPLES = 4000
# Below this many queries an interval over queries says more about chance than about the judge.
FEWEST_QUERIES = 5

TOO_FEW = (
    "Both graded {pairs} documents of {queries} queries: too few to say how well they agree; {fewest} "
    "queries are the least."
)
AGREES = (
    "«{judge}» agrees with {people} {how}: weighted kappa {kappa:.2f}, 95 % interval {low:.2f} to "
    "{high:.2f}, on {pairs} documents of {queries} queries."
)
ALL_SAME = "«{judge}» and {people} gave the same grade to each of {pairs} documents of {queries} queries."
OVER = "«{judge}» grades higher than {people} by {mean:.2f} on average (interval {low:.2f} to {high:.2f})."
UNDER = "«{judge}» grades lower than {people} by {mean:.2f} on average (interval {low:.2f} to {high:.2f})."
LEVEL = (
    "No sign of grading too high or too low: mean difference {mean:.2f}, interval {low:.2f} to {high:.2f}."
)
LONGER = "It favours long documents (rank correlation {value:.2f}, interval {low:.2f} to {high:.2f})."
SHORTER = "It favours short documents (rank correlation {value:.2f}, interval {low:.2f} to {high:.2f})."
WORDS = (
    "It favours documents that share words with the query (rank correlation {value:.2f}, interval {low:.2f} "
    "to {high:.2f})."
)
FEWER_WORDS = (
    "It favours documents that share few words with the query (rank correlation {value:.2f}, interval "
    "{low:.2f} to {high:.2f})."
)
# By the lower end of the interval, so that luck on few documents is not praised. Landis & Koch (1977).
HOW: tuple[tuple[float, str], ...] = (
    (0.8, "almost perfectly"),
    (0.6, "well"),
    (0.4, "moderately"),
    (0.2, "fairly"),
    (-math.inf, "hardly, or not surely"),
)


@dataclass(frozen=True, slots=True)
class Both:
    """One document that both graded. reference: the grade that is held to be right, people's.

    length: of the document, in characters. shared: the share of the query's words that stand in it, 0 to 1.
    """

    query_id: str
    reference: int
    judged: int
    length: float = 0.0
    shared: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; None where there is nothing to resample."""

    value: float
    interval: Interval | None

    @property
    def sign(self) -> int:
        """1 or -1 where the interval excludes 0, else 0."""
        if self.interval is None:
            return 0
        return (self.interval.low > 0) - (self.interval.high < 0)


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """confusion: [reference][judged] counts. kappa: quadratically weighted, None where both grade all alike.

    over: mean of judged minus reference. length, words: rank correlation of the judge's grade with the
    document's length and with the words it shares with the query, among documents that the reference grades
    alike; None where either never varies. Without that condition a judge who guesses would look biased,
    because relevant documents share more words.
    """

    judge: str
    people: str
    pairs: int
    queries: int
    confusion: tuple[tuple[int, ...], ...]
    same: float
    kappa: Estimate | None
    over: Estimate
    length: Estimate | None
    words: Estimate | None

    @property
    def enough(self) -> bool:
        """Whether there are queries enough to say something."""
        return self.queries >= FEWEST_QUERIES

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What is worth saying, the most important first."""
        people = Sentence(PEOPLE) if self.people == PEOPLE else self.people
        facts: dict[str, object] = {"judge": self.judge, "people": people}
        counts = {"pairs": self.pairs, "queries": self.queries}
        if not self.enough:
            return (sentence(TOO_FEW, fewest=FEWEST_QUERIES, **counts),)
        found: list[Sentence] = []
        if self.same == 1:
            return (sentence(ALL_SAME, **counts, **facts),)
        if self.kappa is not None and self.kappa.interval is not None:
            bounds = {"low": self.kappa.interval.low, "high": self.kappa.interval.high}
            how = next(word for least, word in HOW if self.kappa.interval.low >= least)
            found.append(
                sentence(AGREES, how=Sentence(how), kappa=self.kappa.value, **bounds, **counts, **facts)
            )
        found += _over(self.over, facts)
        found += _leaning(self.length, LONGER, SHORTER)
        found += _leaning(self.words, WORDS, FEWER_WORDS)
        return tuple(found)


def agreement(
    pairs: Sequence[Both],
    judge: str,
    people: str = PEOPLE,
    *,
    resamples: int = RESAMPLES,
    seed: int = 20_260_101,
) -> JudgeAgreement | None:
    """Compare two judges on the documents both graded; None where there is none.

    Kappa: Cohen, "Weighted kappa", Psychological Bulletin 70 (1968), with weights (i - j)^2. Intervals:
    bootstrap over queries, expanded percentiles of kappa and the correlations (of ranks over all pairs), and
    for the mean difference the symmetric one with Student's factor that measures use.
    """
    if not pairs:
        return None
    import numpy as np

    queries = list(dict.fromkeys(pair.query_id for pair in pairs))
    place = {query: number for number, query in enumerate(queries)}
    cluster = np.array([place[pair.query_id] for pair in pairs])
    reference = np.array([pair.reference for pair in pairs])
    judged = np.array([pair.judged for pair in pairs])
    drawn = _resampled(len(queries), resamples, seed)

    counts = np.zeros((len(queries), GRADES * GRADES))
    np.add.at(counts, (cluster, reference * GRADES + judged), 1)
    whole = counts.sum(axis=0)
    kappa = float(_kappa(whole[None, :])[0])
    difference = (judged - reference).astype(np.float64)
    return JudgeAgreement(
        judge,
        people,
        len(pairs),
        len(queries),
        tuple(tuple(int(n) for n in row) for row in whole.reshape(GRADES, GRADES)),
        float(np.mean(difference == 0)),
        None if math.isnan(kappa) else Estimate(kappa, _percentiles(_kappa(drawn @ counts), len(queries))),
        _mean(difference, cluster, len(queries), drawn),
        _bias_of(judged, reference, np.array([pair.length for pair in pairs]), cluster, drawn),
        _bias_of(judged, reference, np.array([pair.shared for pair in pairs]), cluster, drawn),
    )


def _resampled(queries: int, resamples: int, seed: int) -> "Floats":
    """How often each resample holds each query: (resamples, queries)."""
    import numpy as np

    generator = np.random.default_rng(seed)
    counts: Floats = generator.multinomial(queries, np.full(queries, 1 / queries), size=resamples).astype(
        np.float64
    )
    return counts


def _kappa(counts: "Floats") -> "Floats":
    """Of each row of flattened confusion tables; NaN where chance alone would agree wholly."""
    import numpy as np

    tables = counts.reshape(-1, GRADES, GRADES)
    total = tables.sum(axis=(1, 2))
    grades = np.arange(GRADES)
    weights = (grades[:, None] - grades[None, :]) ** 2
    observed = (tables * weights).sum(axis=(1, 2)) / total
    chance = tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :]
    expected = (chance * weights).sum(axis=(1, 2)) / total**2
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(expected > 0, 1 - observed / expected, np.nan)
    return found


def _mean(difference: "Floats", cluster: "NDArray[np.int_]", queries: int, drawn: "Floats") -> Estimate:
    """The mean over pairs, resampled by query: a ratio of sums."""
    import numpy as np
    from scipy import stats  # type: ignore[import-untyped]

    sums = np.bincount(cluster, difference, queries)
    sizes = np.bincount(cluster, minlength=queries).astype(np.float64)
    value = float(difference.mean())
    if queries < 2:
        return Estimate(value, None)
    means = (drawn @ sums) / (drawn @ sizes)
    factor = math.sqrt(queries / (queries - 1)) * float(
        stats.t.ppf(0.975, queries - 1) / stats.norm.ppf(0.975)
    )
    half = float(np.quantile(np.abs(means - value), 0.95)) * factor
    return Estimate(value, Interval(value - half, value + half))


def _bias_of(
    judged: "NDArray[np.int_]",
    reference: "NDArray[np.int_]",
    feature: "Floats",
    cluster: "NDArray[np.int_]",
    drawn: "Floats",
) -> Estimate | None:
    """Correlation of ranks within documents of equal reference; a resample keeps the ranks of all pairs."""
    import numpy as np
    from scipy import stats

    x, y = stats.rankdata(judged), stats.rankdata(feature)
    for grade in np.unique(reference):
        alike = reference == grade
        x[alike] -= x[alike].mean()
        y[alike] -= y[alike].mean()
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    parts = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)
    sums = np.zeros((drawn.shape[1], parts.shape[1]))
    np.add.at(sums, cluster, parts)
    value = float(_pearson(sums.sum(axis=0)[None, :])[0])
    return Estimate(value, _percentiles(_pearson(drawn @ sums), drawn.shape[1]))


def _pearson(sums: "Floats") -> "Floats":
    """Of rows (n, sum x, sum y, sum xx, sum yy, sum xy)."""
    import numpy as np

    n, x, y, xx, yy, xy = sums.T
    spread = (xx - x * x / n) * (yy - y * y / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(spread > 0, (xy - x * y / n) / np.sqrt(np.maximum(spread, 0)), np.nan)
    return found


def _percentiles(values: "Floats", queries: int) -> Interval | None:
    """Expanded percentiles: with few queries plain ones are too narrow (Hesterberg, 2015, section 5.2)."""
    import numpy as np
    from scipy import stats

    known = values[~np.isnan(values)]
    if queries < 2 or len(known) < len(values) / 2 or np.ptp(known) == 0:
        return None
    tail = float(stats.norm.cdf(-math.sqrt(queries / (queries - 1)) * stats.t.ppf(0.975, queries - 1)))
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(float(low), float(high))


def _over(over: Estimate, facts: dict[str, object]) -> list[Sentence]:
    if over.interval is None:
        return []
    bounds = {"low": over.interval.low, "high": over.interval.high}
    if over.sign > 0:
        return [sentence(OVER, mean=over.value, **bounds, **facts)]
    if over.sign < 0:
        # A loss of -0.4 is «lower by 0.4», and its interval turns round with it.
        turned = {"low": -over.interval.high, "high": -over.interval.low}
        return [sentence(UNDER, mean=-over.value, **turned, **facts)]
    return [sentence(LEVEL, mean=over.value, **bounds)]


def _leaning(found: Estimate | None, upwards: str, downwards: str) -> list[Sentence]:
    if found is None or found.interval is None or not found.sign:
        return []
    bounds = {"low": found.interval.low, "high": found.interval.high}
    return [sentence(upwards if found.sign > 0 else downwards, value=found.value, **bounds)]
