"""Two or more ticked runs: how they came out over the same queries, and how far their orders agree."""

from collections.abc import Sequence

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.evaluation.measures import Measure
from core.jobs import Job
from core.workflows.batch.comparison import compare_runs
from core.workflows.batch.opened import open_run
from core.workflows.batch.records import KIND
from core.workflows.evaluate.jobs import comparable
from core.workflows.home.job_service import JobService
from core.workflows.retrieve.comparing import compare_measurements
from core.workflows.retrieve.jobs import is_measurement
from core.workflows.runs.comparing import ComparedRuns, compare_measured
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.opened import COMPARED, SECTION
from pages.parts.labelled.charts import draw_intervals
from pages.parts.labelled.words import chance, say, signed, verdict_word
from pages.parts.runs.compare import decimal, draw_comparison, percent
from pages.parts.runs.measurements import draw_measurements


def draw_several(service: JobService, jobs: Sequence[Job], measure: Measure) -> None:
    """Everything that can be said of them together; the oldest is the first."""
    ordered = sorted(jobs, key=lambda job: job.created)
    unfinished = [job for job in ordered if job.state != "done"]
    batches = all(job.kind == KIND for job in ordered)
    compared = None if unfinished else _compared(service, ordered, measure, quiet=batches)
    try:
        if compared is not None:
            _draw_compared(compared)
            _draw_link(service, ordered)
        first, second = ordered[0], ordered[-1]
        if len(ordered) == 2 and is_measurement(first) and is_measurement(second):
            draw_measurements(first, second, compare_measurements(service.store, first, second))
        elif batches and len(ordered) == 2:
            one, two = open_run(service.store, first.id), open_run(service.store, second.id)
            draw_comparison(one, two, compare_runs(one, two))
        elif batches:
            _draw_agreements(service, ordered)
        elif unfinished:
            st.caption(t("Not finished yet: {names}", names=plain(", ".join(job.name for job in unfinished))))
    except WorkbenchError as error:
        show_error(error)


def _compared(
    service: JobService, jobs: Sequence[Job], measure: Measure, *, quiet: bool
) -> ComparedRuns | None:
    """None where they cannot be measured together. quiet: nothing is said of that; their orders are shown."""
    with st.spinner(t("Calculating …")):
        try:
            return compare_measured(service.store, jobs, measure)
        except InputError as error:
            if not quiet:
                show_error(error)
            return None


def _draw_compared(compared: ComparedRuns) -> None:
    measure = str(compared.measure)
    st.subheader(t("{measure} over the {count} queries of all", measure=measure, count=compared.queries))
    rows = []
    for one in compared.runs:
        comparison = one.comparison
        interval = comparison.interval if comparison else None
        rows.append(
            {
                t("Name"): one.job.name,
                measure: one.mean,
                t("Difference"): signed(comparison.difference) if comparison else "",
                t("95 % interval"): f"{signed(interval.low)} … {signed(interval.high)}" if interval else "",
                t("p"): chance(comparison.p_adjusted) if comparison else "",
                t("Verdict"): verdict_word(comparison.verdict) if comparison else t("the first run"),
                t("Model"): one.job.model.label if one.job.model else "",
                t("Instruction"): str(one.job.settings.get("instruction") or ""),
            }
        )
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        rows,
        key="runs.compared",
        hide_index=True,
        height="content",
        column_config={
            measure: st.column_config.NumberColumn(format="%.3f"),
            **dict.fromkeys((t("Difference"), t("95 % interval"), t("p")), right),
        },
    )
    pairs = [
        (f"{place}. {one.job.name}", one.comparison)
        for place, one in enumerate(compared.runs, start=1)
        if one.comparison is not None
    ]
    title = t("Difference in {measure} from the first run, with its 95 % interval", measure=measure)
    draw_intervals(pairs, title, "runs.chart_compared", t("minus the first run"))
    st.caption("  \n".join(plain(say(note)) for note in compared.notes))


def _draw_link(service: JobService, jobs: Sequence[Job]) -> None:
    """Evaluations of the same data are compared query by query where they open."""
    last = jobs[-1]
    known = {one.id for one in comparable(service.store, last)} if last.settings.get("data") else set()
    others = [job.id for job in jobs[:-1]]
    if all(one in known for one in others) and not is_measurement(last):
        st.page_link(
            "pages/evaluate.py",
            label=t("Compare them in Evaluate"),
            query_params={"job": last.id, COMPARED: ",".join(others), SECTION: "compare"},
        )


def _draw_agreements(service: JobService, jobs: Sequence[Job]) -> None:
    """Each batch's order beside that of the first."""
    first = jobs[0]
    st.markdown(t("How far each order agrees with that of {name}", name=plain(first.name)))
    rows = []
    for job in jobs[1:]:
        # A pair at a time: only two runs are kept open.
        compared = compare_runs(open_run(service.store, first.id), open_run(service.store, job.id))
        summary = compared.summary
        rows.append(
            {
                t("Name"): job.name,
                t("Queries in both"): len(compared.queries),
                t("Same first document"): percent(summary.first_kept),
                t("Overlap of the first ten"): percent(summary.overlap),
                t("Kendall's tau"): decimal(summary.kendall),
                t("Rank-biased overlap"): decimal(summary.rbo),
            }
        )
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        rows,
        key="runs.agreements",
        hide_index=True,
        height="content",
        column_config=dict.fromkeys(list(rows[0])[2:], right),
    )
