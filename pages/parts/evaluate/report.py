"""Taking an evaluation home: the Excel report, with its sentences in the interface language."""

from collections.abc import Sequence
from functools import partial

from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import Outcome
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.labelled.words import speaker


def draw_report(details: Sequence[tuple[str, str]], outcome: Outcome) -> None:
    """One button. details: rows of the Settings sheet."""
    build = partial(evaluation_excel, outcome, details, speaker(language()))
    draw_export(t("Excel report"), build, "evaluation.xlsx", "evaluate.download_excel")
