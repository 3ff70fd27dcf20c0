"""Judgements and runs in the files other tools write: CSV, TREC qrels, TREC runs, Quepid CSV.

Texts in, records out, and back again. A file that is not of its format raises one error; a bad line is
reported with its number and skipped. What to judge next is decided in `judging`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import InputError
from core.evaluation.judged import (
    LARGEST_LABEL,
    JudgedQuery,
    Judgements,
    Ranking,
    Run,
    TieRule,
    rank_by_score,
)
from core.formulas import defused, restored
from core.sentences import Sentence, sentence

Format = Literal["csv", "trec", "quepid"]

CSV_COLUMNS = ("query_id", "query", "document_id", "label", "note")
# Quepid's ratings export and import (o19s/quepid pull request 128): keyed by the query's text.
QUEPID_COLUMNS = ("query", "docid", "rating")

MISSING_COLUMNS = "The file has no column {columns}."
MISSING_COLUMNS_HINT = "The first line should read: {expected}."
EMPTY_FILE = "The file is empty."
NOTHING_READ = "No line of the file could be read; the first problem: {problem}"
NOTHING_READ_HINT = "Expected lines such as: {example}."
WRONG_FIELDS = "Expected {expected} fields, found {found}."
NOT_A_LABEL = "«{value}» is not a whole-number label between -{largest} and {largest}."
NOT_A_SCORE = "«{value}» is not a score."
BLANK_ID = "The query or document is blank."
REPEATED = "Query {query} judges document {document} again; the later label counts."
REPEATED_IN_RUN = "Query {query} ranks document {document} again with another score; the first counts."
UNKNOWN_QUERY = "No query reads «{query}»."
AMBIGUOUS_QUERY = "{count} queries read «{query}»; the label goes to each."
SPACE_IN_ID = "The id «{value}» contains a space, which TREC files cannot hold."
SPACE_HINT = "Export as CSV instead, or rename the id."

QRELS_EXAMPLE = "q1 0 doc7 2"
RUN_EXAMPLE = "q1 Q0 doc7 1 12.5 name"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One grade given to one document for one query."""

    query_id: str
    document_id: str
    label: int
    query: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImportedJudgements:
    """What a file said, a (query, document) once, and what was wrong by line number."""

    judgements: tuple[Judgement, ...]
    problems: tuple[tuple[int, Sentence], ...]

    def by_query(self) -> Judgements:
        """The same as judged queries."""
        labels: dict[str, dict[str, int]] = {}
        texts: dict[str, str] = {}
        for judgement in self.judgements:
            labels.setdefault(judgement.query_id, {})[judgement.document_id] = judgement.label
            texts[judgement.query_id] = texts.get(judgement.query_id) or judgement.query
        return {query: JudgedQuery(query, found, texts[query]) for query, found in labels.items()}


@dataclass(frozen=True, slots=True)
class ImportedRun:
    """A run file, ordered by score, and what was wrong by line number."""

    run: Run
    problems: tuple[tuple[int, Sentence], ...]


def guess_format(text: str) -> Format:
    """CSV with our columns, Quepid's, or TREC qrels, from the first line."""
    header = next(iter(_csv_rows(text)), [])
    names = {name.strip().lower() for name in header}
    if set(QUEPID_COLUMNS) <= names:
        return "quepid"
    if {"query_id", "document_id", "label"} <= names or len(header) > 1:
        return "csv"
    return "trec"


def read_judgements(
    text: str, format: Format, query_ids: Mapping[str, Sequence[str]] | None = None
) -> ImportedJudgements:
    """Read judgements. `query_ids` (query text -> ids) places Quepid's ratings, which know only texts;
    without it the text itself becomes the id."""
    if not text.strip():
        raise InputError(EMPTY_FILE)
    if format == "trec":
        return _read_qrels(text)
    if format == "quepid":
        return _read_quepid(text, query_ids)
    return _read_csv(text)


def write_judgements(judgements: Iterable[Judgement], format: Format) -> str:
    """The text of a file in the given format. TREC and Quepid files cannot hold notes."""
    rows = list(judgements)
    if format == "trec":
        return "".join(f"{_trec_id(j.query_id)} 0 {_trec_id(j.document_id)} {j.label}\n" for j in rows)
    if format == "quepid":
        return _csv_text(QUEPID_COLUMNS, ((j.query or j.query_id, j.document_id, j.label) for j in rows))
    return _csv_text(CSV_COLUMNS, ((j.query_id, j.query, j.document_id, j.label, j.note) for j in rows))


def read_trec_run(text: str, name: str = "", ties: TieRule = "trec_eval") -> ImportedRun:
    """Read `query Q0 document rank score tag` lines. The order is by score; the rank field is ignored, as
    in trec_eval. The run's name is its tag unless one is given."""
    scores: dict[str, dict[str, float]] = {}
    problems: list[tuple[int, Sentence]] = []
    tag = ""
    for number, line in _lines(text):
        parts = line.split()
        if len(parts) < 6:
            problems.append((number, sentence(WRONG_FIELDS, expected=6, found=len(parts))))
            continue
        query, _, document, _, score, tag = parts[:6]  # words after the tag are passed over
        value = _number(score)
        if value is None:
            problems.append((number, sentence(NOT_A_SCORE, value=score)))
        elif scores.setdefault(query, {}).setdefault(document, value) != value:
            problems.append((number, sentence(REPEATED_IN_RUN, query=query, document=document)))
    if not scores:
        raise _nothing_read(problems, RUN_EXAMPLE)
    rankings = {q: rank_by_score(q, list(found), list(found.values()), ties) for q, found in scores.items()}
    return ImportedRun(Run(name or tag, rankings), tuple(problems))


