"""The columns that say of a row what the model said: declared once for every export of ranked documents."""

from collections.abc import Callable
from typing import TypeVar

from core.records import LOGIT_DECIMALS, PROBABILITY_DECIMALS, Score
from core.sheets.columns import ExportColumn

R = TypeVar("R")


def score_columns(score: Callable[[R], Score]) -> tuple[ExportColumn[R], ExportColumn[R]]:
    """Probability and logit. score: a row's."""
    return (
        ExportColumn(
            "probability",
            "The model's probability of «relevant», 0 to 1; it saturates, so rank by the logit. Of the "
            "embedded model a similarity on that scale, no probability",
            lambda row: score(row).probability,
            "number",
            "0.0000",
            13,
            bar=True,
            decimals=PROBABILITY_DECIMALS,
        ),
        ExportColumn(
            "logit",
            "The same as log-odds, unbounded: what the order goes by",
            lambda row: score(row).logit,
            "number",
            "0.000",
            10,
            decimals=LOGIT_DECIMALS,
        ),
    )


def truncated_column(score: Callable[[R], Score]) -> ExportColumn[R]:
    """Whether the document was cut."""
    return ExportColumn(
        "truncated",
        "The document lost its end: longer than the model reads, or left after the first of two looks",
        lambda row: score(row).truncated,
        "boolean",
        width=11,
    )
