"""Labelled questions: a file or the sample's, how many candidates, and starting the measurement as a job."""

import io
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import WorkbenchError
from core.jobs import InputFile, keep_upload
from core.workflows.evaluate.scores import usable_instruction
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from core.workflows.retrieve.candidates import candidates_csv, candidates_job
from core.workflows.retrieve.jobs import CORPUS, is_measurement, new_measurement
from core.workflows.retrieve.measuring import retrieve_all
from core.workflows.retrieve.questions import Questions, read_queries, read_questions
from core.workflows.retrieve.sample_corpus import NAME as SAMPLE
from core.workflows.retrieve.sample_corpus import QUESTIONS
from core.workflows.retrieve.searching import SearchAsked, require_all_vectors
from core.workflows.retrieve.service import RetrieveService
from pages.parts.asked.instruction_choice import draw_instruction
from pages.parts.frame.language import t
from pages.parts.frame.messages import show_error, show_notices
from pages.parts.job.start import draw_earlier_job, draw_upload
from pages.parts.retrieve.session import RetrieveSession, open_run
from pages.parts.sheet.files import TABLE_TYPES

EARLIER_SHOWN = 8
FIRST_MODEL_SECONDS = 60.0
# Whoever measures just after adding a small corpus is not sent away.
LONGEST_WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.3


def draw_questions(
    bench: Workbench, service: RetrieveService, jobs: JobService, session: RetrieveSession, name: str
) -> None:
    """What is needed for a measurement, and the earlier ones of this corpus."""
    draw_upload(
        t("Questions with the passages that answer them"),
        TABLE_TYPES,
        "retrieve.questions",
        session,
        jobs,
    )
    st.caption(
        t(
            "A row a question and passage: the passage's id, its text or a piece of it, and a label if there "
            "is one. A question without a passage has no answer in the corpus."
        )
    )
    left, right = st.columns([1, 2])
    with left:
        k = st.slider(
            t("Most candidates of each search (k)"), 5, 200, 20, key="retrieve.most", persist_state="session"
        )
    with right:
        instruction = draw_instruction("retrieve.questions", bench.status().active)
    with st.container(horizontal=True):
        if (
            st.button(
                t("Measure the stages"),
                type="primary",
                key="retrieve.measure",
                disabled=session.upload is None,
            )
            and session.upload is not None
        ):
            _measure(bench, service, jobs, name, session.upload, k, instruction)
        if name == SAMPLE and st.button(
            t("Measure with the sample's questions"),
            type="primary" if session.upload is None else "secondary",
            key="retrieve.measure_sample",
        ):
            _measure(bench, service, jobs, name, _sample_questions(bench), k, instruction)
        if (
            st.button(
                t("Candidates to Batch"),
                key="retrieve.to_batch",
                disabled=session.upload is None,
                help=t("Reranks the candidates of every question, labelled or not, as a batch."),
            )
            and session.upload is not None
        ):
            _to_batch(bench, service, jobs, name, session.upload, k, instruction)
    _draw_earlier(jobs, name)


def _sample_questions(bench: Workbench) -> InputFile:
    with QUESTIONS.open("rb") as stream:
        return keep_upload(bench.settings.home, QUESTIONS.name, stream)


def _measure(
    bench: Workbench,
    service: RetrieveService,
    jobs: JobService,
    name: str,
    file: InputFile,
    k: int,
    instruction: str | None,
) -> None:
    bar = st.empty()
    show_progress = partial(_show_progress, bar)
    try:
        corpus = service.corpora.open(name)
        _until_vectors_are_made(service, name, bar)
        questions = _named(read_questions(Path(file.path), corpus), file)
        show_notices(questions.notices)
        retrieved = retrieve_all(
            corpus,
            questions,
            SearchAsked("union", k),
            service.embedder(),
            show_progress,
        )
        scorer = bench.scorer(wait=FIRST_MODEL_SECONDS)
        wording = usable_instruction(scorer.info, instruction)
        job = jobs.runner.submit(
            new_measurement(f"{name} · {file.name}", name, retrieved, corpus, scorer, wording, file)
        )
    except WorkbenchError as error:
        bar.empty()
        show_error(error)
        return
    open_run(job.id)
    st.rerun()


def _to_batch(
    bench: Workbench,
    service: RetrieveService,
    jobs: JobService,
    name: str,
    file: InputFile,
    k: int,
    instruction: str | None,
) -> None:
    bar = st.empty()
    try:
        corpus = service.corpora.open(name)
        _until_vectors_are_made(service, name, bar)
        content = candidates_csv(
            corpus,
            read_queries(Path(file.path)),
            SearchAsked("union", k),
            service.embedder(),
            partial(_show_progress, bar),
        )
        title = f"{name} · {file.name}"
        kept = keep_upload(bench.settings.home, f"{Path(file.name).stem}-candidates.csv", io.BytesIO(content))
        scorer = bench.scorer(wait=FIRST_MODEL_SECONDS)
        wording = usable_instruction(scorer.info, instruction)
        job = jobs.runner.submit(candidates_job(title, kept, scorer, wording))
    except WorkbenchError as error:
        bar.empty()
        show_error(error)
        return
    st.switch_page("pages/batch.py", query_params={"job": job.id})


def _until_vectors_are_made(service: RetrieveService, name: str, bar: DeltaGenerator) -> None:
    """Waits for the last of them; InputError when that would take long. Any click ends the wait."""
    state = service.vectors.state(name)
    while state.running and (state.seconds_left or 0) <= LONGEST_WAIT_SECONDS:
        share = state.done / max(1, state.total)
        bar.progress(share, t("vectors: {done} of {total}", done=f"{state.done:,}", total=f"{state.total:,}"))
        state = service.vectors.wait(name, LOOK_SECONDS)
    require_all_vectors(service.corpora.open(name))


def _show_progress(bar: DeltaGenerator, done: int, total: int) -> None:
    bar.progress(done / total, t("{done} of {total} questions searched", done=done, total=total))


def _named(questions: Questions, file: InputFile) -> Questions:
    """A kept upload is called after its content; people know it by its own name."""
    return Questions(file.name, questions.queries, questions.notices)


def _draw_earlier(jobs: JobService, name: str) -> None:
    earlier = [
        job
        for job in jobs.store.history(kind="evaluate")
        if is_measurement(job) and job.settings[CORPUS] == name
    ]
    if earlier:
        st.markdown(t("Earlier measurements"))
    for job in earlier[:EARLIER_SHOWN]:
        draw_earlier_job("retrieve", job, partial(open_run))
