"""The verdict: a plain sentence, the measures behind it, groups, and what the numbers rest on."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.evaluation.report import EvaluationReport, SystemReport
from core.evaluation.significance import Comparison
from core.workflows.evaluate.outcome import Outcome
from core.workflows.evaluate.queries import deciding_measure, query_rows
from core.workflows.evaluate.verdict import VerdictLine, verdict_lines
from pages.parts.frame.language import t
from pages.parts.frame.messages import plain
from pages.parts.labelled.charts import draw_differences, draw_intervals, draw_measures
from pages.parts.labelled.words import chance, measure_help, percent, say, signed, verdict_word

ICONS = {
    "better": ":material/trending_up:",
    "worse": ":material/trending_down:",
    "cannot_tell": ":material/help:",
    "no_difference": ":material/drag_handle:",
    "too_few": ":material/help:",
}
# Kinds of lines shown under the headline; thresholds have a section of their own.
UNDER_HEADLINE = ("gap", "regressions", "retrieval")


def draw_verdict(outcome: Outcome, system: int, beside: Callable[[int], None] | None = None) -> None:
    """Everything about one system against the order before. beside: draws under the headline."""
    report = outcome.report
    assert report is not None  # without labels the page shows the movement instead
    reported = report.systems[system]
    lines = verdict_lines(outcome, system, thresholds=False)
    _draw_headline(reported, lines)
    warnings = [plain(say(line.sentence)) for line in lines if line.kind == "warning"]
    if warnings:
        st.warning("  \n".join(warnings))
    if beside is not None:
        beside(system)
    _draw_measures(reported)
    left, right = st.columns(2)
    with left:
        draw_measures(reported.comparisons, reported.headroom, "evaluate.chart_measures")
    with right:
        pairs = [(str(comparison.measure), comparison) for comparison in reported.comparisons]
        draw_intervals(pairs, t("Difference with its 95 % interval"), "evaluate.chart_intervals")
    measure = deciding_measure(outcome)
    if measure is not None:
        draw_differences(query_rows(outcome, system), measure, "evaluate.chart_differences")
    _draw_groups(reported)
    draw_conventions(report, [line for line in lines if line.kind == "note"])


def draw_nothing_measured(report: EvaluationReport) -> None:
    """Labels, but none that tells a good order from a bad one."""
    st.info(t("No query has a document labelled relevant, so there is nothing to measure."))
    draw_conventions(report, ())


def _draw_headline(reported: SystemReport, lines: Sequence[VerdictLine]) -> None:
    headline = reported.headline
    with st.container(border=True, key="evaluate.headline"):
        if headline is None:
            st.markdown(t("None of the measures tells a good order from a bad one; choose another."))
            return
        st.markdown(f"#### {ICONS[headline.verdict]} {plain(say(headline.sentence))}")
        for line in lines:
            if line.kind in UNDER_HEADLINE:
                st.markdown(plain(say(line.sentence)))


def _draw_measures(reported: SystemReport) -> None:
    best = {room.measure: room for room in reported.headroom}
    compared = {comparison.measure for comparison in reported.comparisons}
    rows = []
    for comparison in reported.comparisons:
        room = best.get(comparison.measure)
        rows.append(
            {
                t("Measure"): str(comparison.measure),
                t("Before"): comparison.before,
                t("After"): comparison.after,
                t("Best possible"): room.best if room else None,
                **_differences(comparison),
                t("Gain achieved"): percent(room.closed if room else None),
            }
        )
    for measure, value in reported.evaluation.means().items():
        if measure not in compared:
            rows.append({t("Measure"): str(measure), t("After"): value})
    number = st.column_config.NumberColumn(format="%.3f", width=90)
    st.dataframe(
        rows,
        hide_index=True,
        key="evaluate.table_measures",
        column_config={
            t("Before"): number,
            t("After"): number,
            t("Best possible"): st.column_config.NumberColumn(
                format="%.3f", width=90, help=t("The same candidates in the order of their labels")
            ),
            t("p"): st.column_config.TextColumn(
                alignment="right",
                width=80,
                help=t("Chance of a difference this large if the two orders were equally good"),
            ),
            t("Gain achieved"): st.column_config.TextColumn(
                help=t("Share of the way from before to the best possible order")
            ),
        },
    )
    with st.expander(t("What the measures mean")):
        for measure in reported.evaluation.values:
            st.markdown(f"**{measure}** · {plain(measure_help(measure))}")
    for comparison in reported.comparisons[1:]:
        st.caption(plain(say(comparison.sentence)))


def _differences(comparison: Comparison) -> dict[str, object]:
    interval = comparison.interval
    return {
        t("Difference"): signed(comparison.difference),
        t("95 % interval"): f"{signed(interval.low)} … {signed(interval.high)}" if interval else "–",
        t("p"): chance(comparison.p_adjusted),
        t("Better / same / worse"): f"{comparison.wins} / {comparison.ties} / {comparison.losses}",
        t("Verdict"): verdict_word(comparison.verdict),
    }


def _draw_groups(reported: SystemReport) -> None:
    if not reported.groups:
        return
    st.subheader(t("By group"))
    deciding = [(group, comparisons[0]) for group, comparisons in reported.groups.items() if comparisons]
    rows = [
        {
            t("Group"): group or t("(no group)"),
            t("Measure"): str(comparison.measure),
            t("Queries"): comparison.queries,
            t("Before"): comparison.before,
            t("After"): comparison.after,
            **_differences(comparison),
        }
        for group, comparisons in reported.groups.items()
        for comparison in comparisons
    ]
    number = st.column_config.NumberColumn(format="%.3f", width=90)
    st.dataframe(
        rows,
        hide_index=True,
        key="evaluate.table_groups",
        column_config={
            t("Before"): number,
            t("After"): number,
            t("p"): st.column_config.TextColumn(alignment="right", width=80),
        },
    )
    named = [(group or t("(no group)"), comparison) for group, comparison in deciding]
    if named:
        title = t(
            "Difference in {measure} by group, with its 95 % interval", measure=str(named[0][1].measure)
        )
        draw_intervals(named, title, "evaluate.chart_groups")
    if reported.groups and len(reported.groups) > 1:
        notes = {say(note) for _, comparison in deciding for note in comparison.notes[:1]}
        for note in sorted(notes):
            st.caption(plain(note))


def draw_conventions(report: EvaluationReport, notes: Sequence[VerdictLine]) -> None:
    """What was counted or left out, and the rules behind the numbers."""
    st.subheader(t("What the numbers rest on"))
    said = [say(note) for note in report.notes]
    said += [say(line.sentence) for line in notes]
    said += [say(convention) for convention in report.conventions]
    said.append(
        t(
            "Interval: paired bootstrap over queries, {resamples} resamples. p: paired randomisation test.",
            resamples=f"{report.settings.comparison.resamples:,}",
        )
    )
    st.caption("  \n".join(f"· {plain(line)}" for line in said))
