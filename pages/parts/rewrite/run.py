"""A finished rewriting: the ledger per rule, what is accepted, the winning queries, export."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.evaluation.kinds import DECIDING_MEASURES
from core.evaluation.measures import parse_measure
from core.jobs import Job
from core.text.rewriting.variants import RULE_TITLES, Source
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.rewrite.decisions import (
    CHOSEN_HERE,
    Decisions,
    WinningQuery,
    chosen_by_outcome,
    followed,
    winning_queries,
)
from core.workflows.rewrite.export import ledger_csv, queries_csv, rewrite_excel
from core.workflows.rewrite.jobs import RewriteJob, kept_rewriting
from core.workflows.rewrite.ledger import ACCEPTED, Ledger, LedgerSettings, Tally, gain_ledger, tally_of
from core.workflows.rewrite.recipe import rewriting_recipe
from pages.parts.asked.recipe_saving import draw_save_recipe
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.job.head import draw_head, head_facts
from pages.parts.job.opened import open_job
from pages.parts.labelled.measures import draw_lowest_grade
from pages.parts.labelled.words import say, speaker
from pages.parts.rewrite.ledger import draw_merges, draw_rows, draw_rule_table
from pages.parts.rewrite.session import OpenedRewriting, RewriteSession, decision_store

MEASURE_KEY, REL_KEY = "rewrite.measure", "rewrite.rel"


def draw_run_head(session: RewriteSession, job: Job) -> None:
    """What is looked at, and the way back to the start."""
    asked = RewriteJob.of(job)
    facts = head_facts(
        job, asked.model, [t("glossary: {name}", name=asked.glossary)] if asked.glossary else []
    )
    draw_head("rewrite", job.name, facts, t("New rewriting"), partial(open_job, session, None))


def draw_run(service: JobService, session: RewriteSession, job: Job) -> None:
    """The whole ledger under the measure chosen."""
    opened = _opened(service, session, job)
    with st.container(horizontal=True, vertical_alignment="center"):
        settings = _draw_measure()
        place = st.container()
    if settings is None:
        return
    ledger = _ledger(opened, settings)
    # Another tab may have decided something since.
    decided = decision_store().read(job.id) or Decisions()
    decisions = followed(ledger, decided)
    st.subheader(t("Rules"))
    draw_rule_table(ledger)
    _draw_accepted_rules(opened, ledger, decisions)
    winners = winning_queries(opened.scored, ledger, decisions)
    accepted = _draw_outcome(opened, ledger, winners, decisions)
    st.subheader(t("Rewrites"))
    _draw_rewrites(opened, ledger, decisions)
    with st.expander(t("All wordings merged into one order")):
        draw_merges(ledger)
    with place:
        make = partial(rewriting_recipe, job, opened.scored, decisions, session.glossary, ledger.settings)
        draw_save_recipe("rewrite.recipe", Path(job.name).stem, make)
        _draw_exports(service.details(job), job.name, ledger, winners, decisions, accepted)


def _opened(service: JobService, session: RewriteSession, job: Job) -> OpenedRewriting:
    if session.opened is None or session.opened.job_id != job.id:
        with st.spinner(t("Calculating …")):
            scored = kept_rewriting(service.store, job)
        session.opened = OpenedRewriting(job.id, scored, decision_store().read(job.id) or Decisions())
    return session.opened


def _draw_measure() -> LedgerSettings | None:
    with st.popover(t("Measure"), icon=":material/tune:"):
        measure = st.selectbox(
            t("Measure that decides gained and lost"),
            DECIDING_MEASURES,
            key=MEASURE_KEY,
            accept_new_options=True,
            persist_state="session",
            help=t("Its depth is also how far down «rescued» and «harmed» look."),
        )
        rel = draw_lowest_grade(REL_KEY)
    try:
        return LedgerSettings(parse_measure(measure or DECIDING_MEASURES[0], rel), rel)
    except InputError as error:
        show_error(error)
        return None


def _ledger(opened: OpenedRewriting, settings: LedgerSettings) -> Ledger:
    key = (str(settings.measure), settings.rel)
    if opened.ledger is None or opened.ledger_key != key:
        with st.spinner(t("Calculating …")):
            opened.ledger, opened.ledger_key = gain_ledger(opened.scored, settings), key
    return opened.ledger


def _draw_accepted_rules(opened: OpenedRewriting, ledger: Ledger, decisions: Decisions) -> None:
    offered = [rule.name for rule in ledger.rules]
    shown = tuple(rule for rule in offered if decisions.rules[rule])
    # Streamlit keeps the shown words: in another language they would match no option any more.
    key = f"rewrite.accepted_{language()}_{opened.job_id}"
    st.session_state[key] = list(shown)
    st.multiselect(
        t("Accepted rules"),
        offered,
        format_func={rule: t(RULE_TITLES[rule]) for rule in offered}.__getitem__,
        key=key,
        on_change=_decide_rules,
        args=(opened.job_id, key, shown),
        placeholder=t("none; every query keeps its own wording"),
        help=t(
            "Proposed are the rules that are better beyond chance. A single rewrite can be decided below."
        ),
    )


def _decide_rules(job_id: str, key: str, shown: tuple[Source, ...]) -> None:
    """Keep what was changed in the box, and nothing that merely stood there."""
    chosen = set(st.session_state[key])
    _save(job_id, rules={rule: rule in chosen for rule in chosen ^ set(shown)})


def _draw_rewrites(opened: OpenedRewriting, ledger: Ledger, decisions: Decisions) -> None:
    """The single rewrites, drawn as this tab knew their decisions: what differs then was clicked here."""
    known = opened.decisions.rewrites
    # Fresh controls for what another tab decided: the old ones would keep showing, and saying, what was.
    view = replace(opened, job_id=f"{opened.job_id}_{opened.views}") if opened.views else opened
    clicked = draw_rows(view, ledger, Decisions(decisions.rules, known))
    changes = {} if clicked is None else _changes(known, clicked.rewrites)
    if changes and not _save(opened.job_id, rewrites=changes):
        return
    now = decision_store().read(opened.job_id) or Decisions()
    if now.rewrites != known:
        opened.views += now.rewrites != opened.decisions.changed({}, changes).rewrites
        opened.decisions = now
        st.rerun()


def _changes(
    before: Mapping[tuple[str, str], bool], after: Mapping[tuple[str, str], bool]
) -> dict[tuple[str, str], bool | None]:
    """The decisions that differ, None for those that were taken back."""
    keys = before.keys() | after.keys()
    return {one: after.get(one) for one in keys if after.get(one) != before.get(one)}


def _save(
    job_id: str,
    rules: Mapping[str, bool] | None = None,
    rewrites: Mapping[tuple[str, str], bool | None] | None = None,
) -> bool:
    """Keep decisions; False after saying why they could not be kept."""
    try:
        decision_store().change(job_id, rules, rewrites)
    except WorkbenchError as error:
        show_error(error)
        return False
    return True


def _draw_outcome(
    opened: OpenedRewriting, ledger: Ledger, winners: tuple[WinningQuery, ...], decisions: Decisions
) -> Tally | None:
    """What the accepted rewrites do together."""
    wordings = {winner.query_id: winner.row.wording for winner in winners if winner.row is not None}
    key = (opened.ledger_key, tuple(wordings.items()))
    if opened.accepted_key != key:
        opened.accepted = tally_of(opened.scored, ACCEPTED, wordings, ledger.settings)
        opened.accepted_key = key
    tally = opened.accepted
    with st.container(border=True, key="rewrite.outcome"):
        st.markdown(
            t(
                "**{changed} of {queries} queries** go on with another wording.",
                changed=f"{len(wordings):,}",
                queries=f"{ledger.queries:,}",
            )
        )
        if tally is not None and tally.comparison is not None:
            st.markdown(plain(say(tally.comparison.sentence)))
            st.markdown(_counts(tally))
            if chosen_by_outcome(ledger, decisions):
                st.caption(t(CHOSEN_HERE))
    return tally


def _counts(tally: Tally) -> str:
    return t(
        "Gained {gained}, lost {lost}, rescued {rescued}, harmed {harmed}; relevant document first: "
        "{before} → {after}.",
        gained=tally.gained,
        lost=tally.lost,
        rescued=tally.rescued,
        harmed=tally.harmed,
        before=tally.top_before,
        after=tally.top_after,
    )


def _draw_exports(
    details: Sequence[tuple[str, str]],
    source: str,
    ledger: Ledger,
    winners: tuple[WinningQuery, ...],
    decisions: Decisions,
    accepted: Tally | None,
) -> None:
    say = speaker(language())
    excel = partial(rewrite_excel, ledger, winners, decisions, accepted, details, say, source=source)
    with st.container(horizontal=True):
        for label, build, kind, key in (
            (t("Excel report"), excel, t("rewriting"), "rewriting.xlsx"),
            (t("Ledger (CSV)"), partial(ledger_csv, ledger, decisions), t("ledger"), "ledger.csv"),
            (t("Winning queries (CSV)"), partial(queries_csv, winners), t("queries"), "queries.csv"),
        ):
            name = file_name(source, kind, key.rpartition(".")[2])
            draw_export(label, build, name, f"rewrite.download_{key}")
