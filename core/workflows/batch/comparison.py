"""Two finished runs side by side: how far their orders agree, where they differ most, and what else differed.

Queries and documents are matched by their text, so runs of different files can be compared where they
overlap. Without labels it says how much changed, never whether it changed for the better.
"""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.agreement import Agreement, AgreementSummary, agree
from core.evaluation.judged import Ranking, Run
from core.sentences import Sentence, sentence
from core.workflows.batch.results import BatchRun
from core.workflows.instructions.presets import PRESETS

OTHER_DATA = "The two runs scored different files: {first} and {second}."
OTHER_CANDIDATES = "{count} queries have other candidates in one run than in the other."
ONLY_SOME = (
    "{first} queries of the first run and {second} of the second have no counterpart and are left out."
)
OTHER_MODEL = "They differ in the model: {first} and {second}."
OTHER_PRECISION = "They differ in the precision: {first} and {second}."
OTHER_INSTRUCTION = "They differ in the instruction: {first} and {second}."
OTHER_COLUMNS = "They differ in the columns used: {first} and {second}."
OTHER_CARE = "They differ in document care."
INCOMPLETE = "The run {name} is not finished; only its complete queries are compared."

# The first preset is the instruction of a model that is given none.
DEFAULT_INSTRUCTION = PRESETS[0].instruction


@dataclass(frozen=True, slots=True)
class ComparedQuery:
    """One query that both runs answer. first, second: its positions in the runs."""

    query: str
    first: int
    second: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class RunComparison:
    """queries: those that differ most come first. warnings: what else differed than the order."""

    summary: AgreementSummary
    queries: tuple[ComparedQuery, ...]
    warnings: tuple[Sentence, ...]


def compare_runs(first: BatchRun, second: BatchRun) -> RunComparison:
    """Compare the complete queries of two runs. InputError when they share none."""
    old, new = _ranked(first), _ranked(second)
    shared = old.keys() & new.keys()
    if not shared:
        raise InputError(
            "The runs {first} and {second} have no query in common.",
            hint="Compare two runs of the same file.",
            first=first.job.name,
            second=second.job.name,
        )
    summary = agree(
        Run(first.job.name, {key: ranking for key, (_, ranking) in old.items()}),
        Run(second.job.name, {key: ranking for key, (_, ranking) in new.items()}),
    )
    queries = [
        ComparedQuery(
            first.requests[old[found.query_id][0]].query,
            old[found.query_id][0],
            new[found.query_id][0],
            found,
        )
        for found in summary.queries
    ]
    queries.sort(key=lambda query: (query.agreement.rbo, query.first))
    return RunComparison(summary, tuple(queries), _warnings(first, second, old, new))


Ranked = dict[str, tuple[int, Ranking]]


def _ranked(run: BatchRun) -> Ranked:
    """Each complete query's position and order, under its text; a repeated query under «text (2)»."""
    result: Ranked = {}
    repeats: Counter[str] = Counter()
    for outcome in run.outcomes:
        key = _free_name(outcome.query, repeats, result)
        start = run.starts[outcome.position]
        documents = run.requests[outcome.position].documents
        seen: Counter[str] = Counter()
        ids: dict[str, None] = {}
        for pair in run.best_first(outcome.position):
            ids[_free_name(documents[pair - start], seen, ids)] = None
        result[key] = (outcome.position, Ranking(key, tuple(ids)))
    return result


def _free_name(text: str, seen: Counter[str], taken: Container[str]) -> str:
    """The text, or «text (2)» and so on; another text may itself read «text (2)»."""
    seen[text] += 1
    name = text if seen[text] == 1 else f"{text} ({seen[text]})"
    while name in taken:
        seen[text] += 1
        name = f"{text} ({seen[text]})"
    return name


def _warnings(first: BatchRun, second: BatchRun, old: Ranked, new: Ranked) -> tuple[Sentence, ...]:
    notices = [
        sentence(INCOMPLETE, name=run.job.name)
        for run in (first, second)
        if len(run.outcomes) < run.job.queries
    ]
    files = [tuple(file.sha256 for file in run.job.inputs) for run in (first, second)]
    if files[0] != files[1]:
        names = [", ".join(file.name for file in run.job.inputs) for run in (first, second)]
        notices.append(sentence(OTHER_DATA, first=names[0], second=names[1]))
    only = (len(old.keys() - new.keys()), len(new.keys() - old.keys()))
    if any(only):
        notices.append(sentence(ONLY_SOME, first=only[0], second=only[1]))
    changed = sum(set(old[key][1].documents) != set(new[key][1].documents) for key in old.keys() & new.keys())
    if changed:
        notices.append(sentence(OTHER_CANDIDATES, count=changed))
    notices += [
        sentence(template, first=one, second=other)
        for (template, one), (_, other) in zip(_settings(first), _settings(second), strict=True)
        if one != other
    ]
    if first.settings.care != second.settings.care:
        notices.append(sentence(OTHER_CARE))
    return tuple(notices)


def _settings(run: BatchRun) -> list[tuple[str, str]]:
    """What the sentence about each setting says of this run."""
    model = run.job.model
    columns = "; ".join(f"{role}: {', '.join(names)}" for role, names in sorted(run.settings.columns.items()))
    return [
        (OTHER_MODEL, model.label if model else run.settings.model),
        (OTHER_PRECISION, model.precision if model else ""),
        (OTHER_INSTRUCTION, run.settings.instruction or DEFAULT_INSTRUCTION),
        (OTHER_COLUMNS, columns),
    ]
