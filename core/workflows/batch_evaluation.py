"""A batch as an evaluation: the same pairs, their order before, and the labels that its file had.

Its scores are known already, so the evaluation is there at once. Without labels it is there to be judged.
"""

from collections import Counter

from core.errors import InputError
from core.evaluation.judged import LARGEST_LABEL, JudgedRow, Ranking, Run
from core.jobs import JobStore, NewJob
from core.workflows.batch.opened import open_run, original_rows
from core.workflows.batch.records import OriginalRows
from core.workflows.batch.results import BatchRun
from core.workflows.evaluate.data import EvaluationData, LabelledRow, from_labelled_rows
from core.workflows.evaluate.jobs import EvaluateJob, new_evaluation

CARED_FOR = "The documents of this run were cleaned or cut, and an evaluation scores them as they are."


def has_labels(run: BatchRun) -> bool:
    """Whether the file said of any pair how relevant it is."""
    return any(label is not None for label in run.origin.labels)


def evaluation_of(store: JobStore, job_id: str) -> NewJob:
    """The job that evaluates a batch. InputError where its documents were not scored as they are."""
    run = open_run(store, job_id)
    if run.cares:
        raise InputError(CARED_FOR, hint="Evaluate the file on the Evaluate page.")
    settings, data = run.settings, batch_data(run, original_rows(store, job_id))
    asked = EvaluateJob(
        model=settings.model,
        data=data.fingerprint,
        instruction=settings.instruction,
        columns=settings.columns,
        sheet=settings.sheet,
        encoding=settings.encoding,
    )
    return new_evaluation(run.job.name, data, asked, run.job.inputs[0])


def batch_data(run: BatchRun, rows: OriginalRows) -> EvaluationData:
    """Every query of a batch as it was imported. rows: its file's cells, for the documents' ids."""
    origin, ids = run.origin, _document_ids(run, rows)
    labelled: list[LabelledRow] = []
    for position, query_id in enumerate(_query_ids(origin.query_ids)):
        request, pairs = run.requests[position], run.pairs_of(position)
        for pair in pairs:
            judged = JudgedRow(
                query_id,
                ids[pair],
                _grade(origin.labels[pair]) if origin.labels else None,
                query=request.query,
                group=origin.groups[position] or None,
                initial_rank=origin.ranks[pair],
            )
            text = request.documents[pair - pairs.start]
            labelled.append(LabelledRow(judged, text, request.instruction))
    return from_labelled_rows(labelled)


def batch_order(run: BatchRun, rows: OriginalRows) -> Run:
    """Every complete query in the run's own order, by the ids of `batch_data`."""
    ids, names = _document_ids(run, rows), _query_ids(run.origin.query_ids)
    return Run(
        run.job.name,
        {
            names[one.position]: Ranking(
                names[one.position], tuple(ids[pair] for pair in run.best_first(one.position))
            )
            for one in run.outcomes
        },
    )


def _query_ids(names: tuple[str, ...]) -> list[str]:
    """Each once: an id that stood for two texts made two queries."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _document_ids(run: BatchRun, rows: OriginalRows) -> list[str]:
    """By pair: the file's own ids where they tell a query's documents apart, else their ranks before."""
    origin = run.origin
    found = [str(rank) for rank in origin.ranks]
    names = run.settings.columns.get("document_id", ())
    if len(names) != 1:
        return found
    (name,) = names
    if name in rows.pool_names and origin.pool_rows:
        cells, places = rows.pool_columns[rows.pool_names.index(name)], origin.pool_rows
    elif name in rows.names:
        cells, places = rows.columns[rows.names.index(name)], origin.rows
    else:
        return found
    for position in range(len(run.requests)):
        pairs = run.pairs_of(position)
        own = [str(cells[places[pair]] or "").strip() for pair in pairs]
        if all(own) and len(set(own)) == len(own):
            found[pairs.start : pairs.stop] = own
    return found


def _grade(label: float | None) -> int | None:
    return int(label) if label is not None and label == int(label) and abs(label) <= LARGEST_LABEL else None
