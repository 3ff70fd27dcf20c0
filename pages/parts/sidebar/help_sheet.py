"""The sheet that «?» opens: a tour of four steps, the keys, and the words."""

import streamlit as st

from pages.parts.frame.glossary import terms
from pages.parts.frame.language import language, t

OPEN_KEY, STEP_KEY, PART_KEY = "app.help_open", "app.tour_step", "app.help_part"
PARTS = {"tour": "Tour", "keys": "Keys", "words": "Glossary"}
# Title, what one does there, and the page it is done on.
STEPS = (
    ("Try one query", "Paste a query and its documents, or take a sample: the new order, and why.", "rerank"),
    (
        "Rerank a whole table",
        "Excel or CSV in, Excel out. Columns are recognised; runs go on by themselves.",
        "batch",
    ),
    (
        "See whether it helped",
        "With labels: a verdict with its interval. Without: judge the few that decide.",
        "evaluate",
    ),
    (
        "Make it better",
        "Compare instructions on your own data, and other wordings of the queries.",
        "sandbox",
    ),
)
KEYS = (
    ("Ctrl+Enter", "Score, search, compare: the page's main button"),
    ("?", "This sheet"),
    ("0 1 2 3", "Judge: the grade"),
    ("S", "Judge: skip"),
    ("U", "Judge: undo"),
    ("↑ ↓ ← →", "Tables: to another cell"),
    ("Enter", "Tables: the whole text of the row"),
)


def draw_help() -> None:
    """The sidebar's button; the sheet stays open while the page is drawn anew, as when a job ends."""
    if st.button(t("Help"), key="app.help", type="tertiary", icon=":material/help:"):
        st.session_state[OPEN_KEY] = True
    if st.session_state.get(OPEN_KEY):
        st.dialog(t("Help"), width="large", on_dismiss=_close)(_draw)()


def _close() -> None:
    st.session_state[OPEN_KEY] = False


def _draw() -> None:
    part = st.segmented_control(
        t("Section"),
        list(PARTS),
        format_func=lambda name: t(PARTS[name]),
        default="tour",
        key=PART_KEY,
        required=True,
        label_visibility="collapsed",
    )
    if part == "words":
        _draw_words()
    elif part == "keys":
        st.table([{t("Key"): key, "": t(what)} for key, what in KEYS], border="horizontal", hide_index=True)
    else:
        _draw_tour()


def _draw_tour() -> None:
    step = int(st.session_state.get(STEP_KEY, 0)) % len(STEPS)
    title, what, page = STEPS[step]
    st.caption(t("Step {step} of {steps}", step=step + 1, steps=len(STEPS)))
    st.subheader(t(title))
    st.markdown(t(what))
    with st.container(horizontal=True):
        if step and st.button(t("Back"), key="app.tour_back"):
            _go(step - 1)
        if step + 1 < len(STEPS) and st.button(t("Next"), key="app.tour_next", type="primary"):
            _go(step + 1)
        if st.button(t("Show me"), key="app.tour_show", type="tertiary", icon=":material/arrow_forward:"):
            _close()
            st.session_state[STEP_KEY] = step + 1
            st.switch_page(f"pages/{page}.py")


def _go(step: int) -> None:
    st.session_state[STEP_KEY] = step
    st.rerun(scope="fragment")


def _draw_words() -> None:
    code = language()
    for one in terms():
        st.markdown(f"**{one.word(code)}** — {one.meaning(code)}")
