"""Measurements as jobs: an evaluation of the union's candidates that also keeps who found what.

The job is of *Evaluate*'s kind, so that the same run can be opened, judged and compared there; what only
*Retrieve* needs, the lists of both searches, is an attachment.
"""

import json
from dataclasses import asdict
from typing import Any

from core.errors import InputError
from core.evaluation.judged import JudgedQuery
from core.jobs import InputFile, Job, JobStore, NewJob
from core.recipes.recipe import Recipe
from core.records import Scorer
from core.retrieval.passages import Corpus
from core.workflows.evaluate.data import EvaluationData, to_bytes
from core.workflows.evaluate.jobs import DATA, KIND, EvaluateJob, kept_data, kept_system
from core.workflows.evaluate.outcome import EvaluateSettings, evaluate
from core.workflows.evaluate.use.recipe import evaluated_recipe
from core.workflows.retrieve.measuring import Pipeline, Retrieved, as_evaluation, measure, scores_of
from core.workflows.retrieve.questions import Questions
from core.workflows.retrieve.searching import Lists, SearchAsked

RETRIEVED = "retrieved"
# In a job's settings: the corpus that was searched.
CORPUS = "corpus"

NOT_RETRIEVED = "The run {name} holds no search of a corpus, so it cannot be opened here."


def new_measurement(
    name: str,
    corpus_name: str,
    retrieved: Retrieved,
    corpus: Corpus,
    scorer: Scorer,
    instruction: str | None,
    file: InputFile,
) -> NewJob:
    """A job that scores the union's candidates of every question."""
    data = as_evaluation(retrieved, corpus)
    asked = EvaluateJob(scorer.info.name, data.fingerprint, instruction, depth=retrieved.asked.k)
    return NewJob(
        name,
        KIND,
        data.requests(instruction),
        {**asdict(asked), CORPUS: corpus_name},
        (file,),
        {DATA: to_bytes(data), RETRIEVED: retrieved_bytes(retrieved)},
    )


def is_measurement(job: Job) -> bool:
    """Whether a job was made by `new_measurement`."""
    return job.kind == KIND and CORPUS in job.settings


def kept_pipeline(store: JobStore, job: Job, measures: str) -> tuple[Pipeline, EvaluationData]:
    """A finished measurement from what was kept; InputError when the job is another one or not finished."""
    body = store.attachment(job.id, RETRIEVED)
    if body is None:
        raise InputError(NOT_RETRIEVED, name=job.name)
    data = kept_data(store, job)
    retrieved = retrieved_from(body)
    system = kept_system(store, job, data, job.name)
    return measure(
        retrieved,
        scores_of(data, system.scores),
        measures=measures,
        seconds_per_pair=_seconds_per_pair(store, job),
    ), data


def measured_recipe(store: JobStore, job: Job, measures: str) -> Recipe:
    """The two stages that were measured, as a recipe with the verdict against the union's own order."""
    data = kept_data(store, job)
    outcome = evaluate(data, [kept_system(store, job, data, job.name)], EvaluateSettings(measures))
    recipe = evaluated_recipe(outcome, 0, job)
    assert recipe is not None  # of a model that scored
    return recipe


def _seconds_per_pair(store: JobStore, job: Job) -> float | None:
    """As timed in this run or, where its scores were known, in the newest of this corpus and model."""
    others = (
        one
        for one in store.history(kind=KIND, states=("done",))
        if is_measurement(one)
        and one.settings[CORPUS] == job.settings[CORPUS]
        and one.model is not None
        and one.model == job.model
    )
    timed = next((one for one in (job, *others) if one.scored), None)
    return timed.seconds / timed.scored if timed is not None else None


def retrieved_bytes(retrieved: Retrieved) -> bytes:
    """As JSON."""
    queries = [
        {
            "id": query_id,
            "query": judged.query,
            "group": judged.group,
            "labels": dict(judged.labels),
            "lists": {name: list(ids) for name, ids in retrieved.lists[query_id].ids.items()},
            "seconds": dict(retrieved.lists[query_id].seconds),
        }
        for query_id, judged in retrieved.questions.queries.items()
    ]
    record = {"name": retrieved.questions.name, "k": retrieved.asked.k, "queries": queries}
    return json.dumps(record).encode()


def retrieved_from(body: bytes) -> Retrieved:
    """The value that `retrieved_bytes` kept."""
    content: dict[str, Any] = json.loads(body)
    queries = {
        one["id"]: JudgedQuery(one["id"], one["labels"], one["query"], one["group"])
        for one in content["queries"]
    }
    lists = {
        one["id"]: Lists({name: tuple(ids) for name, ids in one["lists"].items()}, one["seconds"])
        for one in content["queries"]
    }
    return Retrieved(Questions(content["name"], queries), lists, SearchAsked("union", content["k"]))
