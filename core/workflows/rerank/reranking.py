"""One query: check, score, order, and say what a reader should know about the order.

It knows neither which model scores nor who asked; pages, the HTTP API and the command line share it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.errors import NoNumberError
from core.recipes.recipe import Recipe
from core.records import (
    ChunkedScore,
    CountsDocumentTokens,
    Notice,
    Score,
    Scorer,
    ScorerInfo,
    ScoringRequest,
)
from core.sentences import Sentence, sentence
from core.workflows.care.preparing import (
    CaredDocument,
    CareSettings,
    DocumentCare,
    care_for,
    folded,
    scored_texts,
    token_counter,
)
from core.workflows.home.spreads import shipped_spread
from core.workflows.home.two_looks import looking_twice
from core.workflows.recipes.following import BELOW_THRESHOLD, follow, passes, recipe_values
from core.workflows.recipes.use import RecipeInUse
from core.workflows.rerank.candidates import check_candidates, places
from core.workflows.rerank.course import Course
from core.workflows.rerank.cutting import Cutting, cut
from core.workflows.rerank.near_ties import near_tie_gap


@dataclass(frozen=True, slots=True)
class RankedDocument:
    """One document in its new place.

    index: position in the caller's list, from 0. original_rank, new_rank: from 1.
    movement: places gained (positive) or lost (negative).
    near_tie: its score can hardly be told from that of the document before or after it.
    document: as it was given. scored: what the model said; None where a recipe's gate left the query to the
    first stage, whose score is `first_score`. care: what was scored instead, where documents were cared for.
    blend: what the order goes by where a recipe blends. calibrated: its calibrated probability.
    """

    index: int
    document: str
    scored: Score | None
    original_rank: int
    new_rank: int
    near_tie: bool
    care: DocumentCare | None = None
    blend: float | None = None
    calibrated: float | None = None
    first_score: float | None = None

    @property
    def score(self) -> Score:
        """What the model said, for who knows that it was asked."""
        assert self.scored is not None  # of a query that was reranked
        return self.scored

    @property
    def scored_text(self) -> str:
        """What the model judged, not yet cut into chunks: cleaned where cleaning was asked for."""
        return self.document if self.care is None else self.care.document.cleaned.text

    @property
    def movement(self) -> int:
        """Places gained by reranking: positive is up."""
        return self.original_rank - self.new_rank


@dataclass(frozen=True, slots=True)
class Reranking:
    """The answer to one query: documents best first, and by whom they were scored.

    instruction: what was asked for; None means the model's default.
    seconds: wall time of scoring. notices: oddities of the input and truncation.
    care: how documents were cleaned and cut, if they were. recipe: by which recipe, if by one; given: the
    candidates that it was used on, and scores, one each, of those that it dropped too. kept_first: the
    recipe's gate left the query to the first stage; no document has a score.
    """

    query: str
    instruction: str | None
    ranked: tuple[RankedDocument, ...]
    scorer: ScorerInfo
    seconds: float
    notices: tuple[Notice, ...]
    care: CareSettings | None = None
    recipe: RecipeInUse | None = None
    given: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    kept_first: bool = False

    @property
    def tokens(self) -> int:
        """Tokens the model read, summed over the pairs."""
        return sum(r.scored.tokens for r in self.ranked if r.scored is not None)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One query that was checked and is ready to be scored: `texts` against `query` under `wording`.

    documents: as they were given; texts: what is scored instead of them, chunks where care cut them.
    shortened: documents that lost something because the asker set a limit. typed: the query before a recipe
    rewrote it. kept_first: a recipe's gate leaves the query to the first stage; there is no text to score.
    """

    query: str
    documents: Sequence[str]
    wording: str | None
    texts: Sequence[str]
    scorer: ScorerInfo
    notices: tuple[Notice, ...]
    prepared: tuple[CaredDocument, ...] = ()
    care: CareSettings | None = None
    shortened: frozenset[int] = frozenset()
    counts_tokens: bool = True
    typed: str = ""
    recipe: RecipeInUse | None = None
    first_scores: Sequence[float] | None = None
    kept_first: bool = False

    def named(self, error: NoNumberError) -> NoNumberError:
        """The refusal of a text's score as that of the document which it is a part of."""
        owners = [at for at, one in enumerate(self.prepared) for _ in one.chunks] or range(
            len(self.documents)
        )
        at = owners[error.document]
        return NoNumberError.of(0, at, queries=1, text=self.documents[at])


