"""A measurement: every system in one table, what is certain about the differences, quality against cost."""

import math
from functools import partial
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from core.jobs import Job
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.retrieve.export import pipeline_excel, system_rows
from core.workflows.retrieve.jobs import CORPUS, kept_pipeline, measured_recipe
from core.workflows.retrieve.measuring import DEFAULT_MEASURES, TWO_STAGES, CurvePoint, Pipeline, best_within
from pages.parts.asked.recipe_saving import draw_save_recipe
from pages.parts.frame.charts import BLUE, draw_figure
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain
from pages.parts.frame.tables import BLANK
from pages.parts.job.head import draw_head, head_facts
from pages.parts.job.progress import draw_job_progress
from pages.parts.labelled.charts import draw_intervals
from pages.parts.labelled.stages import SYSTEM_TITLES
from pages.parts.labelled.words import say, speaker
from pages.parts.retrieve.session import RetrieveSession, open_run


def draw_measured(jobs: JobService, session: RetrieveSession, job_id: str) -> None:
    """Watch a measurement while it runs, then show it."""
    job = jobs.store.job(job_id)
    draw_head(
        "retrieve",
        job.name,
        head_facts(job, str(job.settings.get("model", ""))),
        t("New search"),
        partial(open_run, None),
        beside=partial(_draw_ways_on, job),
    )
    if job.state != "done":
        draw_job_progress(jobs, job, "retrieve")
        return
    measures = st.text_input(
        t("Measures"), DEFAULT_MEASURES, key="retrieve.measures", persist_state="session"
    )
    key = (job.id, measures)
    if session.pipeline is None or session.pipeline_key != key:
        session.pipeline, _ = kept_pipeline(jobs.store, job, measures)
        session.pipeline_key = key
    draw_pipeline(session.pipeline, job)
    draw_save_recipe(
        "retrieve.recipe", Path(job.name).stem, partial(measured_recipe, jobs.store, job, measures)
    )


def draw_pipeline(pipeline: Pipeline, job: Job) -> None:
    """The table, the verdict, the curve and the report."""
    _draw_counts(pipeline)
    _draw_table(pipeline)
    _draw_verdicts(pipeline)
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_differences(pipeline)
    with right:
        _draw_curve(pipeline)
    details = [("run", f"{job.name} ({job.id})"), ("corpus", str(job.settings.get(CORPUS, "")))]
    build = partial(pipeline_excel, pipeline, details, speaker(language()), source=job.name)
    draw_export(t("Excel report"), build, file_name(job.name, t("retrieval"), "xlsx"), "retrieve.download")


def _draw_ways_on(job: Job) -> None:
    if job.state == "done":
        st.page_link("pages/evaluate.py", label=t("Open in Evaluate"), query_params={"job": job.id})


def _draw_counts(pipeline: Pipeline) -> None:
    total, answerable = len(pipeline.retrieved.questions.queries), len(pipeline.retrieved.answerable)
    st.caption(
        t(
            "Questions: {total}, of which {without} have no answer in the corpus and are left out. "
            "Candidates of each search: {k}.",
            total=total,
            without=total - answerable,
            k=pipeline.retrieved.asked.k,
        )
    )


def _draw_table(pipeline: Pipeline) -> None:
    names = [
        t("System"),
        *(str(one) for one in pipeline.measures),
        t("Recall ceiling"),
        t("Pairs per question"),
        t("Seconds per question"),
    ]
    rows = [
        dict(zip(names, (t(SYSTEM_TITLES[str(row[0])]), *row[1:]), strict=True))
        for row in system_rows(pipeline)
    ]
    decimals = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        rows,
        key="retrieve.systems",
        hide_index=True,
        height="content",
        placeholder=BLANK,
        column_config={
            **dict.fromkeys(names[1:-2], decimals),
            names[-2]: st.column_config.NumberColumn(format="%.1f"),
            names[-1]: decimals,
        },
    )


def _draw_verdicts(pipeline: Pipeline) -> None:
    """Whether two stages beat each search alone, side by side."""
    for column, (base, report) in zip(
        st.columns(len(pipeline.reports)), pipeline.reports.items(), strict=True
    ):
        two = next(one for one in report.systems if one.evaluation.run == TWO_STAGES)
        if two.headline is None:
            continue
        with column, st.container(border=True, height="stretch", key=f"retrieve.verdict_{base}"):
            st.caption(t("Two stages compared with «{system}»", system=t(SYSTEM_TITLES[base])))
            st.markdown(plain(say(two.headline.sentence)))


def _draw_differences(pipeline: Pipeline) -> None:
    titles = {base: t(SYSTEM_TITLES[base]) for base in pipeline.reports}
    base = draw_choice(t("Compared with"), titles, "retrieve.base", first="embedding")
    pairs = [
        (t(SYSTEM_TITLES[one.evaluation.run]), one.headline)
        for one in pipeline.reports[base].systems
        if one.headline is not None
    ]
    title = t(
        "Difference in {measure} from «{baseline}», with its 95 % interval",
        measure=str(pipeline.measures[0]),
        baseline=titles[base],
    )
    draw_intervals(pairs, title, "retrieve.differences", axis=t("difference"))


def _draw_curve(pipeline: Pipeline) -> None:
    """Quality against cost, and the best k that a budget allows."""
    curve, measure = pipeline.curve, str(pipeline.measures[0])
    least, most = math.ceil(curve[0].pairs), math.ceil(curve[-1].pairs)
    budget = most
    if least < most:
        budget = st.slider(
            t("Budget: pairs per question"), least, most, most, key=f"retrieve.budget_{least}_{most}"
        )
    best = best_within(curve, budget)
    title = t("{measure} of two stages over the pairs that are scored", measure=measure)
    draw_figure(curve_figure(curve, measure, best), "retrieve.curve", title, 330)
    if best is not None:
        facts = [
            f"k = {best.k}",
            f"{measure} {best.quality:.3f}",
            t("pairs: {count}", count=f"{best.pairs:.1f}"),
        ]
        if best.seconds is not None:
            facts.append(t("{seconds} s", seconds=f"{best.seconds:.2f}"))
        st.caption(t("Best within the budget, per question: {facts}", facts=" · ".join(facts)))
    if pipeline.advice is not None:
        st.caption(say(pipeline.advice))


def curve_figure(curve: tuple[CurvePoint, ...], measure: str, best: CurvePoint | None = None) -> go.Figure:
    """Quality over the pairs a question costs; each point is a number of candidates k."""
    figure = go.Figure()
    figure.add_scatter(
        x=[point.pairs for point in curve],
        y=[point.quality for point in curve],
        mode="lines+markers+text",
        text=[f"k={point.k}" for point in curve],
        textposition="top center",
        line={"color": BLUE},
        marker={"size": [13 if point is best else 7 for point in curve]},
        customdata=[[point.seconds if point.seconds is not None else math.nan] for point in curve],
        hovertemplate="%{text}<br>%{y:.3f}<br>%{x:.1f}<br>%{customdata[0]:.2f} s<extra></extra>",
        cliponaxis=False,
        showlegend=False,
    )
    figure.update_xaxes(title=t("pairs per question"), rangemode="tozero")
    figure.update_yaxes(title=measure)
    return figure
