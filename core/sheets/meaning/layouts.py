"""Turns tables with settled roles into query–document pairs, whatever the layout.

Rows that give no pair, and values that cannot be read, become problems with sheet, row and column.
Finding the roles is the business of `roles` and `reports`.
"""

from core.sheets.meaning.cells import cell_parts, label_parts
from core.sheets.meaning.pairs import (
    BLANK_DOCUMENT,
    Pair,
    PairColumns,
    RoleTable,
    add_pair,
    adopt_query_ids,
    cell_text,
    filled_rows,
    query_of,
)
from core.sheets.meaning.roles import Layout
from core.sheets.meaning.two_tables import pair_two_tables
from core.sheets.meaning.vocabulary import Role, match_header
from core.sheets.records import Cell

DUPLICATE_PAIR = "The same query and document were already in row {first}; both are kept."
CONFLICTING_LABEL = "The same query and document have another label in row {first}; both are kept."
TEXT_LABELLED_TWICE = "The text stands under the id {other} with another label in row {first}; both are kept."
LABELS_DIFFER = "The cell holds {labels} labels for {documents} documents; the pairs count as unjudged."
QUERY_DIFFERS = "The query id {id} stands for another text in row {first}; each row keeps its own text."


def make_pairs(
    main: RoleTable, layout: Layout, *, pool: RoleTable | None = None, query: str | None = None
) -> PairColumns:
    """Pairs of one table (or of queries and a pool) in input order, with every problem met on the way."""
    pairs = PairColumns()
    if pool is not None:
        pair_two_tables(main, pool, pairs)
    elif layout == "wide":
        _wide(main, pairs)
    elif layout == "cell":
        _cell(main, pairs)
    else:
        _long(main, pairs, query)
    adopt_query_ids(pairs)
    _report_repeats(main, pairs)
    return pairs


def _long(main: RoleTable, pairs: PairColumns, given_query: str | None) -> None:
    place = main.places["document"][0]
    for index, number, row in filled_rows(main, pairs):
        query = given_query if given_query is not None else query_of(main, row, number, pairs)
        if query is None:
            continue
        document = cell_text(row[place])
        if document is None:
            pairs.problems.append(
                main.problem("blank_document", BLANK_DOCUMENT, number, "document", skipped=True)
            )
            continue
        add_pair(main, pairs, Pair(query, document, index, number, row))


def _wide(main: RoleTable, pairs: PairColumns) -> None:
    families = _families(main)
    for index, number, row in filled_rows(main, pairs):
        query = query_of(main, row, number, pairs)
        if query is None:
            continue
        found = False
        for position, (place, companions) in enumerate(families, 1):
            document = cell_text(row[place])
            if document is None:
                continue  # a query with fewer documents than columns is usual
            found = True
            pair = Pair(query, document, index, number, row, companions, position)
            add_pair(main, pairs, pair)
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
    for index, number, row in filled_rows(main, pairs):
        query = query_of(main, row, number, pairs)
        if query is None:
            continue
        found = _labelled_documents(main, pairs, number, row)
        if not found:
            pairs.problems.append(
                main.problem("blank_document", BLANK_DOCUMENT, number, "document", skipped=True)
            )
        for position, (document, label) in enumerate(found, 1):
            # Values of the row belong to the list, so only a list of labels is shared out.
            add_pair(main, pairs, Pair(query, document, index, number, row, {}, position, label))


def _labelled_documents(
    main: RoleTable, pairs: PairColumns, number: int, row: tuple[Cell, ...]
) -> list[tuple[str, str | None]]:
    """The documents of a row's cell with their labels, paired by position before blank ones are left out."""
    label_place = main.place("label")
    documents = cell_parts(cell_text(row[main.places["document"][0]]) or "")
    label_cell = cell_text(row[label_place]) if label_place is not None else None
    labels = label_parts(label_cell or "", len(documents))
    if len(labels) != len(documents):
        documents = [document for document in documents if document]
    if len(labels) != len(documents):
        # A blank line between labels is no label.
        labels = [label for label in labels if label]
    if labels and len(labels) != len(documents):
        problem = main.problem(
            "labels_differ", LABELS_DIFFER, number, "label", labels=len(labels), documents=len(documents)
        )
        pairs.problems.append(problem)
        labels = []
    labels = labels or [""] * len(documents)
    return [(document, label or None) for document, label in zip(documents, labels, strict=True) if document]


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
        other = pairs.document_id[before]
        if pairs.label[before] != pairs.label[index] and other != pairs.document_id[index]:
            problem = main.problem(
                "text_labelled_twice",
                TEXT_LABELLED_TWICE,
                number,
                "label",
                other=other or "",
                first=first_row,
            )
        elif pairs.label[before] != pairs.label[index]:
            problem = main.problem("conflicting_label", CONFLICTING_LABEL, number, "label", first=first_row)
        else:
            problem = main.problem("duplicate_pair", DUPLICATE_PAIR, number, "document", first=first_row)
        pairs.problems.append(problem)
