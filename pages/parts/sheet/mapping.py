"""Which sheet, encoding and columns of an uploaded file mean what: guesses shown, corrected by hand.

For every page that takes a table. Guessing and importing are done by `core.sheets`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import InputError
from core.jobs import InputFile
from core.sheets.meaning.importing import ImportChoices, ImportedTable, Pool, import_source
from core.sheets.meaning.reports import FileReport, SheetReport, survey
from core.sheets.meaning.roles import CERTAIN
from core.sheets.meaning.vocabulary import Role
from core.sheets.reading.sources import read_source
from core.sheets.records import Source, Table
from pages.parts.frame.choice import draw_choice
from pages.parts.frame.language import spoken, t
from pages.parts.frame.messages import plain, show_error
from pages.parts.sheet.grades import draw_grades
from pages.parts.sheet.preview import ROLE_NAMES, draw_pairs, draw_problems, draw_rows

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "shift_jis", "cp1252")
# What a table of documents apart from the queries can have; the query id says whose document it is.
POOL_ROLES: tuple[Role, ...] = ("document", "document_id", "query_id")
NONE = ""
COLUMNS_ABREAST = 5

# (role, its columns) for every role offered; none means left out.
Mapped = tuple[tuple[Role, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the fields hold; sheet and header_row are None where the guess stands.

    pool: a file of documents, called pool_name; pool_sheet: a sheet of them. Both None: the documents are
    with the queries.
    """

    sheet: str | None
    header_row: int | None
    mapping: Mapped = ()
    query: str | None = None
    pool: Path | None = None
    pool_name: str = ""
    pool_sheet: str | None = None
    pool_mapping: Mapped = ()
    grades: tuple[tuple[str, float], ...] = ()

    @property
    def apart(self) -> bool:
        """Whether the documents are apart from the queries."""
        return self.pool is not None or self.pool_sheet is not None


def draw_sheet_mapping(
    page: str,
    file: InputFile,
    roles: Sequence[Role],
    pool: InputFile | None = None,
    *,
    typed: bool = False,
    graded: bool = False,
) -> ImportedTable | None:
    """Draw the choices for a kept file; the imported table, or None after saying what is missing.

    page: prefix of the widgets' keys. roles: which are offered, in this order. pool: a second file, with the
    documents of all queries. typed: a query can be typed in for a file that holds none. graded: labels that
    are no plain numbers can be given grades.
    """
    # The same bytes under another ending are read in another way.
    key = f"{page}.map_{file.sha256[:8]}{Path(file.name).suffix.lower()}"
    try:
        place = _place(key, file, pool)
        with place:
            source, chosen = _draw_reading(key, file)
        report, tables = _survey(_identity(source), chosen.sheet, chosen.header_row, source)
    except InputError as error:
        show_error(error)
        return None
    try:
        with place:
            chosen = _draw_columns(key, chosen, report, roles, pool)
        if typed and not chosen.apart and _lacks(chosen.mapping, "query"):
            chosen = replace(chosen, query=_draw_query(page))
        missing = _missing(chosen, typed)
        if missing is None:
            grades_key = f"{key}_{report.sheet}_grades"
            if graded:
                chosen = replace(chosen, grades=st.session_state.get(grades_key, ()))
            table = _import(_identity(source), chosen, source)
            if graded:
                draw_grades(grades_key, table.scale)
            draw_pairs(table)
            draw_problems(table.problems)
            return table
        st.info(missing)
    except InputError as error:
        show_error(error)
    draw_rows(tables[report.sheet])
    draw_problems(report.problems)
    return None


def _place(key: str, file: InputFile, pool: InputFile | None) -> DeltaGenerator:
    """Where the choices go: folded into a line that names them when there is nothing to ask."""
    source = _source(file.path, file.name, file.sha256, None)
    sheets = [grid for grid in source.grids if grid.rows]
    try:
        report, _ = _survey(_identity(source), None, None, source)
    except InputError:
        return st.container()
    if pool is not None or len(sheets) != 1:
        return st.container()
    guesses = [column for column in report.chosen.columns if column.role in ROLE_NAMES]
    sure = all(guess.confidence >= CERTAIN for guess in guesses)
    plainly = report.chosen.header_row in (1, None) and report.chosen.layout == "long"
    if not (report.certain and report.encoding_certain and sure and plainly):
        return st.container()
    known = ", ".join(f"{t(ROLE_NAMES[guess.role])} = {plain(guess.name)}" for guess in guesses if guess.role)
    return st.expander(t("Recognised: {columns}", columns=known), key=f"{key}_folded")


def _draw_reading(key: str, file: InputFile) -> tuple[Source, _Chosen]:
    """Encoding, sheet and header row, side by side."""
    places = iter(st.columns(COLUMNS_ABREAST))
    source = _source(file.path, file.name, file.sha256, None)
    if source.encoding:
        with next(places):
            encoding = _draw_encoding(key, source)
        source = _source(file.path, file.name, file.sha256, encoding)
    sheet, names = None, [grid.name for grid in source.grids if grid.kind == "worksheet" and grid.rows]
    guessed = _guessed_sheet(source)
    if names and names != [guessed]:
        with next(places):
            sheet = _draw_sheet(key, source, names, guessed)
    header_row = None
    if not source.has_names and source.format != "text":
        report, _ = _survey(_identity(source), sheet, None, source)
        with next(places):
            header_row = _draw_header_row(f"{key}_{report.sheet}", report.chosen)
    return source, _Chosen(sheet, header_row)


