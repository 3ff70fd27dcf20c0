"""The columns that say of a row what the model said: declared once for every export of ranked documents.

Files for programs have the same names whatever the model is. In a workbook a number from 0 to 1 of a model
that gives no probabilities is called a similarity, and the logit stands before it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from core.records import LOGIT_DECIMALS, PROBABILITY_DECIMALS, Score, ScorerInfo
from core.sentences import Sentence
from core.sheets.columns import ExportColumn

R = TypeVar("R")

# What a workbook calls such a column, by what it calls a probability.
SIMILAR: Mapping[str, str] = {
    "probability": "similarity",
    "after: probability": "after: similarity",
    "best_probability": "best similarity",
    "{name} probability": "{name} similarity",
}


def gives_probabilities(*models: ScorerInfo | None) -> bool:
    """Whether all models give some; a model that is not known is taken to."""
    return all(model is None or model.gives_probabilities for model in models)


def scale(*models: ScorerInfo | None) -> Sentence:
    """What a number from 0 to 1 of these models is."""
    return Sentence("probability" if gives_probabilities(*models) else "similarity")


def for_people(columns: Sequence[ExportColumn[R]], *models: ScorerInfo | None) -> tuple[ExportColumn[R], ...]:
    """The columns of a workbook on scores of these models. A similarity has no bar: only its order counts."""
    return tuple(columns) if gives_probabilities(*models) else tuple(_similar(columns))


def _similar(columns: Sequence[ExportColumn[R]]) -> Iterator[ExportColumn[R]]:
    waiting: list[ExportColumn[R]] = []
    for column in columns:
        title = column.title or Sentence(column.name)
        if title.template in SIMILAR:
            waiting.append(replace(column, title=replace(title, template=SIMILAR[title.template]), bar=False))
            continue
        if not column.name.endswith("logit"):
            yield from waiting
            waiting.clear()
        yield column
    yield from waiting


def score_columns(score: Callable[[R], Score | None]) -> tuple[ExportColumn[R], ExportColumn[R]]:
    """Probability and logit. score: a row's; None where nothing was scored."""

    def of(row: R, value: Callable[[Score], float]) -> float | None:
        found = score(row)
        return None if found is None else value(found)

    return (
        ExportColumn(
            "probability",
            "The model's probability of «relevant», 0 to 1; it saturates, so rank by the logit. Of the "
            "embedded model a similarity on that scale, no probability",
            lambda row: of(row, lambda one: one.probability),
            "number",
            "0.0000",
            13,
            bar=True,
            decimals=PROBABILITY_DECIMALS,
        ),
        ExportColumn(
            "logit",
            "The same as log-odds, unbounded: what the order goes by",
            lambda row: of(row, lambda one: one.logit),
            "number",
            "0.000",
            10,
            decimals=LOGIT_DECIMALS,
        ),
    )


def truncated_column(score: Callable[[R], Score | None]) -> ExportColumn[R]:
    """Whether the document was cut."""

    def cut(row: R) -> bool | None:
        found = score(row)
        return None if found is None else found.truncated

    return ExportColumn(
        "truncated",
        "The document lost its end: longer than the model reads, or left after the first of two looks",
        cut,
        "boolean",
        width=11,
    )
