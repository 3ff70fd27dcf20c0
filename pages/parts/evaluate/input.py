"""The Evaluate page's start: a labelled file, what its columns mean, what scoring it takes, earlier runs."""

from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import JobPlan
from core.records import Scorer
from core.sheets.meaning.importing import ImportedTable
from core.workflows.compare.kept import kept_comparisons
from core.workflows.evaluate.added_rows import find_added_rows
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.jobs import KIND, EvaluateJob, new_evaluation
from core.workflows.evaluate.scores import usable_instruction
from core.workflows.evaluate.sheet import labelled_data
from core.workflows.home.job_service import JobService
from core.workflows.home.provenance import file_rows
from core.workflows.home.workbench import Workbench
from pages.parts.asked.instruction_choice import draw_instruction
from pages.parts.compare.choice import draw_model_choice
from pages.parts.compare.view import draw_earlier_comparison
from pages.parts.evaluate.runs import draw_comparison_line, draw_runs_start
from pages.parts.evaluate.session import EvaluateSession, kept_files, open_run
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.start import draw_earlier_job, draw_plan, draw_upload
from pages.parts.labelled.table import ROLES
from pages.parts.labelled.words import say
from pages.parts.sheet.files import TABLE_TYPES
from pages.parts.sheet.mapping import draw_sheet_mapping
from pages.parts.sheet.sample import draw_sample

EARLIER_SHOWN = 8
DEPTH_KEY = "evaluate.depth"


def draw_start(bench: Workbench, service: JobService, session: EvaluateSession) -> None:
    """Everything before there is a run to look at."""
    draw_upload(t("Labelled table"), TABLE_TYPES, "evaluate.file", session, service)
    if session.upload is None:
        st.caption(
            t(
                "A table with a query, a document and a label in each row (0 not relevant, 1 and more "
                "relevant), in its present order or with a column of ranks. Without labels it shows what "
                "changed, and you can judge here. Nothing leaves this machine."
            )
        )
        draw_sample("evaluate", session, service.store.home)
        draw_runs_start()
    else:
        table = draw_sheet_mapping("evaluate", session.upload, ROLES, graded=True)
        if table is not None:
            _draw_run(bench, service, session, table)
    _draw_earlier(service)


def _draw_run(bench: Workbench, service: JobService, session: EvaluateSession, table: ImportedTable) -> None:
    left, right = st.columns([1, 2])
    with left:
        depth = st.number_input(
            t("Candidates per query"),
            min_value=1,
            value=None,
            key=DEPTH_KEY,
            placeholder=t("all"),
            persist_state="session",
            help=t(
                "Rerank only the first so many of each query. The labels of the others still count, so rows "
                "that were added because they are relevant do not help the reranker."
            ),
        )
    with right:
        instruction = draw_instruction("evaluate", bench.status().active)
    data = _data(session, table, depth)
    _describe(table, data)
    try:
        scorer = bench.scorer()
    except WorkbenchError as error:
        show_error(error)
        return
    wording = usable_instruction(scorer.info, instruction)
    draw_plan(_plan(service, session, data, scorer, wording))
    unsettled = table.scale.doubt is not None
    if st.button(
        t("Evaluate"), type="primary", key="evaluate.run", shortcut="Ctrl+Enter", disabled=unsettled
    ):
        try:
            _submit(service, session, table, data, scorer, wording, depth)
        except WorkbenchError as error:
            show_error(error)
        else:
            st.rerun()
    with st.expander(t("Or: compare several models")):
        name = session.upload.name if session.upload else ""
        source = [
            ("input", name),
            *file_rows(table.report.sheet, table.report.encoding, dict(_columns(table))),
        ]
        source.append(("candidates per query", str(depth) if depth else "all"))
        draw_model_choice(bench, service, data, name, instruction, source, open_run, "evaluate.compare")


def _data(session: EvaluateSession, table: ImportedTable, depth: int | None) -> EvaluationData:
    key = (
        table.report.sha256,
        table.report.sheet,
        table.report.encoding,
        _columns(table),
        table.scale,
        depth,
    )
    if session.draft is None or session.draft_key != key:
        session.draft, session.draft_key = labelled_data(table, depth), key
        session.plan = None
    return session.draft


def _columns(table: ImportedTable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((str(role), tuple(names)) for role, names in table.roles.items())


def _describe(table: ImportedTable, data: EvaluationData) -> None:
    roles = dict(_columns(table))
    order = (
        t("the rank column")
        if roles.get("initial_rank")
        else t("the score column, lowest first")
        if roles.get("initial_score") and table.score_direction == "asc"
        else t("the score column")
        if roles.get("initial_score")
        else t("the order of the rows")
    )
    st.caption(
        t(
            "Queries: {queries}, pairs: {pairs}, labels: {labels}. The order before is {order}.",
            queries=len(data.judgements),
            pairs=f"{data.pairs:,}",
            labels=f"{data.labels:,}",
            order=order,
        )
    )
    for note in data.notes:
        st.caption(plain(say(note)))
    added = find_added_rows(data.judgements, data.initial)
    if added is not None:
        st.warning(plain(say(added.warning)))
    if added is not None and added.depth is not None:
        st.button(
            t("Rerank only {depth} per query", depth=added.depth),
            key="evaluate.usual_depth",
            on_click=partial(_set_depth, added.depth),
        )
    if not data.labels and roles.get("label"):
        st.warning(
            t("No label could be read: labels are whole numbers, 0 not relevant, 1 and more relevant.")
        )
    elif not data.labels:
        st.info(
            t("There are no labels: you will see what changed, and can judge documents here."),
            icon=":material/info:",
        )


def _set_depth(depth: int) -> None:
    st.session_state[DEPTH_KEY] = depth


def _plan(
    service: JobService,
    session: EvaluateSession,
    data: EvaluationData,
    scorer: Scorer,
    instruction: str | None,
) -> JobPlan:
    key = (session.draft_key, scorer.info.fingerprint, instruction)
    if session.plan is None or session.plan_key != (*key, service.cache.changes):
        session.plan = service.plan(tuple(data.requests(instruction)), scorer)
        session.plan_key = (*key, service.cache.changes)
    return session.plan


def _submit(
    service: JobService,
    session: EvaluateSession,
    table: ImportedTable,
    data: EvaluationData,
    scorer: Scorer,
    instruction: str | None,
    depth: int | None,
) -> None:
    assert session.upload is not None  # the table was read from it
    asked = EvaluateJob(
        model=scorer.info.name,
        data=data.fingerprint,
        instruction=instruction,
        columns=dict(_columns(table)),
        sheet=table.report.sheet,
        encoding=table.report.encoding,
        depth=depth,
    )
    job = service.runner.submit(new_evaluation(session.upload.name, data, asked, session.upload))
    open_run(job.id)


def _draw_earlier(service: JobService) -> None:
    jobs = service.store.history(kind=KIND, limit=EARLIER_SHOWN)
    comparisons = kept_files().comparisons()[:EARLIER_SHOWN]
    models = kept_comparisons(service.store.home).all()[:EARLIER_SHOWN]
    if not jobs and not comparisons and not models:
        return
    st.subheader(t("Earlier evaluations"))
    for job in jobs:
        draw_earlier_job("evaluate", job, open_run)
    for compared in models:
        draw_earlier_comparison(compared, open_run)
    for one in comparisons:
        draw_comparison_line(one)
