"""The list of runs as a leaderboard: how each came out, sortable; what was ticked is shown below it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from core.workflows.home.file_names import file_name
from core.workflows.home.job_service import JobService
from core.workflows.runs.columns import runs_csv, runs_excel
from core.workflows.runs.leaderboard import LeaderboardRow, leaderboard, work_out
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain
from pages.parts.job.progress import STATES
from pages.parts.labelled.words import speaker, verdict_word
from pages.parts.runs.chosen import draw_one
from pages.parts.runs.filters import Shown, chosen_measure, draw_filters
from pages.parts.runs.several import draw_several

MOST_SHOWN = 500
LIST_HEIGHT = 420
# How runs came out is worked out for so long before the page is shown again.
WORKING_SECONDS = 1.0


def draw_runs(service: JobService) -> None:
    """History, newest first; a click on a row's mark chooses it."""
    board = leaderboard(service, chosen_measure(), limit=MOST_SHOWN)
    if not board.rows:
        st.caption(t("There are no runs yet. The Batch page makes them."))
        return
    shown = draw_filters(board)
    if not shown.rows:
        st.caption(t("No run is like that."))
        return
    chosen = [shown.rows[row] for row in _draw_list(shown, str(board.measure)) if row < len(shown.rows)]
    if not chosen:
        st.caption(t("Tick one run to open, rename, tag or delete it; tick two or more to compare them."))
    elif len(chosen) == 1:
        draw_one(service, chosen[0], board.tags)
    else:
        draw_several(service, [row.job for row in chosen], board.measure)
    _draw_exports(shown.rows)
    if board.open:
        with st.spinner(t("Working out how runs came out: {count}", count=len(board.open))):
            work_out(service, board, seconds=WORKING_SECONDS)
        st.rerun()


def draw_cache(service: JobService) -> None:
    """How many scores are kept, and a way to forget them."""
    statistics = service.cache.statistics()
    with st.expander(t("Score cache")):
        st.caption(
            t(
                "{entries} of at most {limit} scores are kept, {size} MB. An equal pair is never scored "
                "twice by the same model; runs keep their own scores.",
                entries=f"{statistics.entries:,}",
                limit=f"{statistics.limit:,}",
                size=f"{statistics.bytes / 1e6:,.1f}",
            )
        )
        if st.button(t("Clear score cache"), key="runs.clear_cache", disabled=not statistics.entries):
            service.cache.clear()
            st.rerun()


def _draw_list(shown: Shown, measure: str) -> list[int]:
    names = [
        t("Name"),
        t("Verdict"),
        measure,
        t("Difference"),
        t("Interval from"),
        t("to"),
        t("Data"),
        t("Kind"),
        t("Model"),
        t("Instruction"),
        t("Tags"),
        t("Queries"),
        t("Pairs"),
        t("State"),
        t("Seconds"),
        t("Created"),
        t("Compared with"),
        t("Note"),
    ]
    widths = (180, 95, 75, 80, 90, 70, 130, 75, 150, 110, 90, 65, 70, 75, 70, 120, 140, 160)
    formats = {
        **dict.fromkeys(names[2:3], "%.3f"),
        **dict.fromkeys(names[3:6], "%+.3f"),
        **dict.fromkeys(names[11:13], "localized"),
        names[14]: "%.1f",
    }
    config: dict[str, ColumnConfig] = {
        name: st.column_config.NumberColumn(width=width, format=formats[name])
        if name in formats
        else st.column_config.TextColumn(width=width)
        for name, width in zip(names, widths, strict=True)
    }
    config[names[15]] = st.column_config.DatetimeColumn(width=widths[15], format="YYYY-MM-DD HH:mm")
    rows = shown.rows
    event = st.dataframe(
        [dict(zip(names, _cells(row), strict=True)) for row in rows],
        key=f"runs.list_{len(rows)}_{rows[0].job.id}",
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        height="content" if len(rows) <= 10 else LIST_HEIGHT,
        column_config=config,
        placeholder="",
    )
    return [int(row) for row in event.selection.rows] if event is not None else []


def _cells(row: LeaderboardRow) -> tuple[object, ...]:
    job, stood = row.job, row.standing
    return (
        job.name,
        verdict_word(stood.verdict) if stood else "",
        stood.after if stood else None,
        stood.difference if stood else None,
        stood.low if stood else None,
        stood.high if stood else None,
        row.files,
        t(row.kind),
        row.model,
        row.instruction,
        ", ".join(row.remark.tags),
        job.queries,
        job.pairs,
        t(STATES[job.state]),
        job.seconds or None,
        job.created.astimezone().replace(tzinfo=None),
        t(stood.against) if stood else "",
        row.remark.note,
    )


def _draw_exports(rows: Sequence[LeaderboardRow]) -> None:
    """The rows that are shown, as files."""
    kept = tuple(rows)
    builders = (
        ("Excel", partial(runs_excel, kept, speaker(language())), "xlsx"),
        ("CSV", partial(runs_csv, kept), "csv"),
    )
    with st.container(horizontal=True):
        for label, build, ending in builders:
            draw_export(
                plain(t("This table as {format}", format=label)),
                build,
                file_name("", t("runs"), ending),
                f"runs.download_{ending}",
                type="tertiary",
            )
