"""Turns tables with settled roles into query–document pairs, whatever the layout.

Rows that give no pair, and values that cannot be read, become problems with sheet, row and column.
Finding the roles is the business of `roles` and `reports`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.errors import TooLargeError
from core.sheets.cells import split_cell
from core.sheets.numbers import read_label, read_number
from core.sheets.records import Cell, RowProblem, Table
from core.sheets.roles import Layout
from core.sheets.tables import as_text
from core.sheets.vocabulary import Role, match_header

BLANK_QUERY = "The query is blank; the row was left out."
BLANK_DOCUMENT = "The document is blank; it was left out."
LABEL_NOT_NUMBER = "The label «{value}» is not a number; the pair counts as unjudged."
RANK_NOT_NUMBER = "The initial rank «{value}» is not a number of 1 or more and is ignored."
SCORE_NOT_NUMBER = "The initial score «{value}» is not a number and is ignored."
DUPLICATE_PAIR = "The same query and document were already in row {first}; both are kept."
CONFLICTING_LABEL = "The same query and document have another label in row {first}; both are kept."
QUERY_DIFFERS = "The query id {id} stands for another text in row {first}; each row keeps its own text."
FILLED_DOWN = "{count} blank queries were filled from the row above, because the column is mostly blank."
UNMATCHED_ID = "The id {id} has no match on the other sheet; the row was left out."
QUERY_WITHOUT_PAIRS = "No document belongs to the query id {id}."

# A cross product of queries and pool can be anything; this many pairs still fit in memory.
MOST_PAIRS = 5_000_000

# From this share of blank cells on, a query stands once for the rows below it.
_FILL_DOWN_SHARE = 0.3


@dataclass
class PairColumns:
    """The pairs as columns, in input order. Becomes the data frame of `importing.ImportedTable`."""

    query_key: list[str] = field(default_factory=list)
    query_id: list[str | None] = field(default_factory=list)
    query: list[str] = field(default_factory=list)
    document_id: list[str | None] = field(default_factory=list)
    document: list[str] = field(default_factory=list)
    label: list[float | None] = field(default_factory=list)
    initial_rank: list[float | None] = field(default_factory=list)
    initial_score: list[float | None] = field(default_factory=list)
    group: list[str | None] = field(default_factory=list)
    instruction: list[str | None] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)
    pool_origin: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RoleTable:
    """A table with its roles: the column positions of each, in the table's order."""

    table: Table
    places: Mapping[Role, tuple[int, ...]]
    first: Mapping[Role, int]

    @classmethod
    def of(cls, table: Table, roles: Mapping[Role, tuple[str, ...]]) -> "RoleTable":
        """Look the columns' positions up."""
        position = {name: index for index, name in enumerate(table.columns)}
        places = {role: tuple(position[name] for name in names) for role, names in roles.items() if names}
        return cls(table, places, {role: at[0] for role, at in places.items()})

    def place(self, role: Role) -> int | None:
        """The one column of a role, or None."""
        return self.first.get(role)

    def problem(
        self, kind: str, template: str, row: int, role: Role, *, skipped: bool = False, **facts: object
    ) -> RowProblem:
        """A problem in the column of a role."""
        place = self.place(role)
        column = self.table.columns[place] if place is not None else ""
        return RowProblem(kind, template, facts, self.table.sheet, row, column, skipped)


def make_pairs(
    main: RoleTable, layout: Layout, *, pool: RoleTable | None = None, query: str | None = None
) -> PairColumns:
    """Pairs of one table (or of queries and a pool) in input order, with every problem met on the way."""
    pairs = PairColumns()
    if pool is not None:
        _two_tables(main, pool, pairs)
    elif layout == "wide":
        _wide(main, pairs)
    elif layout == "cell":
        _cell(main, pairs)
    else:
        _long(main, pairs, query)
    _report_repeats(main, pairs)
    return pairs


def _text(cell: Cell) -> str | None:
    """The cell as text; None when it holds nothing that can be seen."""
    if cell is None:
        return None
    text = cell if type(cell) is str else as_text(cell)
    # Readers already make whitespace None; what remains are characters without width.
    return text if text[0] not in "\u200b\ufeff" or text.strip("\u200b\ufeff \t\r\n\u3000\xa0") else None


def _rows(main: RoleTable, pairs: PairColumns) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """Position, file row and cells, with a query that stands once filled down over its rows."""
    rows, numbers = main.table.rows, main.table.numbers
    place = main.place("query")
    carried_places = [
        main.places[role][0]
        for role in ("query_id", "query", "group", "instruction")
        if main.places.get(role)
    ]
    blanks = 0 if place is None else sum(1 for row in rows if row[place] is None)
    fill = place is not None and rows and rows[0][place] is not None
    if not (fill and blanks >= _FILL_DOWN_SHARE * len(rows)):
        yield from ((index, numbers[index], row) for index, row in enumerate(rows))
        return
    facts: dict[str, object] = {"count": blanks}
    column = main.table.columns[place] if place is not None else ""
    pairs.problems.append(RowProblem("filled_down", FILLED_DOWN, facts, main.table.sheet, None, column))
    carried: dict[int, Cell] = {}
    for index, row in enumerate(rows):
        if place is not None and row[place] is not None:
            carried = {at: row[at] for at in carried_places}
            yield index, numbers[index], row
        else:
            filled = list(row)
            for at, value in carried.items():
                filled[at] = value if filled[at] is None else filled[at]
            yield index, numbers[index], tuple(filled)


