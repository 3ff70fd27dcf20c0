"""The process's one model: first loading, switching, what fails, falling back, and what has arrived."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import InputError, ModelRejectedError, NotReadyError
from core.models.catalogue import DEFAULT_QWEN, EMBEDDED, entry
from core.models.local import own_folder
from core.records import Scorer
from core.settings import Settings
from core.workflows.home.workbench import Status, Workbench
from tests.models.fake_hub import FakeHub, refusing_url, running
from tests.models.folders import write_small_model
from tests.qwen_fixture import tiny_qwen_folder

PATIENCE = 120.0


@pytest.fixture(autouse=True)
def _no_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "no-huggingface-cache"))
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "no-modelscope-cache"))


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return tiny_qwen_folder(tmp_path / "tiny")


def settled(bench: Workbench, reached: Callable[[Status], bool] | None = None) -> Status:
    """The status once nothing loads any more and `reached` holds."""
    give_up = time.monotonic() + PATIENCE
    while True:
        status = bench.status()
        if not status.loading and (reached is None or reached(status)):
            return status
        assert time.monotonic() < give_up, status
        threading.Event().wait(0.01)


def settings_for(tmp_path: Path, **changes: object) -> Settings:
    return Settings(**({"home": tmp_path / "home", "download": "never", "threads": 2} | changes))  # type: ignore[arg-type]


def test_before_the_first_model_is_there_scoring_says_which_one_is_awaited(tmp_path: Path) -> None:
    bench = Workbench(settings_for(tmp_path, model="embedded"))
    with pytest.raises(NotReadyError, match="embedded is still loading"):
        bench.scorer()


def test_a_switch_serves_the_old_model_until_the_new_one_is_ready(tmp_path: Path, tiny: Path) -> None:
    bench = Workbench(settings_for(tmp_path, model="embedded"))
    bench.start()
    before = bench.scorer(wait=PATIENCE)
    bench.switch(str(tiny))
    answering: list[Scorer] = []

    def ask(status: Status) -> bool:
        answering.append(bench.scorer())  # raises where there is none
        return True

    while bench.status().loading:
        ask(bench.status())
    status = settled(bench, ask)
    after = bench.scorer()
    assert all(one in (before, after) for one in answering)
    assert after is not before and after.info.kind == "qwen3"
    assert status.active == after.info and status.error is None
    assert status.engine is not None and status.engine.token_budget > 0
    bench.switch(EMBEDDED)
    status = settled(bench, lambda status: status.active is not None and status.active.name == EMBEDDED)
    assert status.engine is None


def test_a_switch_that_fails_keeps_the_model_and_says_why_until_the_next_try(
    tmp_path: Path, tiny: Path
) -> None:
    bench = Workbench(settings_for(tmp_path, model=str(tiny)))
    bench.start()
    before = bench.scorer(wait=PATIENCE)
    config = json.loads((tiny / "config.json").read_text())
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in tiny.iterdir():
        (broken / file.name).write_bytes(file.read_bytes())
    (broken / "config.json").write_text(json.dumps(config | {"vocab_size": 7}))
    number = bench.switch(str(broken))
    status = settled(bench, lambda status: status.error is not None)
    assert status.failed == number > 0
    assert isinstance(status.error, ModelRejectedError) and "vocabulary" in status.error.message
    assert bench.scorer() is before and status.active == before.info
    bench.switch(str(tiny))
    assert settled(bench, lambda status: status.error is None).active is not None
    assert bench.status().failed == 0
    assert bench.scorer() is not before


def test_a_name_that_means_no_model_is_reported_like_any_failed_loading(tmp_path: Path) -> None:
    bench = Workbench(settings_for(tmp_path, model="embedded"))
    bench.start()
    before = bench.scorer(wait=PATIENCE)
    bench.switch("no such model")
    status = settled(bench, lambda status: status.error is not None)
    assert isinstance(status.error, InputError)
    assert bench.scorer() is before


def test_a_first_model_that_cannot_be_loaded_is_what_scoring_raises(tmp_path: Path) -> None:
    bench = Workbench(settings_for(tmp_path, model=str(write_small_model(tmp_path / "small"))))
    bench.start()
    status = settled(bench, lambda status: status.error is not None)
    assert status.active is None
    with pytest.raises(ModelRejectedError, match="vocabulary"):
        bench.scorer()


def test_qwen_on_the_disk_is_taken_first(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, model="auto")
    folder = own_folder(entry(DEFAULT_QWEN), settings)
    folder.parent.mkdir(parents=True)
    tiny_qwen_folder(folder.parent).rename(folder)
    bench = Workbench(settings)
    bench.start()
    assert bench.scorer(wait=PATIENCE).info.name == DEFAULT_QWEN
    assert settled(bench).error is None


def test_qwen_that_cannot_be_loaded_falls_back_to_the_embedded_model_and_the_reason_stays(
    tmp_path: Path,
) -> None:
    settings = settings_for(tmp_path, model="auto")
    write_small_model(own_folder(entry(DEFAULT_QWEN), settings))
    bench = Workbench(settings)
    bench.start()
    assert bench.scorer(wait=PATIENCE).info.name == EMBEDDED
    status = settled(bench, lambda status: status.error is not None)
    assert isinstance(status.error, ModelRejectedError)
    assert status.active is not None and status.active.name == EMBEDDED


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeHub]:
    """A hub that has a tiny model under the name of Qwen3-Reranker-0.6B."""
    folder = tiny_qwen_folder(tmp_path / "published")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with running(FakeHub("modelscope", DEFAULT_QWEN, files)) as hub:
        yield hub


def test_what_has_arrived_is_offered_and_no_longer_once_it_is_active(tmp_path: Path, hub: FakeHub) -> None:
    settings = settings_for(
        tmp_path, model="auto", download="auto", modelscope_endpoint=hub.url, hf_endpoint=refusing_url()
    )
    bench = Workbench(settings)
    bench.start()
    assert bench.scorer(wait=PATIENCE).info.name == EMBEDDED
    status = settled(bench, lambda status: status.offered is not None)
    assert status.offered == DEFAULT_QWEN
    assert status.download is not None and status.download.state == "done"
    bench.switch(status.offered)
    status = settled(bench, lambda status: status.active is not None and status.active.name == DEFAULT_QWEN)
    assert status.offered is None


def test_a_self_test_is_remembered_for_the_model_it_was_run_on(tmp_path: Path, tiny: Path) -> None:
    bench = Workbench(settings_for(tmp_path, model=str(tiny)))
    bench.start()
    bench.scorer(wait=PATIENCE)
    report = bench.selftest()
    assert settled(bench).selftest == report
    bench.switch(EMBEDDED)
    status = settled(bench, lambda status: status.active is not None and status.active.name == EMBEDDED)
    assert status.selftest is None
