"""Pairs of queries and documents that stand on two sheets or in two files."""

from core.sheets.meaning.pairs import (
    BLANK_DOCUMENT,
    Pair,
    PairColumns,
    RoleTable,
    add_pair,
    cell_text,
    check_count,
    filled_rows,
    query_of,
    read_cell_number,
)
from core.sheets.meaning.vocabulary import Role
from core.sheets.records import Cell

UNMATCHED_ID = "The id {id} has no match on the other sheet; the row was left out."
QUERY_WITHOUT_PAIRS = "No document belongs to the query id {id}."


def pair_two_tables(main: RoleTable, pool: RoleTable, pairs: PairColumns) -> None:
    """Queries and documents on two sheets: joined by query id or document id, else every query with all."""
    if main.place("query_id") is not None and pool.place("query_id") is not None:
        _join(main, pool, "query_id", pairs)
    elif main.place("document_id") is not None and pool.place("document_id") is not None:
        _join(main, pool, "document_id", pairs)
    else:
        _cross(main, pool, pairs)


def _pool_documents(pool: RoleTable, pairs: PairColumns) -> list[tuple[int, str]]:
    """Positions and texts of the pool's documents; blank ones are reported."""
    place = pool.places["document"][0]
    documents = []
    for index, row in enumerate(pool.table.rows):
        text = cell_text(row[place])
        if text is None:
            number = pool.table.numbers[index]
            pairs.problems.append(
                pool.problem("blank_document", BLANK_DOCUMENT, number, "document", skipped=True)
            )
        else:
            documents.append((index, text))
    return documents


def _cross(main: RoleTable, pool: RoleTable, pairs: PairColumns) -> None:
    documents = _pool_documents(pool, pairs)
    check_count(len(documents) * len(main.table.rows))
    for index, number, row in filled_rows(main, pairs):
        query = query_of(main, row, number, pairs)
        if query is not None:
            for pool_index, document in documents:
                _add_joined(main, pool, pairs, (index, number, row, query), (pool_index, document))


def _join(main: RoleTable, pool: RoleTable, role: Role, pairs: PairColumns) -> None:
    pool_place, main_place = pool.places[role][0], main.places[role][0]
    by_id: dict[str, list[tuple[int, str]]] = {}
    for pool_index, document in _pool_documents(pool, pairs):
        key = cell_text(pool.table.rows[pool_index][pool_place])
        by_id.setdefault((key or "").strip(), []).append((pool_index, document))
    used: set[str] = set()
    for index, number, row in filled_rows(main, pairs):
        query = query_of(main, row, number, pairs)
        if query is None:
            continue
        key = (cell_text(row[main_place]) or "").strip()
        used.add(key)
        matches = by_id.get(key, []) if key else []
        if not matches:
            template = QUERY_WITHOUT_PAIRS if role == "query_id" else UNMATCHED_ID
            pairs.problems.append(main.problem("unmatched_id", template, number, role, skipped=True, id=key))
        for match in matches:
            _add_joined(main, pool, pairs, (index, number, row, query), match)
    for key, rows in by_id.items():
        if key not in used and role == "query_id":
            for pool_index, _ in rows:
                number = pool.table.numbers[pool_index]
                pairs.problems.append(
                    pool.problem("unmatched_id", UNMATCHED_ID, number, role, skipped=True, id=key)
                )


def _add_joined(
    main: RoleTable,
    pool: RoleTable,
    pairs: PairColumns,
    query: tuple[int, int, tuple[Cell, ...], str],
    document: tuple[int, str],
) -> None:
    """Append a pair of two rows; a value is taken from the query's row first, then from the document's."""
    index, number, row, text = query
    pool_index, document_text = document
    add_pair(main, pairs, Pair(text, document_text, index, number, row))
    pool_row, pool_number = pool.table.rows[pool_index], pool.table.numbers[pool_index]
    pairs.pool_origin[-1] = pool_index
    textual: tuple[tuple[Role, list[str | None]], ...] = (
        ("document_id", pairs.document_id),
        ("group", pairs.group),
    )
    for role, values in textual:
        place = pool.place(role)
        if values[-1] is None and place is not None:
            values[-1] = cell_text(pool_row[place])
    numeric: tuple[tuple[Role, list[float | None]], ...] = (
        ("label", pairs.label),
        ("initial_rank", pairs.initial_rank),
        ("initial_score", pairs.initial_score),
    )
    for role, numbers in numeric:
        place = pool.place(role)
        if numbers[-1] is None and place is not None:
            numbers[-1] = read_cell_number(pool, pairs, pool_number, role, pool_row[place])
