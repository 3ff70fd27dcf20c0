"""What judging by hand and settling share: the stores, the history with «undo», and how far a sample is."""

from dataclasses import dataclass

import streamlit as st

from core.judging.sampling import FEWEST, Progress
from core.judging.store import label_store
from core.workflows.judge.by_people import Given, Stores, take_back
from pages.parts.evaluate.session import Opened
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.frame.workbench import the_workbench
from pages.parts.labelled.grades import grade_store
from pages.parts.labelled.words import signed


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody judges a file. history: what was given in this browser session, the last one last."""

    run: Opened
    stores: Stores
    history: list[Given]
    depth: int


def stores_of(run: Opened) -> Stores:
    """The grades of the file that is looked at."""
    labels = label_store(the_workbench().settings.home)
    return Stores(grade_store(), labels, run.judged_set)


def draw_undo(desk: Desk) -> None:
    """Takes back one act of judging after another."""
    if not desk.history:
        return
    last = desk.history[-1].grade
    text = desk.run.data.texts.get(last.query_id, {}).get(last.document_id, last.document_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("Undo"), key="evaluate.undo", shortcut="U", on_click=_undo, args=(desk,))
        st.caption(plain(f"{last.label} · {text[:80]}"))


def _undo(desk: Desk) -> None:
    take_back(desk.stores, desk.history.pop())


def draw_progress(found: Progress, measure: str) -> None:
    """How far the drawn sample is from a decision."""
    done = t("Queries judged of the sample: {judged}.", judged=found.drawn)
    if found.difference is None or found.interval is None:
        left = min(FEWEST - found.drawn, found.left)
        st.markdown(f"{done} " + t("After {count} more it says something.", count=max(left, 1)))
        return
    said = t(
        "Over all {total} queries the difference in {measure} is about {difference}, interval {low} to "
        "{high}.",
        total=found.total,
        measure=measure,
        difference=signed(found.difference),
        low=signed(found.interval.low),
        high=signed(found.interval.high),
    )
    st.markdown(f"{done} **{_outlook(found)}** {said}")


def _outlook(found: Progress) -> str:
    if found.decided:
        return t("Decided.")
    if not found.left:
        return t("All queries are judged and it is not decided: more queries are needed.")
    if found.more is None:
        return t("Judging all {left} queries that are left would probably not decide.", left=found.left)
    return t("About {count} more queries to decide.", count=found.more)
