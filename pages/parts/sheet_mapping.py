"""Which sheet, encoding and columns of an uploaded file mean what: guesses shown, corrected by hand.

For every page that takes a table. Guessing and importing are done by `core.sheets`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.errors import InputError
from core.jobs import InputFile
from core.sheets.importing import ImportChoices, ImportedTable, Pool, import_source
from core.sheets.records import RowProblem, Source
from core.sheets.reports import SheetReport, inspect_source
from core.sheets.roles import CERTAIN
from core.sheets.sources import read_source
from core.sheets.vocabulary import Role
from pages.parts.language import t
from pages.parts.messages import show_error

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
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "shift_jis", "cp1252")
NONE = ""
PREVIEW_ROWS, PREVIEW_CHARACTERS = 5, 80
COLUMNS_ABREAST = 3
SHOWN_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the fields hold. mapping: (role, its columns) for every role offered; none means left out."""

    encoding: str | None
    sheet: str | None
    mapping: tuple[tuple[str, tuple[str, ...]], ...]
    query: str | None = None
    pool: Path | None = None


def draw_sheet_mapping(
    page: str, file: InputFile, roles: Sequence[Role], pool: InputFile | None = None, *, typed: bool = False
) -> ImportedTable | None:
    """Draw the choices for a kept file; the imported table, or None after saying why there is none.

    page: prefix of the widgets' keys. roles: which are offered, in this order. pool: a second file, with the
    documents of all queries. typed: a query can be typed in for a file that holds none.
    """
    key = f"{page}.map_{file.sha256[:8]}"
    try:
        left, middle, _ = st.columns(COLUMNS_ABREAST)
        with left:
            encoding = _draw_encoding(key, file)
        source = _source(file.path, file.name, file.sha256, encoding)
        with middle if source.encoding else left:
            sheet = _draw_sheet(key, source)
        report = inspect_source(source, sheet=sheet)
        if pool is not None:
            roles = [role for role in roles if role not in ("document", "document_id")]
        elif report.pool_sheet:
            st.caption(t("The documents come from the sheet {sheet}.", sheet=report.pool_sheet))
            roles = [role for role in roles if role not in ("document", "document_id")]
        mapping = _draw_roles(f"{key}_{report.sheet}", report.chosen, roles)
        query = _draw_query(page) if typed and _needs_query(mapping) else None
        pool_path = Path(pool.path) if pool else None
        table = _import(source.sha256, _Chosen(encoding, sheet, mapping, query, pool_path), source)
    except InputError as error:
        show_error(error)
        return None
    _draw_preview(table)
    draw_problems(table.problems)
    return table


def draw_problems(problems: Sequence[RowProblem]) -> None:
    """What is odd about rows, folded away; rows that were left out are counted."""
    if not problems:
        return
    skipped = sum(problem.skipped for problem in problems)
    counts = {"count": len(problems), "skipped": skipped}
    with st.expander(t("{count} remarks on the rows; {skipped} rows were left out", **counts)):
        st.dataframe(
            [
                {
                    t("Row"): problem.row,
                    t("Column"): problem.column,
                    t("Remark"): t(problem.template).format(**problem.facts),
                }
                for problem in problems[:SHOWN_PROBLEMS]
            ],
            hide_index=True,
        )


def _draw_encoding(key: str, file: InputFile) -> str | None:
    source = _source(file.path, file.name, file.sha256, None)
    if not source.encoding:
        return None
    known = (source.encoding, *(one for one in ENCODINGS if one != source.encoding))
    chosen = st.selectbox(
        t("Encoding"),
        known,
        key=f"{key}_encoding",
        persist_state="session",
        help=t("How the file's characters are stored. Choose another one when the preview looks garbled."),
    )
    if not source.encoding_certain:
        st.caption(t("The encoding is a guess; look at the preview."))
    return None if chosen == source.encoding else chosen


def _draw_sheet(key: str, source: Source) -> str | None:
    names = [grid.name for grid in source.grids if grid.kind == "worksheet" and grid.rows]
    if len(names) < 2:
        return None
    guessed = _guessed_sheet(source)
    return st.selectbox(
        t("Sheet"),
        names,
        index=names.index(guessed) if guessed in names else 0,
        key=f"{key}_sheet",
        persist_state="session",
    )


def _guessed_sheet(source: Source) -> str:
    try:
        return inspect_source(source).sheet
    except InputError:
        return ""


def _draw_roles(
    key: str, sheet: SheetReport, roles: Sequence[Role]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = [column.name for column in sheet.columns]
    mapping: list[tuple[str, tuple[str, ...]]] = []
    for start in range(0, len(roles), COLUMNS_ABREAST):
        columns = st.columns(COLUMNS_ABREAST)
        for column, role in zip(columns, roles[start : start + COLUMNS_ABREAST], strict=False):
            with column:
                mapping.append((role, _draw_role(f"{key}_{role}", role, names, sheet)))
    return tuple(mapping)


def _draw_role(key: str, role: Role, names: Sequence[str], sheet: SheetReport) -> tuple[str, ...]:
    guesses = [column for column in sheet.columns if column.role == role]
    sure = [guess.name for guess in guesses if guess.confidence >= CERTAIN]
    label = t(ROLE_NAMES[role])
    if len(guesses) > 1:
        chosen = st.multiselect(label, names, default=sure, key=key, persist_state="session")
        return tuple(chosen)
    # A guess that is not certain is offered for query and document, which every table has.
    offered = [guess.name for guess in guesses if role in ("query", "document")] or sure
    one = st.selectbox(
        label,
        (NONE, *names),
        index=names.index(offered[0]) + 1 if offered else 0,
        format_func=lambda name: name or "–",
        key=key,
        persist_state="session",
    )
    if offered and offered[0] not in sure:
        st.caption(t("A guess; please check."))
    elif one in sure:
        guess = next(guess for guess in guesses if guess.name == one)
        reason = t(guess.reason).format(**guess.facts)
        st.caption(t("{share} sure. {reason}", share=f"{guess.confidence:.0%}", reason=reason))
    return (one,) if one else ()


def _needs_query(mapping: tuple[tuple[str, tuple[str, ...]], ...]) -> bool:
    roles = dict(mapping)
    return not roles.get("query") and bool(roles.get("document"))


def _draw_query(page: str) -> str | None:
    query = st.text_input(
        t("The query, for a file that holds only documents"), key=f"{page}.query", persist_state="session"
    )
    return query or None


def _draw_preview(table: ImportedTable) -> None:
    shown = table.pairs.head(PREVIEW_ROWS)
    names = [role for role in ROLE_NAMES if role in table.roles or role in ("query", "document")]
    st.dataframe(
        {t(ROLE_NAMES[role]): [_short(value) for value in shown[role].tolist()] for role in names},
        hide_index=True,
    )


def _short(value: object) -> str:
    if value is None or value != value:
        return ""
    text = f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
    return text if len(text) <= PREVIEW_CHARACTERS else text[:PREVIEW_CHARACTERS] + "…"


@st.cache_resource(max_entries=4, show_spinner=False)
def _source(path: str, name: str, sha256: str, encoding: str | None) -> Source:
    return read_source(Path(path), name, encoding=encoding)


@st.cache_resource(max_entries=4, show_spinner=False)
def _import(sha256: str, chosen: _Chosen, _source_read: Source) -> ImportedTable:
    mapping = {role: columns or NONE for role, columns in chosen.mapping}
    pool = Pool(path=chosen.pool) if chosen.pool else None
    choices = ImportChoices(mapping=mapping, sheet=chosen.sheet, query=chosen.query, pool=pool)
    return import_source(_source_read, choices)
