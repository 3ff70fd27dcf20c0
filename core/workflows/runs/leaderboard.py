"""All runs as one table: what each is, how it came out, and what was noted about it.

How a run came out is worked out once and kept with it; a label given by hand or another model makes it anew.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from core import __version__
from core.errors import WorkbenchError
from core.evaluation.measures import Measure
from core.jobs import Job, Remark, Standing
from core.jobs.standings import KeptStanding
from core.workflows.evaluate.jobs import judged_set
from core.workflows.evaluate.judging import judgement_store
from core.workflows.home.job_service import JobService
from core.workflows.runs.measured import measured

# The first so many hexadecimal digits tell files of one name apart.
DIGITS = 6
# Of a kind that this version does not know.
OTHER = "Other"


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """One run. kind: its English title. data: the files it was made of, by a key that equal ones share.

    standing: None where nothing was measured, or not yet.
    """

    job: Job
    kind: str
    data: str
    standing: Standing | None
    remark: Remark

    @property
    def files(self) -> str:
        """The names of its files."""
        return ", ".join(file.name for file in self.job.inputs)

    @property
    def instruction(self) -> str:
        """The one for all queries; empty where there is none."""
        return str(self.job.settings.get("instruction") or "")

    @property
    def model(self) -> str:
        """Who scored, or is to."""
        if self.job.model is None:
            return str(self.job.settings.get("model", ""))
        return f"{self.job.model.label} · {self.job.model.precision}"


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """rows: the newest first. open: runs of which it is not known yet how they came out."""

    measure: Measure
    rows: tuple[LeaderboardRow, ...]
    open: tuple[Job, ...]

    @property
    def data_sets(self) -> dict[str, str]:
        """The files that runs were made of, by their key; files of one name are told apart."""
        names = {row.data: row.files for row in self.rows if row.job.inputs}
        shown = list(names.values())
        return {
            key: name if shown.count(name) == 1 else f"{name} ({key[:DIGITS]})" for key, name in names.items()
        }

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag, each once, as they are sorted."""
        return tuple(sorted({tag for row in self.rows for tag in row.remark.tags}))

    def of(self, data: str = "", tag: str = "") -> tuple[LeaderboardRow, ...]:
        """The rows of some files, with a tag; an empty word asks for nothing."""
        return tuple(
            row for row in self.rows if (not data or row.data == data) and (not tag or tag in row.remark.tags)
        )


def leaderboard(service: JobService, measure: Measure, *, limit: int) -> Leaderboard:
    """The newest `limit` runs with what is known of them; nothing is worked out."""
    jobs, remarks = service.store.history(limit=limit), service.store.remarks.all()
    kept, bases = service.store.standings.kept(str(measure)), _bases(service, jobs)
    rows, missing = [], []
    for job in jobs:
        kind = service.kind_of(job)
        known = kept.get(job.id)
        if known is not None and known.basis != bases[job.id]:
            known = None
        if known is None and job.state == "done":
            missing.append(job)
        rows.append(
            LeaderboardRow(
                job,
                kind.title if kind is not None else OTHER,
                "".join(file.sha256 for file in job.inputs),
                known.standing if known is not None and job.state == "done" else None,
                remarks.get(job.id, Remark()),
            )
        )
    return Leaderboard(measure, tuple(rows), tuple(missing))


def work_out(service: JobService, board: Leaderboard, *, seconds: float) -> int:
    """Find out how open runs came out, the newest first and at least one; returns how many stay open.

    seconds: when to stop beginning with another one. A run that cannot be measured counts as not measured.
    """
    bases, end = _bases(service, board.open), time.monotonic() + seconds
    for done, job in enumerate(board.open, start=1):
        try:
            found = measured(service.store, job, board.measure)
        except WorkbenchError:
            found = None  # it says why when it is opened
        standing = found.standing if found is not None else None
        service.store.standings.keep(str(board.measure), {job.id: KeptStanding(bases[job.id], standing)})
        if time.monotonic() > end:
            return len(board.open) - done
    return 0


def _bases(service: JobService, jobs: Sequence[Job]) -> dict[str, str]:
    """What a standing rests on beside the measure: the scores, the labels given by hand, this program."""
    grades = judgement_store(service.store.home).signatures()
    return {
        job.id: " ".join(
            (
                __version__,
                job.model.fingerprint if job.model is not None else "",
                str(job.done),
                grades.get(judged_set(job), ""),
            )
        )
        for job in jobs
    }
