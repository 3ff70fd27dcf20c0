"""The parts of a run on Ray Data's workers, on this machine or on a cluster.

Reading folds files into parts, a fixed number of actors scores them, each with a model of its own that is
loaded once, and writes each part itself; only counts come back. Ray repeats the parts of a worker that died;
a driver that died is started again and passes over what is there. Files are cut small, so that one file feeds
every worker; more processors are asked for than the actors take, because reading needs some, and without them
Ray waits for ever and says nothing.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import InputError, ModelError, WorkbenchError
from core.records import Scorer
from core.sentences import Sentence
from core.workflows.scale.folding import fold
from core.workflows.scale.here import Progress, loaded
from core.workflows.scale.parts import cut, packed, score_part, unpacked, write_part, written_parts
from core.workflows.scale.runs import FileCount, Outcome, Run, begin, finish

_log = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[3]
# Reading, and what Ray runs beside the actors.
SPARE_PROCESSORS = 4
OBJECT_STORE_BYTES = 200_000_000
# So small that a block is one part: Ray would make one block of a small input, and one worker do it all.
BLOCK_BYTES = 1
IN_FLIGHT = 2
# Beside other programs a start took 24 to 41 seconds, and Ray gives up after 30.
STARTS = 5

NOT_INSTALLED = "Ray is not installed."
INSTALL = "Install it: .venv/bin/python -m pip install -r requirements-ray.txt"
NO_CLUSTER = "Ray cannot be started or reached: {problem}."
NO_CLUSTER_HINT = "On this machine start it again; for a cluster check --ray-address and that versions agree."
ENDED = "Ray ended the run: {problem}"
REPEAT = "Repeat the command: what is there is passed over."


@dataclass(frozen=True, slots=True)
class Cluster:
    """address: of a running cluster, None to start Ray here. workers: actors, each with a model.

    processors: of each worker. graphics: whether each takes a GPU.
    """

    address: str | None = None
    workers: int = 1
    processors: int = 1
    graphics: bool = False


def run_on_ray(
    run: Run, cluster: Cluster, on_progress: Callable[[Progress], None] = lambda _: None
) -> Outcome:
    """Score what is missing on Ray and check the whole.

    ModelError when Ray is missing, cannot be started or ends the run; WorkbenchError of a worker as it was.
    """
    before = begin(run)
    with _connected(cluster):
        counts, scored = _distributed(run, cluster, before, on_progress)
    return finish(run, counts, scored)


def _distributed(
    run: Run, cluster: Cluster, before: str, on_progress: Callable[[Progress], None]
) -> tuple[dict[int, FileCount], int]:
    import ray
    from ray.exceptions import RayError

    context = ray.data.DataContext.get_current()
    context.target_max_block_size = BLOCK_BYTES
    context.enable_progress_bars = False
    there = ray.put(written_parts(run.output))
    files = ray.data.from_items(
        [{"file": number} for number in range(len(run.files))], override_num_blocks=len(run.files)
    )
    parts = files.map_batches(
        _Folded(run, there), batch_size=1, batch_format="default", zero_copy_batch=True, num_cpus=0.5
    )
    scored = parts.map_batches(
        _Scoring,
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=cluster.workers, max_tasks_in_flight_per_actor=IN_FLIGHT),
        fn_constructor_kwargs={"run": run, "before": before, "threads": cluster.processors},
        num_cpus=cluster.processors,
        num_gpus=1 if cluster.graphics else 0,
    )
    counts: dict[int, FileCount] = {}
    queries = pairs = fresh = 0
    try:
        for row in scored.iter_rows():
            if row["problem"]:
                raise _problem(str(row["problem"]))
            if row["parts"] >= 0:
                counts[row["file"]] = FileCount(row["queries"], row["pairs"], row["parts"])
                continue
            queries, pairs = queries + row["queries"], pairs + row["pairs"]
            fresh += row["pairs"] if row["scored"] else 0
            on_progress(Progress(queries, pairs, fresh))
    except RayError as error:
        raise ModelError(ENDED, hint=REPEAT, problem=str(error).strip()[-500:]) from error
    return counts, fresh


class _Folded:
    """Files to parts, in a reading task. A part that is there goes on as its counts alone."""

    def __init__(self, run: Run, there: Any) -> None:  # noqa: ANN401 - Ray's reference
        self._run, self._there = run, there

    def __call__(self, batch: dict[str, Any]) -> Iterator[dict[str, list[Any]]]:
        import ray

        there: frozenset[str] = ray.get(self._there)
        number = int(batch["file"][0])
        held = FileCount(0, 0, 0)
        try:
            queries = fold(self._run.files[number], self._run.columns)
            for part in cut(number, queries, self._run.portion):
                held = FileCount(held.queries + len(part.queries), held.pairs + part.pairs, held.parts + 1)
                content = b"" if part.name in there else packed(part)
                yield _row(number, len(part.queries), part.pairs, name=part.name, content=content)
            yield _row(number, held.queries, held.pairs, parts=held.parts)
        except WorkbenchError as error:
            yield _row(number, 0, 0, problem=_said(error))


class _Scoring:
    """An actor: the model is loaded once, at the first part that is not there."""

    def __init__(self, run: Run, before: str, threads: int) -> None:
        self._run, self._before, self._threads = run, before, threads
        self._scorer: Scorer | None = None

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        row = {name: values[0] for name, values in batch.items()}
        content = bytes(row["content"])
        if not content:
            return {name: [value] for name, value in (row | {"content": b""}).items()}
        counts = (int(row["file"]), int(row["queries"]), int(row["pairs"]))
        try:
            if self._scorer is None:
                self._scorer = self._loaded()
            part = unpacked(str(row["name"]), content)
            table = score_part(part, self._scorer, self._run.instruction, self._before, self._run.recipe)
            write_part(table, part.name, self._run.output)
        except WorkbenchError as error:
            return _row(*counts, problem=_said(error))
        self._before = self._scorer.info.fingerprint
        return _row(*counts, name=part.name, scored=True)

    def _loaded(self) -> Scorer:
        import torch

        torch.set_num_threads(self._threads)
        return loaded(self._run)


def _row(
    file: int,
    queries: int,
    pairs: int,
    *,
    name: str = "",
    content: bytes = b"",
    parts: int = -1,
    scored: bool = False,
    problem: str = "",
) -> dict[str, list[Any]]:
    """A part, or with `parts` a whole file's counts, or a problem, as a batch of one row."""
    return {
        "file": [file],
        "queries": [queries],
        "pairs": [pairs],
        "name": [name],
        "content": [content],
        "parts": [parts],
        "scored": [scored],
        "problem": [problem],
    }


