"""A few rows of a table, before or after its columns were understood, and what is odd about its rows.

For every page that takes a table. Nothing is read or checked here.
"""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from core.sheets.meaning.importing import ImportedTable
from core.sheets.meaning.vocabulary import Role
from core.sheets.records import RowProblem, Table
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain

ROLE_NAMES: Mapping[Role, str] = {
    "query": "Query",
    "document": "Document",
    "label": "Label",
    "query_id": "Query id",
    "document_id": "Document id",
    "initial_rank": "Rank before",
    "initial_score": "Score before",
    "group": "Group",
    "instruction": "Instruction",
}
PREVIEW_ROWS, PREVIEW_CHARACTERS = 5, 80
PREVIEW_COLUMNS = 30
SHOWN_PROBLEMS = 200
# A person has to do something about these in the file itself, so they are not folded away.
LOUD = ("formula_without_result",)


def draw_pairs(table: ImportedTable) -> None:
    """The first pairs as they will be scored, under the names of their roles."""
    names = [role for role in ROLE_NAMES if role in table.roles or role in ("query", "document")]
    _draw({t(ROLE_NAMES[role]): table.pairs.column(role)[:PREVIEW_ROWS] for role in names})


def draw_rows(table: Table) -> None:
    """The first rows as they stand in the file, under the file's own column names."""
    columns = table.columns[:PREVIEW_COLUMNS]
    rows = table.rows[:PREVIEW_ROWS]
    _draw({name: [row[place] for row in rows] for place, name in enumerate(columns)})


def draw_problems(problems: Sequence[RowProblem]) -> None:
    """What is odd about rows, folded away; rows that were left out are counted."""
    loud = [
        f"{plain(problem.column)}{t(': ')}{plain(remark(problem))}"
        for problem in problems
        if problem.kind in LOUD
    ]
    if loud:
        st.warning("  \n".join(loud))
    if not problems:
        return
    skipped = sum(problem.skipped for problem in problems)
    counts = {"count": f"{len(problems):,}", "skipped": f"{skipped:,}"}
    with st.expander(t("{count} remarks on the rows; {skipped} rows were left out", **counts)):
        names = (t("Sheet"), t("Row"), t("Column"), t("Remark"))
        rows = [
            (problem.sheet, problem.row, problem.column, remark(problem))
            for problem in problems[:SHOWN_PROBLEMS]
        ]
        st.dataframe([dict(zip(names, row, strict=True)) for row in rows], hide_index=True)
        if len(problems) > SHOWN_PROBLEMS:
            st.caption(t("The first {shown} are listed; the CSV has all.", shown=SHOWN_PROBLEMS))


def remark(problem: RowProblem) -> str:
    """What is odd about a row, in the interface language."""
    return spoken(problem.sentence)


def _draw(columns: Mapping[str, Iterable[object]]) -> None:
    st.dataframe(
        {name: [_short(value) for value in values] for name, values in columns.items()}, hide_index=True
    )


def _short(value: object) -> str:
    if value is None or value != value:
        return ""
    text = (
        f"{value:g}" if isinstance(value, float) else " ".join(str(value)[: 10 * PREVIEW_CHARACTERS].split())
    )
    return text if len(text) <= PREVIEW_CHARACTERS else text[:PREVIEW_CHARACTERS] + "…"
