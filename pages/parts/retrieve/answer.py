"""Answers from the first passages, before and after reranking side by side, streamed with citations."""

import html
import threading
import time
from collections.abc import Sequence

import streamlit as st

from core.errors import WorkbenchError
from core.retrieval.passages import Passage
from core.settings import Settings
from core.text.answering.citations import ReadAnswer, read_answer, showable
from core.text.answering.prompt import messages
from core.text.answering.stream import stream_answer
from core.text.rewriting.language_model import Endpoint, endpoint
from core.workflows.retrieve.searching import SearchResult
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error
from pages.parts.retrieve.session import Answered, RetrieveSession


def draw_answers(settings: Settings, session: RetrieveSession, result: SearchResult) -> None:
    """Nothing without an endpoint; else a button, and both answers. Streaming stops with the page's Stop."""
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
    st.caption(t("The question and the passages are sent to {host}.", host=where.host))
    count = st.slider(t("Passages for the answer"), 1, 10, 5, key="retrieve.passages")
    sides = _sides(result, count)
    clicked = st.button(t("Answer"), key="retrieve.answer")
    for column, (side, passages) in zip(st.columns(len(sides)), sides.items(), strict=True):
        with column, st.container(border=True, key=f"retrieve.answer_{side}"):
            st.markdown(t("**From the first stage**") if side == "before" else t("**After reranking**"))
            if clicked:
                _stream(where, session, side, result.query, passages)
            if side in session.answers:
                _draw(session.answers[side])


def _sides(result: SearchResult, count: int) -> dict[str, tuple[Passage, ...]]:
    """The passages of both answers; one when nothing was reranked."""
    first = sorted(result.found, key=lambda one: one.first_rank)[:count]
    sides = {"before": tuple(one.passage for one in first)}
    if result.scorer is not None:
        sides["after"] = tuple(one.passage for one in result.found[:count])
    return sides


def _stream(
    where: Endpoint, session: RetrieveSession, side: str, query: str, passages: Sequence[Passage]
) -> None:
    """Streamlit ends a run that is stopped by raising here; the connection is closed on the way out."""
    shown, text, tokens, start = st.empty(), "", None, time.monotonic()
    stop = threading.Event()
    parts = stream_answer(where, messages(query, [one.read_text for one in passages]), stop=stop)
    try:
        for part in parts:
            text += part.text
            tokens = part.tokens if part.tokens is not None else tokens
            shown.html(answer_html(read_answer(showable(text), len(passages))))
    except WorkbenchError as error:
        show_error(error)
    finally:
        stop.set()
        next(parts, None)  # ends it: the connection is closed
        session.answers[side] = Answered(text, tuple(passages), time.monotonic() - start, tokens)
        shown.empty()


def _draw(answered: Answered) -> None:
    read = read_answer(answered.text, len(answered.passages))
    st.html(answer_html(read))
    facts = [t("{seconds} s", seconds=f"{answered.seconds:.1f}")]
    if answered.tokens is not None:
        facts.append(t("tokens: {count}", count=answered.tokens))
    if read.wrong:
        facts.append(t("wrong citations: {count}", count=len(read.wrong)))
    if answered.text and not read.found:
        facts.append(t("says that the passages do not answer"))
    elif answered.text and not read.cited:
        facts.append(t("cites no passage"))
    st.caption(" · ".join(facts))
    for number, passage in enumerate(answered.passages, start=1):
        st.html(passage_html(number, passage, cited=number in read.cited))


def answer_html(read: ReadAnswer) -> str:
    """The answer with its citations; a number of no passage is struck out. Everything else is escaped."""
    parts = []
    for piece in read.pieces:
        text = html.escape(piece.text)
        if piece.number is None:
            parts.append(text.replace("\n", "<br>"))
        else:
            parts.append(f"<b>{text}</b>" if piece.real else f"<s>{text}</s>")
    return f"<div>{''.join(parts)}</div>"


def passage_html(number: int, passage: Passage, *, cited: bool) -> str:
    """A numbered passage that opens on a click; one that is not cited is grey."""
    colour = "" if cited else ' style="color:#9aa4b2"'
    head = html.escape(" ".join(passage.read_text.split())[:80])
    return (
        f"<details{colour}><summary><b>[{number}]</b> {head}</summary>"
        f"<p>{html.escape(passage.read_text)}</p></details>"
    )
