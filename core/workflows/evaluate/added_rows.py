"""Rows that look added to the lists because they are relevant, and what they do to the verdict.

Rows that retrieval found are relevant here and there. Where every row beyond a depth is relevant, or lists
end in relevant rows far more often than chance allows, somebody completed the lists with the answers, and a
reranker that lifts them is praised for what it was handed. Nothing is left out unasked: both readings are
said.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.evaluation.judged import Judgements, Ranking, Run
from core.sentences import Sentence, sentence

# Fewer lists show no habit; rows this improbable under the rate of the other rows were chosen.
FEWEST_LISTS, FEWEST_LONGER, IMPROBABLE = 3, 2, 1e-3

BEYOND = (
    "Beyond row {depth} of their list all {count} rows are relevant, in {lists} of {queries} lists. If they "
    "were added because they are relevant, rerank only {depth} candidates per query: otherwise the answer is "
    "handed over."
)
AT_THE_END = (
    "In {lists} of {queries} lists the last rows are all relevant, {count} in all, far more than chance "
    "allows. If they were added because they are relevant, the answer is handed over."
)
BOTH_READINGS = "{system}, with these rows: {given} Without them: {without}"
BEFORE_ONLY = "{system}: {given:.3f} {measure} with these rows, {without:.3f} without them."


@dataclass(frozen=True, slots=True)
class AddedRows:
    """Rows at the ends of lists that were probably added.

    depths: query id -> how many of its rows come before them, of the lists that have such rows. depth: the
    length that all lists have without them; None where each list has its own.
    """

    depths: Mapping[str, int]
    rows: int
    queries: int
    depth: int | None

    @property
    def warning(self) -> Sentence:
        """What was seen, and what to do."""
        facts = {"count": self.rows, "lists": len(self.depths), "queries": self.queries}
        if self.depth is None:
            return sentence(AT_THE_END, **facts)
        return sentence(BEYOND, depth=self.depth, **facts)


def find_added_rows(judgements: Judgements, run: Run) -> AddedRows | None:
    """The rows of a first stage's lists that look added for their label; None where nothing does."""
    lists = {
        query: [judgements[query].labels.get(document, 0) > 0 for document in ranking.documents]
        for query, ranking in run.rankings.items()
        if query in judgements and ranking.documents
    }
    if len(lists) < FEWEST_LISTS:
        return None
    deepest = max((_last_irrelevant(rows) for rows in lists.values()), default=0)
    depth = deepest if _is_common_depth(list(lists.values()), deepest) else None
    depths = {} if depth is None else {q: depth for q, rows in lists.items() if len(rows) > depth}
    # Lists that are shorter than the others' depth may have been completed too, each at its own end.
    shorter = {q: rows for q, rows in lists.items() if len(rows) < deepest}
    own = (_own_depths(lists) if depth is None else {}) or _own_depths(shorter)
    depths |= own
    if not depths:
        return None
    count = sum(len(lists[query]) - at for query, at in depths.items())
    return AddedRows(depths, count, len(lists), None if own else depth)


def without_added(added: AddedRows, initial: Run, run: Run) -> Run:
    """A run over the same candidates without the documents that were added to the initial lists."""
    rankings = {}
    for query, ranking in run.rankings.items():
        left_out = (
            set(initial.rankings[query].documents[added.depths[query] :]) if query in added.depths else ()
        )
        places = [i for i, document in enumerate(ranking.documents) if document not in left_out]
        scores = None if ranking.scores is None else tuple(ranking.scores[i] for i in places)
        rankings[query] = Ranking(query, tuple(ranking.documents[i] for i in places), scores)
    return Run(run.name, rankings)


def _is_common_depth(lists: Sequence[Sequence[bool]], depth: int) -> bool:
    """Whether rows beyond the depth, all of them relevant, are more than chance explains."""
    beyond = sum(max(0, len(rows) - depth) for rows in lists)
    if not depth or sum(len(rows) > depth for rows in lists) < FEWEST_LONGER:
        return False
    within = [relevant for rows in lists for relevant in rows[:depth]]
    rate = (sum(within) + 1) / (len(within) + 2)
    return bool(rate**beyond < IMPROBABLE)


def _own_depths(lists: Mapping[str, Sequence[bool]]) -> dict[str, int]:
    """Per list the rows before its relevant end, where more lists end so than their other rows explain."""
    mixed = {query: rows for query, rows in lists.items() if len(rows) > 1 and not all(rows)}
    ending = {query: rows for query, rows in mixed.items() if rows[-1]}
    if len(ending) < FEWEST_LISTS:
        return {}
    rates = [sum(rows[:-1]) / (len(rows) - 1) for rows in mixed.values()]
    rate = (sum(rates) + 0.5) / (len(rates) + 1)
    if _at_least(len(ending), len(mixed), rate) >= IMPROBABLE:
        return {}
    return {query: _last_irrelevant(rows) for query, rows in ending.items()}


def _last_irrelevant(rows: Sequence[bool]) -> int:
    return max((at for at, relevant in enumerate(rows, 1) if not relevant), default=0)


def _at_least(count: int, trials: int, rate: float) -> float:
    """The binomial probability of so many or more."""
    return math.fsum(
        math.exp(_log_choices(trials, n) + n * math.log(rate) + (trials - n) * math.log1p(-rate))
        for n in range(count, trials + 1)
    )


def _log_choices(trials: int, chosen: int) -> float:
    return math.lgamma(trials + 1) - math.lgamma(chosen + 1) - math.lgamma(trials - chosen + 1)
