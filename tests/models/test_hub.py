"""The real download code against the two fake hubs and their faults."""

import json
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.errors import DownloadError, HubUnreachableError, InputError, StoppedError
from core.models.catalogue import entry
from core.models.hub import DownloadProgress, download
from core.models.local import find_local, own_folder, search_local
from core.models.transfer import Patience
from tests.models.downloading import MODEL, QUICK, UNNEEDED, WEIGHTS, assert_whole, settings_for
from tests.models.fake_hub import FakeHub, black_hole, running


def test_modelscope_comes_first_and_only_needed_files_arrive(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub, huggingface: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url, huggingface=huggingface.url)
    seen: list[DownloadProgress] = []
    folder = download(MODEL, settings, on_progress=seen.append, patience=QUICK)
    assert folder == settings.models_folder / "Qwen" / "Qwen3-Reranker-0.6B"
    assert_whole(folder, files)
    assert huggingface.sent == []
    total = sum(len(content) for name, content in files.items() if name not in UNNEEDED)
    assert seen[0] == DownloadProgress("checking", 0, 0, "")
    assert seen[-1].done == seen[-1].total == total
    assert {progress.source for progress in seen[1:]} == {"ModelScope"}
    assert {progress.phase for progress in seen} == {"checking", "downloading", "verifying"}


def test_finished_download_is_found_and_names_its_source(tmp_path: Path, modelscope: FakeHub) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    folder = download(MODEL, settings, patience=QUICK)
    found = find_local("0.6B", settings)
    assert found is not None
    assert (found.path, found.source) == (folder, "workbench")
    assert json.loads((folder / "download.json").read_text())["source"] == "ModelScope"


def test_huggingface_serves_when_modelscope_refuses(
    tmp_path: Path, files: dict[str, bytes], huggingface: FakeHub
) -> None:
    settings = settings_for(tmp_path, huggingface=huggingface.url)
    assert_whole(download(MODEL, settings, patience=QUICK), files)


def test_huggingface_serves_when_modelscope_has_no_such_model(
    tmp_path: Path, files: dict[str, bytes], huggingface: FakeHub
) -> None:
    with running(FakeHub("modelscope", "Someone/Else", {})) as stranger:
        settings = settings_for(tmp_path, modelscope=stranger.url, huggingface=huggingface.url)
        assert_whole(download(MODEL, settings, patience=QUICK), files)


@pytest.mark.parametrize("dialect", ["modelscope", "huggingface"])
def test_cut_connection_is_resumed_with_only_the_missing_bytes(
    tmp_path: Path, files: dict[str, bytes], dialect: str, modelscope: FakeHub, huggingface: FakeHub
) -> None:
    hub = modelscope if dialect == "modelscope" else huggingface
    settings = settings_for(tmp_path, **{dialect: hub.url})
    size = len(files[WEIGHTS])
    hub.cuts[WEIGHTS] = [300_000, 150_000]
    assert_whole(download(MODEL, settings, patience=QUICK), files)
    first, second, third = hub.sent_of(WEIGHTS)
    assert first.start == 0
    # What was written before the cut is never sent again; at most one network block is lost in transit.
    assert 300_000 - 65_536 <= second.start <= 300_000
    assert second.start + 150_000 - 65_536 <= third.start <= second.start + 150_000
    assert third.start + third.count == size


