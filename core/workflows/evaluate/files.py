"""Runs and judgements in the files of other tools: reads their bytes, whatever the encoding.

Formats are known by `core.evaluation.judgements`, encodings by `core.sheets.reading.decoding`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InputError
from core.evaluation.judged import Judgements, Run
from core.evaluation.judgements import (
    ImportedJudgements,
    ImportedRun,
    guess_format,
    read_judgements,
    read_trec_run,
)
from core.sentences import Sentence
from core.sheets.reading.decoding import decode

CANNOT_READ = "{path} cannot be read: {problem}."


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file's name, for messages, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ImportedRuns:
    """Runs under distinct names, their judgements, and what was odd: (file, line, sentence)."""

    judgements: Judgements
    runs: tuple[Run, ...]
    problems: tuple[tuple[str, int, Sentence], ...]


def open_file(path: str) -> NamedFile:
    """A file with its content; InputError when it cannot be read."""
    try:
        return NamedFile(Path(path).name, Path(path).read_bytes())
    except OSError as error:
        raise InputError(CANNOT_READ, where=path, path=path, problem=error.strerror or str(error)) from None


def read_runs(runs: Sequence[NamedFile], qrels: NamedFile) -> ImportedRuns:
    """TREC runs, and judgements as TREC qrels, CSV or Quepid CSV."""
    judged = read_judgements_file(qrels)
    problems = [(qrels.name, line, problem) for line, problem in judged.problems]
    found: list[Run] = []
    for file in runs:
        imported = read_run(file, [run.name for run in found])
        found.append(imported.run)
        problems += [(file.name, line, problem) for line, problem in imported.problems]
    return ImportedRuns(judged.by_query(), tuple(found), tuple(problems))


def read_run(file: NamedFile, taken: Collection[str] = ()) -> ImportedRun:
    """A TREC run under its tag, or under the next free name where that is taken."""
    with _located(file.name):
        imported = read_trec_run(decode(file.content).text)
    return replace(imported, run=replace(imported.run, name=free_name(imported.run.name, taken)))


def read_judgements_file(
    file: NamedFile, query_ids: Mapping[str, Sequence[str]] | None = None
) -> ImportedJudgements:
    """Judgements in any of the three formats. query_ids: query text -> ids, for Quepid's ratings."""
    with _located(file.name):
        text = decode(file.content).text
        return read_judgements(text, guess_format(text), query_ids)


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, with a number where it is taken."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


@contextmanager
def _located(name: str) -> Iterator[None]:
    """Errors inside name the file beside the line."""
    try:
        yield
    except InputError as error:
        where = f"{name}, {error.where}" if error.where else name
        raise error.at(where) from error
