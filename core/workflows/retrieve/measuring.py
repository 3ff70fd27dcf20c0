"""What each stage finds on labelled questions: every system in one table, and quality against cost over k.

Lists are retrieved once at the largest k and scored once over the union; every smaller k and every system is
read from those. Statistics are those of *Evaluate* (`core.evaluation`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.evaluation.judged import Judgements, Ranking, Run
from core.evaluation.measures import Measure, parse_measures
from core.evaluation.oracle import recall_ceiling
from core.evaluation.per_query import Evaluation, evaluate_run
from core.evaluation.report import EvaluationReport, ReportSettings, evaluate
from core.models.embedding import Embedder
from core.records import Score
from core.retrieval.first_stages import SEARCHES, Candidate, Search, Stage, join
from core.retrieval.passages import Corpus
from core.sentences import Sentence, sentence
from core.workflows.evaluate.data import BEFORE, EvaluationData
from core.workflows.retrieve.questions import Questions
from core.workflows.retrieve.searching import Lists, SearchAsked, require_vectors, search_lists

DEFAULT_MEASURES = "nDCG@10,RR,Success@1,Success@3"
# What is reranked and compared; the others only show an order without a reranker.
RERANKED: tuple[Stage, ...] = ("bm25", "embedding", "union")
FIRST: tuple[Stage, ...] = ("bm25", "embedding", "union", "rrf")
AND_RERANKER = " + reranker"
TWO_STAGES = "union" + AND_RERANKER
# Points of the curve, of which those up to the largest k are drawn.
CURVE_DEPTHS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500)
# A k is enough when it reaches this share of what the largest k gains.
ENOUGH = 0.98

ENOUGH_CANDIDATES = (
    "{k} candidates of each search reach {share} of the gain in {measure} with {pairs} of the pairs."
)
NO_GAIN = "Reranking gains nothing in {measure} here at any number of candidates."

Scores = Mapping[tuple[str, str], Score]  # (question, passage) → what the reranker said


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The lists of every question at the largest k, and where they come from."""

    questions: Questions
    lists: Mapping[str, Lists]
    asked: SearchAsked

    @property
    def answerable(self) -> Judgements:
        """The questions that some passage answers; only they can be measured."""
        return {query: one for query, one in self.questions.queries.items() if one.has_relevant}

    def pool(self, query_id: str, stage: Stage, k: int | None = None) -> list[Candidate]:
        """The candidates that a stage gives at k."""
        return join(self.lists[query_id].ids, stage, k or self.asked.k)

    def first_seconds(self, stage: Stage) -> float:
        """Mean time of a stage's searches a question."""
        wanted: Sequence[Search] = [one for one in SEARCHES if one == stage] or SEARCHES
        total = sum(lists.seconds.get(one, 0.0) for lists in self.lists.values() for one in wanted)
        return total / max(1, len(self.lists))


@dataclass(frozen=True, slots=True)
class System:
    """One line of the table. pairs: scored a question. recall: of the relevant passages in its pool.

    seconds: a question; None where scoring was not timed.
    """

    run: Run
    evaluation: Evaluation
    pairs: float
    recall: float | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Two stages at k: quality, pairs and seconds a question."""

    k: int
    quality: float
    pairs: float
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything measured. reports: by the name of the system that the others are compared with."""

    retrieved: Retrieved
    measures: tuple[Measure, ...]
    systems: tuple[System, ...]
    reports: Mapping[str, EvaluationReport]
    curve: tuple[CurvePoint, ...]
    advice: Sentence | None


def retrieve_all(
    corpus: Corpus,
    questions: Questions,
    asked: SearchAsked,
    embedder: Embedder,
    on_progress: Callable[[int, int], None] | None = None,
) -> Retrieved:
    """Both searches for every question. on_progress(done, total): questions."""
    require_vectors(corpus, embedder)
    lists: dict[str, Lists] = {}
    for done, (query_id, judged) in enumerate(questions.queries.items(), start=1):
        lists[query_id] = search_lists(corpus, judged.query, SEARCHES, asked, embedder)
        if on_progress is not None:
            on_progress(done, len(questions.queries))
    return Retrieved(questions, lists, asked)


def as_evaluation(retrieved: Retrieved, corpus: Corpus) -> EvaluationData:
    """The union's candidates as *Evaluate* takes them: to be scored, judged and kept."""
    pools = {query: [one.id for one in retrieved.pool(query, "union")] for query in retrieved.lists}
    judgements = retrieved.questions.queries
    needed = {one for pool in pools.values() for one in pool}
    needed.update(one for judged in judgements.values() for one in judged.labels)
    texts = {one.id: one.read_text for one in corpus.passages(sorted(needed))}
    rankings = {
        query: Ranking(query, tuple(one for one in pool if one in texts)) for query, pool in pools.items()
    }
    return EvaluationData(
        judgements,
        Run(BEFORE, rankings),
        {
            query: {
                one: texts[one]
                for one in dict.fromkeys((*rankings[query].documents, *judgements[query].labels))
                if one in texts
            }
            for query in pools
        },
        {},
    )


