"""A small job, and waiting for what a runner does in its own thread."""

import threading
import time
from collections.abc import Callable

from core.jobs import JobRunner, NewJob, Progress
from tests.jobs.stub_scorer import some_requests

PATIENCE = 20.0


def new_job(name: str = "a job", tag: str = "") -> NewJob:
    return NewJob(name, "batch", some_requests(tag=tag))


def once_at(batch: int, action: Callable[[], object]) -> Callable[[int], None]:
    """Act before that micro-batch, the first time it comes."""
    left = [batch]

    def act(number: int) -> None:
        if number in left:
            left.remove(number)
            action()

    return act


def wait_until(runner: JobRunner, job_id: str, condition: Callable[[Progress], bool]) -> Progress:
    give_up = time.monotonic() + PATIENCE
    while not condition(progress := runner.progress(job_id)):
        assert time.monotonic() < give_up
        threading.Event().wait(0.01)
    return progress
