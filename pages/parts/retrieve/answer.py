"""Answers from the first passages, before and after reranking side by side, streamed with citations."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.chat.endpoint import Endpoint, endpoint
from core.errors import WorkbenchError
from core.retrieval.passages import Passage
from core.settings import Settings
from core.text.answering.citations import ReadAnswer, read_answer, showable
from core.text.answering.obedience import obeys_passages
from core.text.answering.prompt import messages
from core.text.answering.running import RunningAnswer
from core.workflows.retrieve.searching import SearchResult
from pages.parts.frame.charts import BLUE
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.retrieve.session import Answered, RetrieveSession

# How often what has arrived is drawn, and how soon Stop is heard.
LOOK_SECONDS = 0.15
LONGEST_HEAD = 60


def draw_answers(settings: Settings, session: RetrieveSession, result: SearchResult) -> None:
    """Nothing without an endpoint; else a button, and both answers."""
    try:
        where = endpoint(settings)
    except WorkbenchError as error:
        show_error(error)
        return
    if where is None:
        st.caption(
            t("With RERANK_LLM_URL and RERANK_LLM_MODEL set, an answer is written here from the passages.")
        )
        return
    _settle(session)
    count = st.slider(t("Passages for the answer"), 1, 10, 5, key="retrieve.passages")
    sides = _sides(result, count)
    with st.container(horizontal=True, vertical_alignment="center"):
        clicked = st.button(t("Answer"), key="retrieve.answer")
        tested = st.button(
            t("Test with a hostile passage"),
            key="retrieve.hostile",
            type="tertiary",
            help=t("Asks the language model once whether it obeys an instruction that stands in a passage."),
        )
        stopping = st.empty()
    st.caption(
        t(
            "The question and the passages are sent to {host}, model {model}.",
            host=plain(where.host),
            model=plain(where.model),
        )
    )
    if tested:
        _test(session, where)
    if session.obeys is not None:
        _draw_obedience(session.obeys)
    places: dict[str, DeltaGenerator] = {}
    for column, side in zip(st.columns(len(sides)), sides, strict=True):
        with column, st.container(border=True, key=f"retrieve.answer_{side}"):
            st.markdown(t("**From the first stage**") if side == "before" else t("**After reranking**"))
            places[side] = st.empty()
    if clicked:
        stopping.button(t("Stop"), key="retrieve.stop", icon=":material/stop_circle:")
        _stream(where, session, result.query, sides, places)
        stopping.empty()
    for side, place in places.items():
        if side in session.answers:
            with place.container():
                _draw(session.answers[side], side)


def _test(session: RetrieveSession, where: Endpoint) -> None:
    try:
        with st.spinner(t("Asking {host} …", host=plain(where.host))):
            session.obeys = obeys_passages(where)
    except WorkbenchError as error:
        show_error(error)


def _draw_obedience(obeys: bool) -> None:
    if obeys:
        st.warning(
            t(
                "This language model obeyed an instruction inside a passage: whoever writes a document can "
                "steer its answers."
            ),
            icon=":material/warning:",
        )
    else:
        st.caption(t("This language model did not obey the instruction inside a passage, this once."))


def _sides(result: SearchResult, count: int) -> dict[str, tuple[Passage, ...]]:
    """The passages of both answers; one when nothing was reranked."""
    first = sorted(result.found, key=lambda one: one.first_rank)[:count]
    sides = {"before": tuple(one.passage for one in first)}
    if result.scorer is not None:
        sides["after"] = tuple(one.passage for one in result.found[:count])
    return sides


def _stream(
    where: Endpoint,
    session: RetrieveSession,
    query: str,
    sides: Mapping[str, Sequence[Passage]],
    places: Mapping[str, DeltaGenerator],
) -> None:
    """Both at once."""
    running = {
        side: RunningAnswer(where, messages(query, [one.read_text for one in passages]))
        for side, passages in sides.items()
    }
    session.answers = {}
    session.running = {side: (tuple(sides[side]), answer) for side, answer in running.items()}
    try:
        while not all(answer.arrived.done for answer in running.values()):
            for side, answer in running.items():
                arrived = answer.wait(LOOK_SECONDS / len(running))
                read = read_answer(showable(arrived.text), len(sides[side]))
                places[side].html(answer_html(read, side))
    finally:
        _settle(session)


def _settle(session: RetrieveSession) -> None:
    """Keep what has arrived and stop the rest.

    A click ends a run where it draws next, and the run that follows may begin before: whichever of the two
    comes first finds the running answers here.
    """
    while session.running:
        try:
            side, (passages, answer) = session.running.popitem()
        except KeyError:  # the other run was first
            return
        # Kept before it is stopped: afterwards a cut answer has ended too, as a whole one has.
        session.answers[side] = Answered(passages, answer.arrived)
        answer.stop()


def _draw(answered: Answered, side: str) -> None:
    arrived, count = answered.arrived, len(answered.passages)
    read = read_answer(arrived.text, count)
    if arrived.text:
        st.html(answer_html(read, side))
    facts = [t("{seconds} s", seconds=f"{arrived.seconds:.1f}")]
    if arrived.tokens is not None:
        facts.append(t("tokens: {count}", count=arrived.tokens))
    if not arrived.done:
        facts.append(t("stopped"))
    if read.wrong:
        facts.append(t("wrong citations: {count}", count=len(read.wrong)))
    if arrived.text and not read.found:
        facts.append(t("says that the passages do not answer"))
    elif arrived.text and not read.cited:
        facts.append(t("cites no passage"))
    st.caption(" · ".join(facts))
    if arrived.error is not None:
        show_error(arrived.error)
    shown = [
        passage_html(number, passage, side, cited=number in read.cited)
        for number, passage in enumerate(answered.passages, start=1)
    ]
    st.html("".join(shown))


def answer_html(read: ReadAnswer, side: str) -> str:
    """The answer; a citation opens its passage, a number of none is struck out. All text is escaped."""
    parts = []
    for piece in read.pieces:
        text = html.escape(piece.text)
        if piece.number is None:
            parts.append(text.replace("\n", "<br>"))
        elif piece.real:
            parts.append(f'<a href="#{anchor(side, piece.number)}" style="color:{BLUE}">{text}</a>')
        else:
            parts.append(f"<s>{text}</s>")
    return f"<div>{''.join(parts)}</div>"


def passage_html(number: int, passage: Passage, side: str, *, cited: bool) -> str:
    """A numbered passage that opens on a click, also on its citation; one that is not cited is grey."""
    colour = "" if cited else ' style="color:#9aa4b2"'
    text = passage.title or " ".join(passage.text.split())
    head = html.escape(text if len(text) <= LONGEST_HEAD else text[:LONGEST_HEAD] + "…")
    # A browser opens what a link's target is folded into, so the target is the text itself.
    return (
        f"<details{colour}><summary><b>[{number}]</b> {head}</summary>"
        f'<p id="{anchor(side, number)}">{html.escape(passage.read_text)}</p></details>'
    )


def anchor(side: str, number: int) -> str:
    """Where a citation leads to."""
    return f"passage-{side}-{number}"
