"""A comparison of models that is looked at: how far it is, then a sentence, a table, a chart, all pairs."""

import time
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.errors import InputError
from core.workflows.compare.contenders import short_title
from core.workflows.compare.export import comparison_excel
from core.workflows.compare.kept import KeptComparison, kept_comparisons
from core.workflows.compare.outcome import SEARCH_EXCLUDED, ComparisonOutcome, Pair, Standing
from core.workflows.compare.running import Underway, running_comparisons
from core.workflows.evaluate.outcome import EvaluateSettings
from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.home.workbench import Workbench
from pages.parts.compare.charts import draw_front
from pages.parts.compare.choice import begin, titles_of
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.frame.scored_by import draw_notes
from pages.parts.job.head import draw_head
from pages.parts.labelled.words import chance, percent, run_name, say, signed, speaker, verdict_word

WATCH_SECONDS = 1.0
PRICE_KEY = "evaluate.machine_price"


def draw_model_comparison(
    bench: Workbench,
    service: JobService,
    name: str,
    settings: Callable[[], EvaluateSettings],
    draw_settings: Callable[[], None],
    leave: Callable[[str | None], None],
) -> None:
    """Head, progress or result. settings, draw_settings: the measures, chosen on the page that shows it."""
    kept = kept_comparisons(bench.settings.home)
    one = kept.comparison(name)
    state = running_comparisons.state(name)

    def delete() -> None:
        running_comparisons.stop(name)
        kept.forget(name)
        leave(None)

    draw_head(
        "evaluate",
        one.title,
        titles_of(one.asked.models),
        t("New evaluation"),
        partial(leave, None),
        beside=partial(st.button, t("Delete"), key="evaluate.models_delete", on_click=delete),
    )
    if state is not None:
        st.fragment(_watch, run_every=WATCH_SECONDS)(one)
        return
    error = running_comparisons.error(name)
    if error is not None:
        show_error(error)
    results = kept.results(name)
    missing = [model for model in one.asked.models if model not in {result.name for result in results}]
    failed = [result for result in results if not result.had]
    if missing:
        st.warning(t("Not scored yet: {models}", models=plain(titles_of(missing))))
    if missing or failed:
        label = t("Go on") if missing else t("Try again what could not be had")
        if st.button(label, key="evaluate.models_resume"):
            begin(bench, service, name)
            st.rerun()
    if not results:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_settings()
        with st.popover(t("Cost"), icon=":material/payments:"):
            price = st.number_input(
                t("This machine, US$ an hour"),
                min_value=0.0,
                value=None,
                key=PRICE_KEY,
                placeholder=t("unknown"),
                help=t("With it, and where every server's list price is known, cost is shown as money."),
                persist_state="session",
            )
        place = st.container()
    outcome = ComparisonOutcome(kept.data(name), results, settings(), price)
    try:
        _ = outcome.measures
    except InputError as wrong:
        show_error(wrong)
        return
    with place:
        build = partial(comparison_excel, outcome, one.asked.source, speaker(language()), source=one.title)
        file = file_name(one.title, t("models"), "xlsx")
        draw_export(t("Excel report"), build, file, "evaluate.models_excel")
    with st.spinner(t("Calculating …")):
        _draw_result(outcome)


