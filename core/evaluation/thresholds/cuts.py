"""What every cut of the scores keeps: precision, recall, F-beta, and the queries left with nothing.

Which cut to recommend, and whether any, is decided in `advice`.
"""

import math
from dataclasses import dataclass, fields, replace
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from core.errors import InputError
from core.evaluation.judged import Judgements, Run

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Unjudged = Literal["not_relevant", "left_out"]

NO_SCORES = "The run has no scores, so there is nothing to cut at."

# A threshold is written with so many digits, or with more where fewer would keep other documents.
FEWEST_DIGITS, MOST_DIGITS = 4, 17
# About so many points of the curve are handed to charts; the recommendation considers every distinct score.
CURVE_POINTS = 200


@dataclass(frozen=True, slots=True)
class Cut:
    """What happens when documents with score >= threshold are kept.

    threshold: as `decimal_between` writes it, so that what is read off keeps the same documents.
    precision, recall, f_beta: over all pairs together; recall counts candidates only.
    kept: share of the documents kept. queries_with_relevant: share of the queries with a relevant candidate
    that keep one. empty: share of all queries that keep nothing.
    """

    threshold: float
    precision: float
    recall: float
    f_beta: float
    kept: float
    queries_with_relevant: float
    empty: float


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """Scored pairs by falling score. query: number of the pair's query in `queries`."""

    scores: "Floats"
    relevant: "NDArray[np.bool_]"
    counted: "NDArray[np.bool_]"
    query: "NDArray[np.int64]"
    queries: int

    def only(self, wanted: "NDArray[np.bool_]") -> "ScoredPairs":
        """The pairs of the queries marked in `wanted`."""
        keep = wanted[self.query]
        return ScoredPairs(
            self.scores[keep], self.relevant[keep], self.counted[keep], self.query[keep], int(wanted.sum())
        )


@dataclass(frozen=True, slots=True)
class Cuts:
    """Every cut as columns, one entry per distinct score, the strictest first; fields as in `Cut`."""

    threshold: "Floats"
    precision: "Floats"
    recall: "Floats"
    f_beta: "Floats"
    kept: "Floats"
    queries_with_relevant: "Floats"
    empty: "Floats"

    def best(self) -> int:
        """The cut of highest F-beta; of equals, the strictest."""
        return int(self.f_beta.argmax())

    def at(self, i: int) -> Cut:
        """One cut as plain numbers."""
        cut = Cut(*(float(getattr(self, field.name)[i]) for field in fields(Cut)))
        stricter_than = float(self.threshold[i + 1]) if i + 1 < len(self.threshold) else -math.inf
        return replace(cut, threshold=decimal_between(stricter_than, cut.threshold))


def decimal_between(below: float, score: float) -> float:
    """The decimal of fewest digits, at least four, that is above `below` and at most `score`.

    A score rounded to the nearest would drop the very document that it is the score of.
    """
    exact = Decimal(repr(score))
    for digits in range(FEWEST_DIGITS, MOST_DIGITS):
        last_place = Decimal(1).scaleb(exact.adjusted() + 1 - digits)
        written = float(exact.quantize(last_place, ROUND_FLOOR))
        if below < written <= score:
            return written
    return score


def scored_pairs(judgements: Judgements, run: Run, rel: int, unjudged: Unjudged) -> tuple[ScoredPairs, int]:
    """Every scored pair of the queries with labels, and how many of them nobody judged."""
    import numpy as np

    scores: list[float] = []
    relevant: list[bool] = []
    judged_pair: list[bool] = []
    query_of: list[int] = []
    queries = 0
    for query, ranking in run.rankings.items():
        if query not in judgements or not judgements[query].labels or not ranking.documents:
            continue
        if ranking.scores is None:
            raise InputError(NO_SCORES)
        labels = judgements[query].labels
        scores.extend(ranking.scores)
        judged_pair.extend(document in labels for document in ranking.documents)
        relevant.extend(labels.get(document, 0) >= rel for document in ranking.documents)
        query_of.extend([queries] * len(ranking.documents))
        queries += 1
    order = np.argsort(-np.array(scores, dtype=np.float64), kind="stable")
    judged_here = np.array(judged_pair, dtype=bool)[order]
    counted = judged_here if unjudged == "left_out" else np.ones(len(order), dtype=bool)
    pairs = ScoredPairs(
        np.array(scores, dtype=np.float64)[order],
        np.array(relevant, dtype=bool)[order],
        counted,
        np.array(query_of, dtype=np.int64)[order],
        queries,
    )
    return pairs, int((~judged_here).sum())


def all_cuts(pairs: ScoredPairs, beta: float) -> Cuts:
    """What each distinct score as a threshold keeps, the strictest first."""
    import numpy as np

    # The last pair of each run of equal scores: a cut keeps all of them or none.
    ends = np.flatnonzero(np.append(pairs.scores[1:] != pairs.scores[:-1], True))
    hits = np.cumsum(pairs.relevant)[ends]
    counted = np.cumsum(pairs.counted)[ends]
    precision = np.divide(hits, counted, out=np.zeros(len(ends)), where=counted > 0)
    recall = hits / max(1, int(pairs.relevant.sum()))
    weight = beta * beta
    below = weight * precision + recall
    reached = np.cumsum(_first_of_query(pairs.query, pairs.relevant))[ends]
    answerable = len(np.unique(pairs.query[pairs.relevant]))
    seen = np.cumsum(_first_of_query(pairs.query, np.ones(len(pairs.query), dtype=bool)))[ends]
    return Cuts(
        threshold=pairs.scores[ends],
        precision=precision,
        recall=recall,
        f_beta=np.divide((1 + weight) * precision * recall, below, out=np.zeros(len(ends)), where=below > 0),
        kept=(ends + 1) / len(pairs.scores),
        queries_with_relevant=reached / max(1, answerable),
        empty=1 - seen / max(1, pairs.queries),
    )


def _first_of_query(query: "NDArray[np.int64]", marked: "NDArray[np.bool_]") -> "NDArray[np.bool_]":
    """Which pairs are the first marked pair of their query, from the top score down."""
    import numpy as np

    positions = np.flatnonzero(marked)
    _, first = np.unique(query[positions], return_index=True)
    result = np.zeros(len(query), dtype=bool)
    result[positions[first]] = True
    return result


def thinned(cuts: Cuts, *wanted: int) -> tuple[Cut, ...]:
    """Points evenly by rank and evenly by threshold (documents crowd at low scores), and those wanted."""
    import numpy as np

    last = len(cuts.threshold) - 1
    by_rank = np.linspace(0, last, CURVE_POINTS // 2).round().astype(int)
    levels = np.linspace(cuts.threshold[0], cuts.threshold[-1], CURVE_POINTS // 2)
    chosen = {*by_rank.tolist(), *np.searchsorted(-cuts.threshold, -levels).tolist(), *wanted}
    return tuple(cuts.at(min(i, last)) for i in sorted(chosen))
