"""A run's results as files to take away, and the remarks on its rows."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.workflows.batch.export import (
    BatchTables,
    batch_csv,
    batch_excel,
    batch_jsonl,
    batch_parquet,
    problems_csv,
)
from core.workflows.batch.opened import original_rows, row_problems
from core.workflows.batch.results import BatchRun
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from pages.parts.batch.own_workbook import draw_own_workbook
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.labelled.words import speaker
from pages.parts.sheet.preview import draw_problems

# For programs: name of the button, how its file is made, and the ending of its name.
Builder = tuple[str, Callable[[BatchTables], bytes], str]
BUILDERS: tuple[Builder, ...] = (
    ("CSV", batch_csv, "csv"),
    ("JSON Lines", batch_jsonl, "jsonl"),
    ("Parquet", batch_parquet, "parquet"),
)


def draw_exports(service: JobService, run: BatchRun) -> None:
    """How many documents of each query, the files, and the remarks."""
    problems = row_problems(service.store, run.job.id)
    top = st.number_input(
        t("Documents per query in exports"),
        min_value=1,
        value=run.settings.top,
        key=f"batch.export_top_{run.job.id}",
        placeholder=t("all"),
        width=260,
    )
    st.caption(
        t(
            "Excel has a summary with charts, the results, before and after, remarks and settings. A text "
            "longer than an Excel cell is cut there with a mark; CSV, JSON Lines and Parquet hold all of it."
        )
    )
    tables = partial(_tables, service, run, top)
    excel: Builder = ("Excel", partial(batch_excel, say=speaker(language())), "xlsx")
    with st.container(horizontal=True):
        for label, build, ending in (excel, *BUILDERS):
            export = partial(_export, tables, build)
            file = file_name(run.job.name, t("reranked"), ending)
            draw_export(label, export, file, f"batch.download_{ending}")
        if problems:
            remarks = partial(problems_csv, problems)
            name = t("Remarks on the rows as CSV")
            file = file_name(run.job.name, t("remarks"), "csv")
            draw_export(name, remarks, file, "batch.download_problems")
    draw_own_workbook(run, top, tables)
    draw_problems(problems)


def _export(tables: Callable[[], BatchTables], build: Callable[[BatchTables], bytes]) -> bytes:
    return build(tables())


def _tables(service: JobService, run: BatchRun, top: int | None) -> BatchTables:
    kept = original_rows(service.store, run.job.id)
    return BatchTables(run, kept, row_problems(service.store, run.job.id), top)