def _draw_encoding(key: str, source: Source) -> str | None:
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


def _draw_sheet(key: str, source: Source, names: Sequence[str], guessed: str) -> str:
    hidden = {grid.name for grid in source.grids if grid.visibility != "visible"}
    titles = {name: t("{sheet} (hidden)", sheet=name) if name in hidden else name for name in names}
    return draw_choice(t("Sheet"), titles, f"{key}_sheet", first=guessed)


def _guessed_sheet(source: Source) -> str:
    """The sheet to import; none where every filled sheet is hidden or nothing can be imported."""
    try:
        return _survey(_identity(source), None, None, source)[0].sheet
    except InputError:
        return NONE


def _draw_header_row(key: str, sheet: SheetReport) -> int | None:
    guessed = sheet.header_row or 0
    chosen = st.number_input(
        t("Header row"),
        min_value=0,
        value=guessed,
        key=f"{key}_header",
        persist_state="session",
        help=t("The row with the names of the columns; rows above it are left out. 0: there is none."),
    )
    return None if chosen == guessed else chosen


def _draw_columns(
    key: str, chosen: _Chosen, report: FileReport, roles: Sequence[Role], pool: InputFile | None
) -> _Chosen:
    """Which columns have which role, also of documents that are apart from the queries."""
    sheet_key = f"{key}_{report.sheet}_{report.chosen.header_row}"
    if pool is None and report.pool_sheet is None:
        return replace(chosen, mapping=_draw_roles(sheet_key, report.chosen, roles))
    own = [role for role in roles if role not in ("document", "document_id")]
    mapping = _draw_roles(sheet_key, report.chosen, own)
    if pool is None:
        st.caption(t("The documents come from the sheet {sheet}.", sheet=plain(report.pool_sheet or "")))
        table = report.sheet_report(report.pool_sheet or NONE)
    else:
        st.caption(t("Documents from {name}", name=plain(pool.name)))
        source = _source(pool.path, pool.name, pool.sha256, None)
        table = _survey(_identity(source), None, None, source)[0].chosen
    return replace(
        chosen,
        mapping=mapping,
        pool=None if pool is None else Path(pool.path),
        pool_name="" if pool is None else pool.name,
        pool_sheet=table.name or None,
        pool_mapping=_draw_roles(f"{key}_pool_{table.name}", table, POOL_ROLES),
    )


def _draw_roles(key: str, sheet: SheetReport, roles: Sequence[Role]) -> Mapped:
    names = [column.name for column in sheet.columns]
    mapping: list[tuple[Role, tuple[str, ...]]] = []
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
    for guess in guesses:
        if guess.name == one:
            reason = plain(spoken(guess.reason))
            if one in sure:
                st.caption(t("Recognised ({share})", share=f"{guess.confidence:.0%}"), help=reason)
            else:
                st.caption(t("A guess; please check."), help=reason)
    return (one,) if one else ()


def _draw_query(page: str) -> str | None:
    query = st.text_input(
        t("The query, for a file that holds only documents"), key=f"{page}.query", persist_state="session"
    )
    return query.strip() or None if query else None


def _missing(chosen: _Chosen, typed: bool) -> str | None:
    """What a person has to choose before there are pairs; None when nothing is missing."""
    if _lacks(chosen.pool_mapping if chosen.apart else chosen.mapping, "document"):
        return t("Choose the column that holds the documents.")
    if _lacks(chosen.mapping, "query") and chosen.query is None:
        if typed and not chosen.apart:
            return t("Type the query, or choose the column that holds it.")
        return t("Choose the column that holds the queries.")
    return None


def _lacks(mapping: Mapped, role: Role) -> bool:
    return not dict(mapping).get(role)


def _identity(source: Source) -> tuple[str, str, str]:
    """What a reading of a file depends on, and its name, which reports carry."""
    return source.sha256, source.name, source.encoding


@st.cache_resource(max_entries=4, show_spinner=False)
def _source(path: str, name: str, sha256: str, encoding: str | None) -> Source:
    return read_source(Path(path), name, encoding=encoding)


@st.cache_resource(max_entries=8, show_spinner=False)
def _survey(
    identity: tuple[str, str, str], sheet: str | None, header_row: int | None, _source_read: Source
) -> tuple[FileReport, Mapping[str, Table]]:
    return survey(_source_read, sheet=sheet, header_row=header_row)


@st.cache_resource(max_entries=4, show_spinner=False)
def _import(identity: tuple[str, str, str], chosen: _Chosen, _source_read: Source) -> ImportedTable:
    pool = None
    if chosen.apart:
        pool = Pool(path=chosen.pool, sheet=chosen.pool_sheet, mapping=_columns(chosen.pool_mapping))
    choices = ImportChoices(
        mapping=_columns(chosen.mapping),
        sheet=chosen.sheet,
        header_row=chosen.header_row,
        query=chosen.query,
        pool=pool,
        grades=dict(chosen.grades),
    )
    return import_source(_source_read, choices)


def _columns(mapping: Mapped) -> dict[str, str | tuple[str, ...]]:
    return {role: columns or NONE for role, columns in mapping}
