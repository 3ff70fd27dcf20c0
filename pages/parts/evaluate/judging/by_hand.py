"""Judging in place: one document at a time, blind, by keyboard; every grade is saved at once."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.evaluation.judgements import Format, Judgement, write_judgements
from core.evaluation.judging import REASONS, JudgingSettings, ToJudge, judging_order
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.files import NamedFile
from core.workflows.evaluate.judging import GRADES, ReadGrades, all_judgements, grade, read_grades
from core.workflows.home.file_names import file_name
from pages.parts.evaluate.files import FORMATS, JUDGEMENT_TYPES, WRITTEN_AS, judgements_label
from pages.parts.evaluate.session import EvaluateSession, Given, Opened
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.labelled.grades import grade_store
from pages.parts.labelled.words import say

AGAIN_KEY = "evaluate.again"
# Of a text with more characters; a shorter one takes the room that it needs.
TEXT_HEIGHT, LONG_TEXT = 360, 900


def draw_by_hand(
    session: EvaluateSession, run: Opened, data: EvaluationData, grades: tuple[Judgement, ...], depth: int
) -> None:
    """The next document to grade, and judgements in and out.

    data: the run's with the grades. depth: of the measure that decides.
    """
    again = st.toggle(t("Also show what is judged already"), key=AGAIN_KEY, persist_state="session")
    settings = JudgingSettings(depth, bool(again))
    queue = judging_order(data.judgements, run.orders, settings)
    skipped = session.skipped.setdefault(run.judged_set, set())
    history = session.given.setdefault(run.judged_set, [])
    # What was graded just now is not offered again, even when judged documents are.
    given = {(one.grade.query_id, one.grade.document_id) for one in history}
    waiting = [item for item in queue if (item.query_id, item.document_id) not in skipped | given]
    deciding = sum(item.reason == "decides" for item in waiting)
    st.caption(
        t(
            "Graded by hand: {graded}. Waiting: {waiting}, of which {deciding} can change the verdict.",
            graded=len(grades),
            waiting=len(waiting),
            deciding=deciding,
        )
    )
    if waiting:
        _draw_item(run, waiting[0], depth, history, skipped)
    else:
        st.success(t("Nothing is waiting to be judged."))
        if skipped:
            st.button(t("Show the skipped ones again"), key="evaluate.unskip", on_click=skipped.clear)
    _draw_undo(run, history)
    _draw_files(session, run, data, grades)


def _draw_item(
    run: Opened, item: ToJudge, depth: int, history: list[Given], skipped: set[tuple[str, str]]
) -> None:
    judged = run.data.judgements[item.query_id]
    with st.container(border=True, key="evaluate.card"):
        st.caption(t("Query"))
        st.markdown(f"#### {plain(judged.query or item.query_id)}")
        reading, grading = st.columns([3, 1], gap="medium")
        text = run.data.texts.get(item.query_id, {}).get(item.document_id, item.document_id)
        with (
            reading,
            st.container(height=TEXT_HEIGHT if len(text) > LONG_TEXT else "content", border=False),
        ):
            # st.text neither reads Markdown nor HTML, so a document is shown as it is.
            st.text(text)
        with grading:
            for label, title in GRADES.items():
                st.button(
                    t(title),
                    key=f"evaluate.grade_{label}",
                    shortcut=str(label),
                    on_click=partial(_give, run, item, label, history),
                    type="secondary",
                    width="stretch",
                )
            st.button(
                t("Skip"),
                key="evaluate.skip",
                shortcut="S",
                on_click=partial(skipped.add, (item.query_id, item.document_id)),
                type="tertiary",
            )
            st.text_input(t("Note"), key=_note_key(item), placeholder=t("optional"))
        st.caption(
            t(REASONS[item.reason], top=depth) if "{top}" in REASONS[item.reason] else t(REASONS[item.reason])
        )


def _note_key(item: ToJudge) -> str:
    """A note belongs to one document: what was typed goes with it when another one is shown."""
    return f"evaluate.note_{item.query_id}_{item.document_id}"


def _give(run: Opened, item: ToJudge, label: int, history: list[Given]) -> None:
    note = str(st.session_state.get(_note_key(item)) or "").strip()
    store = grade_store()
    before = next(
        (
            known
            for known in store.grades(run.judged_set)
            if (known.query_id, known.document_id) == (item.query_id, item.document_id)
        ),
        None,
    )
    # A second look without a note of its own keeps the first one's.
    given = grade(item.query_id, item.document_id, label, note or (before.note if before else ""))
    store.save(run.judged_set, [given])
    history.append(Given(given, before))


def _draw_undo(run: Opened, history: list[Given]) -> None:
    if not history:
        return
    last = history[-1].grade
    text = run.data.texts.get(last.query_id, {}).get(last.document_id, last.document_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(t("Undo"), key="evaluate.undo", shortcut="U", on_click=partial(_undo, run, history))
        st.caption(plain(f"{last.label} · {text[:80]}"))


def _undo(run: Opened, history: list[Given]) -> None:
    last = history.pop()
    if last.before is not None:
        grade_store().save(run.judged_set, [last.before])
    else:
        grade_store().forget(run.judged_set, last.grade.query_id, last.grade.document_id)


def _draw_files(
    session: EvaluateSession, run: Opened, data: EvaluationData, grades: tuple[Judgement, ...]
) -> None:
    with st.expander(t("Judgements in and out")):
        with st.container(horizontal=True):
            for name, (title, ending) in FORMATS.items():
                build = partial(_judgements_file, data, grades, name)
                if name == "trec" and run.unwritable and not _fits(build):
                    continue
                file = file_name(run.name, t(WRITTEN_AS[name]), ending)
                draw_export(title, build, file, f"evaluate.judgements_{name}")
        _draw_import(session, run)


def _judgements_file(data: EvaluationData, grades: tuple[Judgement, ...], name: Format) -> bytes:
    content = write_judgements(all_judgements(data, grades), name)
    return content.encode("utf-8-sig" if name == "csv" else "utf-8", "replace")


def _fits(build: Callable[[], bytes]) -> bool:
    """Whether the file can be made; if not, says why."""
    try:
        build()
    except InputError as error:
        show_error(error)
        return False
    return True


def _draw_import(session: EvaluateSession, run: Opened) -> None:
    file = st.file_uploader(
        judgements_label(),
        key="evaluate.judgements_file",
        type=JUDGEMENT_TYPES,
    )
    if file is None:
        return
    named = NamedFile(file.name, file.getvalue())
    # A callback runs before the page is drawn, so that every number on it knows the new grades.
    st.button(t("Import"), key="evaluate.import", on_click=partial(_import, session, run, named))
    read = session.taken_over
    if isinstance(read, WorkbenchError):
        show_error(read)
    elif read is not None:
        _draw_taken_over(read)


def _import(session: EvaluateSession, run: Opened, file: NamedFile) -> None:
    try:
        session.taken_over = read_grades(file, run.data)
        grade_store().save(run.judged_set, session.taken_over.judgements)
    except WorkbenchError as error:
        session.taken_over = error


def _draw_taken_over(read: ReadGrades) -> None:
    for line, problem in read.problems[:10]:
        st.caption(t("Line {line}: {problem}", line=line, problem=plain(say(problem))))
    st.success(
        t(
            "{count} judgements taken over; {elsewhere} belong to no document of this file.",
            count=len(read.judgements),
            elsewhere=read.elsewhere,
        )
    )
