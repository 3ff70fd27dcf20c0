"""A measurement: every system in one table, what is certain about the differences, quality against cost."""

from functools import partial

import plotly.graph_objects as go
import streamlit as st

from core.jobs import Job
from core.workflows.home.job_service import JobService
from core.workflows.retrieve.export import pipeline_excel, system_rows
from core.workflows.retrieve.jobs import CORPUS, kept_pipeline
from core.workflows.retrieve.measuring import DEFAULT_MEASURES, TWO_STAGES, CurvePoint, Pipeline
from pages.parts.frame.charts import BLUE, GREY, draw_figure
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain
from pages.parts.job.head import draw_head, head_facts
from pages.parts.job.progress import draw_job_progress
from pages.parts.labelled.charts import draw_intervals
from pages.parts.labelled.words import say, speaker
from pages.parts.retrieve.session import RetrieveSession, open_run

SYSTEM_TITLES = {
    "bm25": "Words (BM25)",
    "embedding": "Meaning (embedding)",
    "union": "Union of both",
    "rrf": "Rank fusion (RRF)",
    "bm25 + reranker": "Words + reranker",
    "embedding + reranker": "Meaning + reranker",
    "union + reranker": "Union + reranker (two stages)",
}


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


def draw_pipeline(pipeline: Pipeline, job: Job) -> None:
    """The table, the verdict, the curve and the report."""
    _draw_counts(pipeline)
    _draw_table(pipeline)
    for base, report in pipeline.reports.items():
        two = next(one for one in report.systems if one.evaluation.run == TWO_STAGES)
        if two.headline is not None:
            st.markdown(
                t(
                    "**Two stages compared with {system}:** {verdict}",
                    system=t(SYSTEM_TITLES[base]),
                    verdict=plain(say(two.headline.sentence)),
                )
            )
    _draw_differences(pipeline)
    _draw_curve(pipeline)
    if pipeline.advice is not None:
        st.info(say(pipeline.advice), icon=":material/info:")
    details = [("run", f"{job.name} ({job.id})"), ("corpus", str(job.settings.get(CORPUS, "")))]
    build = partial(pipeline_excel, pipeline, details, speaker(language()))
    draw_export(t("Excel report"), build, "retrieval.xlsx", "retrieve.download")


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
        column_config={
            **dict.fromkeys(names[1:-2], decimals),
            names[-2]: st.column_config.NumberColumn(format="%.1f"),
            names[-1]: decimals,
        },
    )


def _draw_differences(pipeline: Pipeline) -> None:
    for base, report in pipeline.reports.items():
        pairs = [
            (t(SYSTEM_TITLES[one.evaluation.run]), one.headline)
            for one in report.systems
            if one.headline is not None
        ]
        title = t(
            "Difference in {measure} from «{baseline}», with its 95 % interval",
            measure=str(pipeline.measures[0]),
            baseline=t(SYSTEM_TITLES[base]),
        )
        draw_intervals(pairs, title, f"retrieve.differences_{base}")


def _draw_curve(pipeline: Pipeline) -> None:
    measure = str(pipeline.measures[0])
    title = t("{measure} of two stages over the candidates of each search", measure=measure)
    draw_figure(curve_figure(pipeline.curve, measure), "retrieve.curve", title, 320)


def curve_figure(curve: tuple[CurvePoint, ...], measure: str) -> go.Figure:
    """Quality over k, and the pairs that it costs."""
    ks = [point.k for point in curve]
    figure = go.Figure()
    figure.add_scatter(
        x=ks,
        y=[point.quality for point in curve],
        name=measure,
        mode="lines+markers",
        line={"color": BLUE},
        customdata=[[point.seconds if point.seconds is not None else 0.0] for point in curve],
        hovertemplate="k = %{x}<br>%{y:.3f}<br>%{customdata[0]:.2f} s<extra></extra>",
    )
    figure.add_bar(
        x=ks,
        y=[point.pairs for point in curve],
        name=t("pairs per question"),
        marker_color=GREY,
        opacity=0.4,
        yaxis="y2",
    )
    figure.update_xaxes(type="category", title="k")
    figure.update_layout(
        yaxis={"title": measure, "rangemode": "tozero"},
        yaxis2={"overlaying": "y", "side": "right", "showgrid": False, "title": t("pairs per question")},
        legend={"orientation": "h"},
    )
    return figure
