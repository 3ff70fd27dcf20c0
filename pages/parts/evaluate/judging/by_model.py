"""Models as judges: the form, what it costs, the round while it runs, and what came of it."""

from collections.abc import Sequence

import streamlit as st

from core.errors import StoppedError, WorkbenchError
from core.judging.pairs import Pair
from core.judging.rounds import Standing
from core.settings import Settings
from core.workflows.evaluate.data import EvaluationData
from core.workflows.judge.cost import Prices, expected_cost
from core.workflows.judge.endpoint import agree_to_judge, judging_endpoint, unagreed_host
from core.workflows.judge.pairs import pairs_to_judge
from core.workflows.judge.rounds import Asked, Rounds, rounds, unfinished
from pages.parts.evaluate.judging.agreement import draw_judges
from pages.parts.evaluate.judging.form import draw_form
from pages.parts.evaluate.session import Opened
from pages.parts.frame.figures import duration
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.workbench import the_workbench

LOOK_SECONDS = 1.0


def draw_by_model(run: Opened, data: EvaluationData) -> None:
    """data: the run's with people's labels only."""
    settings = the_workbench().settings
    judging = rounds(settings.home)
    watched = judging.watched(run.judged_set)
    if watched is not None and watched.running:
        st.fragment(_watch, run_every=LOOK_SECONDS)(judging, run.judged_set)
        return
    asked = draw_form(settings)
    if asked is not None:
        _draw_start(judging, run, data, *asked)
    elif not settings.llm_url:
        st.caption(t("Any OpenAI-compatible address can judge: a model on this machine, or a hosted one."))
    if watched is not None:
        if watched.standing is not None:
            _draw_outcome(watched.standing)
        if watched.error is not None and not isinstance(watched.error, StoppedError):
            show_error(watched.error)
    _draw_unfinished(judging, run, data)
    draw_judges(judging.store, run, data)


def _draw_start(
    judging: Rounds, run: Opened, data: EvaluationData, asked: Asked, prices: Prices | None
) -> None:
    """What it costs, whose consent is missing, and the button."""
    settings = the_workbench().settings
    pairs = pairs_to_judge(data, run.orders, asked.scope)
    expected = expected_cost(judging.store, asked.panel, pairs, prices)
    for said in expected.sentences if pairs else ():
        st.caption(plain(spoken(said)))
    if not pairs:
        st.caption(t("No document is left to be judged."))
    agreed = _agreed(asked, settings)
    if st.button(t("Start judging"), key="evaluate.judge_start", disabled=not pairs or not agreed):
        _start(judging, run, asked, pairs)


def _agreed(asked: Asked, settings: Settings) -> bool:
    """Whether texts may go there; draws the tick that is still missing. A tick is for one host."""
    host = unagreed_host(asked.url, settings)
    return host is None or st.checkbox(
        t("Queries and documents may be sent to {host}", host=plain(host)), key=f"evaluate.judge_send_{host}"
    )


def _start(judging: Rounds, run: Opened, asked: Asked, pairs: Sequence[Pair]) -> None:
    settings = the_workbench().settings
    try:
        where = judging_endpoint(asked.url, asked.panel.models[0], settings)
        if unagreed_host(asked.url, settings) is not None:
            agree_to_judge(asked.url, settings)
        judging.start(where, asked, run.judged_set, pairs)
    except WorkbenchError as error:
        show_error(error)
    else:
        st.rerun()


def _draw_unfinished(judging: Rounds, run: Opened, data: EvaluationData) -> None:
    """A round that was stopped or killed with its process goes on with what it was asked."""
    settings = the_workbench().settings
    asked = unfinished(settings.home, run.judged_set)
    if asked is None:
        return
    done = len(judging.store.labels(run.judged_set, asked.panel.source))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            t(
                "The last round of {judge} did not come to its end; it has judged {done} documents.",
                judge=plain(asked.panel.name),
                done=done,
            )
        )
        if st.button(t("Go on"), key="evaluate.judge_continue", disabled=not _agreed(asked, settings)):
            _start(judging, run, asked, pairs_to_judge(data, run.orders, asked.scope))


def _watch(judging: Rounds, judged_set: str) -> None:
    watched = judging.watched(judged_set)
    if watched is None or not watched.running:
        st.rerun()  # it has ended: the whole page changes
    standing = watched.standing
    if standing is None:
        st.progress(0.0, text=t("Beginning …"))
    else:
        st.progress(standing.done / max(1, standing.pairs), text=_line(standing))
    st.button(
        t("Stop"),
        key="evaluate.judge_stop",
        icon=":material/stop_circle:",
        on_click=judging.stop,
        args=(judged_set,),
    )


def _line(standing: Standing) -> str:
    parts = [t("{done} of {total} pairs", done=f"{standing.done:,}", total=f"{standing.pairs:,}")]
    if standing.failed:
        parts.append(t("without an answer: {count}", count=f"{standing.failed:,}"))
    if standing.seconds_left is not None:
        parts.append(t("{time} left", time=duration(standing.seconds_left)))
    return " · ".join(parts)


def _draw_outcome(standing: Standing) -> None:
    """What the last round did, on one line."""
    parts = [
        t("{done} of {total} pairs judged", done=f"{standing.labelled:,}", total=f"{standing.pairs:,}"),
        t("answers known before: {count}", count=f"{standing.known:,}"),
        t("requests: {count}", count=f"{standing.requests:,}"),
        t(
            "tokens read and written: {read}, {written}",
            read=f"{standing.read:,}",
            written=f"{standing.written:,}",
        ),
    ]
    if standing.malformed:
        parts.append(t("answers that could not be read: {count}", count=f"{standing.malformed:,}"))
    if standing.failed:
        parts.append(t("left without a label: {count}", count=f"{standing.failed:,}"))
    if standing.tied:
        parts.append(t("ties between votes: {count}", count=f"{standing.tied:,}"))
    st.caption(" · ".join(parts))