def _query_of(main: RoleTable, row: tuple[Cell, ...], number: int, pairs: PairColumns) -> str | None:
    place = main.place("query")
    query = _text(row[place]) if place is not None else None
    if query is None and any(cell is not None for cell in row):
        pairs.problems.append(main.problem("blank_query", BLANK_QUERY, number, "query", skipped=True))
    return query


def _long(main: RoleTable, pairs: PairColumns, given_query: str | None) -> None:
    place = main.places["document"][0]
    for index, number, row in _rows(main, pairs):
        query = given_query if given_query is not None else _query_of(main, row, number, pairs)
        if query is None:
            continue
        document = _text(row[place])
        if document is None:
            pairs.problems.append(
                main.problem("blank_document", BLANK_DOCUMENT, number, "document", skipped=True)
            )
            continue
        _add(main, pairs, _Pair(query, document, index, number, row))


def _wide(main: RoleTable, pairs: PairColumns) -> None:
    families = _families(main)
    for index, number, row in _rows(main, pairs):
        query = _query_of(main, row, number, pairs)
        if query is None:
            continue
        found = False
        for position, (place, companions) in enumerate(families, 1):
            document = _text(row[place])
            if document is None:
                continue  # a query with fewer documents than columns is usual
            found = True
            pair = _Pair(query, document, index, number, row, companions, position)
            _add(main, pairs, pair)
        if not found:
            pairs.problems.append(
                main.problem("blank_document", BLANK_DOCUMENT, number, "document", skipped=True)
            )


def _families(main: RoleTable) -> list[tuple[int, dict[Role, int]]]:
    """Each document column with the columns of the same number: doc2 with label2, id2, score2."""
    columns = main.table.columns
    by_number: dict[tuple[Role, int], int] = {}
    companions: tuple[Role, ...] = ("document_id", "label", "initial_rank", "initial_score")
    for role in companions:
        for place in main.places.get(role, ()):
            match = match_header(columns[place])
            if match and match.number is not None:
                by_number[(role, match.number)] = place
    families = []
    for place in main.places["document"]:
        match = match_header(columns[place])
        number = match.number if match and match.number is not None else -1
        together = {role: by_number[(role, number)] for role in companions if (role, number) in by_number}
        families.append((place, together))
    return families


def _cell(main: RoleTable, pairs: PairColumns) -> None:
    place = main.places["document"][0]
    label_place = main.place("label")
    for index, number, row in _rows(main, pairs):
        query = _query_of(main, row, number, pairs)
        if query is None:
            continue
        documents = split_cell(_text(row[place]) or "")
        if not documents:
            pairs.problems.append(
                main.problem("blank_document", BLANK_DOCUMENT, number, "document", skipped=True)
            )
        labels = split_cell(_text(row[label_place]) or "") if label_place is not None else []
        paired = labels if len(labels) == len(documents) else [None] * len(documents)
        for position, (document, label) in enumerate(zip(documents, paired, strict=True), 1):
            # Values of the row belong to the list, so only a list of labels is shared out.
            _add(main, pairs, _Pair(query, document, index, number, row, {}, position, label))


@dataclass(slots=True)
class _Pair:
    """One pair about to be added. companions: columns of this document; None when a row is one pair."""

    query: str
    document: str
    origin: int
    number: int
    row: tuple[Cell, ...]
    companions: Mapping[Role, int] | None = None
    position: int = 0
    label: Cell = None


def _add(main: RoleTable, pairs: PairColumns, pair: _Pair) -> None:
    """Append a pair, reading its optional values. Called once a pair: a million times is usual."""
    row, number = pair.row, pair.number
    own = main.first
    # Where a row holds several documents, these values belong to the documents, not to the row.
    each = own if pair.companions is None else pair.companions
    query_id = _text(row[own["query_id"]]) if "query_id" in own else None
    pairs.query_id.append(query_id)
    pairs.query_key.append(pair.query if query_id is None else query_id)
    pairs.query.append(pair.query)
    pairs.document_id.append(_text(row[each["document_id"]]) if "document_id" in each else None)
    pairs.document.append(pair.document)
    label = row[each["label"]] if pair.label is None and "label" in each else pair.label
    pairs.label.append(None if label is None else _number(main, pairs, number, "label", label))
    rank: float | None = float(pair.position) if pair.position else None
    if "initial_rank" in each and row[each["initial_rank"]] is not None:
        rank = _number(main, pairs, number, "initial_rank", row[each["initial_rank"]])
    pairs.initial_rank.append(rank)
    score = row[each["initial_score"]] if "initial_score" in each else None
    pairs.initial_score.append(
        None if score is None else _number(main, pairs, number, "initial_score", score)
    )
    pairs.group.append(_text(row[own["group"]]) if "group" in own else None)
    pairs.instruction.append(_text(row[own["instruction"]]) if "instruction" in own else None)
    pairs.origin.append(pair.origin)
    pairs.pool_origin.append(-1)
    pairs.row.append(number)
    if len(pairs.query) > MOST_PAIRS:
        raise _too_many(len(pairs.query))