def draw_earlier_comparison(one: KeptComparison, open_comparison: Callable[[str], None]) -> None:
    """One comparison of models, to open it."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"evaluate.earlier_{one.id}"):
        st.button(
            plain(one.title),
            key=f"evaluate.open_{one.id}",
            type="tertiary",
            on_click=open_comparison,
            args=(one.id,),
        )
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.made))
        count = t("{count} models", count=len(one.asked.models))
        st.caption(f"{made} · {count} · {plain(titles_of(one.asked.models))}")


def _watch(one: KeptComparison) -> None:
    state = running_comparisons.state(one.id)
    if state is None:
        st.rerun()  # it ended: the whole page changes
    for model in one.asked.models:
        done, total = state.done.get(model, (0, 0))
        st.progress(done / total if total else 0.0, text=_line(model, state, done, total))
    st.button(
        t("Stop"),
        key="evaluate.models_stop",
        disabled=state.stopping,
        on_click=partial(running_comparisons.stop, one.id),
    )


def _line(model: str, state: Underway, done: int, total: int) -> str:
    facts = t("{done} of {total} queries", done=done, total=total) if total else t("waiting")
    stopping = [t("stopping …")] if state.stopping else []
    return " · ".join([plain(short_title(model)), facts, *stopping])


def _draw_result(outcome: ComparisonOutcome) -> None:
    if outcome.worth.template:
        st.markdown(f"#### {plain(say(outcome.worth))}")
    elif not outcome.evaluations:
        st.info(t("There are no labels, so quality is not known; here is what each model takes."))
    _draw_table(outcome)
    st.caption(t(SEARCH_EXCLUDED))
    refused = [one for one in outcome.contenders if not one.had]
    for one in refused:
        advice = f" {plain(say(one.advice))}" if one.advice.template else ""
        st.caption(f"**{plain(one.title)}**{t(': ')}{plain(say(one.problem))}{advice}")
    if outcome.deciding is not None and outcome.evaluations:
        draw_front(outcome, "evaluate.models_front")
        _draw_pairs(outcome.pairs)
    notes = {note for one in outcome.contenders if one.model for note in one.model.notes}
    if notes:
        with st.expander(t("About these models")):
            for one in outcome.contenders:
                if one.model is not None and one.model.notes:
                    st.markdown(f"**{plain(one.title)}**")
                    draw_notes(one.model)


def _draw_table(outcome: ComparisonOutcome) -> None:
    rows = [_row(outcome, one) for one in outcome.standings]
    text = st.column_config.TextColumn
    st.dataframe(
        rows,
        hide_index=True,
        height="content",
        key="evaluate.models_table",
        column_config={
            t("Pairs/s"): text(help=t("One query after the other; known pairs are not counted")),
            t("US$ per 1,000 queries"): text(help=t("Estimated from list prices and from the measured time")),
            t("Front"): text(help=t("None is as good for less")),
        },
    )


def _row(outcome: ComparisonOutcome, one: Standing) -> dict[str, object]:
    contender = one.contender
    row: dict[str, object] = {t("Model"): run_name(one.title)}
    for measure in outcome.measures:
        mean, interval = one.means.get(measure), one.intervals.get(measure)
        # Excel has the intervals of all measures; a row that has to be scrolled is not read.
        shown = interval if measure == outcome.deciding else None
        bounds = f" [{shown.low:.3f}, {shown.high:.3f}]" if shown else ""
        row[str(measure)] = "–" if mean is None else f"{mean:.3f}{bounds}"
    model = contender.model if contender else None
    seconds = contender.seconds_per_query if contender else None
    slow = contender.slow_seconds if contender else None
    row[t("Front")] = "●" if one.on_front else ""
    row[t("Pairs/s")] = _rounded(contender.pairs_per_second if contender else None)
    row[t("ms per query")] = _rounded(seconds, 1000)
    row[t("95 % within, ms")] = _rounded(slow, 1000)
    row[t("Memory, MB")] = _rounded(model.memory_bytes / 1e6 if model and model.memory_bytes else None)
    if any(each.dollars_per_1000 for each in outcome.standings):
        row[t("US$ per 1,000 queries")] = _rounded(one.dollars_per_1000 if contender else None)
    row[t("Licence")] = contender.licence if contender else ""
    return row


def _rounded(value: float | None, times: float = 1.0) -> str:
    """Three figures are what a time is good for; nothing where it is not known."""
    if value is None:
        return ""
    rounded = float(f"{value * times:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}"


def _draw_pairs(pairs: Sequence[Pair]) -> None:
    if not pairs:
        return
    measure = str(pairs[0].comparison.measure)
    st.markdown(f"**{t('Every two compared in {measure}', measure=measure)}**")
    rows = [
        {
            t("Model"): run_name(pair.second),
            t("compared with"): run_name(pair.first),
            t("Difference"): signed(pair.comparison.difference),
            t("95 % interval"): _bounds(pair),
            "p (Holm)": chance(pair.comparison.p_adjusted),
            t("Verdict"): verdict_word(pair.comparison.verdict),
            "Kendall": "–" if pair.agreement.kendall is None else f"{pair.agreement.kendall:.2f}",
            t("First ten in common"): percent(pair.agreement.overlap),
        }
        for pair in pairs
    ]
    st.dataframe(rows, hide_index=True, height="content", key="evaluate.models_pairs")


def _bounds(pair: Pair) -> str:
    interval = pair.comparison.interval
    return "–" if interval is None else f"{interval.low:+.3f} … {interval.high:+.3f}"
