"""A home folder, and the three long-lived objects on it, closed after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.jobs import JobRunner, JobStore, ScoreCache
from core.jobs.runner import ScorerFor


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    store = JobStore(tmp_path)
    yield store
    store.close()


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ScoreCache]:
    cache = ScoreCache(tmp_path)
    yield cache
    cache.close()


RunnerFactory = Callable[..., JobRunner]


@pytest.fixture
def runner_for(store: JobStore) -> Iterator[RunnerFactory]:
    """Makes runners on the store, each closed at the end."""
    runners: list[JobRunner] = []

    def make(scorer_for: ScorerFor, on: JobStore = store, **options: object) -> JobRunner:
        runner = JobRunner(on, scorer_for, **options)
        runners.append(runner)
        return runner

    yield make
    for runner in runners:
        runner.close()