def scores_of(data: EvaluationData, scores: Mapping[str, Sequence[Score]]) -> dict[tuple[str, str], Score]:
    """By question and passage, from what was scored in the order of `data.initial`."""
    return {
        (query, document): score
        for query, row in scores.items()
        for document, score in zip(data.initial.rankings[query].documents, row, strict=True)
    }


def measure(
    retrieved: Retrieved,
    scores: Scores,
    *,
    measures: str = DEFAULT_MEASURES,
    seconds_per_pair: float | None = None,
) -> Pipeline:
    """Measure every system on the questions that have an answer. scores: of the union at the largest k."""
    k = retrieved.asked.k
    chosen = tuple(dict.fromkeys((*parse_measures(measures), *parse_measures(f"R@{k}"))))
    judgements = retrieved.answerable
    runs = [*(_run(retrieved, stage, None, k) for stage in FIRST)]
    runs += [_run(retrieved, stage, scores, k) for stage in RERANKED]
    systems = tuple(_system(retrieved, run, chosen, k, seconds_per_pair) for run in runs)
    settings = ReportSettings(measures=chosen, threshold=None)
    reports = {
        base.name: evaluate(judgements, [base, *(run for run in runs if run is not base)], settings)
        for base in runs
        if base.name in ("bm25", "embedding")
    }
    curve = tuple(
        _point(retrieved, judgements, scores, chosen[0], depth, seconds_per_pair)
        for depth in sorted({*(one for one in CURVE_DEPTHS if one < k), k})
    )
    alone = next(one for one in systems if one.run.name == "union").evaluation.mean(chosen[0])
    return Pipeline(retrieved, chosen, systems, reports, curve, _advice(curve, alone, chosen[0]))


def best_within(curve: Sequence[CurvePoint], pairs: float) -> CurvePoint | None:
    """The best quality for at most so many pairs a question; of equally good points the cheapest."""
    affordable = [point for point in curve if point.pairs <= pairs]
    return max(affordable, key=lambda point: (point.quality, -point.pairs), default=None)


def _run(retrieved: Retrieved, stage: Stage, scores: Scores | None, k: int) -> Run:
    """A stage's order, by the reranker's logits where there are scores; equal ones keep the order before."""
    rankings = {}
    for query in retrieved.answerable:
        pool = [one.id for one in retrieved.pool(query, stage, k)]
        if scores is not None:
            pool = [one for one in pool if (query, one) in scores]
            pool.sort(key=lambda one, query=query: -scores[query, one].logit)  # type: ignore[misc]
        rankings[query] = Ranking(query, tuple(pool))
    return Run(stage if scores is None else stage + AND_RERANKER, rankings)


def _system(
    retrieved: Retrieved, run: Run, measures: tuple[Measure, ...], k: int, seconds_per_pair: float | None
) -> System:
    stage = next(one for one in FIRST if run.name in (one, one + AND_RERANKER))
    reranks = run.name.endswith(AND_RERANKER)
    pairs = _mean_pool(retrieved, stage, k) if reranks else 0.0
    first = retrieved.first_seconds(stage)
    scoring = seconds_per_pair * pairs if seconds_per_pair is not None else None
    return System(
        run,
        evaluate_run(retrieved.answerable, run, measures),
        pairs,
        recall_ceiling(retrieved.answerable, run).mean_recall,
        first if not reranks else None if scoring is None else first + scoring,
    )


def _point(
    retrieved: Retrieved,
    judgements: Judgements,
    scores: Scores,
    deciding: Measure,
    k: int,
    seconds_per_pair: float | None,
) -> CurvePoint:
    pairs = _mean_pool(retrieved, "union", k)
    quality = evaluate_run(judgements, _run(retrieved, "union", scores, k), (deciding,)).mean(deciding)
    first = retrieved.first_seconds("union")
    seconds = None if seconds_per_pair is None else first + seconds_per_pair * pairs
    return CurvePoint(k, quality or 0.0, pairs, seconds)


def _mean_pool(retrieved: Retrieved, stage: Stage, k: int) -> float:
    return sum(len(retrieved.pool(query, stage, k)) for query in retrieved.lists) / max(
        1, len(retrieved.lists)
    )


def _advice(curve: Sequence[CurvePoint], alone: float | None, deciding: Measure) -> Sentence | None:
    """The smallest k that reaches nearly all of the gain over the union without a reranker."""
    if not curve or alone is None:
        return None
    most = max(point.quality for point in curve) - alone
    if most <= 0:
        return sentence(NO_GAIN, measure=str(deciding))
    enough = next(point for point in curve if point.quality - alone >= ENOUGH * most)
    return sentence(
        ENOUGH_CANDIDATES,
        k=enough.k,
        share=f"{(enough.quality - alone) / most:.0%}",
        measure=str(deciding),
        pairs=f"{enough.pairs / curve[-1].pairs:.0%}",
    )
