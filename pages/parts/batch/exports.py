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
from core.workflows.batch.results import BatchRun
from core.workflows.home.job_service import BatchService
from pages.parts.frame.language import t
from pages.parts.rerank.result import EXCEL_TYPE
from pages.parts.sheet.preview import draw_problems


def draw_exports(service: BatchService, run: BatchRun) -> None:
    """How many documents of each query, the files, and the remarks."""
    problems = service.problems(run.job.id)
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
    stem = run.job.name.rpartition(".")[0] or run.job.name
    builders: tuple[tuple[str, Callable[[BatchTables], bytes], str, str], ...] = (
        ("Excel", batch_excel, "xlsx", EXCEL_TYPE),
        ("CSV", batch_csv, "csv", "text/csv"),
        ("JSON Lines", batch_jsonl, "jsonl", "application/jsonl"),
        ("Parquet", batch_parquet, "parquet", "application/vnd.apache.parquet"),
    )
    with st.container(horizontal=True):
        for label, build, ending, kind in builders:
            st.download_button(
                label,
                # Built when it is asked for, not at every run of the page.
                data=partial(_export, service, run, top, build),
                file_name=f"{stem}-reranked.{ending}",
                mime=kind,
                key=f"batch.download_{ending}",
                on_click="ignore",
                icon=":material/download:",
            )
        if problems:
            st.download_button(
                t("Remarks on the rows as CSV"),
                data=problems_csv(problems),
                file_name=f"{stem}-remarks.csv",
                mime="text/csv",
                key="batch.download_problems",
                on_click="ignore",
                icon=":material/download:",
            )
    draw_problems(problems)


def _export(
    service: BatchService, run: BatchRun, top: int | None, build: Callable[[BatchTables], bytes]
) -> bytes:
    return build(BatchTables(run, service.rows(run.job.id), service.problems(run.job.id), top))
