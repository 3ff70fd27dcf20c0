"""The form of a round of judging: where, which model, under which rubric, how often, of what."""

from collections.abc import Mapping

import streamlit as st

from core.errors import WorkbenchError
from core.judging.panel import JOIN_RULES, MOST_TOGETHER, MOST_VOTES, RUBRICS, JoinRule, Panel
from core.judging.rounds import MOST_AT_ONCE
from core.settings import Settings
from core.workflows.judge.cost import Prices
from core.workflows.judge.endpoint import endpoint_host
from core.workflows.judge.pairs import WHICH, Scope
from core.workflows.judge.rounds import Asked
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import show_error

RUBRIC_KEY = "evaluate.judge_rubric"
RULES: Mapping[JoinRule, str] = {"median": "Median", "majority": "Majority"}


def draw_form(settings: Settings) -> tuple[Asked, Prices | None] | None:
    """What is asked for, and at what price; None while that is not enough to judge by."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        url = st.text_input(
            t("Address"),
            value=settings.llm_url,
            key="evaluate.judge_url",
            placeholder="http://localhost:11434/v1",
            persist_state="session",
            help=t(
                "OpenAI-compatible. A key comes from RERANK_LLM_KEY, or from the file keys/HOST in the home "
                "folder."
            ),
        ).strip()
        models = st.text_input(
            t("Judging model"),
            value=settings.llm_model,
            key="evaluate.judge_model",
            persist_state="session",
            help=t("Several, separated by commas, judge together."),
        )
        with st.popover(t("Rubric and votes"), icon=":material/tune:"):
            rubric, votes, rule = _draw_rubric()
            together, at_once = _draw_requests()
        with st.popover(t("What is judged"), icon=":material/filter_list:"):
            scope, prices = _draw_scope(), _draw_prices()
    names = tuple(dict.fromkeys(name.strip() for name in models.split(",") if name.strip()))
    if not url or not names:
        return None
    try:
        panel = Panel(names, endpoint_host(url), rubric, votes, rule, together)
        return Asked(url, panel, scope, at_once), prices
    except WorkbenchError as error:
        show_error(error)
        return None


def _draw_rubric() -> tuple[str, int, JoinRule]:
    if RUBRIC_KEY not in st.session_state:
        st.session_state[RUBRIC_KEY] = RUBRICS.get(language(), RUBRICS["en"])
    rubric = st.text_area(t("Rubric"), key=RUBRIC_KEY, height=300, persist_state="session")
    with st.container(horizontal=True):
        for code, title in (("zh", "中文"), ("en", "English")):
            st.button(title, key=f"evaluate.judge_rubric_{code}", on_click=_take_rubric, args=(code,))
    votes = st.number_input(
        t("Votes of each model"), 1, MOST_VOTES, 1, key="evaluate.judge_votes", persist_state="session"
    )
    rule = draw_choice(
        t("How votes are joined"), {name: t(title) for name, title in RULES.items()}, "evaluate.judge_rule"
    )
    st.caption(t(JOIN_RULES[rule]))
    return str(rubric), int(votes), rule


def _take_rubric(code: str) -> None:
    st.session_state[RUBRIC_KEY] = RUBRICS[code]


def _draw_requests() -> tuple[int, int]:
    together = st.number_input(
        t("Documents in one request"),
        1,
        MOST_TOGETHER,
        1,
        key="evaluate.judge_together",
        persist_state="session",
        help=t("More cost less, but documents that are seen together influence one another's grades."),
    )
    at_once = st.number_input(
        t("Requests at a time"), 1, MOST_AT_ONCE, 4, key="evaluate.judge_at_once", persist_state="session"
    )
    return int(together), int(at_once)


def _draw_scope() -> Scope:
    which = draw_choice(
        t("Documents"), {name: t(title) for name, title in WHICH.items()}, "evaluate.judge_which"
    )
    top = st.number_input(
        t("Only the first so many of each order"),
        0,
        1000,
        0,
        key="evaluate.judge_top",
        persist_state="session",
        help=t("0: all of them."),
    )
    return Scope(which, int(top))


def _draw_prices() -> Prices | None:
    with st.container(horizontal=True):
        read = st.number_input(
            t("Price of a million tokens read"), 0.0, key="evaluate.judge_price_in", persist_state="session"
        )
        written = st.number_input(
            t("… written"), 0.0, key="evaluate.judge_price_out", persist_state="session"
        )
    return Prices(float(read), float(written)) if read or written else None
