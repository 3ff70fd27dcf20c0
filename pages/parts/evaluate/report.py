"""Taking an evaluation home: the Excel report, with its sentences in the interface language."""

from collections.abc import Sequence
from functools import partial

from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import Outcome
from core.workflows.home.file_names import file_name
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.labelled.words import speaker


def draw_report(details: Sequence[tuple[str, str]], outcome: Outcome, source: str) -> None:
    """One button. details: rows of the Settings sheet. source: the name of what was evaluated."""
    build = partial(evaluation_excel, outcome, details, speaker(language()), source=source)
    name = file_name(source, t("evaluation"), "xlsx")
    draw_export(t("Excel report"), build, name, "evaluate.download_excel")