def _number(main: RoleTable, pairs: PairColumns, row: int, role: Role, cell: Cell) -> float | None:
    if cell is None:
        return None
    if type(cell) is int and (cell >= 1 or role != "initial_rank"):
        return float(cell)
    number = read_label(cell) if role == "label" else read_number(cell)
    if number is not None and (role != "initial_rank" or number >= 1):
        return number
    shown = as_text(cell)[:60]
    if role == "label":
        problem = main.problem("label_not_number", LABEL_NOT_NUMBER, row, role, value=shown)
    elif role == "initial_rank":
        problem = main.problem("rank_not_number", RANK_NOT_NUMBER, row, role, value=shown)
    else:
        problem = main.problem("score_not_number", SCORE_NOT_NUMBER, row, role, value=shown)
    pairs.problems.append(problem)
    return None


def _two_tables(main: RoleTable, pool: RoleTable, pairs: PairColumns) -> None:
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
        text = _text(row[place])
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
    if len(documents) * len(main.table.rows) > MOST_PAIRS:
        raise _too_many(len(documents) * len(main.table.rows))
    for index, number, row in _rows(main, pairs):
        query = _query_of(main, row, number, pairs)
        if query is not None:
            for pool_index, document in documents:
                _add_joined(main, pool, pairs, (index, number, row, query), (pool_index, document))


def _join(main: RoleTable, pool: RoleTable, role: Role, pairs: PairColumns) -> None:
    pool_place, main_place = pool.places[role][0], main.places[role][0]
    by_id: dict[str, list[tuple[int, str]]] = {}
    for pool_index, document in _pool_documents(pool, pairs):
        key = _text(pool.table.rows[pool_index][pool_place])
        by_id.setdefault((key or "").strip(), []).append((pool_index, document))
    used: set[str] = set()
    for index, number, row in _rows(main, pairs):
        query = _query_of(main, row, number, pairs)
        if query is None:
            continue
        key = (_text(row[main_place]) or "").strip()
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
    _add(main, pairs, _Pair(text, document_text, index, number, row))
    pool_row, pool_number = pool.table.rows[pool_index], pool.table.numbers[pool_index]
    pairs.pool_origin[-1] = pool_index
    for role, values in (("document_id", pairs.document_id), ("group", pairs.group)):
        place = pool.place(role)  # type: ignore[arg-type]
        if values[-1] is None and place is not None:
            values[-1] = _text(pool_row[place])
    numeric: tuple[tuple[Role, list[float | None]], ...] = (
        ("label", pairs.label),
        ("initial_rank", pairs.initial_rank),
        ("initial_score", pairs.initial_score),
    )
    for role, numbers in numeric:
        place = pool.place(role)
        if numbers[-1] is None and place is not None:
            numbers[-1] = _number(pool, pairs, pool_number, role, pool_row[place])


def _too_many(count: int) -> TooLargeError:
    return TooLargeError(
        "The file makes {count} pairs; the limit is {limit}.",
        hint="Give each query its own candidates, or split the file.",
        count=count,
        limit=MOST_PAIRS,
    )


def _report_repeats(main: RoleTable, pairs: PairColumns) -> None:
    """Pairs that occur twice, and ids that stand for two texts."""
    seen: dict[tuple[str, str, str | None], int] = {}
    texts: dict[str, int] = {}
    for index, key in enumerate(pairs.query_key):
        number = pairs.row[index]
        first = texts.setdefault(key, index)
        if pairs.query[first] != pairs.query[index] and pairs.query_id[index] is not None:
            problem = main.problem(
                "query_differs", QUERY_DIFFERS, number, "query_id", id=key, first=pairs.row[first]
            )
            pairs.problems.append(problem)
        pair = (key, pairs.document[index], pairs.instruction[index])
        before = seen.setdefault(pair, index)
        if before == index:
            continue
        first_row = pairs.row[before]
        if pairs.label[before] != pairs.label[index]:
            problem = main.problem("conflicting_label", CONFLICTING_LABEL, number, "label", first=first_row)
        else:
            problem = main.problem("duplicate_pair", DUPLICATE_PAIR, number, "document", first=first_row)
        pairs.problems.append(problem)
