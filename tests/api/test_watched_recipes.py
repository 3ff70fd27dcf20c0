"""Answers under a recipe are counted without texts, and /metrics holds them against the evidence."""

from pathlib import Path

from starlette.testclient import TestClient

from core.recipes.evidence import Evidence, ScoreShape
from core.recipes.recipe import Recipe
from core.recipes.store import RecipeStore
from core.recipes.watched import FILE_NAME, ServedQuery, watch_store
from core.workflows.home.workbench import Workbench

EVIDENCE = Evidence(
    "labels.csv", "ab" * 32, "nDCG@10", 60, 0.05, 0.02, 0.08, 0.001, 0, "better", 1, "embedded", "fp32",
    False, "2026-11-28", "job", scores=ScoreShape(60, 600, tuple(at / 20 for at in range(60)), 0.2, 0.0, 1.0),
)  # fmt: skip


def metric(client: TestClient, name: str, recipe: str) -> float | None:
    lines = client.get("/metrics").text.splitlines()
    found = [line for line in lines if line.startswith(f'{name}{{recipe="{recipe}"}}')]
    return float(found[0].rsplit(" ", 1)[1]) if found else None


def test_served_answers_are_counted_and_compared(client: TestClient, embedded_workbench: Workbench) -> None:
    home = embedded_workbench.settings.home
    store = RecipeStore(home)
    store.save("watched", Recipe(top=1, evidence=EVIDENCE))
    try:
        body = {"query": "a secret question", "documents": ["a secret text", "b"], "recipe": "watched"}
        assert client.post("/rerank", json=body).status_code == 200
        deadline = 200
        while watch_store(home).shape("watched", 1) is None and deadline:
            client.get("/health/live")  # it is kept on a thread of its own
            deadline -= 1
        served = watch_store(home).shape("watched", 1)
        assert served is not None and (served.queries, served.pairs) == (1, 2)
        assert metric(client, "rerank_recipe_served_queries", "watched") == 1
        assert metric(client, "rerank_recipe_drift_p", "watched") is None  # too few to compare
        watch_store(home).add("watched", 1, [ServedQuery(-9.0, 10, 9, 0, False)] * 80)
        assert metric(client, "rerank_recipe_drifted", "watched") == 1
        assert (metric(client, "rerank_recipe_drift_p", "watched") or 0.0) < 0.01
        written = b"".join(path.read_bytes() for path in Path(home).glob(f"{FILE_NAME}*"))
        assert b"secret" not in written
    finally:
        store.remove("watched")
