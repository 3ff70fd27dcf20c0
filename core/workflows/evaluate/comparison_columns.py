"""A comparison's numbers as columns, for every table that has one in its rows."""

from collections.abc import Callable
from typing import TypeVar

from core.evaluation.significance import Comparison
from core.sheets.columns import ExportColumn

VALUE = "0.0000"
SIGNED = "+0.0000;-0.0000;0.0000"
CHANCE = "0.0000"

Record = TypeVar("Record")
# The comparison in a row; None where there is nothing to compare with.
Compared = Callable[[Record], Comparison | None]
Columns = tuple[ExportColumn[Record], ...]


def _of(compared: Compared[Record], value: Callable[[Comparison], object]) -> Callable[[Record], object]:
    def cell(record: Record) -> object:
        comparison = compared(record)
        return None if comparison is None else value(comparison)

    return cell


def difference_column(compared: Compared[Record]) -> ExportColumn[Record]:
    """After minus before."""
    return ExportColumn(
        "difference",
        "Mean over the queries of after minus before",
        _of(compared, lambda one: one.difference),
        "number",
        SIGNED,
    )


def interval_columns(compared: Compared[Record]) -> Columns[Record]:
    """Both ends of the interval."""
    return (
        ExportColumn(
            "interval_low",
            "Lower end of the confidence interval of the mean difference; blank below two queries",
            _of(compared, lambda one: one.interval.low if one.interval else None),
            "number",
            SIGNED,
        ),
        ExportColumn(
            "interval_high",
            "Upper end of that interval",
            _of(compared, lambda one: one.interval.high if one.interval else None),
            "number",
            SIGNED,
        ),
    )


def chance_columns(compared: Compared[Record]) -> Columns[Record]:
    """The test's p-value, alone and corrected."""
    return (
        ExportColumn(
            "p_value",
            "How often a difference at least as large would come about by chance (randomisation test)",
            _of(compared, lambda one: one.p_value),
            "number",
            CHANCE,
        ),
        ExportColumn(
            "p_adjusted",
            "The p-value after Holm's correction for the number of comparisons",
            _of(compared, lambda one: one.p_adjusted),
            "number",
            CHANCE,
        ),
    )


def count_columns(compared: Compared[Record]) -> Columns[Record]:
    """Queries that got better, stayed and got worse."""
    return (
        ExportColumn("wins", "Queries that got better", _of(compared, lambda one: one.wins), "integer"),
        ExportColumn("ties", "Queries that stayed the same", _of(compared, lambda one: one.ties), "integer"),
        ExportColumn("losses", "Queries that got worse", _of(compared, lambda one: one.losses), "integer"),
    )


def verdict_column(compared: Compared[Record]) -> ExportColumn[Record]:
    """What interval and test say together."""
    return ExportColumn(
        "verdict",
        "better, worse, no_difference, cannot_tell or too_few",
        _of(compared, lambda one: one.verdict),
        width=14,
        words=True,
    )
