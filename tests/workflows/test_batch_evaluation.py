"""A batch becomes an evaluation of the same pairs, with the labels and ids of its file."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.text.chunking import estimated_tokens
from core.workflows.batch.input import batch_input, batch_settings, new_batch_job, with_care
from core.workflows.batch.opened import open_run
from core.workflows.batch_evaluation import evaluation_of, has_labels
from core.workflows.care.preparing import asked_care
from core.workflows.evaluate.jobs import kept_data, kept_system
from core.workflows.evaluate.outcome import EvaluateSettings, evaluate
from tests.workflows.batch.batches import import_text, run_batch

LABELLED = """\
qid,query,doc id,document,score,label
q1,first?,d7,a = -1,9,0
q1,first?,d8,b = 2,8,1
q2,second?,d7,c = 3,9,1
q2,second?,d9,d = 1,8,0
q2,second?,d5,e = 0,7,
"""


def test_labels_ids_and_the_order_before_are_those_of_the_file(tmp_path: Path) -> None:
    service, job = run_batch(tmp_path, import_text(tmp_path, LABELLED))
    assert has_labels(open_run(service.store, job.id))
    evaluation = service.runner.wait(service.runner.submit(evaluation_of(service.store, job.id)).id)
    assert evaluation.state == "done" and evaluation.scored == 0  # all scores were known
    data = kept_data(service.store, evaluation)
    assert {q: dict(judged.labels) for q, judged in data.judgements.items()} == {
        "q1": {"d7": 0, "d8": 1},
        "q2": {"d7": 1, "d9": 0},
    }
    assert data.initial.rankings["q2"].documents == ("d7", "d9", "d5")
    system = kept_system(service.store, evaluation, data, "Stub")
    report = evaluate(data, (system,), EvaluateSettings(measures="RR")).report
    # q1: the relevant document stood second, and reranking puts it first; q2 had it first already.
    assert report is not None
    (value,) = report.systems[0].evaluation.values.values()
    assert value == {"q1": 1.0, "q2": 1.0}
    (before,) = report.baseline.values.values()
    assert before == {"q1": 0.5, "q2": 1.0}
    service.close()


def test_a_batch_without_labels_is_there_to_be_judged(tmp_path: Path) -> None:
    service, job = run_batch(tmp_path, import_text(tmp_path))
    assert not has_labels(open_run(service.store, job.id))
    evaluation = service.runner.wait(service.runner.submit(evaluation_of(service.store, job.id)).id)
    data = kept_data(service.store, evaluation)
    assert data.labels == 0 and data.pairs == job.pairs
    service.close()


def test_documents_that_were_changed_are_not_evaluated_as_they_are(tmp_path: Path) -> None:
    table = import_text(tmp_path, LABELLED)
    service, _ = run_batch(tmp_path, table)
    batch = with_care(batch_input(table, None), asked_care("all", None, None), estimated_tokens)
    settings = batch_settings(batch, "stub", instruction=None)
    job = service.runner.wait(service.runner.submit(new_batch_job("cared", batch, settings, ())).id)
    with pytest.raises(InputError, match="cleaned or cut"):
        evaluation_of(service.store, job.id)
    service.close()
