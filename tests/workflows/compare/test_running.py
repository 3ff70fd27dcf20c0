"""Comparisons in the background and in the home folder."""

import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest

import core.workflows.compare.scoring as scoring_module
from core.errors import InputError
from core.records import Scorer
from core.settings import Settings
from core.workflows.compare.kept import Asked, KeptComparisons
from core.workflows.compare.running import RunningComparisons
from tests.workflows.compare.contenders import small_data
from tests.workflows.evaluate.labelled_sheet import TableScorer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition; AssertionError when it does not come about."""
    end, pause = monotonic() + seconds, threading.Event()
    while not condition():
        assert monotonic() < end
        pause.wait(0.01)


def test_a_comparison_is_kept_with_its_results_and_forgotten(settings: Settings) -> None:
    kept, running = KeptComparisons(settings.home), RunningComparisons()
    data = small_data()
    name = kept.add("标注.xlsx", Asked(("bm25", "nowhere"), "Find it", (("input", "标注.xlsx"),)), data)
    running.start(name, kept, settings, cache=None)
    until(lambda: running.state(name) is None)
    assert running.error(name) is None
    one = kept.comparison(name)
    assert (one.title, one.asked.instruction, one.finished) == ("标注.xlsx", "Find it", 2)
    assert one.asked.source == (("input", "标注.xlsx"),)
    assert kept.data(name).fingerprint == data.fingerprint
    assert [(result.name, result.had) for result in kept.results(name)] == [
        ("bm25", True),
        ("nowhere", False),
    ]
    assert [each.id for each in kept.all()] == [name]
    kept.forget(name)
    assert kept.all() == []
    with pytest.raises(InputError):
        kept.comparison(name)
    kept.close()


def test_stopping_keeps_what_is_done_and_starting_again_scores_the_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, running = KeptComparisons(settings.home), RunningComparisons()
    scorers: dict[str, TableScorer] = {}
    reached, go_on = threading.Event(), threading.Event()

    class Slow(TableScorer):
        def score_many(self, *args: object, **kwargs: object) -> list[list[object]]:  # type: ignore[override]
            if self.info.name == "second":
                reached.set()
                assert go_on.wait(30)
            return super().score_many(*args, **kwargs)  # type: ignore[arg-type, return-value]

    def load(name: str, *_: object, **__: object) -> Scorer:
        return scorers.setdefault(name, Slow({}, name=name))  # type: ignore[return-value]

    monkeypatch.setattr(scoring_module, "load_scorer", load)
    monkeypatch.setattr(scoring_module, "_check_room", lambda *_: None)
    name = kept.add("a", Asked(("first", "second")), small_data())
    running.start(name, kept, settings, cache=None)
    assert reached.wait(30)
    running.start(name, kept, settings, cache=None)  # it runs already
    state = running.state(name)
    assert state is not None and state.done["first"] == (20, 20)
    running.stop(name)
    stopped = running.state(name)
    assert stopped is not None and stopped.stopping
    go_on.set()
    until(lambda: running.state(name) is None)
    assert [result.name for result in kept.results(name)] == ["first"]
    asked = len(scorers["first"].asked)
    running.start(name, kept, settings, cache=None)
    until(lambda: running.state(name) is None)
    assert [result.name for result in kept.results(name)] == ["first", "second"]
    assert len(scorers["first"].asked) == asked
    kept.close()
