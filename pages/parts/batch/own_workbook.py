"""Results into a copy of the reader's own workbook: where they stand, what is lost, and the copy itself."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import WorkbenchError
from core.sheets.own_workbook.writing import Placement
from core.storage.scratch import scratch_folder
from core.workflows.batch.export import BatchTables
from core.workflows.batch.own_workbook import (
    lost_in_copy,
    own_workbook_of,
    placements,
    write_into_workbook,
)
from core.workflows.batch.results import BatchRun
from core.workflows.home.file_names import file_name
from pages.parts.batch.session import MadeCopy, batch_session
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.downloads import draw_export
from pages.parts.frame.language import language, spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.labelled.words import speaker

TITLES: dict[Placement, str] = {
    "rows": "Beside the rows",
    "sorted": "Beside the rows, sorted",
    "sheet": "On a new sheet",
}


def draw_own_workbook(run: BatchRun, top: int | None, tables: Callable[[], BatchTables]) -> None:
    """Nothing where the run was not made from a workbook that can be filled. tables: what is written."""
    try:
        own = own_workbook_of(run)
    except WorkbenchError:
        return  # the other files are there for every run
    if not st.toggle(t("Into my workbook"), key="batch.own"):
        return
    session = batch_session()
    with st.container(border=True):
        st.caption(
            t(
                "A copy of {name} with the results in it; the file itself stays as it is.",
                name=plain(own.name),
            )
        )
        titles = {one: t(TITLES[one]) for one in placements(run)}
        placement = draw_choice(t("Where the results stand"), titles, "batch.own_placement")
        try:
            if run.job.id not in session.lost:
                session.lost[run.job.id] = lost_in_copy(run)
            for lost in session.lost[run.job.id]:
                st.caption(spoken(lost))
            asked = (run.job.id, run.job.done, placement, top, language())
            if st.button(t("Make the copy"), key="batch.own_make"):
                session.copy = MadeCopy(asked, _made(tables(), placement))
        except WorkbenchError as error:
            show_error(error)
            return
        if session.copy is not None and session.copy.asked == asked:
            name = file_name(own.name, t("reranked"), own.suffix.lstrip("."))
            draw_export(t("Download the copy"), partial(bytes, session.copy.content), name, "batch.own_file")


def _made(tables: BatchTables, placement: Placement) -> bytes:
    with st.spinner(t("Making the copy …")), scratch_folder() as folder:
        target = folder / "copy.xlsx"
        write_into_workbook(tables, placement, target, speaker(language()))
        return target.read_bytes()
