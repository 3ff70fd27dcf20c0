"""From the run in the address to an outcome, the same one for the same run, settings and grades."""

import streamlit as st

from core.evaluation.judged import Run
from core.evaluation.judgements import Judgement
from core.evaluation.kinds import DEFAULT_MEASURES
from core.evaluation.thresholds.advice import ThresholdSettings
from core.jobs import Job
from core.judging.store import label_store
from core.workflows.evaluate.basis import with_machine_grades
from core.workflows.evaluate.data import BEFORE
from core.workflows.evaluate.files import free_name, read_run
from core.workflows.evaluate.jobs import EvaluateJob, comparable, judged_set, kept_data, kept_system
from core.workflows.evaluate.outcome import EvaluateSettings, Outcome, evaluate
from core.workflows.evaluate.scores import ScoredSystem
from core.workflows.home.job_service import JobService
from core.workflows.judge.use import labels_by
from core.workflows.rerank.tables import preview
from pages.parts.evaluate.session import GRADED, EvaluateSession, Opened, compared_with, kept_files
from pages.parts.frame.language import t
from pages.parts.frame.workbench import the_workbench
from pages.parts.labelled.measures import draw_lowest_grade, draw_measures

MEASURES_KEY, REL_KEY, GAIN_KEY = "evaluate.measures", "evaluate.rel", "evaluate.gain"
KEEP_KEY, BETA_KEY, SHARE_KEY = "evaluate.keep", "evaluate.beta", "evaluate.share"


def opened(service: JobService, session: EvaluateSession, job: Job) -> Opened:
    """The run with those it is compared with; read from the store when something changed."""
    data_id = str(job.settings.get("data"))
    compared = compared_with(session, job.id)
    key = (job.id, compared, kept_files().signature(data_id))
    if session.opened is not None and session.opened.key == key:
        return session.opened
    data = kept_data(service.store, job)
    systems: list[ScoredSystem] = []
    for each in (job, *(other for other in comparable(service.store, job) if other.id in compared)):
        name = free_name(_system_name(each, bool(compared)), [system.name for system in systems])
        systems.append(kept_system(service.store, each, data, name))
    others: list[Run] = []
    for file in kept_files().runs(data_id):
        taken = [BEFORE, *(system.name for system in systems), *(run.name for run in others)]
        others.append(read_run(file, taken).run)
    session.opened = Opened(key, job.name, judged_set(job), data, tuple(systems), tuple(others))
    return session.opened


def _system_name(job: Job, among_others: bool) -> str:
    """The model; among others with the start of its instruction, which may be all that differs."""
    label = job.model.label if job.model else job.name
    instruction = EvaluateJob.of(job).instruction
    return f"{label} · {preview(instruction)}" if among_others and instruction else label


def current_outcome(session: EvaluateSession, run: Opened, grades: tuple[Judgement, ...]) -> Outcome:
    """The evaluation under the present settings. InputError for a measure that is none, or a judge who is
    not there."""
    settings, judge = settings_now(), graded_by()
    store = label_store(the_workbench().settings.home)
    key = (run.key, settings, grades, judge, store.signature(run.judged_set) if judge else None)
    if session.outcome is None or session.outcome_key != key:
        data = run.data.with_grades(grades)
        if judge:
            data = with_machine_grades(data, labels_by(store, run.judged_set, judge))
        session.outcome = evaluate(data, run.systems, settings, run.others)
        session.outcome_key = key
    return session.outcome


def graded_by() -> str:
    """The fingerprint of the judge whose grades fill the gaps; empty for people's labels only."""
    return st.query_params.get(GRADED, "")


def use_grades_of(fingerprint: str) -> None:
    """Fill the gaps with a judge's grades from now on; empty for nobody's."""
    if fingerprint:
        st.query_params[GRADED] = fingerprint
    else:
        st.query_params.pop(GRADED, None)


def settings_now() -> EvaluateSettings:
    """What the settings' fields hold; their defaults before they were drawn."""
    state = st.session_state
    measures = state.get(MEASURES_KEY) or DEFAULT_MEASURES.split(",")
    return EvaluateSettings(
        measures=",".join(measures),
        rel=int(state.get(REL_KEY) or 1),
        exponential=bool(state.get(GAIN_KEY)),
        keep_without_relevant=bool(state.get(KEEP_KEY)),
        threshold=ThresholdSettings(
            beta=float(state.get(BETA_KEY) or 1.0), keep_share=float(state.get(SHARE_KEY) or 95) / 100
        ),
    )


def draw_settings() -> None:
    """Measures, the grade that counts as relevant, the gain: none of them needs new scores.

    They stay in the address: a reload and a link that is handed on show the same numbers.
    """
    with st.popover(t("Measures and conventions"), icon=":material/tune:"):
        draw_measures(MEASURES_KEY, DEFAULT_MEASURES.split(","), in_address=True)
        draw_lowest_grade(REL_KEY, in_address=True)
        # A choice of words would stand in the address as its label, in one language.
        st.checkbox(
            t("Exponential gain in nDCG: 2^grade − 1 instead of the grade"),
            key=GAIN_KEY,
            bind="query-params",
        )
        st.checkbox(
            t("Also count queries without a relevant document, as 0"), key=KEEP_KEY, bind="query-params"
        )
