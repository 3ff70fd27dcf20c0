import subprocess
import sys
from pathlib import Path

import pytest

from core.engine.choices import PRECISIONS, check_device_present
from core.errors import InputError, ModelMissingError, ModelRejectedError
from core.models import load_scorer, resolve_name, run_selftest
from core.settings import Settings
from tests.models.folders import write_small_model
from tests.qwen_fixture import tiny_qwen_folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", model="auto", device="auto", precision="auto")


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = "{'torch', 'transformers', 'requests', 'pandas'}"
    code = f"import sys, core.models; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_folder_is_loaded_by_its_path_and_scores(tmp_path: Path, settings: Settings) -> None:
    folder = tiny_qwen_folder(tmp_path)
    scorer = load_scorer(str(folder), device="cpu", precision="fp32", settings=settings)
    assert scorer.info.name == str(folder)
    assert (scorer.info.kind, scorer.info.device, scorer.info.precision) == ("qwen3", "cpu", "fp32")
    scores = scorer.score("退款多久到账", ["一到三个工作日。", "请联系客服。"])
    assert len(scores) == 2
    # Random weights: no published values, so the verdict rests on the order and says so.
    report = run_selftest(scorer)
    assert report.verdict in ("passed", "failed")
    assert not any(vector.decides for vector in report.vectors)


def test_catalogue_name_loads_what_lies_in_the_models_folder(tmp_path: Path, settings: Settings) -> None:
    tiny_qwen_folder(tmp_path).rename(_made(settings.models_folder / "Qwen") / "Qwen3-Reranker-0.6B")
    assert resolve_name("auto", settings) == "Qwen/Qwen3-Reranker-0.6B"
    scorer = load_scorer("0.6b", device="cpu", settings=settings)
    assert scorer.info.name == "Qwen/Qwen3-Reranker-0.6B"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def test_embedded_model_loads_whatever_device_is_set(settings: Settings) -> None:
    scorer = load_scorer(settings=settings.model_copy(update={"device": "cuda:7"}))
    assert (scorer.info.name, scorer.info.kind, scorer.info.device) == ("embedded", "embedded", "cpu")


def test_auto_means_the_embedded_model_while_nothing_else_is_here(settings: Settings) -> None:
    assert resolve_name("auto", settings) == "embedded"


def test_auto_follows_the_settings(settings: Settings) -> None:
    assert resolve_name("auto", settings.model_copy(update={"model": "4B"})) == "Qwen/Qwen3-Reranker-4B"


def test_missing_model_says_what_to_do_and_is_not_downloaded(settings: Settings) -> None:
    with pytest.raises(ModelMissingError) as caught:
        load_scorer("4B", settings=settings)
    assert caught.value.message == "Qwen/Qwen3-Reranker-4B is not on this machine."
    assert "Download it (8.1 GB)" in caught.value.hint
    assert not settings.models_folder.exists()


def test_half_model_is_missing_with_its_reason(settings: Settings) -> None:
    folder = write_small_model(settings.models_folder / "Qwen" / "Qwen3-Reranker-0.6B")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelMissingError) as caught:
        load_scorer("0.6B", settings=settings)
    assert "not whole on this machine: The model folder has no tokenizer.json." in caught.value.message
    assert caught.value.where == str(folder)


def test_named_folder_that_is_not_whole_is_rejected_for_its_own_fault(
    tmp_path: Path, settings: Settings
) -> None:
    folder = write_small_model(tmp_path / "m")
    (folder / "config.json").unlink()
    with pytest.raises(ModelRejectedError, match="no config.json"):
        load_scorer(str(folder), settings=settings)


def test_wrong_model_in_a_whole_folder_is_rejected(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(ModelRejectedError, match="16 entries instead of 151669"):
        load_scorer(str(write_small_model(tmp_path / "m")), settings=settings)


@pytest.mark.parametrize("device", ["gpu", "cuda:", "cuda:x", "tpu", "CPU "])
def test_unknown_device_lists_the_known_ones(device: str, settings: Settings) -> None:
    with pytest.raises(InputError, match="auto, cpu, cuda, mps"):
        load_scorer("0.6B", device=device, settings=settings)


def test_device_that_this_machine_lacks() -> None:
    with pytest.raises(InputError, match=r'"cuda:63" is not available on this machine'):
        check_device_present("cuda:63")


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_cpu_is_always_there(device: str) -> None:
    check_device_present(device)


def test_unknown_precision_lists_the_known_ones(settings: Settings) -> None:
    for unknown in ("half", "fp16", "int4"):
        with pytest.raises(InputError, match=r"Use one of: auto, fp32, bf16, int8, fp8\.$"):
            load_scorer("embedded", precision=unknown, settings=settings)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_that_is_named_is_taken_by_the_engine(
    tmp_path: Path, settings: Settings, precision: str
) -> None:
    folder = tiny_qwen_folder(tmp_path)
    if precision == "fp8":
        with pytest.raises(InputError, match="Ada and Hopper"):
            load_scorer(str(folder), device="cpu", precision=precision, settings=settings)
        return
    scorer = load_scorer(str(folder), device="cpu", precision=precision, settings=settings)
    # int8 may give way to fp32 where it ranks differently.
    assert scorer.info.precision in ({precision, "fp32"} if precision != "auto" else set(PRECISIONS))


def test_unknown_way_for_long_documents(settings: Settings) -> None:
    with pytest.raises(InputError, match="truncate, max"):
        load_scorer("embedded", long_documents="middle", settings=settings)  # type: ignore[arg-type]


def test_unknown_model_lists_the_known_ones(settings: Settings) -> None:
    with pytest.raises(InputError, match="Known models: embedded, Qwen/Qwen3-Reranker-0.6B"):
        load_scorer("bge", settings=settings)
