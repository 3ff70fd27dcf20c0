"""What a hosted reranker will charge for a job, known before it runs.

Only where its maker's list price is known; pairs that the cache knows are not paid for again.
"""

from collections.abc import Sequence

from core.jobs import ScoreCache
from core.models.remote.cost import Estimate, estimate
from core.models.remote.scorer import RemoteScorer
from core.records import Scorer, ScoringRequest
from core.sentences import NOTHING, Sentence
from core.workflows.home.plan import unscored_pairs

EXPECTED = "This run costs about {money}: {pairs} pairs, about {tokens} tokens, at {price} per million."
BASIS = "The price is that of the maker's list of {day}; tokens are estimated from the texts' characters."
UNKNOWN = "What {model} charges is not known here."


def expected_cost(
    requests: Sequence[ScoringRequest], scorer: Scorer, cache: ScoreCache
) -> tuple[int, Estimate] | None:
    """How many pairs will be paid for, and what they cost; None where no price is known."""
    if not isinstance(scorer, RemoteScorer) or scorer.price is None:
        return None
    pairs = list(unscored_pairs(requests, scorer, cache))
    return len(pairs), estimate(pairs, scorer.price)


def cost_sentence(pairs: int, cost: Estimate) -> Sentence:
    """What it costs, and at which price."""
    return Sentence(EXPECTED, {"money": cost.money, "pairs": f"{pairs:,}", **cost.basis})


def basis_sentence(cost: Estimate) -> Sentence:
    """Where price and tokens are from."""
    return Sentence(BASIS, dict(cost.basis))


def unknown_price(scorer: Scorer) -> Sentence:
    """Said of a hosted model without a known price; NOTHING of any other."""
    if not isinstance(scorer, RemoteScorer) or not scorer.hosted or scorer.price is not None:
        return NOTHING
    return Sentence(UNKNOWN, {"model": scorer.info.label})
