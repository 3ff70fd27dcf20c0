"""Two measurements of *Retrieve* side by side: what each system gains, and whether that is certain."""

import streamlit as st

from core.jobs import Job
from core.records import Notice
from core.workflows.retrieve.comparing import ComparedMeasurements
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_notices
from pages.parts.labelled.stages import SYSTEM_TITLES
from pages.parts.labelled.words import say


def draw_measurements(first: Job, second: Job, compared: ComparedMeasurements) -> None:
    """What differed, the verdict on the two stages, and a table of all systems."""
    st.subheader(t("{first} and {second}", first=plain(first.name), second=plain(second.name)))
    show_notices(map(Notice, compared.warnings))
    with st.container(border=True, key="runs.measured_verdict"):
        st.caption(t("The second run's two stages compared with the first run's"))
        st.markdown(plain(say(compared.verdict.sentence)))
    measure = str(compared.measure)
    names = [
        t("System"),
        t("{measure}, first run", measure=measure),
        t("{measure}, second run", measure=measure),
        t("Difference"),
        t("Pairs per question, first"),
        t("Pairs per question, second"),
    ]
    rows = [
        (
            t(SYSTEM_TITLES[one.name]),
            one.first,
            one.second,
            one.difference,
            one.first_pairs,
            one.second_pairs,
        )
        for one in compared.systems
    ]
    decimals, pairs = (
        st.column_config.NumberColumn(format="%.3f"),
        st.column_config.NumberColumn(format="%.1f"),
    )
    st.dataframe(
        [dict(zip(names, row, strict=True)) for row in rows],
        key="runs.measured",
        hide_index=True,
        height="content",
        column_config={
            **dict.fromkeys(names[1:3], decimals),
            names[3]: st.column_config.NumberColumn(format="%+.3f"),
            **dict.fromkeys(names[4:], pairs),
        },
    )
    st.caption(t("Over the {count} questions that both runs asked.", count=compared.questions))
