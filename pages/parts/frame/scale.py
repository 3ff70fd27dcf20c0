"""What a model's scores from 0 to 1 are called: probabilities, or similarities where it gives none."""

from core.records import ScorerInfo
from core.workflows.home.score_columns import gives_probabilities
from pages.parts.frame.language import t

__all__ = ["gives_probabilities", "scale_title", "scale_word"]


def scale_title(*models: ScorerInfo | None) -> str:
    """At the head of a column."""
    return t("Probability") if gives_probabilities(*models) else t("Similarity")


def scale_word(*models: ScorerInfo | None) -> str:
    """Inside a line or at an axis."""
    return t("probability") if gives_probabilities(*models) else t("similarity")
