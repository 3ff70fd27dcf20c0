"""A file of pairs, or of queries with lists of documents, as a stream of queries with all their candidates.

A file is never held whole. The rows of one query stand together in one file: a query that comes back later is
refused with its row, because its candidates would be ranked apart.
"""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import InputError
from core.sheets.meaning.importing import import_table
from core.workflows.scale.places import InputFile

# Rows that are looked at to see which column means what.
LOOKED_AT = 200
ROWS_AT_A_TIME = 2000
LONGEST_CELL = 10_000_000

COMES_BACK = "The query {query} comes back in row {row} of {file}, after other queries."
SORT = "Sort the file by {column}, so that the rows of a query stand together."
BLANK = "Row {row} of {file} has no query."
UNREADABLE = "{file} cannot be read: {problem}."
NO_COLUMN = "{file} has no column «{column}»."
SCORES_DIFFER = "Row {row} of {file} has {scores} first-stage scores and {documents} documents."
LISTS_DIFFER = "Row {row} of {file} has {ids} document ids and {documents} documents."
EMPTY = "{file} has no rows."


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column means what; "" for none. lists: whether a row is a query and `document` a list.

    initial_rank, initial_score: of the first stage, for a recipe; with lists, scores in the order of the
    documents. distances: the lowest score is the best.
    """

    query: str
    document: str
    query_id: str = ""
    document_id: str = ""
    instruction: str = ""
    lists: bool = False
    initial_rank: str = ""
    initial_score: str = ""
    distances: bool = False

    def told(self) -> dict[str, Any]:
        """As JSON values; the first stage's columns only where they are used."""
        first = ("initial_rank", "initial_score", "distances")
        return {name: value for name, value in asdict(self).items() if value or name not in first}

    def without_first_stage(self) -> "Columns":
        """For a run that goes by the model alone."""
        return replace(self, initial_rank="", initial_score="", distances=False)


@dataclass(frozen=True, slots=True)
class Candidates:
    """One query with everything that is to be ranked for it, in the order of the file.

    ranks: the documents' places in the first stage's order, () where it is the file's. scores: the first
    stage's, the highest best; () where one is unknown.
    """

    id: str
    query: str
    instruction: str | None
    document_ids: tuple[str, ...]
    documents: tuple[str, ...]
    ranks: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any]) -> "Candidates":
        """The value that `stored` gave."""
        ids, documents = tuple(kept["document_ids"]), tuple(kept["documents"])
        ranks, scores = tuple(kept["ranks"]), tuple(kept["scores"])
        return cls(kept["id"], kept["query"], kept["instruction"], ids, documents, ranks, scores)


def recognised(file: InputFile, mapping: Mapping[str, tuple[str, ...]]) -> Columns:
    """Which column means what, as told, else as the importer of spreadsheets sees it in the first rows.

    InputError when that is not certain, naming the columns.
    """
    first = [row for _, row in islice(_rows(file), LOOKED_AT)]
    if not first:
        raise InputError(EMPTY, where=file.path, file=_name(file))
    lists = next((name for name, value in first[0].items() if isinstance(value, list)), "")
    if lists:
        return _of_lists(file, first[0], mapping)
    names = list(first[0])
    with TemporaryDirectory() as folder:
        sample = Path(folder) / (Path(file.path).stem[:60] + ".csv")
        with sample.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(first)
        table = import_table(sample, mapping=mapping, encoding="utf-8", layout="long")
    roles = table.roles
    told = {role: columns[0] for role, columns in roles.items() if columns}
    return Columns(
        told["query"],
        told["document"],
        told.get("query_id", ""),
        told.get("document_id", ""),
        told.get("instruction", ""),
        initial_rank=told.get("initial_rank", ""),
        initial_score=told.get("initial_score", ""),
        distances=bool(told.get("initial_score")) and table.score_direction == "asc",
    )


def fold(file: InputFile, columns: Columns) -> Iterator[Candidates]:
    """The queries of a file in its order; InputError for rows that cannot be meant."""
    if columns.lists:
        yield from _listed(file, columns)
        return
    closed: set[str] = set()
    current: tuple[str, str, str | None] | None = None
    ids: list[str] = []
    documents: list[str] = []
    first: list[tuple[float | None, float | None]] = []

    def folded() -> Candidates:
        assert current is not None  # a query is open
        return Candidates(*current, tuple(ids), tuple(documents), *_first_stage(first, columns))

    for number, row in _rows(file):
        query = _text(row.get(columns.query))
        key = _text(row.get(columns.query_id)) if columns.query_id else query
        if not query.strip():
            raise InputError(BLANK, where=file.path, row=number, file=_name(file))
        if current is None or key != current[0]:
            if current is not None:
                closed.add(current[0])
                yield folded()
            if key in closed:
                raise InputError(
                    COMES_BACK,
                    where=file.path,
                    hint=SORT,
                    query=key[:80],
                    row=number,
                    file=_name(file),
                    column=columns.query_id or columns.query,
                )
            current = (key, query, _instruction(row, columns))
            ids, documents, first = [], [], []
        documents.append(_text(row.get(columns.document)))
        named = _text(row.get(columns.document_id)) if columns.document_id else ""
        ids.append(named or str(len(documents)))
        first.append((_value(row, columns.initial_rank), _value(row, columns.initial_score)))
    if current is not None:
        yield folded()