def _said(error: WorkbenchError) -> str:
    """A worker's error as it travels: Ray would keep its name and lose its facts."""
    kept = {
        "sentence": error.sentence.stored(),
        "advice": error.advice.stored(),
        "where": error.where,
        "input": isinstance(error, InputError),
    }
    return json.dumps(kept, ensure_ascii=False)


def _problem(said: str) -> WorkbenchError:
    kept = json.loads(said)
    kind = InputError if kept["input"] else ModelError
    hint = str(kept["advice"]["template"])
    return kind.saying(Sentence(**kept["sentence"]), where=str(kept["where"]), hint=hint)


@contextmanager
def _connected(cluster: Cluster) -> Iterator[None]:
    """Ray, started here or joined. What it starts here ends with the block."""
    try:
        import ray
        import ray.data  # noqa: F401 - is it there?
    except ImportError:
        raise ModelError(NOT_INSTALLED, where="--engine ray", hint=INSTALL) from None
    # Workers run at a low priority otherwise and may never start beside other programs.
    os.environ.setdefault("RAY_worker_niceness", "0")
    paths = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        started: dict[str, Any] = {
            "num_cpus": cluster.workers * cluster.processors + SPARE_PROCESSORS,
            "object_store_memory": OBJECT_STORE_BYTES,
            "include_dashboard": False,
            "_temp_dir": folder,
            "runtime_env": {"env_vars": {"PYTHONPATH": paths}},
        }
        joined = {"address": cluster.address, "runtime_env": {"py_modules": [str(PROJECT / "core")]}}
        try:
            _start(joined if cluster.address else started)
            yield
        finally:
            ray.shutdown()


def _start(options: dict[str, Any]) -> None:
    """Again where need be: beside other programs a start can be too slow for Ray's own patience."""
    import ray

    for attempt in range(1, STARTS + 1):
        try:
            ray.init(**options, logging_level=logging.ERROR, log_to_driver=False)
            return
        except Exception as error:  # Ray's own is no narrower when a start takes too long
            ray.shutdown()
            _log.warning("Ray did not start: %s", error)
            if attempt == STARTS:
                problem = str(error).strip()[:300]
                raise ModelError(NO_CLUSTER, hint=NO_CLUSTER_HINT, problem=problem) from error
