"""The parts of a run in this process, one after the other: all, or one process's share of them.

Several processes, on one machine or under a scheduler, take shares of the same run into the same folder;
whoever finds every part there at its end checks the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.models import load_scorer
from core.records import Scorer
from core.settings import Settings
from core.workflows.scale.folding import fold
from core.workflows.scale.parts import cut, score_part, write_part, written_parts
from core.workflows.scale.runs import FileCount, Outcome, Run, begin, finish


@dataclass(frozen=True, slots=True)
class Share:
    """Every `of`-th part, beginning with the one of this number from 0."""

    number: int = 0
    of: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, as far as it is known: the whole is not counted before it is read."""

    queries: int
    pairs: int
    scored: int


def run_here(
    run: Run,
    share: Share = Share(),
    on_progress: Callable[[Progress], None] = lambda _: None,
    scorer: Scorer | None = None,
) -> Outcome | None:
    """Score what is missing of a share; None when other shares are not finished yet.

    scorer: one that is loaded, else the run's model is. Raises what scoring and reading raise.
    """
    before = begin(run)
    there = written_parts(run.output)
    counts: dict[int, FileCount] = {}
    at = queries = pairs = scored = 0
    for number, file in enumerate(run.files):
        held = FileCount(0, 0, 0)
        for part in cut(number, fold(file, run.columns), run.portion):
            held = FileCount(held.queries + len(part.queries), held.pairs + part.pairs, held.parts + 1)
            mine = at % share.of == share.number
            at += 1
            if mine and part.name not in there:
                scorer = scorer or loaded(run)
                table = score_part(part, scorer, run.instruction, before, run.recipe)
                write_part(table, part.name, run.output)
                scored += part.pairs
                before = before or scorer.info.fingerprint
            if mine:
                queries, pairs = queries + len(part.queries), pairs + part.pairs
                on_progress(Progress(queries, pairs, scored))
        counts[number] = held
    if share.of > 1 and len(written_parts(run.output)) < sum(count.parts for count in counts.values()):
        return None
    return finish(run, counts, scored)


def loaded(run: Run) -> Scorer:
    """The run's model, with its settings."""
    settings = Settings(**run.settings)
    return load_scorer(run.model, settings.device, settings.precision, settings=settings)
