"""Taking an evaluation home: the Excel report, with its sentences in the interface language."""

from collections.abc import Callable, Sequence

from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.use.model_labels import PoweredVerdict
from core.workflows.home.file_names import file_name
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.labelled.words import speaker


def draw_report(
    details: Sequence[tuple[str, str]],
    outcome: Outcome,
    source: str,
    powered: Callable[[], Sequence[PoweredVerdict]] = tuple,
) -> None:
    """One button. details: rows of the Settings sheet. source: the name of what was evaluated. powered: the
    verdicts with a model's labels.
    """
    say = speaker(language())

    def build() -> bytes:
        return evaluation_excel(outcome, details, say, source=source, powered=powered())

    name = file_name(source, t("evaluation"), "xlsx")
    draw_export(t("Excel report"), build, name, "evaluate.download_excel")
