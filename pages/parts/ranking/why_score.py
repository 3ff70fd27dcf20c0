"""«Why this score?» below a document's text: asked for by a click, kept for the session, approximate."""

from collections import OrderedDict
from dataclasses import dataclass, field

import streamlit as st

from core.errors import WorkbenchError
from core.workflows.rerank.reranking import RankedDocument, Reranking
from core.workflows.rerank.why_score import WhyScore, why_score
from pages.parts.care.marked_text import draw_effects
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error
from pages.parts.frame.session import session_of
from pages.parts.frame.workbench import the_workbench

KEPT = 20
Asked = tuple[str, str, str | None, str]


@dataclass(slots=True)
class WhySession:
    """Answers by (fingerprint of the model asked, query, instruction, text); the last ones are kept."""

    answers: OrderedDict[Asked, WhyScore] = field(default_factory=OrderedDict)


def draw_why(result: Reranking, ranked: RankedDocument, page: str) -> None:
    """A button, or what it found for this document."""
    answers = session_of(WhySession, "why.session").answers
    text = ranked.document if ranked.care is None else ranked.care.winning_chunk.text
    # Of the model that made the result, else of the one loaded now; what another one said is out of date.
    active = the_workbench().status().active
    models = (result.scorer, *([active] if active else []))
    keys = [(model.fingerprint, result.query, result.instruction, text) for model in models]
    why = next((answers[key] for key in keys if key in answers), None)
    if why is None:
        spot = st.empty()
        asked = spot.button(
            t("Why this score?"),
            key=f"{page}.why",
            icon=":material/help:",
            help=t("Scores the text again without each of its sentences. Approximate."),
        )
        if not asked:
            return
        try:
            with st.spinner(t("Scoring …")):
                why = why_score(the_workbench().scorer(), result.query, text, result.instruction)
        except WorkbenchError as error:
            show_error(error)
            return
        answers[why.scorer.fingerprint, result.query, result.instruction, text] = why
        while len(answers) > KEPT:
            answers.popitem(last=False)
        spot.empty()
    _draw_answer(result, ranked, why)


def _draw_answer(result: Reranking, ranked: RankedDocument, why: WhyScore) -> None:
    st.markdown(t("**Why this score** (approximate)"))
    if why.scorer.fingerprint != result.scorer.fingerprint:
        st.caption(
            t(
                "Scored by {model} now, not by {other} as the result was.",
                model=why.scorer.label,
                other=result.scorer.label,
            )
        )
    if ranked.care is not None and ranked.care.document.cut:
        st.caption(t("Of the best chunk:"))
    draw_effects(why)
    what = t("clause") if why.clauses else t("sentence")
    st.caption(
        t(
            "Change of the logit by each {what}: that of the whole text ({logit}) minus that without it. "
            "Blue raises the score, orange lowers it. Sentences that say the same cover for each other, so "
            "this explains roughly, not exactly.",
            what=what,
            logit=f"{why.score.logit:+.3f}",
        )
    )
    if why.score.truncated:
        st.caption(
            t("The text is longer than the model reads: leaving a sentence out lets more of its end in.")
        )