def rerank(
    scorer: Scorer,
    query: str,
    documents: Sequence[str],
    instruction: str | None = None,
    *,
    max_documents: int = 1000,
    care: CareSettings | None = None,
    recipe: RecipeInUse | None = None,
    first_scores: Sequence[float] | None = None,
    two_looks: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
    course: Course | None = None,
) -> Reranking:
    """Score `documents` for `query` and order them by logit, ties in the caller's order.

    care: clean documents and cut long ones into chunks first; the result holds the originals.
    recipe: decides everything else, the care and the instruction too. first_scores: what the first stage gave
    each document, for a recipe that blends. two_looks: read on only what could reach so many first places.
    on_progress(done, total): texts, after each of the model's passes. course: watches and stops it.
    Raises InputError and TooLargeError as `check_candidates` does, NoNumberError as the scorer, and
    StoppedError once the course says so.
    """
    start = time.perf_counter()
    scorer = looking_twice(scorer, two_looks, in_chunks=care is not None and care.chunks is not None)
    asked = prepare(
        scorer,
        query,
        documents,
        instruction,
        max_documents=max_documents,
        care=care,
        recipe=recipe,
        first_scores=first_scores,
    )
    try:
        if asked.kept_first:
            scores = []
        elif course is None:
            scores = scorer.score(asked.query, asked.texts, asked.wording, on_progress=on_progress)
        else:
            scores = _watched(scorer, asked, course, on_progress)
    except NoNumberError as error:
        raise asked.named(error) from error
    return conclude(asked, scores, time.perf_counter() - start)


def _watched(
    scorer: Scorer, asked: Prepared, course: Course, on_progress: Callable[[int, int], None] | None
) -> list[Score]:
    course.begin(asked)
    request = ScoringRequest(asked.query, tuple(asked.texts), asked.wording)
    (scores,) = scorer.score_many(
        [request],
        on_progress=on_progress,
        on_scored=course.add,
        cancelled=lambda: course.stopped,
        interactive=True,
    )
    return scores


def prepare(
    scorer: Scorer,
    query: str,
    documents: Sequence[str],
    instruction: str | None = None,
    *,
    max_documents: int = 1000,
    care: CareSettings | None = None,
    cutting: Cutting | None = None,
    recipe: RecipeInUse | None = None,
    first_scores: Sequence[float] | None = None,
) -> Prepared:
    """Check a request and make the texts to score; see `rerank`. cutting: a limit that the asker set."""
    notices = list(check_candidates(query, documents, max_documents=max_documents))
    typed, kept_first = query, False
    if recipe is not None:
        followed = follow(recipe, query, documents, first_scores, scorer.info)
        query, documents, first_scores = followed.query, followed.documents, followed.first_scores
        instruction, care = recipe.instruction(scorer.info), recipe.care
        notices += followed.notices
        kept_first = followed.kept
    wording = (instruction or "").strip() or None
    if wording and not scorer.info.uses_instruction:
        notices.append(
            Notice(
                sentence("{model} takes no instruction; yours was ignored.", model=scorer.info.label),
                "instruction",
            )
        )
        wording = None
    texts, shortened = () if kept_first else documents, frozenset[int]()
    if cutting is not None and not kept_first:
        found = cut(scorer, query, documents, wording, cutting)
        if found is None:
            notices.append(Notice(sentence("This model cannot count tokens, so no document was cut.")))
        else:
            texts, shortened = found.texts, found.shortened
    prepared = care_for(texts, care, token_counter(scorer)) if care and care.active else ()
    return Prepared(
        query,
        documents,
        wording,
        scored_texts(prepared) if prepared else texts,
        scorer.info,
        tuple(notices),
        tuple(prepared),
        care,
        shortened,
        isinstance(scorer, CountsDocumentTokens),
        typed,
        recipe,
        first_scores,
        kept_first,
    )


