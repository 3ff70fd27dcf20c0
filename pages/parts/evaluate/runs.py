"""Runs of other tools measured by judgements: TREC files in, the same sections as for a table out.

The files are kept in the home folder, so that a reload or another browser finds them by the address.
"""

import time
from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.evaluation.judgements import RUN_EXAMPLE
from core.evaluation.report import EvaluationReport
from core.workflows.evaluate.files import ImportedRuns, NamedFile, read_runs
from core.workflows.evaluate.kept import KeptComparison
from core.workflows.evaluate.outcome import Outcome, evaluate_runs
from pages.parts.evaluate.files import JUDGEMENT_TYPES, RUN_TYPES, judgements_label
from pages.parts.evaluate.opened import draw_settings, settings_now
from pages.parts.evaluate.report import draw_report
from pages.parts.evaluate.session import EvaluateSession, kept_files, open_run
from pages.parts.evaluate.verdict import draw_conventions
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.head import draw_head
from pages.parts.labelled.words import say

SHOWN_PROBLEMS = 200


def draw_runs_start() -> None:
    """Upload runs and judgements; nothing has to be scored."""
    with st.expander(t("Or: runs of other tools and judgements (TREC files)")):
        left, right = st.columns(2)
        with left:
            runs = st.file_uploader(
                t("Runs; the first is what the others are compared with"),
                type=RUN_TYPES,
                accept_multiple_files=True,
                key="evaluate.trec_runs",
                help=t("Lines such as: {line}", line=RUN_EXAMPLE),
            )
        with right:
            qrels = st.file_uploader(
                judgements_label(),
                type=JUDGEMENT_TYPES,
                key="evaluate.trec_qrels",
            )
        ready = bool(runs) and qrels is not None
        if st.button(t("Measure the runs"), key="evaluate.trec_run", disabled=not ready) and qrels and runs:
            files = [NamedFile(file.name, file.getvalue()) for file in runs]
            judged = NamedFile(qrels.name, qrels.getvalue())
            try:
                read_runs(files, judged)
                open_run(kept_files().keep_comparison(files, judged))
            except WorkbenchError as error:
                show_error(error)
            else:
                st.rerun()


def draw_comparison_line(one: KeptComparison) -> None:
    """One earlier comparison, to open it."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"evaluate.earlier_{one.id}"):
        st.button(
            plain(", ".join(one.runs)),
            key=f"evaluate.open_{one.id}",
            type="tertiary",
            on_click=open_run,
            args=(one.id,),
        )
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.written))
        st.caption(f"{made} · {plain(one.qrels)}")


def draw_comparison(session: EvaluateSession, owner: str) -> Outcome | None:
    """Head, settings and report of a comparison; its outcome, None when there is only one run."""
    runs, qrels = kept_files().comparison(owner)
    draw_head(
        "evaluate",
        ", ".join(run.name for run in runs),
        qrels.name,
        t("New evaluation"),
        partial(open_run, None),
        beside=partial(st.button, t("Delete"), key="evaluate.trec_delete", on_click=partial(_forget, owner)),
    )
    if session.imported is None or session.imported_key != owner:
        session.imported, session.imported_key = read_runs(runs, qrels), owner
    imported = session.imported
    _draw_problems(imported)
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_settings()
        report_place = st.container()
    settings = settings_now()
    key = (owner, settings)
    if session.outcome is None or session.outcome_key != key:
        session.outcome = evaluate_runs(imported.judgements, imported.runs, settings)
        session.outcome_key = key
    outcome = session.outcome
    with report_place:
        details = [*[("run", run.name) for run in runs], ("judgements", qrels.name)]
        draw_report(details, outcome, runs[-1].name)
    if outcome.report is not None and not outcome.names:
        _draw_alone(outcome.report)
        return None
    return outcome


def _forget(owner: str) -> None:
    kept_files().forget(owner)
    open_run(None)


def _draw_problems(imported: ImportedRuns) -> None:
    if not imported.problems:
        return
    with st.expander(t("Lines with a remark: {count}", count=len(imported.problems))):
        st.dataframe(
            [
                {t("File"): name, t("Line"): line, t("Remark"): say(problem)}
                for name, line, problem in imported.problems[:SHOWN_PROBLEMS]
            ],
            hide_index=True,
        )


def _draw_alone(report: EvaluationReport) -> None:
    """A single run: its means, and nothing to compare them with."""
    st.info(t("There is one run, so it is measured but not compared; add another to see which is better."))
    st.dataframe(
        [
            {t("Measure"): str(measure), t("Mean"): mean, t("Queries"): report.queries}
            for measure, mean in report.baseline.means().items()
        ],
        hide_index=True,
        column_config={t("Mean"): st.column_config.NumberColumn(format="%.3f")},
    )
    draw_conventions(report, ())
