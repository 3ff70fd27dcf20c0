from pathlib import Path

import pytest

from core.errors import InputError
from core.models.catalogue import entry
from core.models.local import PARTIAL_FOLDER, find_local, own_folder, search_local
from core.settings import Settings
from tests.models.folders import write_small_model

NAME = "Qwen/Qwen3-Reranker-0.6B"
COMMIT = "6e9e69830b95c52b5fd889b7690dda3329508de3"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "user")}


def test_nothing_anywhere(settings: Settings, environ: dict[str, str]) -> None:
    assert search_local(NAME, settings, environ).problems == ()
    assert find_local(NAME, settings, environ) is None


def test_a_download_that_found_no_hub_leaves_no_problem(settings: Settings, environ: dict[str, str]) -> None:
    folder = own_folder(entry(NAME), settings)
    folder.mkdir(parents=True)
    (folder / ".lock").touch()
    assert search_local(NAME, settings, environ).problems == ()
    (folder / PARTIAL_FOLDER).mkdir()
    assert "not finished" in str(search_local(NAME, settings, environ).problems[0].error)


def test_embedded_model_lies_in_no_folder(settings: Settings, environ: dict[str, str]) -> None:
    assert find_local("embedded", settings, environ) is None


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({}, "user/.cache/modelscope/hub/models/Qwen/Qwen3-Reranker-0___6B"),
        ({}, "user/.cache/modelscope/hub/Qwen/Qwen3-Reranker-0___6B"),
        ({}, "user/.cache/modelscope/models/Qwen--Qwen3-Reranker-0.6B/snapshots/master"),
        ({"MODELSCOPE_CACHE": "shelf"}, "shelf/models/Qwen/Qwen3-Reranker-0___6B"),
        ({"MODELSCOPE_CACHE": "shelf"}, "shelf/hub/models/Qwen/Qwen3-Reranker-0___6B"),
        ({"MODELSCOPE_CACHE": "shelf"}, "shelf/Qwen/Qwen3-Reranker-0___6B"),
        ({"MODELSCOPE_CACHE": "shelf"}, "shelf/models/Qwen/Qwen3-Reranker-0.6B"),
        ({"MODELSCOPE_CACHE": "shelf"}, "shelf/models/Qwen--Qwen3-Reranker-0.6B/snapshots/v1.0"),
    ],
)
def test_modelscope_caches_of_every_generation(
    tmp_path: Path, settings: Settings, environ: dict[str, str], variables: dict[str, str], folder: str
) -> None:
    write_small_model(tmp_path / folder)
    places = {name: str(tmp_path / value) for name, value in variables.items()}
    found = find_local(NAME, settings, environ | places)
    assert found is not None
    assert (found.name, found.path, found.source) == (NAME, tmp_path / folder, "ModelScope cache")


@pytest.mark.parametrize(
    ("variables", "cache"),
    [
        ({}, "user/.cache/huggingface/hub"),
        ({"XDG_CACHE_HOME": "xdg"}, "xdg/huggingface/hub"),
        ({"HF_HOME": "hf"}, "hf/hub"),
        ({"HF_HOME": "hf", "HF_HUB_CACHE": "hub"}, "hub"),
    ],
)
def test_huggingface_cache_follows_its_variables(
    tmp_path: Path, settings: Settings, environ: dict[str, str], variables: dict[str, str], cache: str
) -> None:
    repository = tmp_path / cache / "models--Qwen--Qwen3-Reranker-0.6B"
    snapshot = write_small_model(repository / "snapshots" / COMMIT)
    write_small_model(repository / "snapshots" / "ffff")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    places = {name: str(tmp_path / value) for name, value in variables.items()}
    found = find_local(NAME, settings, environ | places)
    assert found is not None
    assert (found.path, found.source) == (snapshot, "Hugging Face cache")


def test_huggingface_snapshot_without_a_reference_is_used(
    tmp_path: Path, settings: Settings, environ: dict[str, str]
) -> None:
    repository = tmp_path / "user/.cache/huggingface/hub/models--Qwen--Qwen3-Reranker-0.6B"
    snapshot = write_small_model(repository / "snapshots" / COMMIT)
    found = find_local(NAME, settings, environ)
    assert found is not None
    assert found.path == snapshot


