"""What `corpus` prints for people, and how far it is, on the error stream."""

import sys

from core.commands.progress import duration
from core.records import Notice
from core.workflows.retrieve.adding import Added
from core.workflows.retrieve.measuring import TWO_STAGES, Pipeline
from core.workflows.retrieve.searching import SearchResult
from core.workflows.retrieve.vectors import Filling

SHOWN_TEXT = 160
# Without a terminal (a log file), a line at every tenth is enough.
STEPS = 10


def added_record(name: str, added: Added) -> dict[str, object]:
    return {
        "corpus": name,
        "passages": added.passages,
        "added": added.report.added,
        "replaced": added.report.replaced,
        "seconds": round(added.seconds, 3),
    }


def show_added(name: str, added: Added, vectors: int) -> None:
    report = added.report
    print(
        f"{name}: {added.passages:,} passages; {report.added:,} added, {report.replaced:,} replaced, "
        f"{report.unchanged:,} unchanged, {added.removed:,} removed in {duration(added.seconds)}"
    )
    if vectors < added.passages:
        print(f"Words can be searched now; {vectors:,} passages have a vector, the others follow.")
    tell(added.notices)


def show_results(result: SearchResult, n: int) -> None:
    for one in result.found[:n]:
        ranks = ", ".join(f"{search} {rank}" for search, rank in one.ranks.items())
        logit = f"  {one.score.logit:+.2f}" if one.score else ""
        print(f"{one.rank:>3}{logit}  {one.passage.id}  ({ranks})")
        print(f"     {' '.join(one.passage.read_text.split())[:SHOWN_TEXT]}")
    if result.without_vector:
        print(
            f"{result.without_vector:,} passages have no vector yet and were searched by words only.",
            file=sys.stderr,
        )
    taken = ", ".join(f"{name} {seconds:.3f} s" for name, seconds in result.seconds.items())
    print(taken, file=sys.stderr)


def show_pipeline(pipeline: Pipeline) -> None:
    names = [str(one) for one in pipeline.measures]
    print(f"{'system':<24}" + "".join(f"{name:>12}" for name in names) + f"{'pairs':>9}{'s/query':>10}")
    for system in pipeline.systems:
        means = [system.evaluation.mean(one) for one in pipeline.measures]
        cells = "".join(f"{mean:>12.4f}" if mean is not None else f"{'-':>12}" for mean in means)
        seconds = f"{system.seconds:>10.3f}" if system.seconds is not None else f"{'-':>10}"
        print(f"{system.run.name:<24}{cells}{system.pairs:>9.1f}{seconds}")
    for base, report in pipeline.reports.items():
        two = next(one for one in report.systems if one.evaluation.run == TWO_STAGES)
        if two.headline is not None:
            print(f"{TWO_STAGES} compared with {base}: {two.headline.sentence}")
    if pipeline.advice is not None:
        print(pipeline.advice)
    for note in next(iter(pipeline.reports.values())).notes:
        print(f"note: {note}", file=sys.stderr)


def tell(notices: tuple[Notice, ...]) -> None:
    for notice in notices:
        print(f"{notice.where}: {notice.message}" if notice.where else notice.message, file=sys.stderr)


def read_so_far(count: int) -> None:
    print(f"\r{count:,} passages read ", end="", file=sys.stderr, flush=True)


def pairs_so_far(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,} pairs ", end="\n" if done == total else "", file=sys.stderr, flush=True)


class VectorsLine:
    """How far the vectors are: on a terminal's last line, else a line at every tenth."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._terminal = quiet, sys.stderr.isatty()
        self._step, self._drawn = -1, False

    def __enter__(self) -> "VectorsLine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            print(file=sys.stderr)

    def show(self, state: Filling) -> None:
        """Where it stands now."""
        left = f" · {duration(state.seconds_left)} left" if state.running and state.seconds_left else ""
        line = f"{state.done:,} of {state.total:,} vectors{left}"
        step = STEPS * state.done // max(1, state.total)
        if self._quiet:
            return
        if self._terminal:
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
            self._drawn = True
        elif step > self._step:
            print(line, file=sys.stderr, flush=True)
        self._step = step
