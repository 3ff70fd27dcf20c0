"""What several processes on one machine share of a model's weights, and what each holds for itself.

    python -m benchmarks.shared_weights FOLDER [--precision fp32] [--processes 2]

Every process loads the folder, scores once and waits for the others; then each reports its resident memory
and its proportional share (PSS: a page that n processes map counts 1/n), from Linux's smaps_rollup. `mapped`
only maps the safetensors file and reads all of it: the most that mapping can share. The last line is JSON.
"""

import argparse
import json
import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path


def memory_of_process() -> dict[str, float]:
    """GB of this process: resident, proportional, and private pages."""
    found = {"Rss": 0.0, "Pss": 0.0, "Private_Clean": 0.0, "Private_Dirty": 0.0}
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _, rest = line.partition(":")
        if name in found:
            found[name] = int(rest.split()[0]) / 1e6
    return found


def _work(folder: Path, precision: str, barrier: Barrier, reports: "multiprocessing.Queue[object]") -> None:
    if precision == "mapped":
        from safetensors import safe_open

        opened = [safe_open(str(file), framework="pt") for file in sorted(folder.glob("*.safetensors"))]
        held = [file.get_tensor(name) for file in opened for name in file.keys()]  # noqa: SIM118
        _ = sum(float(tensor.flatten()[::1024].float().sum()) for tensor in held)
    else:
        from core.engine.scorer import Qwen3Scorer

        scorer = Qwen3Scorer.load(folder, name="m", device="cpu", precision=precision, threads=1)
        scorer.score("how long does a refund take", ["A refund takes three days."])
    barrier.wait()
    reports.put(memory_of_process())
    barrier.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--precision", default="fp32", choices=("mapped", "fp32", "int8"))
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    barrier, reports = context.Barrier(options.processes), context.Queue()
    workers = [
        context.Process(target=_work, args=(options.folder, options.precision, barrier, reports))
        for _ in range(options.processes)
    ]
    for worker in workers:
        worker.start()
    found = [reports.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join(timeout=60)
    print(json.dumps({"precision": options.precision, "processes": found}))


if __name__ == "__main__":
    main()
