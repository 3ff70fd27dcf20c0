"""Two looks in a batch: the scorer of such a job, and what the queries that were read whole to check said."""

from core.jobs import Job, JobStore
from core.records import Scorer
from core.storage.attachments import packed, unpacked
from core.workflows.batch.records import BatchSettings
from core.workflows.home.two_looks import TopsChecked, looking_twice

CHECKED = "two looks"


def batch_scorer(scorer: Scorer, job: Job, store: JobStore) -> Scorer:
    """What scores this batch: the model, or two looks with it, whose checks are kept with the job."""
    top = BatchSettings.read(job.settings).two_looks
    if not top:
        return scorer
    missed = _missed(store, job.id)

    def keep(at: int, count: int) -> None:
        missed[at] = count
        store.attach(job.id, CHECKED, packed([list(one) for one in sorted(missed.items())]))

    return looking_twice(scorer, top, on_checked=keep)


def tops_checked(store: JobStore, job: Job) -> TopsChecked | None:
    """What the checks of a batch say so far; None for one that reads everything."""
    top = BatchSettings.read(job.settings).two_looks
    return TopsChecked.of(top, _missed(store, job.id)) if top else None


def _missed(store: JobStore, job_id: str) -> dict[int, int]:
    body = store.attachment(job_id, CHECKED)
    return {} if body is None else {int(at): int(count) for at, count in unpacked(body)}
