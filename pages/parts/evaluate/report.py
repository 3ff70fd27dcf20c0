"""Taking an evaluation home: the Excel report, with its sentences in the interface language."""

from collections.abc import Sequence

import streamlit as st

from core.workflows.evaluate.export import evaluation_excel
from core.workflows.evaluate.outcome import Outcome
from pages.parts.frame.language import language, t
from pages.parts.labelled.words import speaker
from pages.parts.rerank.result import EXCEL_TYPE


def draw_report(details: Sequence[tuple[str, str]], outcome: Outcome) -> None:
    """One button; the workbook is built when it is asked for. details: rows of the Settings sheet."""
    # Building happens outside a script run, where the interface language is not known any more.
    speak = speaker(language())
    st.download_button(
        t("Excel report"),
        data=lambda: evaluation_excel(outcome, details, speak),
        file_name="evaluation.xlsx",
        mime=EXCEL_TYPE,
        key="evaluate.download_excel",
        on_click="ignore",
        icon=":material/download:",
    )
