"""Two people, one document: how well they agree, and settling where they do not."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations

import streamlit as st

from core.judging.labels import Label
from core.judging.opinions import Disagreement, disagreements, people_of
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.judging import GRADES
from core.workflows.judge.by_people import agreement_between, settle
from pages.parts.evaluate.judging.by_hand import LONG_TEXT, NAME_KEY, TEXT_HEIGHT
from pages.parts.evaluate.judging.desk import Desk, draw_undo
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.labelled.words import say


def draw_differences(desk: Desk, data: EvaluationData, labels: Sequence[Label]) -> None:
    """Agreement of each two people, then one difference at a time."""
    for first, second in combinations(people_of(labels), 2):
        agreed = agreement_between(data, labels, first, second)
        for said in agreed.sentences if agreed is not None else ():
            st.markdown(plain(say(said)))
    waiting = disagreements(labels)
    st.caption(
        t(
            "Graded differently and not settled: {count}. The earlier grade counts until then.",
            count=len(waiting),
        )
    )
    if waiting:
        _draw_difference(desk, data, waiting[0])
    draw_undo(desk)


def _draw_difference(desk: Desk, data: EvaluationData, one: Disagreement) -> None:
    judged = data.judgements[one.query_id]
    with st.container(border=True, key="evaluate.difference"):
        st.markdown(f"#### {plain(judged.query or one.query_id)}")
        reading, settling = st.columns([3, 1], gap="medium")
        text = data.texts.get(one.query_id, {}).get(one.document_id, one.document_id)
        with (
            reading,
            st.container(height=TEXT_HEIGHT if len(text) > LONG_TEXT else "content", border=False),
        ):
            st.text(text)
        with settling:
            for name, grade in one.opinions:
                st.caption(plain(f"{name or t('(no name)')}: {grade}"))
            for label, title in GRADES.items():
                st.button(
                    t(title),
                    key=f"evaluate.settle_{label}",
                    shortcut=str(label),
                    on_click=partial(_settle, desk, one, label),
                    width="stretch",
                )


def _settle(desk: Desk, one: Disagreement, label: int) -> None:
    name = str(st.session_state.get(NAME_KEY) or "").strip()
    desk.history.append(settle(desk.stores, (one.query_id, one.document_id), label, name))
