"""The parts of a run on Ray, with workers and drivers that are killed. Opt-in: needs Ray."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from core.errors import InputError
from core.workflows.scale.on_ray import Cluster, run_on_ray
from core.workflows.scale.parts import written_parts
from core.workflows.scale.runs import SUCCESS_FILE
from tests.workflows.scale.large_input import (
    expected_logits,
    read_logits,
    run_of,
    scorer_of,
    write_csv,
    write_input,
    write_scorer,
)

# Ray's own warnings are its makers' business.
pytestmark = [pytest.mark.ray, pytest.mark.filterwarnings("default")]
pytest.importorskip("ray", reason="pip install -r requirements-ray.txt")

PROJECT = Path(__file__).resolve().parents[3]
# Beside other programs Ray may need several starts of half a minute.
PATIENCE = 600.0
FILES, EACH = 4, 40


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scorer(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def expected(model: Path) -> dict[str, dict[str, float]]:
    return expected_logits(scorer_of(model), range(FILES * EACH))


def same(found: dict[str, dict[str, float]], expected: dict[str, dict[str, float]]) -> bool:
    assert found.keys() == expected.keys()
    return all(found[query] == pytest.approx(expected[query], abs=1e-5) for query in expected)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def scoring_workers() -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [one for one in children if any("_Scoring" in part for part in one.cmdline())]


def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    tmp_path: Path, model: Path, expected: dict[str, dict[str, float]]
) -> None:
    run = run_of(write_input(tmp_path / "in", FILES, EACH), tmp_path / "out", model, queries=1)
    killed: list[int] = []

    def kill() -> None:
        until(lambda: len(written_parts(run.output)) >= 3)
        for process in scoring_workers()[:1]:
            process.kill()
            killed.append(len(written_parts(run.output)))

    killer = threading.Thread(target=kill)
    killer.start()
    outcome = run_on_ray(run, Cluster(workers=2))
    killer.join()
    assert killed and killed[0] < FILES * EACH, "nothing was left to do when the worker died"
    assert outcome.queries == FILES * EACH and (tmp_path / "out" / SUCCESS_FILE).exists()
    assert same(read_logits(tmp_path / "out"), expected)


def test_a_driver_that_is_killed_is_started_again_and_loses_and_doubles_nothing(
    tmp_path: Path, model: Path, expected: dict[str, dict[str, float]]
) -> None:
    folder = write_input(tmp_path / "in", FILES, EACH)
    command = [sys.executable, "-m", "core", "batch", str(folder), "-o", str(tmp_path / "out")]
    command += [
        "--engine",
        "ray",
        "--model",
        str(model),
        "--part-queries",
        "1",
        "--worker-cpus",
        "1",
        "--json",
    ]
    environment = os.environ | {"RERANK_HOME": str(tmp_path / "home"), "RERANK_DEVICE": "cpu"}
    environment["RERANK_PRECISION"] = "fp32"
    driver = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE)
    try:
        until(lambda: driver.poll() is not None or len(list((tmp_path / "out").glob("*.parquet"))) >= 3)
    finally:
        driver.send_signal(signal.SIGKILL)
        driver.communicate()
    there = len(list((tmp_path / "out").glob("*.parquet")))
    assert 3 <= there < FILES * EACH and not (tmp_path / "out" / SUCCESS_FILE).exists()
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told = json.loads(done.stdout)
    assert told["finished"] and told["queries"] == FILES * EACH and told["scored"] < told["pairs"]
    assert same(read_logits(tmp_path / "out"), expected)


def test_a_fault_of_the_input_comes_back_as_it_was(tmp_path: Path, model: Path) -> None:
    folder = write_input(tmp_path / "in", 1, 3)
    write_csv(folder / "torn.csv", range(90, 92))
    with (folder / "torn.csv").open("a", encoding="utf-8") as stream:
        stream.write("q90,again,d,three days\n")
    with pytest.raises(InputError, match="query q90 comes back in row"):
        run_on_ray(run_of(folder, tmp_path / "out", model), Cluster())
