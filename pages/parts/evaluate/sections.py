"""What was evaluated: which part of the evaluation is shown, and of which model.

One section at a time instead of tabs: only what is seen is computed, and the keys of the judging section do
nothing elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from core.errors import InputError
from core.jobs import Job
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import deciding_measure
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from pages.parts.evaluate.blend import draw_blend
from pages.parts.evaluate.compare import draw_compare, draw_systems
from pages.parts.evaluate.judging.section import draw_judging
from pages.parts.evaluate.model_labels import draw_model_labels, powered_of
from pages.parts.evaluate.movement import draw_movement
from pages.parts.evaluate.opened import current_outcome, draw_settings, graded_by, opened, use_grades_of
from pages.parts.evaluate.queries import draw_queries, draw_regressions
from pages.parts.evaluate.report import draw_report
from pages.parts.evaluate.runs import draw_comparison
from pages.parts.evaluate.save import draw_save
from pages.parts.evaluate.session import EvaluateSession
from pages.parts.evaluate.threshold import draw_threshold
from pages.parts.evaluate.verdict import draw_nothing_measured, draw_verdict
from pages.parts.frame.address import keep_in_address, take_from_address
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.sections import draw_sections
from pages.parts.job.opened import SECTION
from pages.parts.labelled.grades import grades_of

SECTIONS = {
    "verdict": "Verdict",
    "queries": "Queries",
    "regressions": "Regressions",
    "threshold": "Threshold",
    "blend": "Blend",
    "movement": "What changed",
    "judge": "Judge",
    "compare": "Compare",
}
DRAWERS: Mapping[str, Callable[[Outcome, int], None]] = {
    "queries": draw_queries,
    "regressions": draw_regressions,
    "threshold": draw_threshold,
    "movement": draw_movement,
}
WITHOUT_LABELS = ("movement", "threshold", "judge", "compare")
# They show measured queries, of which there may be none.
MEASURED = ("verdict", "queries", "regressions")
# Without a table there are no texts to judge.
OF_RUNS = ("verdict", "queries", "regressions", "threshold", "movement", "compare")
SECTION_KEY = "evaluate.section"


def draw_run(bench: Workbench, service: JobService, session: EvaluateSession, job: Job) -> None:
    """The section chosen, under the settings chosen."""
    run = opened(service, session, job)
    grades = grades_of(run.judged_set)
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_settings()
        report_place = st.container(horizontal=True, width="content")
    try:
        outcome = current_outcome(session, run, grades)
    except InputError as error:
        show_error(error)
        if graded_by():
            st.button(
                t("People's labels only"), key="evaluate.people_only", on_click=use_grades_of, args=("",)
            )
        return
    with report_place:
        draw_report(service.details(job), outcome, job.name, partial(powered_of, run, outcome))
    section = _choose_section(tuple(SECTIONS) if outcome.labelled else WITHOUT_LABELS)
    with report_place:
        draw_save(outcome, job, section)
    _draw_basis(outcome, section)
    if section == "judge":
        draw_judging(session, run, grades, deciding_measure(outcome))
    elif section == "blend":
        with st.spinner(t("Calculating …")):
            draw_blend(outcome, _choose_system(outcome.names), job)
    elif section == "compare":
        with st.spinner(t("Calculating …")):
            draw_compare(bench, service, session, job, outcome)
    elif section == "verdict":
        _draw_section(section, outcome, partial(draw_model_labels, run, outcome))
    else:
        _draw_section(section, outcome)


def _draw_basis(outcome: Outcome, section: str) -> None:
    """On every section whose figures rest on a model's grades; the verdict's own sentences say so, too."""
    machine = outcome.data.machine
    if machine is None or section == "judge":
        return
    with st.container(horizontal=True, vertical_alignment="center", key="evaluate.basis"):
        st.markdown(
            ":material/smart_toy: "
            + t(
                "{machine} of {labels} labels are by the model «{judge}», not by people.",
                machine=f"{machine.count:,}",
                labels=f"{outcome.data.labels:,}",
                judge=plain(machine.judge),
            )
        )
        st.button(
            t("People's labels only"),
            key="evaluate.people_only",
            on_click=use_grades_of,
            args=("",),
            type="tertiary",
        )


def draw_runs(session: EvaluateSession, owner: str) -> None:
    """Runs of other tools that were kept under `owner`, measured by judgements."""
    outcome = draw_comparison(session, owner)
    if outcome is None:
        return
    section = _choose_section(OF_RUNS)
    if section == "compare":
        with st.spinner(t("Calculating …")):
            draw_systems(outcome)
    else:
        _draw_section(section, outcome)


def _draw_section(
    section: str, outcome: Outcome, beside_verdict: Callable[[int], None] | None = None
) -> None:
    # What a section shows is computed while it is drawn.
    with st.spinner(t("Calculating …")):
        report = outcome.report
        if section in MEASURED and report is not None and not report.queries:
            draw_nothing_measured(report)
        elif section == "verdict":
            draw_verdict(outcome, _choose_system(outcome.names), beside_verdict)
        else:
            DRAWERS[section](outcome, _choose_system(outcome.names))


def _choose_section(offered: Sequence[str]) -> str:
    return draw_sections(SECTION_KEY, SECTION, {name: SECTIONS[name] for name in offered})


def _choose_system(names: Sequence[str]) -> int:
    if len(names) == 1:
        return 0
    key, places = "evaluate.system", {str(place): place for place in range(len(names))}
    take_from_address(key, "system", places.get)
    chosen = draw_choice(t("System"), dict(enumerate(names)), key)
    keep_in_address(key, "system", str(chosen), "0")
    return chosen
