"""Where to cut: what each threshold keeps, the recommended ones to take along, and how the scores spread."""

import json
from functools import partial

import streamlit as st

from core.evaluation.thresholds.advice import ThresholdAdvice
from core.evaluation.thresholds.cuts import Cut
from core.workflows.evaluate.outcome import Outcome
from core.workflows.home.file_names import file_name
from pages.parts.evaluate.calibration import draw_calibration
from pages.parts.evaluate.opened import BETA_KEY, SHARE_KEY
from pages.parts.evaluate.save import CALIBRATION_KEY
from pages.parts.evaluate.scores import draw_scores
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.labelled.charts import draw_thresholds
from pages.parts.labelled.words import say

BETAS = {0.5: "precision counts more", 1.0: "both alike", 2.0: "recall counts more"}


def draw_threshold(outcome: Outcome, system: int) -> None:
    """The advice for one system where there are labels, then how its scores spread."""
    report = outcome.report
    advice = report.systems[system].thresholds if report is not None else None
    scored = system < len(outcome.systems)
    if report is None:
        st.info(t("A threshold is chosen by labels, and there are none; here is how the scores spread."))
    elif advice is None:
        st.info(t("No candidate is labelled relevant, or the run has no scores: no threshold can be chosen."))
    else:
        probable = scored and outcome.systems[system].model.gives_probabilities
        _draw_advice(advice, outcome.names[system], scored, probable)
    wanted = None
    if scored and report is not None:
        with st.expander(t("Calibration"), key="evaluate.calibration"):
            wanted = draw_calibration(outcome, system)
    st.session_state[CALIBRATION_KEY] = wanted
    if scored:
        st.subheader(t("The scores themselves"))
        draw_scores(outcome, outcome.shapes[system])


def _draw_advice(advice: ThresholdAdvice, name: str, scored: bool, probable: bool) -> None:
    """scored: the scores are a model's, not another tool's own. probable: they are probabilities."""
    _draw_choices()
    for sentence in advice.sentences:
        st.markdown(plain(say(sentence)))
    _draw_cuts(advice)
    scale = t("score")
    if scored:
        scale = t("probability") if probable else t("similarity")
    draw_thresholds(advice, scale, scored, "evaluate.chart_thresholds")
    record = partial(_record, name, advice, _scale(scored, probable))
    file = file_name(name, t("thresholds"), "json")
    draw_export(t("Recommended values as JSON"), record, file, "evaluate.download_thresholds")


def _draw_choices() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("What matters"),
            list(BETAS),
            format_func=lambda beta: f"F{beta:g}: {t(BETAS[beta])}",
            default=1.0 if BETA_KEY not in st.session_state else None,
            key=BETA_KEY,
            required=True,
            persist_state="session",
        )
        st.number_input(
            t("Queries that must keep a relevant document (%)"),
            min_value=1,
            max_value=100,
            value=95,
            key=SHARE_KEY,
            persist_state="session",
        )


def _draw_cuts(advice: ThresholdAdvice) -> None:
    names = {t("Best F{beta}", beta=f"{advice.settings.beta:g}"): advice.best}
    names[t("Keeps one for {share} of the queries", share=f"{advice.settings.keep_share:.0%}")] = (
        advice.coverage
    )
    st.dataframe([{t("Chosen by"): name, **_columns(cut)} for name, cut in names.items()], hide_index=True)


def _columns(cut: Cut) -> dict[str, object]:
    return {
        t("Threshold"): str(cut.threshold),
        t("Precision"): f"{cut.precision:.0%}",
        t("Recall"): f"{cut.recall:.0%}",
        t("Documents kept"): f"{cut.kept:.0%}",
        t("Queries left empty"): f"{cut.empty:.0%}",
    }


def _scale(scored: bool, probable: bool) -> str:
    """What programs are told the threshold is on."""
    if not scored:
        return "score of the run"
    return "probability" if probable else "similarity"


def _record(system: str, advice: ThresholdAdvice, scale: str) -> str:
    def cut(one: Cut) -> dict[str, float]:
        return {
            "threshold": one.threshold,
            "precision": one.precision,
            "recall": one.recall,
            "f_beta": one.f_beta,
            "share_kept": one.kept,
            "queries_with_relevant": one.queries_with_relevant,
            "queries_left_empty": one.empty,
        }

    record = {
        "system": system,
        "scale": scale,
        "beta": advice.settings.beta,
        "lowest_relevant_grade": advice.settings.rel,
        "best": cut(advice.best),
        "coverage": {"share_of_queries": advice.settings.keep_share, **cut(advice.coverage)},
        "held_out_f_beta": advice.held_out,
        "recommended": advice.recommended,
        "queries": advice.queries,
    }
    return json.dumps(record, ensure_ascii=False, indent=2)
