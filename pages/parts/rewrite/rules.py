"""How queries are rewritten: which rules, how many variants, which glossary. For one query and a sheet."""

import streamlit as st

from core.errors import InputError
from core.sentences import Sentence
from core.text.rewriting.glossary import SAMPLE, Glossary
from core.text.rewriting.variants import DEFAULT_LIMIT, RULE_TITLES, RULES, RewriteSettings
from core.workflows.rewrite.data import read_glossary
from core.workflows.rewrite.samples import sample_glossary, sample_glossary_file
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.rewrite.session import RewriteSession
from pages.parts.sheet.files import TABLE_TYPES

LIMIT_KEY = "rewrite.limit"
MOST_VARIANTS = 10
SHOWN_PROBLEMS = 5


def draw_rules(session: RewriteSession) -> RewriteSettings:
    """Draw the choices, folded away, and return what they hold."""
    name = session.glossary[0] if session.glossary else t("none")
    with st.expander(t("Rules and glossary (glossary: {name})", name=plain(name))):
        rules = st.multiselect(
            t("Rules"),
            RULES,
            default=list(session.rules),
            format_func={rule: t(RULE_TITLES[rule]) for rule in RULES}.__getitem__,
            # Streamlit keeps the shown words: in another language they would match no option any more.
            key=f"rewrite.rules_{language()}",
            help=t("Each variant applies one rule; where several apply, one more applies all of them."),
        )
        limit = st.number_input(
            t("Variants of a query at most"),
            min_value=1,
            max_value=MOST_VARIANTS,
            value=DEFAULT_LIMIT,
            key=LIMIT_KEY,
            persist_state="session",
        )
        _draw_glossary(session)
    glossary = session.glossary[1] if session.glossary else Glossary()
    session.rules = tuple(rule for rule in RULES if rule in rules)
    return RewriteSettings(session.rules, int(limit), glossary)


def reason_lines(reasons: tuple[Sentence, ...]) -> str:
    """The reasons of a variant on one line, as plain text."""
    return " ".join(spoken(reason) for reason in reasons)


def use_sample_glossary(session: RewriteSession) -> None:
    """Take the shipped glossary; for a button's callback."""
    session.glossary, session.glossary_id = (SAMPLE.name, sample_glossary()), ""


def _draw_glossary(session: RewriteSession) -> None:
    file = st.file_uploader(
        t("Glossary: a table with the columns term, canonical, aliases (several aliases apart with |)"),
        type=TABLE_TYPES,
        key="rewrite.glossary",
    )
    if file is not None and file.file_id != session.glossary_id:
        try:
            session.glossary = (file.name, read_glossary(file.getvalue(), file.name))
            session.glossary_id = file.file_id
        except InputError as error:
            show_error(error)
    with st.container(horizontal=True):
        st.button(
            t("Use the sample glossary"),
            key="rewrite.sample_glossary",
            on_click=use_sample_glossary,
            args=(session,),
        )
        draw_export(
            t("Download the sample"), sample_glossary_file, "glossary.csv", "rewrite.download_glossary"
        )
        if session.glossary is not None:
            st.button(t("Use none"), key="rewrite.no_glossary", on_click=_use_none, args=(session, file))
    if session.glossary is not None:
        _describe(session.glossary[1])


def _use_none(session: RewriteSession, file: object) -> None:
    session.glossary = None
    # The uploader still holds its file, which must not come back at the next run.
    session.glossary_id = getattr(file, "file_id", "")


def _describe(glossary: Glossary) -> None:
    st.caption(
        t(
            "{terms} terms, {forms} further ways of writing them",
            terms=len(glossary.canonical),
            forms=glossary.further,
        )
    )
    for row, problem in glossary.problems[:SHOWN_PROBLEMS]:
        st.caption(plain(f"· {t('row {row}', row=row)}{t(': ')}{spoken(problem)}"))
    if len(glossary.problems) > SHOWN_PROBLEMS:
        st.caption(t("… and {count} more", count=len(glossary.problems) - SHOWN_PROBLEMS))
