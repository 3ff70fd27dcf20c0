"""A model that is busy: waiting requests are bounded, and health answers meanwhile."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.applications import Starlette

from core.api.routes import routes
from core.records import Score, ScoredPair, Scorer, ScorerInfo, ScoringRequest
from core.settings import Settings
from core.workflows.home.workbench import Workbench
from core.workflows.serving import batcher

MAX_WAITING = 64

INFO = ScorerInfo("slow", "embedded", "slow", "cpu", "fp32", "0", 512, 1, 1, False)


class BlockedScorer:
    """Scores nothing until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.info = INFO

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_scored: Callable[[Sequence[ScoredPair]], None],
        cancelled: Callable[[], bool],
        interactive: bool,
    ) -> None:
        """Wait, then give every document the same score."""
        assert self.go.wait(60)
        for at, request in enumerate(requests):
            on_scored([ScoredPair(at, i, Score(0.0, 1, False)) for i in range(len(request.documents))])


class BlockedWorkbench(Workbench):
    """A workbench whose model is loaded and busy."""

    def __init__(self, home: Path, scorer: Scorer) -> None:
        super().__init__(Settings(home=home, download="never"))
        self._blocked = scorer

    def scorer(self, wait: float = 0.0) -> Scorer:
        """The busy one."""
        return self._blocked


def test_a_full_queue_answers_429_while_health_still_answers_and_all_waiting_are_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batcher, "MAX_WAITING", MAX_WAITING)
    scorer = BlockedScorer()
    bench = BlockedWorkbench(tmp_path, scorer)  # type: ignore[arg-type]  # `score` is never asked for
    app = Starlette(routes=routes(lambda: bench))
    codes: list[int] = []

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        answer = await client.post("/rerank", json={"query": f"q{number}", "documents": ["d"]})
        codes.append(answer.status_code)
        if answer.status_code == 429:
            assert answer.headers["retry-after"]
            scorer.go.set()

    async def flood() -> None:
        transport = httpx.ASGITransport(app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as client,
            anyio.create_task_group() as tasks,
        ):
            for number in range(MAX_WAITING + 1):
                tasks.start_soon(ask, client, number)
            health = await client.get("/health")
            assert health.json()["status"] == "error"  # nothing was ever loaded; it answers, that is all

    anyio.run(flood)
    assert sorted(codes) == [200] * MAX_WAITING + [429]
