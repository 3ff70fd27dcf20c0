"""A small table of what each label is worth, for labels that are words or leave open what is not relevant."""

import streamlit as st

from core.sheets.meaning.scales import LabelScale, label_key
from pages.parts.frame.language import t
from pages.parts.labelled.words import say

MOST_LABELS = 30


def draw_grades(key: str, scale: LabelScale) -> None:
    """The table, where there is anything to settle; changed grades are kept under the key."""
    doubt = scale.doubt
    if doubt is None and not scale.grades:
        return
    if doubt is not None:
        st.warning(say(doubt))
    if len(scale.labels) > MOST_LABELS:
        return
    known = dict(scale.grades)
    rows = [{"label": label, "grade": _grade(label, known)} for label in scale.labels]
    with st.expander(t("What the labels are worth"), expanded=doubt is not None):
        edited = st.data_editor(
            rows,
            key=f"{key}_table",
            hide_index=True,
            width="content",
            column_config={
                "label": st.column_config.TextColumn(t("Label"), disabled=True),
                "grade": st.column_config.NumberColumn(
                    t("Grade"), min_value=0, max_value=100, step=1, help=t("0 is not relevant.")
                ),
            },
        )
    given = tuple((row["label"], float(row["grade"])) for row in edited if row["grade"] is not None)
    if edited != rows and given != st.session_state.get(key, ()):
        st.session_state[key] = given
        st.session_state.pop(f"{key}_table", None)
        st.rerun()


def _grade(label: str, known: dict[str, float]) -> int | None:
    key = label_key(label)
    if key in known:
        return int(known[key])
    return int(key) if key.isdigit() else None
