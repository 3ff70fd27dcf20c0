"""Judging in place: one document at a time, blind, by keyboard; every grade is saved at once."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.errors import InputError, WorkbenchError
from core.evaluation.judgements import Format, Judgement, write_judgements
from core.evaluation.judging import REASONS, JudgingSettings, ToJudge, judging_order
from core.evaluation.measures import Measure
from core.evaluation.triage import DEFAULT_DEPTH
from core.workflows.evaluate.data import EvaluationData
from core.workflows.evaluate.files import NamedFile
from core.workflows.evaluate.judging import GRADES, ReadGrades, all_judgements, read_grades
from core.workflows.home.file_names import file_name
from core.workflows.judge.by_people import Sample, give, sample, second_queue, weigh
from pages.parts.evaluate.files import FORMATS, JUDGEMENT_TYPES, WRITTEN_AS, judgements_label
from pages.parts.evaluate.judging.desk import Desk, draw_progress, draw_undo, stores_of
from pages.parts.evaluate.session import EvaluateSession, Opened
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.sections import draw_sections
from pages.parts.labelled.grades import grade_store
from pages.parts.labelled.words import say

AGAIN_KEY, NAME_KEY = "evaluate.again", "evaluate.judge_name"
WAYS = {
    "decides": "Deciding ones first",
    "sample": "Drawn sample",
    "second": "Judged by others",
}
# Of a text with more characters; a shorter one takes the room that it needs.
TEXT_HEIGHT, LONG_TEXT = 360, 900


def draw_by_hand(
    session: EvaluateSession,
    run: Opened,
    data: EvaluationData,
    grades: tuple[Judgement, ...],
    measure: Measure | None,
) -> None:
    """The next document to grade, and judgements in and out.

    data: the run's with the grades. measure: the one that decides, None where there is none.
    """
    depth = (measure.cutoff if measure else None) or DEFAULT_DEPTH
    desk = Desk(run, stores_of(run), session.given.setdefault(run.judged_set, []), depth)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            t("Who judges"),
            key=NAME_KEY,
            placeholder=t("optional"),
            persist_state="session",
            width=220,
            help=t("With a name each, two people can judge the same documents and see where they differ."),
        ).strip()
        labels = desk.stores.labels.labels(run.judged_set)
        way = _choose_way(bool(second_queue(labels, name)), measure is not None)
        again = way == "decides" and st.toggle(
            t("Also show what is judged already"), key=AGAIN_KEY, persist_state="session"
        )
    skipped = session.skipped.setdefault(run.judged_set, set())
    drawn = sample(data, run.orders, measure, depth, labels) if measure and way == "sample" else None
    if drawn is not None:
        draw_progress(drawn.progress, str(measure))
        queue = drawn.queue
    elif way == "second":
        queue = second_queue(labels, name)
        st.caption(t("Judged by others and not by you: {count}.", count=len(queue)))
    else:
        queue = judging_order(data.judgements, run.orders, JudgingSettings(depth, bool(again)))
    # What was graded just now is not offered again, even when judged documents are.
    given = {(one.grade.query_id, one.grade.document_id) for one in desk.history if again}
    waiting = [item for item in queue if (item.query_id, item.document_id) not in skipped | given]
    if way == "decides":
        _draw_counts(waiting, len(grades))
    if waiting:
        _draw_item(desk, waiting[0], name, drawn, skipped)
    else:
        st.success(t("Nothing is waiting to be judged."))
        if skipped:
            st.button(t("Show the skipped ones again"), key="evaluate.unskip", on_click=skipped.clear)
    draw_undo(desk)
    _draw_files(session, run, data, grades)


def _choose_way(second: bool, measured: bool) -> str:
    """In which order documents come."""
    offered = [way for way in WAYS if (way != "second" or second) and (way != "sample" or measured)]
    # No select box, which would keep the focus: the keys of the grades would be typed into it.
    return draw_sections("evaluate.judge_way", "order", {way: WAYS[way] for way in offered})


def _draw_counts(waiting: Sequence[ToJudge], graded: int) -> None:
    st.caption(
        t(
            "Graded by hand: {graded}. Waiting: {waiting}, of which {deciding} can change the verdict.",
            graded=graded,
            waiting=len(waiting),
            deciding=sum(item.reason == "decides" for item in waiting),
        )
    )


def _draw_item(
    desk: Desk, item: ToJudge, name: str, drawn: Sample | None, skipped: set[tuple[str, str]]
) -> None:
    run = desk.run
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
                    on_click=partial(_give, desk, item, label, name, drawn),
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
        if drawn is None and item.reason != "judged":
            reason = REASONS[item.reason]
            st.caption(t(reason, top=desk.depth) if "{top}" in reason else t(reason))


def _note_key(item: ToJudge) -> str:
    """A note belongs to one document: what was typed goes with it when another one is shown."""
    return f"evaluate.note_{item.query_id}_{item.document_id}"


def _give(desk: Desk, item: ToJudge, label: int, name: str, drawn: Sample | None) -> None:
    note = str(st.session_state.get(_note_key(item)) or "").strip()
    probability = drawn.probability(item.query_id) if drawn is not None else None
    desk.history.append(give(desk.stores, item, label, name=name, note=note, probability=probability))
    if drawn is not None:
        weigh(desk.stores.labels, desk.run.judged_set, drawn)


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