def conclude(asked: Prepared, scores: Sequence[Score], seconds: float) -> Reranking:
    """Order the documents by the scores of `asked.texts`, and say what a reader should know about it."""
    if asked.kept_first:
        return _as_they_came(asked, seconds)
    notices, care = list(asked.notices), asked.care
    cares: list[DocumentCare] = []
    if care and asked.prepared:
        scores, cares = folded(asked.prepared, scores, care)
    if asked.shortened:
        scores = [
            replace(score, truncated=True) if at in asked.shortened else score
            for at, score in enumerate(scores)
        ]
        notices.append(
            Notice(
                sentence("Longer than the request allows; only a part was scored."),
                places(sorted(asked.shortened)),
            )
        )
    truncated = [i for i, score in enumerate(scores) if score.truncated and i not in asked.shortened]
    if truncated:
        notices.append(Notice(*read_in_part(asked.scorer, truncated)))
    chunked = [i for i, score in enumerate(scores) if isinstance(score, ChunkedScore)]
    if chunked and not (care and care.chunks):
        notices.append(
            Notice(
                sentence("Longer than the model reads; scored in chunks, the best one counts."),
                places(chunked),
            )
        )
    if care and care.chunks and not asked.counts_tokens:
        notices.append(
            Notice(sentence("This model cannot count tokens, so the length of chunks is an estimate."))
        )
    values = None
    if asked.recipe is not None:
        values = recipe_values(asked.recipe.recipe, [s.logit for s in scores], asked.first_scores)
    gap = near_tie_gap(asked.scorer, shipped_spread(asked.scorer))
    ranked = order(asked.documents, scores, gap, values)
    if cares:
        ranked = tuple(replace(one, care=cares[one.index]) for one in ranked)
    if asked.recipe is not None:
        ranked, dropped = _kept(ranked, asked.recipe.recipe)
        notices += dropped
    return Reranking(
        asked.typed or asked.query,
        asked.wording,
        ranked,
        asked.scorer,
        seconds,
        tuple(notices),
        care if cares else None,
        asked.recipe,
        tuple(asked.documents) if asked.recipe else (),
        tuple(scores) if asked.recipe else (),
    )


def read_in_part(scorer: ScorerInfo, documents: Sequence[int]) -> tuple[Sentence, str]:
    """What to say of documents that were not read to their end, and where."""
    if scorer.two_looks:
        return sentence(
            "Two looks: {count} documents were read at their beginning only.", count=len(documents)
        ), ""
    return sentence("Longer than the model reads; only the beginning was scored."), places(documents)


def _as_they_came(asked: Prepared, seconds: float) -> Reranking:
    """The first stage's order, as far as the recipe wants documents. Its threshold is on scores there are
    not.
    """
    assert asked.recipe is not None and asked.first_scores is not None  # its gate was tried
    ranked = tuple(
        RankedDocument(at, document, None, at + 1, at + 1, False, first_score=score)
        for at, (document, score) in enumerate(zip(asked.documents, asked.first_scores, strict=True))
    )
    return Reranking(
        asked.typed or asked.query,
        asked.wording,
        ranked[: asked.recipe.recipe.top],
        asked.scorer,
        seconds,
        asked.notices,
        None,
        asked.recipe,
        tuple(asked.documents),
        (),
        True,
    )


def _kept(
    ranked: tuple[RankedDocument, ...], recipe: Recipe
) -> tuple[tuple[RankedDocument, ...], list[Notice]]:
    """Calibrated where the recipe says how, cut at its threshold and at its number of documents."""
    if recipe.calibration is not None:
        calibration = recipe.calibration
        ranked = tuple(replace(one, calibrated=calibration.probability(one.score.logit)) for one in ranked)
    kept = [one for one in ranked if passes(recipe, one.score)]
    notices = []
    if len(kept) < len(ranked):
        notices.append(
            Notice(
                sentence(BELOW_THRESHOLD, count=len(ranked) - len(kept), threshold=f"{recipe.threshold:g}")
            )
        )
    return tuple(replace(one, new_rank=at) for at, one in enumerate(kept[: recipe.top], start=1)), notices


def order(
    documents: Sequence[str],
    scores: Sequence[Score],
    gap: float,
    blend: Sequence[float] | None = None,
) -> tuple[RankedDocument, ...]:
    """Best first by logit, equal ones in the caller's order. `gap`: closer logits are near ties.

    blend: what the order goes by instead, the logit deciding between equal values; then none is a near tie.
    """
    first = blend or [score.logit for score in scores]
    best_first = sorted(range(len(scores)), key=lambda i: (-first[i], -scores[i].logit))
    logits = [scores[i].logit for i in best_first]
    close = [blend is None and abs(a - b) < gap for a, b in zip(logits, logits[1:], strict=False)]
    return tuple(
        RankedDocument(
            index=i,
            document=documents[i],
            scored=scores[i],
            original_rank=i + 1,
            new_rank=place + 1,
            near_tie=(place > 0 and close[place - 1]) or (place < len(close) and close[place]),
            blend=None if blend is None else blend[i],
        )
        for place, i in enumerate(best_first)
    )
