"""Several instructions on one query, side by side: ranks, movements, scores, and what differs.

The first instruction is the one the others are compared with: the model's default. Scores go through the
score cache, so editing one instruction scores only that one. Whole files are for `sandbox_jobs`.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.evaluation.agreement import Agreement, agreement
from core.evaluation.judged import Ranking
from core.jobs import ScoreCache, score_with_cache
from core.records import Notice, Score, Scorer, ScorerInfo
from core.sentences import Sentence, sentence
from core.workflows.home.spreads import shipped_spread
from core.workflows.instructions.check import check_instruction
from core.workflows.instructions.use import instructed, usable
from core.workflows.rerank.candidates import check_candidates, places
from core.workflows.rerank.near_ties import near_tie_gap
from core.workflows.rerank.reranking import RankedDocument, order

FEWEST, MOST = 2, 8
LETTERS = "ABCDEFGH"
DEFAULT = "default"
OWN = "own words"

TOO_FEW = "Give at least two instructions to compare."
TOO_FEW_HINT = "Add one beside the default."
TOO_MANY = "At most {limit} instructions are compared at once."
BLANK = "Instruction {letter} is empty."
BLANK_HINT = "Write it, or remove it."
EQUAL = "The instructions {first} and {second} are the same."
EQUAL_HINT = "Change or remove one of them."


@dataclass(frozen=True, slots=True)
class TriedInstruction:
    """One instruction of a comparison.

    letter: A is the default. title: «default», the name it has in the library, or «own words».
    instruction: None for the default.
    """

    letter: str
    title: str
    instruction: str | None

    @property
    def name(self) -> str:
        """How it is called in results and exports."""
        return f"{self.letter} {self.title}"


@dataclass(frozen=True, slots=True)
class VariantResult:
    """The order one instruction gives. agreement: with the order of the default."""

    variant: TriedInstruction
    ranked: tuple[RankedDocument, ...]
    agreement: Agreement
    advice: tuple[Sentence, ...]

    @property
    def mean_probability(self) -> float:
        """Over all documents."""
        return statistics.fmean(ranked.score.probability for ranked in self.ranked)

    @property
    def moved(self) -> int:
        """How many documents stand on another rank than by default."""
        return round(self.agreement.moved * self.agreement.shared)

    def by_document(self) -> tuple[RankedDocument, ...]:
        """The same in the caller's order."""
        return tuple(sorted(self.ranked, key=lambda ranked: ranked.index))


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document under every instruction, in their order. movements: places gained against the default."""

    index: int
    document: str
    ranks: tuple[int, ...]
    movements: tuple[int, ...]
    scores: tuple[Score, ...]

    @property
    def differs(self) -> bool:
        """Its rank is not the same under all instructions."""
        return any(self.movements)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One query under several instructions.

    scored, known: pairs the model read for this, and pairs whose score was known. notices: as of a reranking.
    """

    query: str
    documents: tuple[str, ...]
    results: tuple[VariantResult, ...]
    model: ScorerInfo
    scored: int
    known: int
    seconds: float
    notices: tuple[Notice, ...]

    def rows(self) -> tuple[DocumentRow, ...]:
        """Every document, in the order of the default instruction."""
        found = []
        for across in zip(*(result.by_document() for result in self.results), strict=True):
            ranks = tuple(ranked.new_rank for ranked in across)
            found.append(
                DocumentRow(
                    across[0].index,
                    across[0].document,
                    ranks,
                    tuple(ranks[0] - rank for rank in ranks),
                    tuple(ranked.score for ranked in across),
                )
            )
        return tuple(sorted(found, key=lambda row: row.ranks[0]))


def variants_of(
    texts: Sequence[str], known: Mapping[str, str], uses_instruction: bool
) -> tuple[TriedInstruction, ...]:
    """The instructions to compare: the default, then `texts`. known: wording -> the name it goes by.

    InputError when there are too few, too many, or two that a model could not tell apart.
    """
    wordings = [None, *(usable(text, uses_instruction) for text in texts)]
    if len(wordings) < FEWEST:
        raise InputError(TOO_FEW, where="instruction", hint=TOO_FEW_HINT)
    if len(wordings) > MOST:
        raise InputError(TOO_MANY, where="instruction", limit=MOST)
    for letter, text in zip(LETTERS[1:], texts, strict=False):
        if not text.strip():
            raise InputError(BLANK, where="instruction", hint=BLANK_HINT, letter=letter)
    for at, wording in enumerate(wordings):
        if (first := wordings.index(wording)) < at:
            raise InputError(
                EQUAL, where="instruction", hint=EQUAL_HINT, first=LETTERS[first], second=LETTERS[at]
            )
    return tuple(
        TriedInstruction(letter, DEFAULT if wording is None else known.get(wording, OWN), wording)
        for letter, wording in zip(LETTERS, wordings, strict=False)
    )


def try_instructions(
    scorer: Scorer,
    query: str,
    documents: Sequence[str],
    variants: Sequence[TriedInstruction],
    *,
    cache: ScoreCache | None = None,
    top: int = 5,
    max_documents: int = 1000,
    on_progress: Callable[[int, int], None] | None = None,
) -> SideBySide:
    """Score the documents under every instruction. top: how many first places the overlap is taken over.

    Raises InputError and TooLargeError as `check_candidates` does.
    """
    notices = list(check_candidates(query, documents, max_documents=max_documents))
    uses = scorer.info.uses_instruction
    requests = [instructed(query, documents, variant.instruction, uses) for variant in variants]
    start = time.perf_counter()
    found = score_with_cache(scorer, requests, cache, on_progress=on_progress, interactive=True)
    seconds = time.perf_counter() - start
    cut = [
        at for at, scores in enumerate(zip(*found.scores, strict=True)) if any(s.truncated for s in scores)
    ]
    if cut:
        notices.append(
            Notice(sentence("Longer than the model reads; only the beginning was scored."), places(cut))
        )
    gap = near_tie_gap(scorer.info, shipped_spread(scorer.info))
    orders = [order(documents, scores, gap) for scores in found.scores]
    results = tuple(
        VariantResult(
            variant,
            ranked,
            agreement(ranking_of(orders[0]), ranking_of(ranked), top),
            check_instruction(variant.instruction or "", (query,)),
        )
        for variant, ranked in zip(variants, orders, strict=True)
    )
    return SideBySide(
        query,
        tuple(documents),
        results,
        scorer.info,
        found.scored,
        found.from_cache,
        seconds,
        tuple(notices),
    )


def ranking_of(ranked: Sequence[RankedDocument]) -> Ranking:
    """An order of documents, named by their positions, as the statistics read it."""
    return Ranking("", tuple(str(one.index) for one in ranked), tuple(one.score.logit for one in ranked))
