"""Times spreadsheet import and export at 100,000 rows, and measures the memory both take.

    python -m benchmarks.sheets [--rows N] [--runs N]

Each step runs in a fresh process, so that peak memory is its own. CPU seconds include starting Python and,
for import, the confined reader; on a busy machine they say more than wall seconds. Prints a table for
people and ends with one JSON line. Formats are interleaved, run by run, because other work on the
machine comes and goes.
"""

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FORMATS = ("xlsx", "csv", "jsonl", "parquet")
CANDIDATES = 100

_WORDS = (
    "退款 审核 通过 之后 款项 将在 工作日 内 原路 返回 您的 支付 账户 订单 详情 页面 选择 换货 商品 签收 "
    "发票 refund order account payment invoice exchange shipping delivery service customer return policy"
).split()


def main() -> None:
    arguments = _arguments()
    if arguments.step:
        _step(arguments.step, Path(arguments.path), arguments.rows)
        return
    with tempfile.TemporaryDirectory() as folder:
        results = _run_all(Path(folder), arguments.rows, arguments.runs)
    _print(results, arguments.rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--step", choices=["export", "import"], help=argparse.SUPPRESS)
    parser.add_argument("--path", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run_all(folder: Path, rows: int, runs: int) -> dict[str, dict[str, float]]:
    """Export, then import what was exported, for every format; the median of the runs."""
    measured: dict[str, list[dict[str, float]]] = {}
    for _ in range(runs):
        for name in FORMATS:
            path = folder / f"bench.{name}"
            for step in ("export", "import"):
                measured.setdefault(f"{step} {name}", []).append(_measure(step, path, rows))
    return {
        key: {
            "seconds": statistics.median(run["seconds"] for run in values),
            "cpu_seconds": statistics.median(run["cpu_seconds"] for run in values),
            "peak_mb": max(run["peak_mb"] for run in values),
            "file_mb": values[-1]["file_mb"],
        }
        for key, values in measured.items()
    }


def _measure(step: str, path: Path, rows: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--step", step, "--path", str(path), "--rows", str(rows)]
    environment = dict(os.environ, PYTHONPATH=str(PROJECT))
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    result: dict[str, float] = json.loads(output.splitlines()[-1])
    return result


def _step(step: str, path: Path, rows: int) -> None:
    """One measured step in its own process. Peak memory includes the confined child's."""
    seconds = _export(path, rows) if step == "export" else _import(path, rows)
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu_seconds": sum(one.ru_utime + one.ru_stime for one in usage),
                "peak_mb": max(map(peak_mb, usage)),
                "file_mb": path.stat().st_size / 2**20,
            }
        )
    )


def peak_mb(usage: resource.struct_rusage) -> float:
    """Largest resident memory of a process (of any one of its children) in MiB."""
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def _export(path: Path, rows: int) -> float:
    from core.sheets.tables import SheetTable, TableColumn
    from core.sheets.writing.exports import write_csv, write_jsonl, write_parquet
    from core.sheets.writing.workbook import write_workbook

    columns = (
        TableColumn("query_id"),
        TableColumn("query"),
        TableColumn("doc_id"),
        TableColumn("document"),
        TableColumn("label", "integer"),
        TableColumn("initial_rank", "integer"),
        TableColumn("new_rank", "integer"),
        TableColumn("movement", "integer"),
        TableColumn("probability", "number", "0.0000", bar=True),
        TableColumn("logit", "number", "0.000"),
        TableColumn("truncated", "boolean"),
    )
    table = SheetTable("Results", columns, lambda: result_rows(rows))
    begin = time.perf_counter()
    if path.suffix == ".xlsx":
        write_workbook(path, [table])
    elif path.suffix == ".csv":
        write_csv(path, table)
    elif path.suffix == ".jsonl":
        write_jsonl(path, table)
    else:
        write_parquet(path, table)
    return time.perf_counter() - begin


def result_rows(rows: int) -> Iterator[tuple[object, ...]]:
    """Queries of 100 candidates, documents of about 120 characters, made as they are asked for."""
    source = random.Random(7)
    for number in range(rows):
        query, rank = number // CANDIDATES, number % CANDIDATES + 1
        document = " ".join(source.choices(_WORDS, k=24)) + f" {number}"
        logit = source.gauss(0, 3)
        yield (
            f"q{query:06d}",
            f"第 {query} 个问题：退款多久能到账？",
            f"{10**17 + number}",
            document,
            number % 3,
            rank,
            CANDIDATES + 1 - rank,
            2 * rank - CANDIDATES - 1,
            1 / (1 + 2.718281828 ** (-logit)),
            logit,
            False,
        )


def _import(path: Path, rows: int) -> float:
    from core.sheets.meaning.importing import import_table

    begin = time.perf_counter()
    table = import_table(path)
    seconds = time.perf_counter() - begin
    if len(table.pairs) != rows or table.problems:
        raise SystemExit(f"imported {len(table.pairs)} of {rows} rows, {table.problems[:3]}")
    return seconds


def _print(results: dict[str, dict[str, float]], rows: int) -> None:
    print(f"{rows:,} rows × 11 columns, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'step':16} {'seconds':>8} {'CPU s':>8} {'µs/row':>8} {'peak MB':>8} {'file MB':>8}")
    for key, value in results.items():
        each = 1e6 * value["seconds"] / rows
        print(
            f"{key:16} {value['seconds']:8.2f} {value['cpu_seconds']:8.2f} {each:8.1f} "
            f"{value['peak_mb']:8.0f} {value['file_mb']:8.1f}"
        )
    print(json.dumps({"rows": rows, "cores": os.cpu_count(), "results": results}))


if __name__ == "__main__":
    main()
