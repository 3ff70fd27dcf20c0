"""For who has no table at hand: the sample, a workbook to fill in, and a picture of the columns."""

from html import escape
from pathlib import Path
from typing import Protocol

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import InputFile
from core.sheets.writing.template import TemplateColumn, template_workbook
from core.workflows.home.sample_table import keep_sample
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error

STYLE = """
<style>
.example { border-collapse: collapse; font-size: 0.85rem; max-width: 46rem; }
.example th, .example td { border: 1px solid color-mix(in srgb, currentColor 22%, transparent);
  padding: 0.2rem 0.6rem; text-align: left; }
.example th { font-weight: 600; background: color-mix(in srgb, currentColor 6%, transparent); }
.example td:last-child { text-align: right; }
</style>
"""


class TakesUpload(Protocol):
    """A page's session, which holds the kept file."""

    upload: InputFile | None


def draw_sample(page: str, session: TakesUpload, home: Path) -> None:
    """A button that takes the sample for the page's file. page: prefix of the keys."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            t("Try the sample data"),
            key=f"{page}.sample",
            icon=":material/play_arrow:",
            help=t("64 labelled questions with ten documents each, Chinese and English."),
        ):
            try:
                session.upload = keep_sample(home)
            except WorkbenchError as error:
                show_error(error)
            else:
                st.rerun()
        sheet, columns, rows = t("labelled"), _columns(), _examples()
        draw_export(
            t("Table to fill in"),
            lambda: template_workbook(sheet, columns, rows),
            "template.xlsx",
            f"{page}.template",
            type="tertiary",
        )
    _draw_example()


def _columns() -> tuple[TemplateColumn, ...]:
    return (
        TemplateColumn(
            t("query"), t("What is searched for. Rows with the same query are its documents, in order."), 28
        ),
        TemplateColumn(t("document"), t("A result's text, in the order the search gave."), 60),
        TemplateColumn(
            t("label"),
            t("0 not relevant, 1 and more relevant. Leave it empty where nobody judged; the column may go."),
            10,
        ),
    )


def _examples() -> tuple[tuple[str, str, int], ...]:
    query = t("How long does a refund take?")
    return (
        (query, t("Returns are free within 14 days."), 0),
        (query, t("Refunds arrive within three working days."), 2),
        (t("Where is my invoice?"), t("Invoices are under Orders, beside each order."), 2),
    )


def _draw_example() -> None:
    head = "".join(f"<th>{escape(column.name)}</th>" for column in _columns())
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in _examples()
    )
    st.html(f"{STYLE}<table class='example'><tr>{head}</tr>{rows}</table>")
