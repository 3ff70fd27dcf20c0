"""Jobs: long scoring work that survives everything, and the score cache. No pages, models or file formats.

    migrations   the tables, as numbered steps; kinds   what a kind of job declares of itself
    cache        scores by content; scoring   score only what is missing
    layout       how requests and scores are stored; store   the jobs
    lease        one process runs jobs; runner   the worker thread; pace   rates and time left
    plan         what a job will take; uploads   kept input files; records   the values
    standings    how runs came out; remarks   what people noted about them

From a page (`core.workflows.kinds.job_service` has the process's one of each):

    store = JobStore(settings.home)
    cache = ScoreCache(settings.home)
    runner = JobRunner(store, scorer_for=lambda job: models.get(job.settings["model"]), cache=cache)
    offered = runner.start()                      # jobs to offer for resume, once at start-up

    file = keep_upload(settings.home, upload.name, upload)          # at once, before any mapping
    plan = plan_job(requests, ScorerPace(info.fingerprint, info.max_tokens, count, rate), cache)
    job = runner.submit(NewJob(name, "batch", requests, {"model": …, "map": …}, (file,)))
    st.query_params["job"] = job.id

    progress = runner.progress(job.id)            # in a fragment, once a second
    runner.pause(job.id); runner.resume(job.id); runner.cancel(job.id)
    store.history(); store.rename(job.id, "…"); runner.delete(job.id)

From the command line:

    job = runner.submit(new) if not resume else runner.resume(job_id)
    try:
        job = runner.wait(job.id, on_progress=draw_bar)
    except KeyboardInterrupt:
        runner.close()                            # the job is now «interrupted»: exit 3
    scores = store.scores(job.id)                 # mirrors store.requests(job.id)

Interactive work that only wants the cache: `score_with_cache(scorer, requests, cache)`.
"""

from core.jobs.cache import CacheStatistics, ScoreCache, pair_keys
from core.jobs.kinds import JobKind, JobKinds, registry
from core.jobs.lease import Holder
from core.jobs.plan import CountTokens, JobPlan, ScorerPace, plan_job
from core.jobs.records import (
    InputFile,
    Job,
    JobNotice,
    JobState,
    NewJob,
    PairScore,
    Portion,
    Progress,
    Remark,
    Stage,
    Standing,
)
from core.jobs.runner import JobRunner
from core.jobs.scoring import CachedScores, score_with_cache
from core.jobs.store import JobStore
from core.jobs.uploads import keep_upload

__all__ = [
    "CacheStatistics",
    "CachedScores",
    "CountTokens",
    "Holder",
    "InputFile",
    "Job",
    "JobKind",
    "JobKinds",
    "JobPlan",
    "JobRunner",
    "JobState",
    "JobStore",
    "NewJob",
    "JobNotice",
    "PairScore",
    "Portion",
    "Progress",
    "Remark",
    "ScoreCache",
    "ScorerPace",
    "Stage",
    "Standing",
    "keep_upload",
    "pair_keys",
    "plan_job",
    "registry",
    "score_with_cache",
]
