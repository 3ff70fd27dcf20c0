"""A process that runs one job on a home folder, for tests that kill it.

    python -m tests.jobs.job_process HOME submit|resume WHERE BATCH

It reports each step on standard output and, at WHERE («before», «scored» or «after») in micro-batch BATCH,
says «here» and waits for the end of its input. With WHERE «free» it never waits.
"""

import os
import sys
from pathlib import Path

from core.jobs import JobRunner, JobStore, NewJob, ScoreCache
from tests.jobs.stub_scorer import StubScorer, some_requests


def say(line: str) -> None:
    os.write(1, (line + "\n").encode())


def main() -> None:
    home, action, where, stop_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])

    def step(name: str, number: int) -> None:
        say(f"{name} {number}")
        if name == where and number == stop_at:
            say("here")
            sys.stdin.read()

    scorer = StubScorer(
        before_batch=lambda number: step("before", number),
        scored_batch=lambda number: step("scored", number),
        after_batch=lambda number: step("after", number),
    )
    store = JobStore(home)
    runner = JobRunner(store, lambda job: scorer, cache=ScoreCache(home))
    offered = runner.start()
    if action == "submit":
        job = runner.submit(NewJob("test", "batch", some_requests()))
    else:
        job = runner.resume(offered[0].id)
    say(f"job {job.id}")
    say(runner.wait(job.id).state)
    runner.close()


if __name__ == "__main__":
    main()
