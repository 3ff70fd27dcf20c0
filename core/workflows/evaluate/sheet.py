"""A labelled sheet as evaluation data: what the importer found, with labels as grades.

Which columns mean what is decided by `core.sheets`; here rows become judged candidates.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.errors import InputError
from core.evaluation.judged import LARGEST_LABEL, JudgedRow
from core.sentences import Sentence, sentence
from core.sheets.meaning.importing import ImportedTable, import_table
from core.sheets.meaning.scales import IRRELEVANT_HINT, UNKNOWN_HINT, LabelScale
from core.sheets.meaning.score_direction import ScoreDirection
from core.workflows.evaluate.data import EvaluationData, LabelledRow, from_labelled_rows

NOT_A_GRADE = "The label {value} is not a whole number up to {largest}; the pair counts as unjudged."

# Said again, and more exactly, when rows are grouped by query.
REPORTED_HERE = ("duplicate_pair", "conflicting_label")
MOST_PROBLEMS = 1000


def read_labelled(
    path: Path,
    *,
    mapping: Mapping[str, str | Sequence[str]] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    depth: int | None = None,
    grades: Mapping[str, float] | None = None,
    rel: int | None = None,
) -> EvaluationData:
    """Import a file. depth: rerank only the first so many candidates of each query.

    grades: of labels, by label. rel: the lowest relevant grade, None when nobody said it: then InputError
    where the labels leave open what is relevant.
    """
    table = import_table(path, mapping=mapping, sheet=sheet, encoding=encoding, grades=grades)
    require_scale(table.scale, rel)
    return labelled_data(table, depth)


def require_scale(scale: LabelScale, rel: int | None) -> None:
    """InputError where labels have no known grade, or all say relevant and nobody named the lowest."""
    doubt = scale.doubt
    if doubt is None or (scale.lacks_irrelevant and rel is not None and rel > (scale.lowest or 0)):
        return
    if scale.lacks_irrelevant:
        raise InputError(doubt.template, where="label", hint=IRRELEVANT_HINT, **doubt.facts)
    example = ",".join(f"{word}={place}" for place, word in enumerate(scale.unknown or scale.labels[:3]))
    hint = sentence(UNKNOWN_HINT, example=example).text
    raise InputError(doubt.template, where="label", hint=hint, **doubt.facts)


def labelled_data(table: ImportedTable, depth: int | None = None) -> EvaluationData:
    """An imported table as evaluation data; labels that are no grades count as unjudged and are reported."""
    rows: list[LabelledRow] = []
    problems: list[tuple[int | None, Sentence]] = [
        (problem.row, problem.sentence) for problem in table.problems if problem.kind not in REPORTED_HERE
    ]
    for row, raw_label in _rows(table):
        if raw_label is not None and row.judged.label is None:
            problems.append(
                (row.number, sentence(NOT_A_GRADE, value=f"{raw_label:g}", largest=LARGEST_LABEL))
            )
        rows.append(row)
    return from_labelled_rows(rows, depth, problems=problems[:MOST_PROBLEMS])


def _rows(table: ImportedTable) -> Iterator[tuple[LabelledRow, float | None]]:
    """Each pair with its label as a grade, and the label as it was read."""
    pairs = table.pairs
    for index, label in enumerate(pairs.label):
        judged = JudgedRow(
            pairs.query_id[index],
            pairs.document_id[index],
            _grade(label),
            query=pairs.query[index],
            group=pairs.group[index] or None,
            initial_rank=pairs.initial_rank[index],
            initial_score=_height(pairs.initial_score[index], table.score_direction),
        )
        instruction = pairs.instruction[index] or None
        yield LabelledRow(judged, pairs.document[index], instruction, pairs.row[index]), label


def _height(score: float | None, direction: ScoreDirection) -> float | None:
    """The score so that the highest is best."""
    return -score if score is not None and direction == "asc" else score


def _grade(value: float | None) -> int | None:
    """The label as a grade; None where it is none."""
    return int(value) if value is not None and abs(value) <= LARGEST_LABEL and value == int(value) else None
