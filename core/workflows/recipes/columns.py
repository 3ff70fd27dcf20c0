"""The columns that a recipe adds to a table of ranked documents: each part that decided the order."""

from collections.abc import Callable
from typing import TypeVar

from core.records import PROBABILITY_DECIMALS
from core.sheets.columns import ExportColumn
from core.workflows.recipes.use import RecipeInUse

R = TypeVar("R")

BLEND, CALIBRATED = "blend", "calibrated_score"


def recipe_columns(
    blend: Callable[[R], float | None], calibrated: Callable[[R], float | None]
) -> tuple[ExportColumn[R], ...]:
    """Both of them; the first stage's part is the rank or score that stands there already."""
    return (
        ExportColumn(
            BLEND,
            "What the order goes by where a recipe blends the first stage with the reranker",
            blend,
            "number",
            "0.0000",
            10,
            decimals=PROBABILITY_DECIMALS,
        ),
        ExportColumn(
            CALIBRATED,
            "The probability that the document is relevant, calibrated on labels for this model",
            calibrated,
            "number",
            "0.0000",
            15,
            decimals=PROBABILITY_DECIMALS,
        ),
    )


def chosen_columns(
    columns: tuple[ExportColumn[R], ...], used: RecipeInUse | None
) -> tuple[ExportColumn[R], ...]:
    """Those of `recipe_columns` that a recipe fills; none without one."""
    if used is None:
        return ()
    filled = {BLEND: used.recipe.blend is not None, CALIBRATED: used.recipe.calibration is not None}
    return tuple(column for column in columns if filled[column.name])
