"""Several models or runs on the same data: which take part, and one table with quality and cost."""

from functools import partial

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.evaluation.judged import Run
from core.evaluation.judgements import write_trec_run
from core.jobs import Job
from core.workflows.evaluate.files import NamedFile, read_run
from core.workflows.evaluate.jobs import EvaluateJob, comparable
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import deciding_measure, query_rows
from core.workflows.evaluate.scores import Cost
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from pages.parts.compare.choice import draw_model_choice
from pages.parts.evaluate.files import RUN_TYPES
from pages.parts.evaluate.session import EvaluateSession, compare_with, compared_with, kept_files, open_run
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.labelled.charts import draw_costs, draw_intervals, draw_sorted_differences
from pages.parts.labelled.words import run_name, say, signed, verdict_word

OTHER_IDS = "The run {name} names no query of this table."
OTHER_IDS_HINT = "Its query ids must be those of the table's query id column."


def draw_compare(
    bench: Workbench, service: JobService, session: EvaluateSession, job: Job, outcome: Outcome
) -> None:
    """Choose what to compare, then everything in one table."""
    _draw_choice(service, session, job, outcome)
    with st.expander(t("Compare other models on these candidates")):
        instruction, source = EvaluateJob.of(job).instruction, service.details(job)
        key = "evaluate.compare_here"
        draw_model_choice(bench, service, outcome.data, job.name, instruction, source, open_run, key)
    draw_systems(outcome)
    build = partial(write_trec_run, outcome.runs[1])
    name = file_name(job.name, t("reranked"), "run")
    draw_export(t("The new order as a TREC run"), build, name, "evaluate.download_run")


def draw_systems(outcome: Outcome) -> None:
    """Every run in one table with quality and cost, and the differences from the first."""
    _draw_table(outcome)
    measure = deciding_measure(outcome)
    report = outcome.report
    if report is not None and measure is not None and report.systems:
        pairs = [(s.evaluation.run, s.headline) for s in report.systems if s.headline is not None]
        title = t(
            "Difference in {measure} from «{baseline}», with its 95 % interval",
            measure=str(measure),
            baseline=run_name(outcome.runs[0].name),
        )
        draw_intervals(pairs, title, "evaluate.chart_systems")
        for name, comparison in pairs:
            st.markdown(f"**{plain(name)}** · {plain(say(comparison.sentence))}")
        if len(pairs) > 1:
            st.caption(plain(say(pairs[0][1].notes[0])))
        draw_sorted_differences(
            [
                (name, [row.difference for row in query_rows(outcome, system)])
                for system, (name, _) in enumerate(pairs)
            ],
            measure,
            "evaluate.chart_sorted",
        )
    _draw_costs(outcome)


def _draw_choice(service: JobService, session: EvaluateSession, job: Job, outcome: Outcome) -> None:
    others = {other.id: other for other in comparable(service.store, job)}
    key = f"evaluate.compared_{job.id}"
    if others:
        chosen = st.multiselect(
            t("Compare with earlier evaluations of the same data"),
            list(others),
            default=[one for one in compared_with(session, job.id) if one in others]
            if key not in st.session_state
            else None,
            format_func=lambda one: _title(others[one]),
            key=key,
            persist_state="session",
        )
        if tuple(chosen) != compared_with(session, job.id):
            compare_with(session, job.id, tuple(chosen))
            st.rerun()
    else:
        st.caption(
            t("Evaluate the same file with another model or instruction, and it can be compared here.")
        )
    _draw_runs(job, outcome)


def _title(job: Job) -> str:
    made = job.created.astimezone().strftime("%Y-%m-%d %H:%M")
    model = job.model.label if job.model else job.name
    instruction = EvaluateJob.of(job).instruction
    return " · ".join(part for part in (model, made, instruction) if part)


def _draw_runs(job: Job, outcome: Outcome) -> None:
    data_id = str(job.settings.get("data"))
    known = kept_files().runs(data_id)
    with st.expander(t("Runs of other tools (TREC format)"), expanded=bool(known)):
        files = st.file_uploader(
            t("Run files with this table's query and document ids"),
            type=RUN_TYPES,
            accept_multiple_files=True,
            key=f"evaluate.runs_{job.id}",
        )
        if files and st.button(t("Add to the comparison"), key="evaluate.add_runs"):
            try:
                found = [NamedFile(file.name, file.getvalue()) for file in files]
                for file in found:
                    _check(read_run(file).run, outcome)
                kept_files().keep_runs(data_id, found)
            except WorkbenchError as error:
                show_error(error)
                return
            st.rerun()
        if known and st.button(t("Remove these runs"), key="evaluate.remove_runs"):
            kept_files().forget(data_id)
            st.rerun()


def _check(run: Run, outcome: Outcome) -> None:
    """A run of other ids would be measured as answering nothing."""
    if not any(query in outcome.data.judgements for query in run.rankings):
        raise InputError(OTHER_IDS, where=run.name, hint=OTHER_IDS_HINT, name=run.name)


def _draw_table(outcome: Outcome) -> None:
    report = outcome.report
    costs = {system.name: system.cost for system in outcome.systems}
    rows: list[dict[str, object]] = []
    for position, run in enumerate(outcome.runs):
        row: dict[str, object] = {t("System"): run_name(run.name)}
        if report is not None:
            evaluation = report.baseline if position == 0 else report.systems[position - 1].evaluation
            row |= {str(measure): mean for measure, mean in evaluation.means().items()}
            headline = report.systems[position - 1].headline if position else None
            row[t("Difference")] = signed(headline.difference) if headline else ""
            row[t("Verdict")] = verdict_word(headline.verdict) if headline else ""
        if position:
            movement = outcome.movement[position - 1]
            row[t("In common")] = f"{movement.overlap:.0%}" if movement.overlap is not None else "–"
            row["Kendall"] = "–" if movement.kendall is None else f"{movement.kendall:.3f}"
        rows.append(row | _cost(costs.get(run.name)))
    rows[0] |= {t("In common"): "", "Kendall": ""}
    three = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        rows,
        hide_index=True,
        key="evaluate.table_systems",
        column_config={
            **{str(m): three for m in (report.baseline.values if report else ())},
            t("Verdict"): st.column_config.TextColumn(width=110),
            t("ms per pair"): st.column_config.TextColumn(
                help=t("Of the pairs the model read; known pairs cost nothing")
            ),
        },
    )


def _draw_costs(outcome: Outcome) -> None:
    costs = [(system.name, system.cost) for system in outcome.systems if system.cost is not None]
    if len(costs) < 2:
        return
    memory, latency = st.columns(2)
    with latency:
        speeds = [(name, cost.milliseconds_per_pair) for name, cost in costs]
        if any(speed is not None for _, speed in speeds):
            draw_costs(speeds, t("ms per pair"), "evaluate.chart_latency")
    with memory:
        sizes = [(name, cost.memory_bytes / 1e6) for name, cost in costs]
        draw_costs(sizes, t("Memory, MB"), "evaluate.chart_memory")


def _cost(cost: Cost | None) -> dict[str, object]:
    speed = cost.milliseconds_per_pair if cost else None
    return {
        t("ms per pair"): "" if speed is None else f"{speed:.1f}",
        t("Memory, MB"): "" if cost is None else f"{cost.memory_bytes / 1e6:,.0f}",
    }
