"""How stable an order is: under other wordings of the instruction, and under another order of the input.

Both should change nothing. Where the first places change all the same, they rest on chance, and a
comparison of instructions on this query says little.
"""

import random
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.agreement import Agreement, agreement
from core.jobs import ScoreCache, score_with_cache
from core.records import Score, Scorer, ScorerInfo
from core.sentences import Sentence, sentence
from core.workflows.home.spreads import shipped_spread
from core.workflows.instructions.use import instructed
from core.workflows.rerank.candidates import check_candidates
from core.workflows.rerank.near_ties import near_tie_gap
from core.workflows.rerank.reranking import RankedDocument, order
from core.workflows.sandbox.side_by_side import ranking_of

SHUFFLE_SEED = 20_260_101
MOST_SHUFFLES = 10
MOST_WORDINGS = 12

NO_VARIANT = "There is nothing to compare with."
NO_VARIANT_HINT = "Keep at least one other wording, or shuffle the input."
TOO_MANY_WORDINGS = "At most {limit} wordings are tried at once."

WORDINGS = (
    "Under {count} other wordings of the instruction, {overlap:.0%} of the first {top} stay on average, and "
    "the first place stays in {first} of {count}."
)
SHUFFLES = (
    "With the input in {count} other orders, {overlap:.0%} of the first {top} stay on average, and the first "
    "place stays in {first} of {count}; the largest change of a logit is {shift:.2g}."
)
STEADY = "The first {top} do not depend on the wording."
FIRST_STEADY = "The first place does not depend on the wording; the places behind it do."
UNSTEADY = "The first place depends on the wording: differences of this size between instructions are chance."
SHUFFLE_MATTERS = (
    "The order of the input changes the order of the result: some scores are equal or nearly so, and the "
    "model's arithmetic is not exact to that degree."
)


@dataclass(frozen=True, slots=True)
class Perturbed:
    """One changed input and its order. name: the rule or the shuffle; instruction: what was asked then.

    shift: the largest change of a document's logit.
    """

    name: str
    instruction: str | None
    ranked: tuple[RankedDocument, ...]
    agreement: Agreement
    shift: float


@dataclass(frozen=True, slots=True)
class Stability:
    """How often things stayed, over some changed inputs. first_places: document -> how often it came first,
    the original order included."""

    variants: tuple[Perturbed, ...]
    overlap: float
    first_kept: int
    first_places: tuple[tuple[int, int], ...]
    said: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One query: the order as it stands, and its stability. wordings, shuffles: None when none was tried."""

    query: str
    documents: tuple[str, ...]
    instruction: str | None
    model: ScorerInfo
    top: int
    ranked: tuple[RankedDocument, ...]
    wordings: Stability | None
    shuffles: Stability | None


@dataclass(frozen=True, slots=True)
class SensitivitySettings:
    """wordings: (name, instruction). shuffles: how many other input orders. top: first places compared."""

    wordings: tuple[tuple[str, str], ...]
    shuffles: int = 3
    top: int = 5
    seed: int = SHUFFLE_SEED


def measure_sensitivity(
    scorer: Scorer,
    query: str,
    documents: Sequence[str],
    instruction: str | None,
    settings: SensitivitySettings,
    *,
    cache: ScoreCache | None = None,
    max_documents: int = 1000,
    on_progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Score the query as it stands, under other wordings, and with the documents in other orders.

    Shuffled input is scored anew every time: known scores would hide what the test is for.
    """
    check_candidates(query, documents, max_documents=max_documents)
    wordings = [(name, text) for name, text in settings.wordings if text.strip()]
    if len(wordings) > MOST_WORDINGS:
        raise InputError(TOO_MANY_WORDINGS, where="instruction", limit=MOST_WORDINGS)
    shuffles = min(settings.shuffles, MOST_SHUFFLES)
    if not wordings and not shuffles:
        raise InputError(NO_VARIANT, where="instruction", hint=NO_VARIANT_HINT)
    uses, count = scorer.info.uses_instruction, len(documents)
    total = count * (1 + len(wordings) + shuffles)

    def report(done: int, _: int) -> None:
        if on_progress is not None:
            on_progress(done, total)

    requests = [instructed(query, documents, text, uses) for text in (instruction, *(w for _, w in wordings))]
    scores = score_with_cache(scorer, requests, cache, on_progress=report, interactive=True).scores
    gap = near_tie_gap(scorer.info, shipped_spread(scorer.info))
    base = order(documents, scores[0], gap)
    # As in `agreement`: all documents of a list stay among them in any order.
    depth = min(settings.top, max(1, count - 1))

    def perturbed(name: str, asked: str | None, ranked: tuple[RankedDocument, ...]) -> Perturbed:
        return Perturbed(
            name, asked, ranked, agreement(ranking_of(base), ranking_of(ranked), depth), _shift(base, ranked)
        )

    worded = [
        perturbed(name, text, order(documents, found, gap))
        for (name, text), found in zip(wordings, scores[1:], strict=True)
    ]
    shuffled = []
    generator = random.Random(settings.seed)
    for number in range(1, shuffles + 1):
        positions = generator.sample(range(count), count)
        request = instructed(query, [documents[at] for at in positions], instruction, uses)
        found = scorer.score(request.query, request.documents, request.instruction)
        shuffled.append(perturbed(str(number), instruction, _unshuffled(documents, positions, found, gap)))
        report(count * (1 + len(wordings) + number), total)
    return Sensitivity(
        query,
        tuple(documents),
        instruction,
        scorer.info,
        depth,
        base,
        _stability(base, worded, depth, shuffled=False) if worded else None,
        _stability(base, shuffled, depth, shuffled=True) if shuffled else None,
    )


def _unshuffled(
    documents: Sequence[str], positions: Sequence[int], scores: Sequence[Score], gap: float
) -> tuple[RankedDocument, ...]:
    """The order of shuffled input under the documents' own positions.

    Ties fall in the order the model was given, which is what the test wants to see.
    """
    given = order([documents[at] for at in positions], scores, gap)
    return tuple(
        RankedDocument(
            index=positions[one.index],
            document=one.document,
            scored=one.score,
            original_rank=positions[one.index] + 1,
            new_rank=one.new_rank,
            near_tie=one.near_tie,
        )
        for one in given
    )


def _shift(base: Sequence[RankedDocument], ranked: Sequence[RankedDocument]) -> float:
    before = {one.index: one.score.logit for one in base}
    return max((abs(one.score.logit - before[one.index]) for one in ranked), default=0.0)


def _stability(
    base: Sequence[RankedDocument], variants: Sequence[Perturbed], top: int, *, shuffled: bool
) -> Stability:
    overlap = statistics.fmean(variant.agreement.overlap for variant in variants)
    kept = sum(variant.agreement.first_kept for variant in variants)
    firsts = Counter([base[0].index, *(variant.ranked[0].index for variant in variants)])
    facts = {"count": len(variants), "overlap": overlap, "top": top, "first": kept}
    same = all(variant.agreement.overlap == 1 for variant in variants)
    if shuffled:
        shift = max(variant.shift for variant in variants)
        said = [sentence(SHUFFLES, **facts, shift=shift)]
        moved = any(variant.agreement.moved for variant in variants)
        said += [sentence(SHUFFLE_MATTERS)] if moved else []
    else:
        said = [sentence(WORDINGS, **facts)]
        steady = kept == len(variants)
        said.append(
            sentence(STEADY, top=top) if same and steady else sentence(FIRST_STEADY if steady else UNSTEADY)
        )
    return Stability(tuple(variants), overlap, kept, tuple(firsts.most_common()), tuple(said))
