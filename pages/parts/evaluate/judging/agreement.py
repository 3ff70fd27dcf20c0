"""What models have judged: how far each agrees with people, and whether its grades fill the gaps."""

from functools import partial

import streamlit as st

from core.judging.agreement import JudgeAgreement
from core.judging.labels import Label, Source
from core.judging.store import LabelStore
from core.workflows.evaluate.data import EvaluationData
from core.workflows.home.file_names import file_name
from core.workflows.judge.export import labels_csv
from core.workflows.judge.use import agreement_with_people, judges_of
from pages.parts.evaluate.opened import graded_by, use_grades_of
from pages.parts.evaluate.session import Opened
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.labelled.words import say

NOBODY = ""
OVERLAP_HINT = (
    "No document was judged by people and by this model: how far to trust it is not known. Judge some by "
    "hand."
)


def draw_judges(store: LabelStore, run: Opened, data: EvaluationData) -> None:
    """Nothing before a model has judged. data: with people's labels only."""
    labels = store.labels(run.judged_set)
    judges = judges_of(labels)
    if not judges:
        return
    st.subheader(t("What models have judged"))
    _draw_use(judges)
    for source, count in judges.items():
        own = [label for label in labels if label.source == source]
        _draw_judge(store, run, data, source, own, count)


def _draw_use(judges: dict[Source, int]) -> None:
    """Whose grades stand where people gave none. The verdict then says so itself."""
    titles = {NOBODY: t("People's labels only")}
    for source in judges:
        titles[source.fingerprint] = t(
            "«{judge}» where people gave none ({fingerprint})",
            judge=source.name,
            fingerprint=source.fingerprint[:6],
        )
    chosen = draw_choice(
        t("Labels that are measured by"), titles, "evaluate.graded_by", first=graded_by() or NOBODY
    )
    if chosen != (graded_by() or NOBODY):
        use_grades_of(chosen)
        st.rerun()


def _draw_judge(
    store: LabelStore, run: Opened, data: EvaluationData, source: Source, labels: list[Label], count: int
) -> None:
    with st.container(border=True, key=f"evaluate.judge_{source.fingerprint}"):
        st.markdown(
            f"**{plain(source.name)}** · " + t("{count} documents", count=f"{count:,}"),
            help=source.fingerprint,
        )
        agreed = agreement_with_people(data, labels, source.name)
        if agreed is None:
            st.caption(t(OVERLAP_HINT))
        else:
            for said in agreed.sentences:
                st.markdown(plain(say(said)))
            _draw_confusion(agreed, source)
        with st.container(horizontal=True):
            panel = store.panel(source.fingerprint)
            if panel is not None:
                with st.popover(t("Rubric"), type="tertiary"):
                    st.text(panel.rubric)
            build = partial(labels_csv, data, labels)
            name = file_name(run.name, t("a model's labels"), "csv")
            draw_export("CSV", build, name, f"evaluate.judge_csv_{source.fingerprint}", type="tertiary")
            st.button(
                t("Delete"),
                key=f"evaluate.judge_delete_{source.fingerprint}",
                type="tertiary",
                on_click=_forget,
                args=(store, run.judged_set, source),
            )


def _forget(store: LabelStore, judged_set: str, source: Source) -> None:
    store.forget(judged_set, source)
    if graded_by() == source.fingerprint:
        use_grades_of("")


def _draw_confusion(agreed: JudgeAgreement, source: Source) -> None:
    """Counts: a row a grade of people, a column a grade of the model."""
    with st.expander(t("Grade by grade ({pairs} documents)", pairs=agreed.pairs)):
        st.dataframe(
            [
                {t("By people"): str(grade), **{str(given): n for given, n in enumerate(row)}}
                for grade, row in enumerate(agreed.confusion)
            ],
            hide_index=True,
            key=f"evaluate.judge_confusion_{source.fingerprint}",
            column_config={
                str(given): st.column_config.NumberColumn(t("Model: {grade}", grade=given), width="small")
                for given in range(len(agreed.confusion))
            },
        )
