"""What is served under a recipe: numbers without texts, and whether they still look like the evidence."""

import random
import sqlite3
from pathlib import Path

from core.recipes.drift import FEWEST_SERVED, drift
from core.recipes.evidence import ScoreShape
from core.recipes.watched import FILE_NAME, KEPT_QUERIES, ServedQuery, WatchStore


def shape(mean: float, queries: int = 200, seed: int = 1) -> ScoreShape:
    values = random.Random(seed)
    best = tuple(sorted(values.gauss(mean, 1) for _ in range(queries)))
    return ScoreShape(queries, 10 * queries, best, 0.3, 0.05, 0.5)


def test_the_same_queries_show_no_drift() -> None:
    found = drift(shape(1.0), shape(1.0, seed=2))
    assert not found.drifted and found.p_value is not None and found.p_value > 0.01
    assert found.sentences[0].text.startswith("No drift shown")
    assert "was 5%" in found.sentences[1].text and "was 30%" in found.sentences[2].text


def test_other_scores_are_a_drift_with_its_direction() -> None:
    assert "are lower" in drift(shape(1.0), shape(0.0)).sentences[0].text
    found = drift(shape(1.0), shape(2.0))
    assert found.drifted and "are higher" in found.sentences[0].text


def test_false_alarms_are_rare() -> None:
    alarms = sum(drift(shape(0, 100, 2 * s), shape(0, 100, 2 * s + 1)).drifted for s in range(300))
    assert alarms <= 9  # 1 % are expected: three of 300


def test_few_queries_decide_nothing() -> None:
    for served in (None, shape(5.0, FEWEST_SERVED - 1)):
        found = drift(shape(1.0), served)
        assert not found.drifted and found.p_value is None
        assert str(FEWEST_SERVED) in found.sentences[0].text


def test_numbers_are_kept_and_no_more_than_count(tmp_path: Path) -> None:
    store = WatchStore(tmp_path)
    assert store.shape("a", 1) is None
    store.add("a", 1, [ServedQuery(1.0, 10, 4, 1, True), ServedQuery(3.0, 10, 0, 0, False)])
    store.add("a", 2, [ServedQuery(9.0, 1, 0, 0, False)])
    found = store.shape("a", 1)
    assert found == ScoreShape(2, 20, (1.0, 3.0), 0.2, 0.05, 0.5)
    store.add("a", 1, [ServedQuery(0.0, 1, 0, 0, False)] * (KEPT_QUERIES + 700))
    store.add("a", 1, [ServedQuery(0.0, 1, 0, 0, False)] * 600)
    store.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        (kept,) = connection.execute("SELECT count(*) FROM served WHERE version = 1").fetchone()
    connection.close()
    assert kept == KEPT_QUERIES
