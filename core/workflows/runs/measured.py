"""A finished run as two orders that labels can tell apart: what it is compared with, and what came of it.

Each kind of job says which two. How they compare is left to `core.evaluation`, keeping the answer to
`leaderboard`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.evaluation.held_out import held_out
from core.evaluation.judged import Judgements, Run
from core.evaluation.matched import only
from core.evaluation.measures import Measure
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.significance import Comparison, compare
from core.jobs import Job, JobStore, Standing
from core.workflows.batch.opened import BATCH, open_run, original_rows
from core.workflows.batch_evaluation import batch_data, batch_order, has_labels
from core.workflows.evaluate.data import BEFORE, EvaluationData
from core.workflows.evaluate.jobs import EVALUATION, judged_set, kept_data, kept_system
from core.workflows.evaluate.judging import judgement_store
from core.workflows.evaluate.scores import reranked
from core.workflows.rewrite.data import ScoredRewriting
from core.workflows.rewrite.jobs import REWRITING, kept_rewriting
from core.workflows.sandbox.jobs import TRIAL, kept_trial

ORDER_BEFORE = "the order before"
DEFAULT_INSTRUCTION = "the default instruction"
OWN_WORDING = "the queries' own wording"


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """before, after: the same queries in both orders. against: what `before` is. texts: by query id."""

    before: Evaluation
    after: Evaluation
    against: str
    texts: Mapping[str, str]

    @property
    def comparison(self) -> Comparison:
        """After against before, by the measure it was measured by."""
        return compare(self.before, self.after)[0]

    @property
    def standing(self) -> Standing:
        """The same as what is kept with the run."""
        one = self.comparison
        low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
        return Standing(
            str(one.measure),
            self.against,
            one.queries,
            one.before,
            one.after,
            one.difference,
            low,
            high,
            one.p_value,
            one.verdict,
        )


# None where there is nothing to measure.
Measuring = Callable[[JobStore, Job, Measure], MeasuredRun | None]


def measured(store: JobStore, job: Job, measure: Measure) -> MeasuredRun | None:
    """A finished run, measured with the labels of its file and those given by hand.

    None where no query has a document labelled relevant, or nothing was chosen that could be measured.
    """
    measuring = MEASURING.get(job.kind)
    if measuring is None or job.state != "done":
        return None
    found = measuring(store, job, measure)
    return found if found is not None and found.after.queries else None


def _graded(store: JobStore, job: Job, data: EvaluationData) -> EvaluationData:
    return data.with_grades(judgement_store(store.home).grades(judged_set(job)))


def _two_orders(
    judgements: Judgements, before: Run, after: Run, measure: Measure, against: str
) -> MeasuredRun:
    old, new = (evaluate_run(judgements, run, [measure]) for run in (before, after))
    return MeasuredRun(old, new, against, {query: judgements[query].query for query in new.queries})


def _evaluation(store: JobStore, job: Job, measure: Measure) -> MeasuredRun | None:
    data = _graded(store, job, kept_data(store, job))
    after = reranked(data, kept_system(store, job, data, job.name))
    return _two_orders(data.judgements, data.initial, after, measure, ORDER_BEFORE)


def _batch(store: JobStore, job: Job, measure: Measure) -> MeasuredRun | None:
    run = open_run(store, job.id)
    grades = judgement_store(store.home).grades(judged_set(job))
    if not has_labels(run) and not grades:
        return None
    rows = original_rows(store, job.id)
    data = batch_data(run, rows).with_grades(grades)
    return _two_orders(data.judgements, data.initial, batch_order(run, rows), measure, ORDER_BEFORE)


def _trial(store: JobStore, job: Job, measure: Measure) -> MeasuredRun | None:
    """The best instruction, on the half of the queries that had no say in choosing it."""
    grades = judgement_store(store.home).grades(judged_set(job))
    trial = kept_trial(store, job, grades)
    judgements = trial.data.judgements
    default, *others = (
        evaluate_run(judgements, reranked(trial.data, system), [measure]) for system in trial.systems
    )
    chosen = held_out(judgements, default, others, measure)
    if chosen.winner is None:
        return None
    winner = next(one for one in others if one.run == chosen.winner)
    before, after = (only(one, chosen.split.confirming) for one in (default, winner))
    texts = {query: judgements[query].query for query in after.queries}
    return MeasuredRun(before, after, DEFAULT_INSTRUCTION, texts)


def _rewriting(store: JobStore, job: Job, measure: Measure) -> MeasuredRun | None:
    """The rewritten queries with all their rules applied."""
    scored = kept_rewriting(store, job)
    last = {query: _last_rule(scored, query) for query in scored.scores}
    changed = {query: wording for query, wording in last.items() if wording}
    judgements = {query: scored.rewritten.data.judgements[query] for query in changed}
    own = scored.run(BEFORE, dict.fromkeys(changed, 0))
    return _two_orders(judgements, own, scored.run(job.name, changed), measure, OWN_WORDING)


def _last_rule(scored: ScoredRewriting, query: str) -> int:
    """The wording with all its rules; 0 where none applied."""
    variants = scored.rewritten.rewritings[query].variants
    return max((at for at, one in enumerate(variants, start=1) if one.source != "model"), default=0)


MEASURING: Mapping[str, Measuring] = {
    EVALUATION.name: _evaluation,
    BATCH.name: _batch,
    TRIAL.name: _trial,
    REWRITING.name: _rewriting,
}
