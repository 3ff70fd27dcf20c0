"""What every dialect is read into and written from: one request, and one answer."""

from dataclasses import dataclass

from core.records import PROBABILITY_DECIMALS, ScorerInfo
from core.sentences import Sentence
from core.workflows.rerank.reranking import RankedDocument, Reranking


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed request.

    model: as the client names it, echoed; "" when it names none. top_n: None for all. return_documents:
    whether the answer repeats them. raw_scores: log-odds instead of probabilities. most_tokens: of each
    document, 0 for the model's own limit. may_truncate: False where the client would rather have an error.
    keep_end: a document that is too long loses its beginning. recipe: a saved one by name. first_scores: the
    first stage's, one a document.
    """

    query: str
    documents: tuple[str, ...]
    model: str = ""
    top_n: int | None = None
    instruction: str | None = None
    return_documents: bool = True
    raw_scores: bool = False
    most_tokens: int = 0
    may_truncate: bool = True
    keep_end: bool = False
    recipe: str = ""
    first_scores: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What scoring gave. kept: the best `top_n`, best first. reranked: False where a recipe's gate left the
    query to the first stage.
    """

    call: Call
    kept: tuple[RankedDocument, ...]
    scorer: ScorerInfo
    tokens: int
    notices: tuple[Sentence, ...]
    recipe: str = ""
    reranked: bool = True

    @classmethod
    def of(cls, call: Call, reranking: Reranking) -> "Answer":
        """The answer to a call."""
        notices = tuple(notice.sentence for notice in reranking.notices)
        kept = reranking.ranked[: call.top_n]
        recipe = reranking.recipe.title if reranking.recipe else ""
        return cls(call, kept, reranking.scorer, reranking.tokens, notices, recipe, not reranking.kept_first)

    @property
    def model(self) -> str:
        """The name to answer with: the client's own, else the model's."""
        return self.call.model or self.scorer.name

    def score(self, ranked: RankedDocument) -> float:
        """A document's score on the scale that was asked for; the first stage's where nothing was scored."""
        if ranked.scored is None:
            assert ranked.first_score is not None  # the gate was tried on it
            return ranked.first_score
        return ranked.score.logit if self.call.raw_scores else ranked.score.probability


def recipe_fields(ranked: RankedDocument) -> dict[str, float]:
    """What a recipe adds to a document: what its blend gives it, and its calibrated probability."""
    added = {"blend": ranked.blend, "calibrated_score": ranked.calibrated}
    return {name: round(value, PROBABILITY_DECIMALS) for name, value in added.items() if value is not None}