def test_huggingface_links_to_blobs_are_followed(
    tmp_path: Path, settings: Settings, environ: dict[str, str]
) -> None:
    repository = tmp_path / "user/.cache/huggingface/hub/models--Qwen--Qwen3-Reranker-0.6B"
    blobs = write_small_model(repository / "blobs")
    snapshot = repository / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    for blob in blobs.iterdir():
        (snapshot / blob.name).symlink_to(blob)
    assert find_local(NAME, settings, environ) is not None
    (blobs / "model.safetensors").unlink()  # a link that leads nowhere
    assert find_local(NAME, settings, environ) is None


def test_order_is_own_folder_then_modelscope_then_huggingface(
    tmp_path: Path, settings: Settings, environ: dict[str, str]
) -> None:
    cache = tmp_path / "user" / ".cache"
    huggingface = cache / "huggingface/hub/models--Qwen--Qwen3-Reranker-0.6B/snapshots" / COMMIT
    sources = []
    for folder in (
        huggingface,
        cache / "modelscope/hub/models/Qwen/Qwen3-Reranker-0___6B",
        settings.models_folder / "Qwen" / "Qwen3-Reranker-0.6B",
    ):
        write_small_model(folder)
        found = find_local("0.6b", settings, environ)
        assert found is not None
        sources.append(found.source)
    assert sources == ["Hugging Face cache", "ModelScope cache", "workbench"]


def test_folder_copied_by_hand_into_the_models_folder_is_found(
    settings: Settings, environ: dict[str, str]
) -> None:
    write_small_model(settings.models_folder / "Qwen3-Reranker-0.6B")
    found = find_local("0.6B", settings, environ)
    assert found is not None
    assert found.source == "workbench"


def test_cut_download_in_a_cache_is_passed_over_and_reported(
    tmp_path: Path, settings: Settings, environ: dict[str, str]
) -> None:
    cache = tmp_path / "user" / ".cache"
    half = write_small_model(cache / "modelscope/hub/models/Qwen/Qwen3-Reranker-0___6B")
    (half / "model.safetensors").write_bytes((half / "model.safetensors").read_bytes()[:-10])
    whole = write_small_model(cache / "huggingface/hub/models--Qwen--Qwen3-Reranker-0.6B/snapshots" / COMMIT)
    search = search_local(NAME, settings, environ)
    assert search.found is not None
    assert search.found.path == whole
    (problem,) = search.problems
    assert (problem.path, problem.source) == (half, "ModelScope cache")
    assert "model.safetensors is not whole" in problem.error.message


def test_folder_is_given_by_its_path(tmp_path: Path, settings: Settings) -> None:
    folder = write_small_model(tmp_path / "我的模型")
    found = find_local(str(folder), settings)
    assert found is not None
    assert (found.name, found.path, found.source) == (str(folder), folder, "folder")


def test_folder_in_the_working_directory_has_the_hubs_name(
    tmp_path: Path, settings: Settings, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_small_model(tmp_path / "Qwen" / "Qwen3-Reranker-0.6B")
    found = find_local(NAME, settings, environ)
    assert found is not None
    assert (found.name, found.path, found.source) == (NAME, folder, "folder")


def test_named_folder_that_is_not_whole_says_why(tmp_path: Path, settings: Settings) -> None:
    folder = write_small_model(tmp_path / "model")
    (folder / "tokenizer.json").unlink()
    (problem,) = search_local(str(folder), settings).problems
    assert "no tokenizer.json" in problem.error.message


@pytest.mark.parametrize("name", ["./nowhere", "~/nowhere-at-all", "/nowhere/at/all"])
def test_path_without_a_folder_is_named(name: str, settings: Settings) -> None:
    with pytest.raises(InputError, match="There is no folder"):
        find_local(name, settings)


def test_word_that_is_neither_name_nor_folder(settings: Settings) -> None:
    with pytest.raises(InputError, match='No model is called "bge-reranker"'):
        find_local("bge-reranker", settings)


def test_damaged_manifest_is_reported(settings: Settings, environ: dict[str, str]) -> None:
    folder = write_small_model(settings.models_folder / "Qwen" / "Qwen3-Reranker-0.6B")
    (folder / "download.json").write_text("{}")
    (problem,) = search_local(NAME, settings, environ).problems
    assert "download.json" in problem.error.message
