"""What a model's scores from 0 to 1 are called: probabilities, or similarities where it gives none."""

from core.records import ScorerInfo
from pages.parts.frame.language import t


def gives_probabilities(*models: ScorerInfo | None) -> bool:
    """Whether all models give some; a model that is not known is taken to."""
    return all(model is None or model.gives_probabilities for model in models)


def scale_title(*models: ScorerInfo | None) -> str:
    """At the head of a column."""
    return t("Probability") if gives_probabilities(*models) else t("Similarity")


def scale_word(*models: ScorerInfo | None) -> str:
    """Inside a line or at an axis."""
    return t("probability") if gives_probabilities(*models) else t("similarity")
