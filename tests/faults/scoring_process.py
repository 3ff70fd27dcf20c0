"""A process that scores a table with a real model, may answer somebody in the middle, and may kill itself.

    python -m tests.faults.scoring_process '{"home": …, "file": …, "model": …, "asked_at": 3, "dies_at": 5}'

It resumes the job of the home folder, or makes one of the file. After the stored micro-batch `asked_at` it
scores documents of the last query as if a person had asked, who is told at once and whose scores are kept.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from core.jobs import Portion, score_with_cache
from core.jobs.store import JobStore
from core.models import load_scorer
from core.records import Scorer, ScoringRequest
from core.workflows.home.job_service import JobService
from core.workflows.kinds import JOB_KINDS
from tests.faults.dying_process import submit_file


class Interrupted:
    """Counts the stored micro-batches of a service, and does what is due after each."""

    def __init__(self, task: dict[str, Any], service: JobService, scorer: Scorer) -> None:
        self._task, self._service, self._scorer = task, service, scorer
        self._save = JobStore.save_scores
        self.stored = 0

    def save_scores(self, store: JobStore, job_id: str, portion: Portion, *, seconds: float) -> None:
        self._save(store, job_id, portion, seconds=seconds)
        self.stored += 1
        if self.stored == self._task.get("asked_at"):
            last = store.requests(job_id)[-1]
            # In another order and another company than in the table.
            asked = ScoringRequest(last.query, last.documents[::-2], last.instruction)
            score_with_cache(self._scorer, [asked], self._service.cache, interactive=True)
        if self.stored == self._task.get("dies_at"):
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    task = json.loads(sys.argv[1])
    scorer = load_scorer(task["model"])
    service = JobService(Path(task["home"]), lambda job: scorer, JOB_KINDS)
    interrupted = Interrupted(task, service, scorer)
    JobStore.save_scores = lambda store, *args, **kwargs: interrupted.save_scores(store, *args, **kwargs)  # type: ignore[method-assign]
    left = service.runner.start()
    job = service.runner.resume(left[0].id) if left else submit_file(service, Path(task["file"]))
    done = service.runner.wait(job.id, every=0.01)
    service.close()
    sys.stdout.write(json.dumps({"state": done.state, "batches": interrupted.stored}) + "\n")


if __name__ == "__main__":
    main()
