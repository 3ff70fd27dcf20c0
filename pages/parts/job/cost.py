"""What a hosted reranker will charge for a run, and the tick that agrees to it."""

import streamlit as st

from core.models.remote.cost import Estimate
from core.records import Scorer
from core.workflows.home.expected_cost import basis_sentence, cost_sentence, unknown_price
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain


def draw_expected_cost(page: str, expected: tuple[int, Estimate] | None, scorer: Scorer) -> bool:
    """Say what it costs; whether the run may begin. Nothing is drawn where nothing is charged."""
    if expected is None:
        unknown = unknown_price(scorer)
        if unknown.template:
            st.caption(plain(spoken(unknown)))
        return True
    pairs, cost = expected
    if not pairs:
        return True
    st.markdown(plain(spoken(cost_sentence(pairs, cost))), help=spoken(basis_sentence(cost)))
    # A tick is for one sum: another run asks anew.
    return st.checkbox(t("Spend about {money}", money=cost.money), key=f"{page}.spend_{pairs}_{cost.money}")