def test_cancelled_download_keeps_its_part_for_the_next_run(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    stop = threading.Event()

    def watch(progress: DownloadProgress) -> None:
        if progress.done >= 200_000:
            stop.set()

    with pytest.raises(StoppedError):
        download(MODEL, settings, on_progress=watch, cancelled=stop.is_set, patience=QUICK)
    assert find_local("0.6B", settings) is None
    assert_whole(download(MODEL, settings, patience=QUICK), files)
    assert modelscope.sent_of(WEIGHTS)[-1].start >= 130_000
    assert len(modelscope.sent_of("config.json")) == 1


def test_other_hub_continues_the_part_of_the_first(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub, huggingface: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url, huggingface=huggingface.url)
    modelscope.cuts[WEIGHTS] = [400_000, 0, 0, 0, 0]
    assert_whole(download(MODEL, settings, patience=QUICK), files)
    assert huggingface.sent_of(WEIGHTS)[0].start >= 400_000 - 65_536
    assert json.loads((own_folder(MODEL, settings) / "download.json").read_text())["source"] == "Hugging Face"


def test_hub_that_ignores_range_sends_the_file_again(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    modelscope.deaf = True
    modelscope.cuts[WEIGHTS] = [300_000]
    assert_whole(download(MODEL, settings, patience=QUICK), files)
    assert [answer.start for answer in modelscope.sent_of(WEIGHTS)] == [0, 0]


def test_passing_server_faults_are_outlasted(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    modelscope.statuses[WEIGHTS] = [503, 429]
    assert_whole(download(MODEL, settings, patience=QUICK), files)


def test_refused_file_is_an_error_with_its_status(tmp_path: Path, modelscope: FakeHub) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    modelscope.statuses[WEIGHTS] = [403]
    with pytest.raises(DownloadError, match="status 403") as caught:
        download(MODEL, settings, patience=QUICK)
    assert caught.value.where == WEIGHTS


def test_file_damaged_once_is_fetched_again(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    modelscope.damaged[WEIGHTS] = 1
    assert_whole(download(MODEL, settings, patience=QUICK), files)
    assert len(modelscope.sent_of(WEIGHTS)) == 2


@pytest.mark.parametrize("name", [WEIGHTS, "config.json"])
@pytest.mark.parametrize("dialect", ["modelscope", "huggingface"])
def test_file_damaged_twice_is_an_error_and_is_not_kept(
    tmp_path: Path, name: str, dialect: str, modelscope: FakeHub, huggingface: FakeHub
) -> None:
    hub = modelscope if dialect == "modelscope" else huggingface
    settings = settings_for(tmp_path, **{dialect: hub.url})
    hub.damaged[name] = 2
    with pytest.raises(DownloadError, match="damaged twice") as caught:
        download(MODEL, settings, patience=QUICK)
    assert not isinstance(caught.value, HubUnreachableError)
    assert len(hub.sent_of(name)) == 2
    folder = own_folder(MODEL, settings)
    assert not (folder / name).exists()
    assert not list((folder / ".incomplete").glob(f"{name}*"))
    assert find_local("0.6B", settings) is None


def test_damaged_file_on_disk_is_replaced_by_a_resumed_download(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    modelscope.statuses[WEIGHTS] = [403]
    with pytest.raises(DownloadError):
        download(MODEL, settings, patience=QUICK)
    config = own_folder(MODEL, settings) / "config.json"
    config.write_bytes(bytes(config.stat().st_size))
    assert_whole(download(MODEL, settings, patience=QUICK), files)


def test_second_call_asks_no_hub(tmp_path: Path, modelscope: FakeHub) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    folder = download(MODEL, settings, patience=QUICK)
    offline = settings_for(tmp_path)
    assert download(MODEL, offline, patience=QUICK) == folder


def test_lost_file_of_a_finished_download_is_reported_and_fetched_alone(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    folder = download(MODEL, settings, patience=QUICK)
    (folder / "vocab.json").unlink()
    (problem,) = search_local("0.6B", settings).problems
    assert "vocab.json is missing" in str(problem.error)
    assert_whole(download(MODEL, settings, patience=QUICK), files)
    assert len(modelscope.sent_of(WEIGHTS)) == 1
    assert len(modelscope.sent_of("vocab.json")) == 2


def test_refusing_hubs_are_a_normal_state(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with pytest.raises(HubUnreachableError) as caught:
        download(MODEL, settings, patience=QUICK)
    assert settings.modelscope_endpoint in str(caught.value)
    assert settings.hf_endpoint in str(caught.value)


def test_silent_hubs_are_given_up_after_the_answer_time(tmp_path: Path) -> None:
    with ExitStack() as stack:
        settings = settings_for(
            tmp_path,
            modelscope=stack.enter_context(black_hole()),
            huggingface=stack.enter_context(black_hole()),
        )
        patience = Patience(connect_seconds=0.2, answer_seconds=0.3)
        with pytest.raises(HubUnreachableError):
            download(MODEL, settings, patience=patience)


def test_silent_modelscope_does_not_hide_huggingface(
    tmp_path: Path, files: dict[str, bytes], huggingface: FakeHub
) -> None:
    with black_hole() as silent:
        settings = settings_for(tmp_path, modelscope=silent, huggingface=huggingface.url)
        patience = Patience(connect_seconds=0.3, answer_seconds=1.0, pause_seconds=0.0)
        assert_whole(download(MODEL, settings, patience=patience), files)


def test_default_patience_finds_out_within_five_seconds() -> None:
    assert Patience().answer_seconds < 5.0


@pytest.mark.parametrize("status", [200, 302, 403, 404, 502])
def test_web_page_instead_of_a_hub_counts_as_unreachable(
    tmp_path: Path, modelscope: FakeHub, status: int
) -> None:
    """A hotel's log-in page, a company's gateway."""
    modelscope.listing_status = status
    modelscope.listing_text = "<html>Please log in to this network.</html>"
    with pytest.raises(HubUnreachableError):
        download(MODEL, settings_for(tmp_path, modelscope=modelscope.url), patience=QUICK)


def test_model_that_no_hub_has_is_said_to_be_missing(tmp_path: Path, modelscope: FakeHub) -> None:
    modelscope.model = "Someone/Else"
    with pytest.raises(DownloadError, match="ModelScope has no model called Qwen/Qwen3-Reranker-0.6B"):
        download(MODEL, settings_for(tmp_path, modelscope=modelscope.url), patience=QUICK)


@pytest.mark.parametrize("text", ["{}", "[]", '{"Data": {"Files": [{"Path": 1}]}}', '{"Data": null}'])
def test_listing_in_an_unknown_form_is_one_clear_error(
    tmp_path: Path, modelscope: FakeHub, text: str
) -> None:
    modelscope.listing_text = text
    with pytest.raises(DownloadError, match="form that is not known"):
        download(MODEL, settings_for(tmp_path, modelscope=modelscope.url), patience=QUICK)


def test_full_disk_is_known_before_anything_is_fetched(tmp_path: Path, modelscope: FakeHub) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    listed = modelscope.listing()
    weights = next(file for file in listed["Data"]["Files"] if file["Path"] == WEIGHTS)
    others = sum(
        file["Size"]
        for file in listed["Data"]["Files"]
        if file["Path"] != WEIGHTS and file["Path"] not in UNNEEDED
    )
    weights["Size"] = 1_190_000_000 - others
    modelscope.listing_text = json.dumps(listed)
    patience = Patience(spare_bytes=100_000_000, free=lambda folder: 1_200_000_000)
    with pytest.raises(DownloadError) as caught:
        download(MODEL, settings, patience=patience)
    assert "1.29 GB are needed and 1.20 GB are free" in str(caught.value)
    assert caught.value.where == str(own_folder(MODEL, settings))
    assert modelscope.sent == []


def test_unwritable_folder_is_a_clear_error(tmp_path: Path, modelscope: FakeHub) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    with pytest.raises(DownloadError, match="cannot be written"):
        download(MODEL, settings, patience=QUICK)


def test_embedded_model_is_not_downloaded(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="comes with the workbench"):
        download(entry("embedded"), settings_for(tmp_path), patience=QUICK)


def test_path_from_a_hostile_listing_cannot_leave_the_folder(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    modelscope.files = files | {"../outside.safetensors": b"x", "..\\outside.safetensors": b"x"}
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    assert_whole(download(MODEL, settings, patience=QUICK), files)


def test_two_downloads_at_once_fetch_each_file_once(
    tmp_path: Path, files: dict[str, bytes], modelscope: FakeHub
) -> None:
    settings = settings_for(tmp_path, modelscope=modelscope.url)
    modelscope.gate = threading.Event()
    folders: list[Path] = []
    waiting = threading.Event()

    def first() -> None:
        folders.append(download(MODEL, settings, patience=QUICK))

    def second() -> None:
        folders.append(download(MODEL, settings, on_progress=lambda progress: waiting.set(), patience=QUICK))

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert modelscope.halfway.wait(timeout=30)
    threads[1].start()
    assert waiting.wait(timeout=30)
    modelscope.gate.set()
    for thread in threads:
        thread.join(timeout=30)
    assert folders == [own_folder(MODEL, settings)] * 2
    assert_whole(folders[0], files)
    assert len(modelscope.sent_of(WEIGHTS)) == 1
