"""The verdict of a trial: the held-out winner, instructions × measures, the comparison with the default."""

import streamlit as st

from core.evaluation.significance import Comparison
from core.workflows.sandbox.matrix import Matrix, MatrixRow
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain
from pages.parts.labelled.words import chance, measure_help, say, signed, verdict_word
from pages.parts.sandbox.charts import draw_halves
from pages.parts.sandbox.instructions import variant_title

ICONS = {
    "confirmed": ":material/verified:",
    "not_confirmed": ":material/help:",
    "refuted": ":material/trending_down:",
    "baseline_best": ":material/drag_handle:",
    "too_few": ":material/help:",
}


def draw_verdict(matrix: Matrix) -> None:
    """Everything that labels say."""
    titles = {row.variant.name: _title(matrix, row) for row in matrix.rows}
    found = matrix.held_out
    with st.container(border=True, key="sandbox.headline"):
        if found is None:
            st.markdown(t("None of the measures tells a good order from a bad one; choose another."))
            return
        said = found.sentence
        if "winner" in said.facts:
            said = said.knowing(winner=titles[str(said.facts["winner"])])
        st.markdown(f"#### {ICONS[found.verdict]} {plain(spoken(said))}")
        split = found.split
        line = t(
            "The queries were divided once, by the fixed seed {seed}: {choosing} to choose, {confirming} to "
            "confirm.",
            seed=split.seed,
            choosing=len(split.choosing),
            confirming=len(split.confirming),
        )
        evenly = t("Evenly within each of {count} groups.", count=split.groups) if split.groups else ""
        st.caption(f"{line} {evenly}")
    _draw_matrix(matrix, titles)
    if found.systems:
        draw_halves(matrix, found, titles, "sandbox.chart_halves")
    _draw_comparisons(matrix, titles)


def _title(matrix: Matrix, row: MatrixRow) -> str:
    return variant_title(row.variant)


def _draw_matrix(matrix: Matrix, titles: dict[str, str]) -> None:
    """Means, and under each the interval of the difference from the default."""
    assert matrix.before is not None  # the verdict is drawn with labels only
    before: dict[str, object] = {t("Instruction"): t("Order before reranking")}
    before |= {str(measure): f"{mean or 0:.3f}" for measure, mean in matrix.before.means().items()}
    rows = [before]
    for row in matrix.rows:
        cells: dict[str, object] = {t("Instruction"): titles[row.variant.name]}
        for measure, mean in row.evaluation.means().items() if row.evaluation else ():
            comparison = row.comparisons.get(measure)
            cells[str(measure)] = f"{mean or 0:.3f}" + (_interval(comparison) if comparison else "")
        rows.append(cells)
    st.subheader(t("Instructions and measures"))
    st.dataframe(rows, hide_index=True, key="sandbox.matrix")
    st.caption(
        t(
            "Mean over {queries} queries; in brackets the difference from the default with its 95 % "
            "interval. ✓ better, ✗ worse, after correction for the number of instructions.",
            queries=matrix.queries,
        )
    )


def _interval(comparison: Comparison) -> str:
    interval = comparison.interval
    bounds = f"; {signed(interval.low)} … {signed(interval.high)}" if interval else ""
    mark = {"better": " ✓", "worse": " ✗"}.get(comparison.verdict, "")
    return f" ({signed(comparison.difference)}{bounds}){mark}"


def _draw_comparisons(matrix: Matrix, titles: dict[str, str]) -> None:
    if not matrix.measures:
        return
    chosen = matrix.measures[0]
    if len(matrix.measures) > 1:
        by_name = {str(measure): measure for measure in matrix.measures}
        if st.session_state.get("sandbox.measure") not in by_name:
            st.session_state["sandbox.measure"] = str(chosen)
        name = st.segmented_control(
            t("Measure"), list(by_name), key="sandbox.measure", required=True, persist_state="session"
        )
        chosen = by_name[str(name)]
    compared = [(row, row.comparisons[chosen]) for row in matrix.rows if chosen in row.comparisons]
    st.dataframe(
        [
            {
                t("Instruction"): titles[row.variant.name],
                t("Default"): one.before,
                t("With it"): one.after,
                t("Difference"): signed(one.difference),
                t("95 % interval"): f"{signed(one.interval.low)} … {signed(one.interval.high)}"
                if one.interval
                else "–",
                t("p"): chance(one.p_value),
                t("p, corrected"): chance(one.p_adjusted),
                t("Better / same / worse"): f"{one.wins} / {one.ties} / {one.losses}",
                t("Verdict"): verdict_word(one.verdict),
            }
            for row, one in compared
        ],
        hide_index=True,
        key="sandbox.comparisons",
        column_config={
            t("Default"): st.column_config.NumberColumn(format="%.3f"),
            t("With it"): st.column_config.NumberColumn(format="%.3f"),
            t("p"): st.column_config.TextColumn(alignment="right"),
            t("p, corrected"): st.column_config.TextColumn(
                alignment="right", help=t("Holm's correction: the more instructions are tried, the stricter")
            ),
        },
    )
    with st.expander(t("What the numbers rest on")):
        st.markdown(f"**{chosen}** · {plain(measure_help(chosen))}")
        notes = {say(note): None for _, one in compared for note in one.notes}
        notes |= {say(note): None for note in matrix.notes}
        for note in notes:
            st.caption(plain(note))
        st.caption(
            t(
                "Whoever picks the best of several picks luck along with it. So the winner is chosen on one "
                "half of the queries and compared with the default on the other, which had no say. The seed "
                "is fixed, so that nobody looks for a split that suits them."
            )
        )
