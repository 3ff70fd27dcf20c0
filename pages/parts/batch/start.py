"""The Batch page before there is a run: files, what their columns mean, settings, the plan, earlier runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import InputFile, Job, JobPlan, keep_upload
from core.records import Scorer
from core.sheets.meaning.importing import ImportedTable
from core.sheets.meaning.vocabulary import Role
from core.workflows.batch.export import problems_csv
from core.workflows.batch.input import (
    BatchInput,
    batch_input,
    batch_settings,
    new_batch_job,
    with_care,
    without_queries,
)
from core.workflows.batch.records import KIND
from core.workflows.batch.under_recipe import under_recipe
from core.workflows.care.preparing import CareSettings, token_counter
from core.workflows.home.expected_cost import expected_cost
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.home.plan import unreadable_queries
from core.workflows.home.two_looks import looking_twice
from core.workflows.home.workbench import Workbench
from core.workflows.recipes.use import RecipeInUse
from pages.parts.asked.instruction_choice import draw_instruction
from pages.parts.asked.recipe_choice import draw_recipe
from pages.parts.asked.two_looks_choice import draw_two_looks
from pages.parts.batch.session import BatchSession, open_run
from pages.parts.care.preview import draw_batch_care
from pages.parts.care.settings import care_summary, draw_care_settings
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.figures import duration
from pages.parts.frame.language import t
from pages.parts.frame.menu import draw_title
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.scored_by import draw_scored_by
from pages.parts.frame.workbench import FIRST_MODEL_SECONDS
from pages.parts.job.cost import draw_expected_cost
from pages.parts.job.opened import FILE
from pages.parts.job.start import draw_earlier_job, job_facts
from pages.parts.sheet.files import TABLE_TYPES
from pages.parts.sheet.mapping import draw_sheet_mapping
from pages.parts.sheet.preview import draw_problems
from pages.parts.sheet.sample import draw_sample

ROLES: tuple[Role, ...] = (
    "query",
    "document",
    "initial_rank",
    "initial_score",
    "query_id",
    "document_id",
    "label",
    "group",
    "instruction",
)
EARLIER_SHOWN = 6


def draw_start(bench: Workbench, service: JobService, session: BatchSession) -> None:
    """Everything before a run."""
    draw_title("batch")
    _draw_uploads(bench, service, session)
    if session.upload is None:
        st.caption(
            t(
                "A spreadsheet of queries and documents: a row per pair, several document columns, or "
                "queries and documents on two sheets. Columns are recognised and can be corrected. "
                "Nothing leaves this machine."
            )
        )
        draw_sample("batch", session, service.store.home)
    else:
        with st.container(border=True):
            st.markdown(f"**{plain(session.upload.name)}**")
            table = draw_sheet_mapping("batch", session.upload, ROLES, session.pool, typed=True)
        if table is not None:
            _draw_run(bench, service, session, table)
    _draw_earlier(service)


def _draw_uploads(bench: Workbench, service: JobService, session: BatchSession) -> None:
    left, right = st.columns(2)
    with left:
        file = st.file_uploader(t("Spreadsheet"), type=TABLE_TYPES, key="batch.file")
    with right:
        pool = st.file_uploader(
            t("Documents in a second file (optional)"), type=TABLE_TYPES, key="batch.pool"
        )
    try:
        for name, given in (("upload", file), ("pool", pool)):
            if given is not None and session.upload_ids.get(name) != given.file_id:
                # Streamlit forgets an upload on a page switch and on a reload; the home folder keeps it.
                kept = keep_upload(bench.settings.home, given.name, given)
                setattr(session, name, kept)
                session.upload_ids[name] = given.file_id
        if session.upload is None and FILE in st.query_params:
            session.upload = service.upload_named(st.query_params[FILE])
    except WorkbenchError as error:
        show_error(error)
    if session.upload is not None:
        st.query_params[FILE] = service.upload_token(session.upload)
    if session.pool is not None and pool is None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(t("Documents from {name}", name=plain(session.pool.name)))
            if st.button(t("Leave it out"), key="batch.no_pool", type="tertiary"):
                session.pool = None
                st.rerun()


def _draw_run(bench: Workbench, service: JobService, session: BatchSession, table: ImportedTable) -> None:
    left, right = st.columns([2, 1])
    with left:
        recipe = draw_recipe("batch")
        instruction = recipe.recipe.instruction if recipe else None
        if recipe is None:
            instruction = draw_instruction("batch", bench.status().active)
    with right:
        top = st.number_input(
            t("Documents per query in exports"),
            min_value=1,
            value=None,
            key="batch.top",
            placeholder=t("all"),
            persist_state="session",
            help=t("All are scored; an export holds only the best so many of each query."),
        )
    if recipe is not None:
        care, outcome = recipe.care, st.container()
    else:
        with st.expander(t("Clean and split documents"), key="batch.care"):
            care = draw_care_settings("batch")
            outcome = st.container()
        care_summary(care)
    looks = 0
    if recipe is None:
        looks = draw_two_looks("batch", bench.status(), in_chunks=care.chunks is not None)
    try:
        scorer = bench.scorer(wait=FIRST_MODEL_SECONDS)
        with st.spinner(t("Planning …")):
            choices = _Choices(instruction, care, top, recipe, looks)
            batch = _batch(session, table, scorer, choices)
            plan = _plan(service, session, batch, looking_twice(scorer, looks))
    except WorkbenchError as error:
        show_error(error)
        return
    if batch.care is not None:
        with outcome:
            draw_batch_care(batch.care)
    _draw_batch(batch, session.upload.name if session.upload else "", plan, scorer)
    agreed = draw_expected_cost("batch", session.expected_cost, scorer)
    if st.button(
        t("Rerank {pairs} pairs", pairs=f"{batch.pairs:,}"),
        type="primary",
        key="batch.run",
        shortcut="Ctrl+Enter",
        disabled=not batch.requests or not agreed,
    ):
        try:
            _submit(service, session, batch, scorer, choices)
        except WorkbenchError as error:
            show_error(error)
        else:
            st.rerun()


@dataclass(frozen=True, slots=True)
class _Choices:
    """What the fields hold. top: documents of each query in exports. two_looks: 0 where all is read."""

    instruction: str | None
    care: CareSettings
    top: int | None
    recipe: RecipeInUse | None
    two_looks: int


def _batch(session: BatchSession, table: ImportedTable, scorer: Scorer, choices: _Choices) -> BatchInput:
    info = scorer.info
    recipe = choices.recipe
    key = (info.fingerprint, choices.instruction, choices.care, repr(recipe), choices.two_looks)
    if session.batch is None or session.table is not table or session.batch_key != key:
        batch = batch_input(table, choices.instruction, uses_instruction=info.uses_instruction)
        batch = under_recipe(batch, recipe, info) if recipe else batch
        batch = without_queries(batch, unreadable_queries(batch.requests, scorer))
        session.batch = with_care(batch, choices.care, token_counter(scorer))
        session.table, session.batch_key, session.plan = table, key, None
    return session.batch


def _plan(service: JobService, session: BatchSession, batch: BatchInput, scorer: Scorer) -> JobPlan:
    if session.plan is None or session.plan_changes != service.cache.changes:
        session.plan = service.plan(batch.scored_requests, scorer)
        session.expected_cost = expected_cost(batch.scored_requests, scorer, service.cache)
        # Planning itself keeps the scores that it measured the speed with.
        session.plan_changes = service.cache.changes
    return session.plan


def _draw_batch(batch: BatchInput, batch_name: str, plan: JobPlan, scorer: Scorer) -> None:
    """What will be scored, and what it takes. batch_name: of its file."""
    facts = (
        (t("Queries"), f"{plan.queries:,}", None),
        (
            (t("Texts"), f"{plan.pairs:,}", t("Chunks of long documents count one by one."))
            if batch.care is not None and batch.care.settings.chunks
            else (t("Pairs"), f"{plan.pairs:,}", None)
        ),
        (t("Repeated"), f"{plan.duplicates:,}", t("Pairs equal to an earlier one; each is scored once.")),
        (
            t("Already scored"),
            f"{plan.cached:,}",
            t("Equal pairs that this model scored before."),
        ),
        (t("To score"), f"{plan.to_score:,}", None),
        (t("Tokens"), _about(plan.tokens, plan.sampled), None),
        (t("Documents to be truncated"), _about(plan.truncated, plan.sampled), None),
        (t("Time"), _time(plan), None),
    )
    with st.container(border=True):
        for column, (name, value, about) in zip(st.columns(len(facts)), facts, strict=True):
            column.caption(name, help=about)
            column.markdown(value)
        draw_scored_by(scorer.info, t("The order before is {order}.", order=order_before(batch.basis)))
    if batch.problems:
        draw_export(
            t("Remarks on the rows as CSV"),
            partial(problems_csv, batch.problems),
            file_name(batch_name, t("remarks"), "csv"),
            "batch.problems",
            type="tertiary",
        )
    too_long = [problem for problem in batch.problems if problem.kind == "query_too_long"]
    draw_problems(too_long)


def order_before(basis: str) -> str:
    """How the order before reranking was known."""
    if basis == "rank":
        return t("the rank column")
    if basis == "distance":
        return t("the score column, lowest first")
    return t("the score column") if basis == "score" else t("the order of the rows")


def _time(plan: JobPlan) -> str:
    if plan.seconds is None:
        return "–"
    return t("about {time}", time=duration(plan.seconds)) if plan.to_score else t("at once")


def _about(count: int | None, sampled: int | None) -> str:
    if count is None:
        return "–"
    return f"≈ {count:,}" if sampled else f"{count:,}"


def _submit(
    service: JobService,
    session: BatchSession,
    batch: BatchInput,
    scorer: Scorer,
    choices: _Choices,
) -> None:
    assert session.upload is not None  # the batch was read from it
    files: tuple[InputFile, ...] = (session.upload, *((session.pool,) if session.pool else ()))
    settings = batch_settings(
        batch,
        scorer.info.name,
        instruction=choices.instruction,
        top=choices.top,
        recipe=choices.recipe,
        two_looks=choices.two_looks,
    )
    job = service.runner.submit(new_batch_job(session.upload.name, batch, settings, files))
    open_run(job.id)


def _draw_earlier(service: JobService) -> None:
    """Runs to go on with, then the newest others."""
    jobs = service.store.history(kind=KIND, limit=200)
    stopped = [job for job in jobs if job.resumable and job.state != "cancelled"]
    if stopped:
        st.subheader(t("Stopped before the end"))
        _draw_jobs(stopped[:EARLIER_SHOWN])
    others = [job for job in jobs if job not in stopped]
    if others:
        st.subheader(t("Earlier runs"))
        _draw_jobs(others[:EARLIER_SHOWN])


def _draw_jobs(jobs: Sequence[Job]) -> None:
    for job in jobs:
        draw_earlier_job("batch", job, open_run, job_facts(job, how_far=True))
