"""The pairs that a spreadsheet gives, and how one pair is read from a row with settled roles.

A value that cannot be read becomes a problem with sheet, row and column; the pair stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.errors import TooLargeError
from core.sentences import sentence
from core.sheets.meaning.cells import questions_in
from core.sheets.meaning.numbers import read_label, read_number
from core.sheets.meaning.scales import label_key
from core.sheets.meaning.vocabulary import Role
from core.sheets.records import Cell, RowProblem, Table
from core.sheets.tables import as_text

BLANK_QUERY = "The query is blank; the row was left out."
SEVERAL_QUESTIONS = (
    "The cell holds {count} questions and not one query; give each a row of its own. The row was left out."
)
BLANK_DOCUMENT = "The document is blank; it was left out."
LABEL_NOT_NUMBER = "The label «{value}» is not a number; the pair counts as unjudged."
RANK_NOT_NUMBER = "The initial rank «{value}» is not a number of 0 or more and is ignored."
SCORE_NOT_NUMBER = "The initial score «{value}» is not a number and is ignored."
FILLED_DOWN = "{count} blank queries were filled from the row above, because the column is mostly blank."

# A cross product of queries and pool can be anything; this many pairs still fit in memory.
MOST_PAIRS = 5_000_000

# From this share of blank cells on, a query stands once for the rows below it.
_FILL_DOWN_SHARE = 0.3


@dataclass
class PairColumns:
    """The pairs as columns, in input order. Becomes a `PairTable`."""

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
    """A table with its roles: the column positions of each, in the table's order; the grades of labels."""

    table: Table
    places: Mapping[Role, tuple[int, ...]]
    first: Mapping[Role, int]
    grades: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls, table: Table, roles: Mapping[Role, tuple[str, ...]], grades: Mapping[str, float] | None = None
    ) -> "RoleTable":
        """Look the columns' positions up. grades: labels that are no plain numbers, by `label_key`."""
        position = {name: index for index, name in enumerate(table.columns)}
        places = {role: tuple(position[name] for name in names) for role, names in roles.items() if names}
        return cls(table, places, {role: at[0] for role, at in places.items()}, grades or {})

    def place(self, role: Role) -> int | None:
        """The one column of a role, or None."""
        return self.first.get(role)

    def problem(
        self, kind: str, template: str, row: int, role: Role, *, skipped: bool = False, **facts: object
    ) -> RowProblem:
        """A problem in the column of a role."""
        place = self.place(role)
        column = self.table.columns[place] if place is not None else ""
        return RowProblem(kind, sentence(template, **facts), self.table.sheet, row, column, skipped)


def cell_text(cell: Cell) -> str | None:
    """The cell as text; None when it holds nothing that can be seen."""
    if cell is None:
        return None
    text = cell if type(cell) is str else as_text(cell)
    # Readers already make whitespace None; what remains are characters without width.
    return text if text[0] not in "\u200b\ufeff" or text.strip("\u200b\ufeff \t\r\n\u3000\xa0") else None


def filled_rows(main: RoleTable, pairs: PairColumns) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """Position, file row and cells, with a query that stands once filled down over its rows."""
    rows, numbers = main.table.rows, main.table.numbers
    place = main.place("query")
    blanks = 0 if place is None else sum(1 for row in rows if row[place] is None)
    if place is not None and rows and rows[0][place] is not None and blanks >= _FILL_DOWN_SHARE * len(rows):
        rows, filled = _filled_down(main, place)
        if filled:
            facts: dict[str, object] = {"count": filled}
            column = main.table.columns[place]
            pairs.problems.append(
                RowProblem("filled_down", sentence(FILLED_DOWN, **facts), main.table.sheet, None, column)
            )
    yield from ((index, numbers[index], row) for index, row in enumerate(rows))


def _filled_down(main: RoleTable, query_place: int) -> tuple[list[tuple[Cell, ...]], int]:
    """The rows, and how many took their query from above: until a row has a query, or the id of another."""
    carried_roles: tuple[Role, ...] = ("query_id", "query", "group", "instruction")
    carried_places = [main.first[role] for role in carried_roles if role in main.first]
    id_place = main.place("query_id")
    carried: dict[int, Cell] = {}
    result: list[tuple[Cell, ...]] = []
    count = 0
    for row in main.table.rows:
        if row[query_place] is not None:
            carried = {at: row[at] for at in carried_places}
        elif id_place is not None and row[id_place] not in (None, carried.get(id_place)):
            carried = {}
        else:
            count += bool(carried)
            cells = list(row)
            for at, value in carried.items():
                cells[at] = value if cells[at] is None else cells[at]
            row = tuple(cells)
        result.append(row)
    return result, count


