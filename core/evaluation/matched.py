"""Evaluations of different runs over the same questions: matched by the queries' texts, whatever their ids.

Another file or corpus may name the same query otherwise. What comes of comparing them is left to
`significance`.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from core.evaluation.per_query import Evaluation


def names_by_text(texts: Mapping[str, str]) -> dict[str, str]:
    """Query id -> the name it has in every run: its text; a repeated one is «text (2)» and so on."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for query_id, text in texts.items():
        name, number = text, 1
        while name in taken:
            number += 1
            name = f"{text} ({number})"
        taken.add(name)
        names[query_id] = name
    return names


def renamed(evaluation: Evaluation, names: Mapping[str, str], common: Set[str]) -> Evaluation:
    """The values of the common queries, by their common names."""
    kept = {query: names[query] for query in evaluation.queries if names[query] in common}
    return _restricted(evaluation, kept)


def only(evaluation: Evaluation, queries: Iterable[str]) -> Evaluation:
    """The values of some of its queries."""
    wanted = set(queries)
    return _restricted(evaluation, {query: query for query in evaluation.queries if query in wanted})


def _restricted(evaluation: Evaluation, kept: Mapping[str, str]) -> Evaluation:
    values = {
        measure: {kept[query]: value for query, value in own.items() if query in kept}
        for measure, own in evaluation.values.items()
    }
    return replace(evaluation, values=values, queries=tuple(kept.values()))
