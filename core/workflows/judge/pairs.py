"""Which pairs of an evaluation's data are to be judged, and what a bias is looked for in.

The texts are the data's; who judges them is left to others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.evaluation.judged import Run
from core.judging.pairs import Pair
from core.retrieval.tokens import tokens
from core.workflows.evaluate.data import EvaluationData

Which = Literal["all", "unjudged", "judged"]

WHICH: Mapping[Which, str] = {
    "all": "All of them",
    "unjudged": "Only what people have not judged",
    "judged": "Only what people have judged, to see whether they agree",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """which: pairs by whether people judged them. top: only the first so many of each order; 0 for all."""

    which: Which = "all"
    top: int = 0


def pairs_to_judge(data: EvaluationData, orders: Sequence[Run], scope: Scope) -> tuple[Pair, ...]:
    """The pairs within the scope, by query. data: with the labels that people gave."""
    return tuple(_pairs(data, orders, scope))


def _pairs(data: EvaluationData, orders: Sequence[Run], scope: Scope) -> Iterator[Pair]:
    for query_id, judged in data.judgements.items():
        texts = data.texts.get(query_id, {})
        wanted: dict[str, None] = {}
        for order in orders:
            ranking = order.rankings.get(query_id)
            if ranking is not None:
                wanted |= dict.fromkeys(ranking.documents[: scope.top or None])
        if scope.which != "unjudged":
            # What people judged is where agreement is seen, also below the first ones.
            wanted |= dict.fromkeys(judged.labels)
        for document in wanted:
            known = document in judged.labels
            if document in texts and (scope.which == "all" or known == (scope.which == "judged")):
                yield Pair(query_id, document, judged.query, texts[document])


def shared_words(query: str, document: str) -> float:
    """The share of the query's words, bigrams in Chinese, that stand in the document; 0 to 1."""
    asked = set(tokens(query))
    return len(asked.intersection(tokens(document))) / len(asked) if asked else 0.0
