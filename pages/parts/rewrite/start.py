"""Rewriting a sheet: the file, what its columns mean, where the context stands, what will be scored."""

from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.jobs import JobPlan
from core.records import Scorer
from core.sheets.meaning.importing import ImportedTable
from core.text.rewriting.variants import RULE_TITLES, RewriteSettings
from core.workflows.evaluate.added_rows import find_added_rows
from core.workflows.evaluate.scores import usable_instruction
from core.workflows.evaluate.sheet import labelled_data
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.rewrite.data import RewrittenData, contexts_of, rewrite_data
from core.workflows.rewrite.jobs import KIND, RewriteJob, new_rewriting
from pages.parts.asked.instruction_choice import draw_instruction
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.opened import open_job
from pages.parts.job.start import draw_earlier_job, draw_plan, draw_upload
from pages.parts.labelled.table import ROLES
from pages.parts.labelled.words import say
from pages.parts.rewrite.rules import draw_rules, reason_lines
from pages.parts.rewrite.session import RewriteSession
from pages.parts.sheet.files import TABLE_TYPES
from pages.parts.sheet.mapping import draw_sheet_mapping
from pages.parts.sheet.sample import draw_sample

SHOWN_REWRITES = 200
EARLIER_SHOWN = 8
NONE = ""


def draw_start(bench: Workbench, service: JobService, session: RewriteSession) -> None:
    """Everything before there is a run to look at."""
    draw_upload(t("Queries with their documents"), TABLE_TYPES, "rewrite.table", session, service)
    if session.upload is None:
        st.caption(
            t(
                "A table with a query and a document in each row, labelled or not. Every query is rewritten "
                "by the rules and all wordings are scored; with labels, the ledger says what each rule "
                "gained and lost."
            )
        )
        draw_sample("rewrite", session, service.store.home)
    else:
        table = draw_sheet_mapping("rewrite", session.upload, ROLES)
        if table is not None:
            _draw_run(bench, service, session, table)
    _draw_earlier(service, session)


def _draw_run(bench: Workbench, service: JobService, session: RewriteSession, table: ImportedTable) -> None:
    left, right = st.columns(2)
    with left:
        column, shared = _draw_context(table)
    with right:
        instruction = draw_instruction("rewrite.data", bench.status().active)
    settings = draw_rules(session)
    try:
        rewritten = _draft(session, table, (column, shared), settings)
        _describe(rewritten)
        scorer = bench.scorer()
        wording = usable_instruction(scorer.info, instruction)
        draw_plan(_plan(service, session, rewritten, scorer, wording))
    except WorkbenchError as error:
        show_error(error)
        return
    if st.button(t("Score all wordings"), type="primary", key="rewrite.start", shortcut="Ctrl+Enter"):
        asked = RewriteJob(
            model=scorer.info.name,
            instruction=wording,
            columns={str(role): tuple(names) for role, names in table.roles.items()},
            sheet=table.report.sheet,
            encoding=table.report.encoding,
            rules=settings.rules,
            limit=settings.limit,
            glossary=session.glossary[0] if session.glossary else "",
            context_column=column or "",
            context=shared,
        )
        assert session.upload is not None  # the table was read from it
        try:
            new = new_rewriting(session.upload.name, rewritten, asked, session.upload)
            open_job(session, service.runner.submit(new).id)
        except WorkbenchError as error:
            show_error(error)
        else:
            st.rerun()


def _draw_context(table: ImportedTable) -> tuple[str | None, str]:
    used = {name for names in table.roles.values() for name in names}
    offered = [str(name) for name in table.originals.columns if name not in used]
    column = st.selectbox(
        t("Column with each query's context"),
        [NONE, *offered],
        format_func=lambda name: name or "–",
        key="rewrite.context_column",
        persist_state="session",
        help=t("A pronoun of the query is replaced by a name that stands here."),
    )
    shared = st.text_area(
        t("Context of all queries"),
        key="rewrite.shared_context",
        height=80,
        persist_state="session",
        placeholder=t("What the query is about: earlier questions, the product, the case"),
    )
    return column or None, shared or ""


def _draft(
    session: RewriteSession,
    table: ImportedTable,
    context: tuple[str | None, str],
    settings: RewriteSettings,
) -> RewrittenData:
    roles = tuple((str(role), tuple(names)) for role, names in table.roles.items())
    report = table.report
    key = (report.sha256, report.sheet, report.encoding, roles, context, settings)
    if session.draft is None or session.draft_key != key:
        session.draft, session.plan = None, None
        with st.spinner(t("Rewriting …")):
            data = labelled_data(table)
            session.draft = rewrite_data(data, contexts_of(table, *context), settings)
        session.draft_key = key
    return session.draft


def _describe(rewritten: RewrittenData) -> None:
    st.caption(
        t(
            "{rewritten} of {queries} queries get {variants} variants; the file has {labels} labels.",
            rewritten=f"{rewritten.rewritten:,}",
            queries=f"{len(rewritten.rewritings):,}",
            variants=f"{rewritten.variants:,}",
            labels=f"{rewritten.data.labels:,}",
        )
    )
    added = find_added_rows(rewritten.data.judgements, rewritten.data.initial)
    if added is not None:
        st.warning(plain(say(added.warning)))
    if not rewritten.data.labels:
        st.info(
            t("There are no labels: you will see what every rule moves, not whether that helps."),
            icon=":material/info:",
        )
    rows = [
        {
            t("Query"): rewriting.query,
            t("Wording"): variant.text,
            t("Rule"): t(RULE_TITLES[variant.source]),
            t("Reason"): reason_lines(variant.reasons),
        }
        for rewriting in rewritten.rewritings.values()
        for variant in rewriting.variants
    ]
    with st.expander(t("The variants ({count})", count=f"{len(rows):,}"), expanded=True):
        st.dataframe(rows[:SHOWN_REWRITES], hide_index=True, key="rewrite.draft_table", height=260)
        if len(rows) > SHOWN_REWRITES:
            st.caption(t("… and {count} more", count=len(rows) - SHOWN_REWRITES))


def _plan(
    service: JobService,
    session: RewriteSession,
    rewritten: RewrittenData,
    scorer: Scorer,
    instruction: str | None,
) -> JobPlan:
    key = (session.draft_key, scorer.info.fingerprint, instruction)
    if session.plan is None or session.plan_key != (*key, service.cache.changes):
        session.plan = service.plan(tuple(rewritten.requests(instruction)), scorer)
        session.plan_key = (*key, service.cache.changes)
    return session.plan


def _draw_earlier(service: JobService, session: RewriteSession) -> None:
    jobs = service.store.history(kind=KIND, limit=EARLIER_SHOWN)
    if jobs:
        st.subheader(t("Earlier rewritings"))
    for job in jobs:
        draw_earlier_job("rewrite", job, partial(open_job, session))
