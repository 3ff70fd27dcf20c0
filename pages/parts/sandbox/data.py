"""The Sandbox page's second section before there is a trial: the table, what it takes, earlier trials."""

from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import Job, JobPlan
from core.records import Scorer
from core.sheets.meaning.importing import ImportedTable
from core.sheets.meaning.vocabulary import Role
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.sheet import labelled_data
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.sandbox.jobs import KIND, TrialJob, new_trial, trial_data, trial_requests
from core.workflows.sandbox.side_by_side import TriedInstruction
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.opened import open_job
from pages.parts.job.start import draw_earlier_job, draw_upload, job_facts
from pages.parts.labelled.table import ROLES as LABELLED
from pages.parts.labelled.words import say
from pages.parts.sandbox.instructions import draw_instructions
from pages.parts.sandbox.session import SandboxSession
from pages.parts.sheet.files import TABLE_TYPES
from pages.parts.sheet.mapping import draw_sheet_mapping
from pages.parts.sheet.sample import draw_sample

# As for an evaluation; instructions come from the fields, not from the table.
ROLES: tuple[Role, ...] = tuple(role for role in LABELLED if role != "instruction")
EARLIER_SHOWN = 8


def draw_data_start(bench: Workbench, service: JobService, session: SandboxSession, scorer: Scorer) -> None:
    """Instructions on the left, the table and the plan on the right."""
    left, right = st.columns([1, 2], gap="medium")
    with right:
        draw_upload(
            t("Table of queries and documents"),
            TABLE_TYPES,
            "sandbox.table_file",
            session,
            service,
        )
        table = None
        if session.upload is None:
            st.caption(
                t(
                    "A table with a query, a document and a label in each row. Every instruction scores all "
                    "of it. Half of the queries choose the winner, the other half confirms it. Without "
                    "labels you see how much each instruction changes the order. Nothing leaves this machine."
                )
            )
            draw_sample("sandbox", session, service.store.home)
        else:
            table = draw_sheet_mapping("sandbox", session.upload, ROLES)
        place = st.container()
        _draw_earlier(service, session)
    data = None if table is None else _data(session, table)
    queries = () if data is None else tuple(judged.query for judged in data.judgements.values())
    with left:
        variants = draw_instructions(session, scorer.info, queries)
    if table is not None and data is not None and variants is not None:
        with place:
            _draw_plan(service, session, table, data, scorer, variants)


def trial_facts(job: Job) -> str:
    """What was tried, as a line."""
    return job_facts(job, [t("{count} instructions", count=len(job.settings.get("variants", ())))])


def _data(session: SandboxSession, table: ImportedTable) -> EvaluationData:
    depth = st.session_state.get("sandbox.depth")
    key = (table.report.sha256, table.report.sheet, table.report.encoding, str(table.roles), depth)
    if session.draft is None or session.draft_key != key:
        session.draft, session.draft_key = trial_data(labelled_data(table, depth)), key
    return session.draft


def _draw_plan(
    service: JobService,
    session: SandboxSession,
    table: ImportedTable,
    data: EvaluationData,
    scorer: Scorer,
    variants: tuple[TriedInstruction, ...],
) -> None:
    st.number_input(
        t("Candidates per query"),
        min_value=1,
        value=None,
        key="sandbox.depth",
        placeholder=t("all"),
        persist_state="session",
        width=220,
    )
    as_words = not scorer.info.uses_instruction
    key = (session.draft_key, scorer.info.fingerprint, variants)
    if session.plan is None or session.plan_key != (*key, service.cache.changes):
        requests = trial_requests(data, variants, as_words=as_words)
        session.plan = service.plan(requests, scorer)
        session.plan_key = (*key, service.cache.changes)
    st.caption(_plan_line(data, session.plan, len(variants)))
    for note in data.notes:
        st.caption(plain(say(note)))
    if table.roles.get("instruction"):
        st.caption(t("The instructions in the table are set aside; those on the left are tried."))
    if not data.labels:
        st.info(t("There are no labels: you will see what changes, not whether it is better."))
    if st.button(t("Try the instructions"), type="primary", key="sandbox.try", shortcut="Ctrl+Enter"):
        try:
            job = _submit(service, session, table, data, scorer, variants)
        except WorkbenchError as error:
            show_error(error)
        else:
            open_job(session, job.id)
            st.rerun()


def _plan_line(data: EvaluationData, plan: JobPlan, variants: int) -> str:
    parts = [
        t(
            "{queries} queries × {variants} instructions: {pairs} pairs, {labels} labels",
            queries=f"{len(data.judgements):,}",
            variants=variants,
            pairs=f"{plan.pairs:,}",
            labels=f"{data.labels:,}",
        ),
        t(
            "{score} pairs to score, {known} already known",
            score=f"{plan.to_score:,}",
            known=f"{plan.cached + plan.duplicates:,}",
        ),
    ]
    if plan.seconds is not None and plan.to_score:
        parts.append(t("about {time}", time=duration(plan.seconds)))
    return " · ".join(parts)


def _submit(
    service: JobService,
    session: SandboxSession,
    table: ImportedTable,
    data: EvaluationData,
    scorer: Scorer,
    variants: tuple[TriedInstruction, ...],
) -> Job:
    assert session.upload is not None  # the table was read from it
    asked = TrialJob(
        model=scorer.info.name,
        variants=variants,
        as_words=not scorer.info.uses_instruction,
        columns={str(role): tuple(names) for role, names in table.roles.items()},
        sheet=table.report.sheet,
        encoding=table.report.encoding,
        depth=st.session_state.get("sandbox.depth"),
    )
    return service.runner.submit(new_trial(session.upload.name, data, asked, session.upload))


def _draw_earlier(service: JobService, session: SandboxSession) -> None:
    jobs = service.store.history(kind=KIND, limit=EARLIER_SHOWN)
    if jobs:
        st.subheader(t("Earlier trials"))
    for job in jobs:
        draw_earlier_job("sandbox", job, partial(open_job, session), trial_facts(job))
