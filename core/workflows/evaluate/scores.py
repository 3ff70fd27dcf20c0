"""From a model's scores to an order that can be measured, and to what the triage wants to know of it.

Scores come from a model through the score cache, or from a finished job. What the order is worth is left
to `evaluate`.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.judged import Ranking, Run, rank_by_score
from core.evaluation.triage import Particulars
from core.jobs import ScoreCache, score_with_cache
from core.records import Score, Scorer, ScorerInfo
from core.workflows.evaluate.data import EvaluationData

# Characters a token: high, so that what counts as unread surely was. Chinese and the like, then letters.
WIDE_A_TOKEN, NARROW_A_TOKEN = 1.7, 4.5

NOT_FINISHED = "Scores are missing: {missing} of {pairs} pairs."
NOT_FINISHED_HINT = "Resume the job; it scores only what is missing."


@dataclass(frozen=True, slots=True)
class Cost:
    """What scoring took. scored: pairs the model read; the others were known. memory_bytes: of the model."""

    pairs: int
    scored: int
    tokens: int
    seconds: float
    memory_bytes: int

    @property
    def milliseconds_per_pair(self) -> float | None:
        """Of the pairs the model read; None when all were known."""
        return 1000 * self.seconds / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class ScoredSystem:
    """One model's scores of the candidates.

    scores: query id -> a score per candidate, in the order before reranking. cost: None when not measured.
    """

    name: str
    model: ScorerInfo
    instruction: str | None
    scores: Mapping[str, tuple[Score, ...]]
    cost: Cost | None = None


def score_data(
    scorer: Scorer,
    data: EvaluationData,
    instruction: str | None = None,
    *,
    name: str = "",
    cache: ScoreCache | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> ScoredSystem:
    """Score every candidate; pairs the cache knows cost nothing. name: of the system, else the model's."""
    start = time.perf_counter()
    found = score_with_cache(scorer, data.requests(instruction), cache, on_progress=on_progress)
    seconds = time.perf_counter() - start
    tokens = sum(score.tokens for row in found.scores for score in row)
    pairs = found.scored + found.from_cache
    cost = Cost(pairs, found.scored, tokens, seconds, scorer.info.memory_bytes)
    return scored_system(name or scorer.info.label, scorer.info, instruction, data, found.scores, cost)


def usable_instruction(model: ScorerInfo, instruction: str | None) -> str | None:
    """The instruction without blanks; None where there is none or the model takes none."""
    return (instruction or "").strip() or None if model.uses_instruction else None


def scored_system(
    name: str,
    model: ScorerInfo,
    instruction: str | None,
    data: EvaluationData,
    scores: Sequence[Sequence[Score | None]],
    cost: Cost | None = None,
) -> ScoredSystem:
    """Scores in the order of `data.requests()`; InputError when some are missing."""
    queries = [query for query, ranking in data.initial.rankings.items() if ranking.documents]
    by_query: dict[str, tuple[Score, ...]] = {}
    missing = 0
    for query, row in zip(queries, scores, strict=True):
        known = tuple(score for score in row if score is not None)
        missing += len(row) - len(known)
        by_query[query] = known
    if missing:
        raise InputError(NOT_FINISHED, hint=NOT_FINISHED_HINT, missing=missing, pairs=data.pairs)
    return ScoredSystem(name, model, instruction, by_query, cost)


def reranked(data: EvaluationData, system: ScoredSystem) -> Run:
    """The candidates by logit, equal ones in the order before; the logits stand beside them."""
    return Run(
        system.name,
        {
            query: rank_by_score(query, data.initial.rankings[query].documents, [s.logit for s in scores])
            for query, scores in system.scores.items()
        },
    )


def probability_run(data: EvaluationData, system: ScoredSystem) -> Run:
    """The same order with probabilities, the scale on which people and programs cut."""
    probabilities = {
        query: dict(zip(data.initial.rankings[query].documents, (s.probability for s in scores), strict=True))
        for query, scores in system.scores.items()
    }
    return Run(
        system.name,
        {
            query: Ranking(
                query,
                ranking.documents,
                tuple(probabilities[query][document] for document in ranking.documents),
            )
            for query, ranking in reranked(data, system).rankings.items()
        },
    )


def particulars(data: EvaluationData, system: ScoredSystem) -> Mapping[str, Particulars]:
    """Texts, truncation and, where the model gives any, probabilities of every query's candidates."""
    found = {}
    for query, scores in system.scores.items():
        pairs = list(zip(data.initial.rankings[query].documents, scores, strict=True))
        texts = data.texts[query]
        known = system.model.gives_probabilities
        cut = {document: score for document, score in pairs if score.truncated}
        found[query] = Particulars(
            texts=texts,
            probabilities={document: score.probability for document, score in pairs} if known else {},
            truncated=frozenset(cut),
            read={
                document: _characters_read(texts[document], score.tokens) for document, score in cut.items()
            },
        )
    return found


def _characters_read(text: str, tokens: int) -> int:
    """About how much of a text so many tokens are, query and template aside: never less than was read."""
    wide = sum(character >= "\u2e80" for character in text)
    whole = wide / WIDE_A_TOKEN + (len(text) - wide) / NARROW_A_TOKEN
    return min(len(text), round(len(text) * tokens / max(whole, 1.0)))