def query_of(main: RoleTable, row: tuple[Cell, ...], number: int, pairs: PairColumns) -> str | None:
    """The row's query; a blank one is reported, unless the whole row is blank."""
    place = main.place("query")
    query = cell_text(row[place]) if place is not None else None
    if query is None and any(cell is not None for cell in row):
        pairs.problems.append(main.problem("blank_query", BLANK_QUERY, number, "query", skipped=True))
    if query is not None and ("\n" in query or query.lstrip().startswith("[")):
        count = questions_in(query)
        if count > 1:
            several = main.problem(
                "several_questions", SEVERAL_QUESTIONS, number, "query", skipped=True, count=count
            )
            pairs.problems.append(several)
            return None
    return query


@dataclass(slots=True)
class Pair:
    """One pair about to be added. companions: columns of this document; None when a row is one pair."""

    query: str
    document: str
    origin: int
    number: int
    row: tuple[Cell, ...]
    companions: Mapping[Role, int] | None = None
    position: int = 0
    label: Cell = None


def add_pair(main: RoleTable, pairs: PairColumns, pair: Pair) -> None:
    """Append a pair, reading its optional values. Called once a pair: a million times is usual."""
    row, number = pair.row, pair.number
    own = main.first
    # Where a row holds several documents, these values belong to the documents, not to the row.
    each = own if pair.companions is None else pair.companions
    query_id = cell_text(row[own["query_id"]]) if "query_id" in own else None
    pairs.query_id.append(query_id)
    pairs.query_key.append(pair.query if query_id is None else query_id)
    pairs.query.append(pair.query)
    pairs.document_id.append(cell_text(row[each["document_id"]]) if "document_id" in each else None)
    pairs.document.append(pair.document)
    label = row[each["label"]] if pair.label is None and "label" in each else pair.label
    pairs.label.append(None if label is None else read_cell_number(main, pairs, number, "label", label))
    rank: float | None = float(pair.position) if pair.position else None
    if "initial_rank" in each and row[each["initial_rank"]] is not None:
        rank = read_cell_number(main, pairs, number, "initial_rank", row[each["initial_rank"]])
    pairs.initial_rank.append(rank)
    score = row[each["initial_score"]] if "initial_score" in each else None
    pairs.initial_score.append(
        None if score is None else read_cell_number(main, pairs, number, "initial_score", score)
    )
    pairs.group.append(cell_text(row[own["group"]]) if "group" in own else None)
    pairs.instruction.append(cell_text(row[own["instruction"]]) if "instruction" in own else None)
    pairs.origin.append(pair.origin)
    pairs.pool_origin.append(-1)
    pairs.row.append(number)
    check_count(len(pairs.query))


def adopt_query_ids(pairs: PairColumns) -> None:
    """Give a blank query id the one that stands beside the same text: the last above it, else the next."""
    known: dict[str, str] = {}
    for text, given in zip(reversed(pairs.query), reversed(pairs.query_id), strict=True):
        if given is not None:
            known[text] = given
    for index, (text, given) in enumerate(zip(pairs.query, pairs.query_id, strict=True)):
        if given is not None:
            known[text] = given
        elif text in known:
            pairs.query_id[index] = pairs.query_key[index] = known[text]


def read_cell_number(main: RoleTable, pairs: PairColumns, row: int, role: Role, cell: Cell) -> float | None:
    """The label, rank or score in a cell; what is no such number is reported and None.

    Of ranks only the order counts, so they may begin with 0.
    """
    if cell is None:
        return None
    if main.grades and role == "label" and (key := label_key(cell)) in main.grades:
        return main.grades[key]
    if type(cell) is int and (cell >= 0 or role != "initial_rank"):
        return float(cell)
    number = read_label(cell) if role == "label" else read_number(cell)
    if number is not None and (role != "initial_rank" or number >= 0):
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


def check_count(count: int) -> None:
    """TooLargeError when there are more than `MOST_PAIRS` pairs."""
    if count > MOST_PAIRS:
        raise TooLargeError(
            "The file makes {count} pairs; the limit is {limit}.",
            hint="Give each query its own candidates, or split the file.",
            count=count,
            limit=MOST_PAIRS,
        )
