"""A download in the background: what a page sees of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import HubUnreachableError
from core.models.catalogue import entry
from core.models.downloads import Download, DownloadSnapshot
from core.models.local import own_folder
from core.models.transfer import Patience
from core.settings import Settings
from tests.models.fake_hub import FakeHub, refusing_url, running
from tests.models.folders import with_more_data, write_small_model

MODEL = entry("0.6B")
WEIGHTS = "model.safetensors"
QUICK = Patience(connect_seconds=2.0, answer_seconds=5.0, attempts=2, pause_seconds=0.0, spare_bytes=0)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeHub]:
    folder = write_small_model(tmp_path / "original")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    with running(FakeHub("modelscope", MODEL.modelscope_id, files)) as served:
        yield served


def settings_for(tmp_path: Path, hub: FakeHub | None) -> Settings:
    return Settings(
        home=tmp_path / "home",
        modelscope_endpoint=hub.url if hub else refusing_url(),
        hf_endpoint=refusing_url(),
    )


def finished(download: Download) -> DownloadSnapshot:
    snapshot = download.join(timeout=30)
    assert not snapshot.running
    return snapshot


def test_new_download_is_idle(tmp_path: Path) -> None:
    snapshot = Download(MODEL, settings_for(tmp_path, None)).snapshot()
    assert snapshot == DownloadSnapshot("Qwen/Qwen3-Reranker-0.6B")
    assert (snapshot.state, snapshot.fraction, snapshot.seconds_left) == ("idle", 0.0, None)


def test_download_runs_to_its_folder(tmp_path: Path, hub: FakeHub) -> None:
    settings = settings_for(tmp_path, hub)
    download = Download(MODEL, settings, patience=QUICK)
    download.start()
    snapshot = finished(download)
    assert snapshot.state == "done"
    assert snapshot.folder == own_folder(MODEL, settings)
    assert snapshot.bytes_done == snapshot.bytes_total == sum(map(len, hub.files.values()))
    assert (snapshot.fraction, snapshot.source, snapshot.error) == (1.0, "ModelScope", None)
    download.start()  # nothing is left to do
    assert download.snapshot() is snapshot


def test_snapshot_shows_bytes_while_they_arrive(tmp_path: Path, hub: FakeHub) -> None:
    hub.gate = threading.Event()
    download = Download(MODEL, settings_for(tmp_path, hub), patience=QUICK)
    download.start()
    assert hub.halfway.wait(timeout=30)
    during = download.snapshot()
    assert during.running
    assert during.state == "downloading"
    assert 0 < during.bytes_done < during.bytes_total
    hub.gate.set()
    assert finished(download).state == "done"


def test_offline_is_a_state_of_its_own_and_can_be_tried_again(tmp_path: Path, hub: FakeHub) -> None:
    download = Download(MODEL, settings_for(tmp_path, None), patience=QUICK)
    for _ in range(2):
        download.start()
        snapshot = finished(download)
        assert snapshot.state == "offline"
        assert isinstance(snapshot.error, HubUnreachableError)


def test_failure_keeps_its_error_and_a_restart_resumes(tmp_path: Path, hub: FakeHub) -> None:
    hub.damaged[WEIGHTS] = 2
    download = Download(MODEL, settings_for(tmp_path, hub), patience=QUICK)
    download.start()
    failed = finished(download)
    assert failed.state == "failed"
    assert failed.error is not None
    assert "damaged twice" in failed.error.message
    download.start()
    assert finished(download).state == "done"
    assert len(hub.sent_of("config.json")) == 1


def test_cancel_ends_in_its_own_state(tmp_path: Path, hub: FakeHub) -> None:
    hub.gate = threading.Event()
    download = Download(MODEL, settings_for(tmp_path, hub), patience=QUICK)
    download.start()
    assert hub.halfway.wait(timeout=30)
    download.cancel()
    hub.gate.set()
    snapshot = finished(download)
    assert (snapshot.state, snapshot.error, snapshot.speed) == ("cancelled", None, 0.0)
    download.start()
    assert finished(download).state == "done"


def test_unexpected_fault_ends_the_download_instead_of_hanging_it(
    tmp_path: Path, hub: FakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(folder: Path) -> int:
        raise RuntimeError("no such counter")

    download = Download(MODEL, settings_for(tmp_path, hub), patience=Patience(free=broken))
    download.start()
    snapshot = finished(download)
    assert snapshot.state == "failed"
    assert snapshot.error is not None
    assert "no such counter" in snapshot.error.message
    assert "failed unexpectedly" in caplog.text


def test_speed_is_bytes_over_seconds(tmp_path: Path, hub: FakeHub) -> None:
    """Each report comes one second after the last, and blocks are of 64 KiB: so many bytes a second."""
    hub.gate = threading.Event()
    hub.files[WEIGHTS] = with_more_data(hub.files[WEIGHTS], 700_000)
    ticks = 0
    third_block = threading.Event()

    def clock() -> float:
        nonlocal ticks
        ticks += 1
        if ticks == 2 + 2 + 1 + 3:  # two small files with a start and an end, then the weights' start
            third_block.set()
        return float(ticks)

    download = Download(MODEL, settings_for(tmp_path, hub), patience=QUICK, clock=clock)
    download.start()
    assert third_block.wait(timeout=30)
    during = download.snapshot()
    assert during.speed == 65_536.0
    assert during.seconds_left == (during.bytes_total - during.bytes_done) / 65_536
    hub.gate.set()
    assert finished(download).speed == 0.0


def test_seconds_left_follow_from_the_speed() -> None:
    snapshot = DownloadSnapshot("m", "downloading", bytes_done=200, bytes_total=1000, speed=40.0)
    assert snapshot.seconds_left == 20.0
    assert snapshot.fraction == 0.2
