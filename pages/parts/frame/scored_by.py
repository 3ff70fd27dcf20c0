"""By which model something was scored, and what there is to know of it."""

import streamlit as st

from core.records import ScorerInfo
from pages.parts.frame.glossary import explained
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain


def draw_scored_by(scorer: ScorerInfo, *facts: str) -> None:
    """One line with further facts behind it, and below it what the model's label does not say."""
    who = t(
        "Scored by **{model}** · {device} {precision}",
        model=plain(scorer.label),
        device=scorer.device,
        precision=scorer.precision,
    )
    words = explained(f"{scorer.label} {scorer.precision}", language())
    st.markdown(" · ".join((who, *facts)), help=words)
    draw_notes(scorer)


def draw_notes(scorer: ScorerInfo) -> None:
    """What there is to know of a model beside its name."""
    for note in scorer.notes:
        st.caption(t(note), help=explained(note, language()))