def _listed(file: InputFile, columns: Columns) -> Iterator[Candidates]:
    seen: set[str] = set()
    for number, row in _rows(file):
        query = _text(row.get(columns.query))
        key = _text(row.get(columns.query_id)) if columns.query_id else query
        if not query.strip():
            raise InputError(BLANK, where=file.path, row=number, file=_name(file))
        if key in seen:
            raise InputError(COMES_BACK, where=file.path, query=key[:80], row=number, file=_name(file))
        seen.add(key)
        documents = tuple(_text(one) for one in row.get(columns.document) or ())
        named = row.get(columns.document_id) if columns.document_id else None
        ids = tuple(_text(one) for one in named) if named else tuple(map(str, range(1, len(documents) + 1)))
        if len(ids) != len(documents):
            raise InputError(
                LISTS_DIFFER,
                where=file.path,
                row=number,
                file=_name(file),
                ids=len(ids),
                documents=len(documents),
            )
        given = row.get(columns.initial_score) if columns.initial_score else None
        first = [(None, _number(one)) for one in given or ()]
        if first and len(first) != len(documents):
            raise InputError(
                SCORES_DIFFER,
                where=file.path,
                row=number,
                file=_name(file),
                scores=len(first),
                documents=len(documents),
            )
        # A list stands in the first stage's order, whatever its scores.
        scores = _first_stage(first, columns)[1]
        yield Candidates(key, query, _instruction(row, columns), ids, documents, (), scores)


def _of_lists(file: InputFile, row: Mapping[str, Any], mapping: Mapping[str, tuple[str, ...]]) -> Columns:
    """A row is a query: the columns of the layout that `docs/scale.md` describes, or as told."""
    usual = {
        "query_id": ("request_id", "query_id", "id"),
        "query": ("query",),
        "document": ("documents",),
        "document_id": ("document_ids",),
        "instruction": ("instruction",),
        "initial_score": ("first_scores", "initial_scores"),
    }
    found: dict[str, str] = {}
    for role, names in usual.items():
        told = mapping.get(role)
        if told and told[0] not in row:
            raise InputError(NO_COLUMN, where=file.path, file=_name(file), column=told[0])
        found[role] = told[0] if told else next((name for name in names if name in row), "")
    for role in ("query", "document"):
        if not found[role]:
            raise InputError(NO_COLUMN, where=file.path, file=_name(file), column=usual[role][0])
    return replace(Columns("", "", lists=True), **found)  # type: ignore[arg-type]  # names of text fields


def _rows(file: InputFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, values by column); numbers count as the file's lines or rows do, the header as 1."""
    from pyarrow import ArrowException  # type: ignore[import-untyped]

    try:
        if file.format == "parquet":
            yield from _parquet(file)
        else:
            yield from _text_rows(file)
    except (ArrowException, OSError, ValueError, csv.Error) as error:
        raise InputError(UNREADABLE, where=file.path, file=_name(file), problem=str(error)[:200]) from None


def _parquet(file: InputFile) -> Iterator[tuple[int, dict[str, Any]]]:
    from pyarrow.parquet import ParquetFile  # type: ignore[import-untyped]

    number = 0
    with file.filesystem().open_input_file(file.path) as stream:
        for batch in ParquetFile(stream).iter_batches(ROWS_AT_A_TIME):
            for row in batch.to_pylist():
                number += 1
                yield number, row


def _text_rows(file: InputFile) -> Iterator[tuple[int, dict[str, Any]]]:
    packed = "gzip" if file.compressed else None
    with file.filesystem().open_input_stream(file.path, compression=packed) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        if file.format == "csv":
            csv.field_size_limit(LONGEST_CELL)
            yield from enumerate(csv.DictReader(text), start=2)
            return
        for number, line in enumerate(text, start=1):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError(f"line {number} is no object")
                yield number, row


def _instruction(row: Mapping[str, Any], columns: Columns) -> str | None:
    return _text(row.get(columns.instruction)).strip() or None if columns.instruction else None


def _first_stage(
    first: Sequence[tuple[float | None, float | None]], columns: Columns
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Places by rank, else by score, else () for the file's order; scores where all are known.

    What has neither comes last; equal ones keep the file's order. As a batch has it.
    """
    scores = [score if score is None or not columns.distances else -score for _, score in first]
    known = [score for score in scores if score is not None]
    whole = tuple(known) if len(known) == len(first) else ()
    if not columns.initial_rank and (not columns.initial_score or columns.lists):
        return (), whole
    keys = [
        rank if columns.initial_rank else None if score is None else -score
        for (rank, _), score in zip(first, scores, strict=True)
    ]
    order = sorted(range(len(keys)), key=lambda at: math.inf if (key := keys[at]) is None else key)
    ranks = [0] * len(order)
    for rank, at in enumerate(order, start=1):
        ranks[at] = rank
    return tuple(ranks), whole


def _value(row: Mapping[str, Any], column: str) -> float | None:
    return _number(row.get(column)) if column else None


def _number(value: object) -> float | None:
    """The number; None where there is none."""
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _text(value: object) -> str:
    # Half a character, as a broken file may hold, is no text that can be written again.
    return "" if value is None else str(value).encode("utf-8", "replace").decode("utf-8")


def _name(file: InputFile) -> str:
    return Path(file.path).name