def write_trec_run(run: Run) -> str:
    """A TREC run file whose order trec_eval keeps.

    It reads scores as 32-bit numbers and orders equal ones by document id, so a score that is no lower than
    the one before it is written as the next lower 32-bit number. An order that its scores do not tell, or
    that has none, gets falling ranks as scores.
    """
    tag = re.sub(r"\s+", "_", run.name.strip()) or "run"
    lines = []
    for query, ranking in run.rankings.items():
        for rank, (document, score) in enumerate(_scored(ranking), start=1):
            lines.append(f"{_trec_id(query)} Q0 {_trec_id(document)} {rank} {score!r} {tag}\n")
    return "".join(lines)


def _scored(ranking: Ranking) -> Iterable[tuple[str, float]]:
    import numpy as np

    single = None if ranking.scores is None else np.asarray(ranking.scores, dtype=np.float32)
    if ranking.scores is None or single is None or (np.diff(single) > 0).any():
        count = len(ranking.documents)
        return [(document, float(count - i)) for i, document in enumerate(ranking.documents)]
    scored: list[tuple[str, float]] = []
    above = np.float32(np.inf)
    for document, score, rounded in zip(ranking.documents, ranking.scores, single, strict=True):
        if rounded >= above:
            rounded = np.nextafter(above, np.float32(-np.inf))
            score = float(rounded)
        scored.append((document, score))
        above = rounded
    return scored


def _read_qrels(text: str) -> ImportedJudgements:
    collected = _Collected()
    for number, line in _lines(text):
        parts = line.split()
        if len(parts) != 4:
            collected.problems.append((number, sentence(WRONG_FIELDS, expected=4, found=len(parts))))
            continue
        collected.add(number, parts[0], parts[2], parts[3])
    return collected.finished(QRELS_EXAMPLE)


def _read_csv(text: str) -> ImportedJudgements:
    collected = _Collected()
    for number, cell in _records(text, ("query_id", "document_id", "label"), CSV_COLUMNS):
        if cell("label"):
            collected.add(
                number, cell("query_id"), cell("document_id"), cell("label"), cell("query"), cell("note")
            )
    return collected.finished(",".join(CSV_COLUMNS))


def _read_quepid(text: str, query_ids: Mapping[str, Sequence[str]] | None) -> ImportedJudgements:
    collected = _Collected()
    for number, cell in _records(text, QUEPID_COLUMNS, QUEPID_COLUMNS):
        query, rating = cell("query"), cell("rating")
        if not rating:
            # Quepid exports a line without a rating for queries that nobody rated.
            continue
        ids = [query] if query_ids is None else list(query_ids.get(query, ()))
        if not ids:
            collected.problems.append((number, sentence(UNKNOWN_QUERY, query=query)))
        if len(ids) > 1:
            collected.problems.append((number, sentence(AMBIGUOUS_QUERY, query=query, count=len(ids))))
        for query_id in ids:
            collected.add(number, query_id, cell("docid"), rating, query)
    return collected.finished(",".join(QUEPID_COLUMNS))


class _Collected:
    """Judgements while a file is read: the last label of a document counts, in first-seen order."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], Judgement] = {}
        self.problems: list[tuple[int, Sentence]] = []

    def add(
        self, number: int, query_id: str, document_id: str, label: str, query: str = "", note: str = ""
    ) -> None:
        value = _number(label)
        if not query_id or not document_id:
            self.problems.append((number, sentence(BLANK_ID)))
        elif value is None or value != int(value) or abs(value) > LARGEST_LABEL:
            self.problems.append((number, sentence(NOT_A_LABEL, value=label, largest=LARGEST_LABEL)))
        else:
            key = (query_id, document_id)
            if key in self.found and self.found[key].label != int(value):
                self.problems.append((number, sentence(REPEATED, query=query_id, document=document_id)))
            self.found[key] = Judgement(query_id, document_id, int(value), query, note)

    def finished(self, example: str) -> ImportedJudgements:
        if not self.found and self.problems:
            raise _nothing_read(self.problems, example)
        return ImportedJudgements(tuple(self.found.values()), tuple(self.problems))


def _nothing_read(problems: Sequence[tuple[int, Sentence]], example: str) -> InputError:
    if not problems:
        return InputError(EMPTY_FILE)
    number, problem = problems[0]
    return InputError(
        NOTHING_READ, where=f"line {number}", hint=NOTHING_READ_HINT, problem=problem.text, example=example
    )


def _records(
    text: str, needed: Sequence[str], expected: Sequence[str]
) -> Iterable[tuple[int, Callable[[str], str]]]:
    """(line number, a look-up of cells by column name) per row; names are matched without case."""
    rows = iter(_csv_rows(text))
    names = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in needed if name not in names]
    if missing:
        raise InputError(
            MISSING_COLUMNS,
            where="line 1",
            hint=MISSING_COLUMNS_HINT,
            columns=", ".join(missing),
            expected=",".join(expected),
        )
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(names, (restored(value.strip()) for value in row), strict=False))
        if any(cells.values()):
            yield number, lambda name, cells=cells: cells.get(name, "")  # type: ignore[misc]


def _csv_rows(text: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))


def _csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([defused(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def _lines(text: str) -> Iterable[tuple[int, str]]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if line.strip():
            yield number, line


def _number(text: str) -> float | None:
    """A finite number, or None. «2.0» is how spreadsheets write the label 2."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) != float("inf") and value == value else None


def is_trec_id(value: str) -> bool:
    """Whether TREC's files, which part fields by blanks, can hold the id."""
    return bool(value) and not re.search(r"\s", value)


def _trec_id(value: str) -> str:
    if not is_trec_id(value):
        raise InputError(SPACE_IN_ID, hint=SPACE_HINT, value=value)
    return value
