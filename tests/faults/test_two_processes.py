"""Several processes on one home: nothing that one of them kept is lost, one of them runs jobs.

That the second is told who runs the jobs, and can read, is tested in `tests/jobs/test_killed.py`.
"""

import shutil
import signal
from pathlib import Path

import pytest

from core.jobs import ScoreCache, pair_keys
from core.records import ScoringRequest
from core.workflows.evaluate.judging import JudgementStore
from core.workflows.rewrite.decisions import DecisionStore
from tests.faults.conftest import Tasks
from tests.faults.dying_process import service_of, submit_file
from tests.workflows.batch.batches import LONG, WrittenScorer

PROCESSES, TIMES = 4, 20
NAMES = [f"process {number}" for number in range(PROCESSES)]
KEPT = {f"{name} {number}" for name in NAMES for number in range(TIMES)}


def _all_at_once(run_tasks: Tasks, action: str, home: Path) -> None:
    tasks = [{"action": action, "home": home, "name": name, "times": TIMES} for name in NAMES]
    assert [status for status, _ in run_tasks(*tasks)] == [0] * PROCESSES


def test_decisions_of_all_are_kept(tmp_path: Path, run_tasks: Tasks) -> None:
    _all_at_once(run_tasks, "decide", tmp_path)
    kept = DecisionStore(tmp_path).read("job")
    assert kept is not None
    assert {query for query, _ in kept.rewrites} == KEPT


def test_grades_of_all_are_kept(tmp_path: Path, run_tasks: Tasks) -> None:
    _all_at_once(run_tasks, "grade", tmp_path)
    store = JudgementStore(tmp_path)
    assert {one.query_id for one in store.grades("set")} == KEPT
    store.close()


def test_scores_of_all_are_kept(tmp_path: Path, run_tasks: Tasks) -> None:
    _all_at_once(run_tasks, "cache", tmp_path)
    cache = ScoreCache(tmp_path)
    assert cache.statistics().entries == len(KEPT)
    for name in KEPT:
        (key,) = pair_keys("stub", [ScoringRequest(name, ("d",))])
        assert cache.get_many([key])[key].logit == float(name.split()[-1])
    cache.close()


@pytest.mark.parametrize("dies_at", [0, 2500])
def test_of_two_that_resume_a_job_one_runs_it(tmp_path: Path, run_tasks: Tasks, dies_at: int) -> None:
    """The other is refused; where the one is killed, whoever comes next goes on."""
    path = tmp_path / "batch.csv"
    path.write_text(LONG, encoding="utf-8")
    service = service_of(tmp_path / "begun", WrittenScorer(after_batch=_break))
    job = service.runner.wait(submit_file(service, path).id, every=0.01)
    service.close()
    home = shutil.copytree(tmp_path / "begun", tmp_path / "home")
    first, second = run_tasks(
        {"action": "score", "home": home, "dies_at": dies_at}, {"action": "score", "home": home}
    )
    assert first[0] in (0, -signal.SIGKILL, 1)
    assert second[0] in (0, 1)
    scorer = WrittenScorer()
    service = service_of(home, scorer)
    for offered in service.runner.start():
        service.runner.resume(offered.id)
    done = service.runner.wait(job.id, every=0.01)
    assert (done.state, done.done) == ("done", done.pairs)
    logits = [score.logit for row in service.store.scores(job.id) for score in row if score is not None]
    texts = [text for request in service.store.requests(job.id) for text in request.documents]
    assert logits == [float(text.rpartition("=")[2]) for text in texts]
    service.close()


def _break(done: int) -> None:
    raise KeyError("a model that breaks after its first micro-batch")
