"""What scoring by a hosted reranker costs, estimated from its list price; nothing is known of discounts.

Tokens are estimated from characters, because the makers' tokenizers are not at hand, and each document is
counted with its query, as the makers' documentation does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.models.remote.servers.server import Price
from core.records import ScoringRequest

# Tokens a character: about four letters a token in European languages, three tokens for four Han characters.
LATIN_TOKENS, WIDE_TOKENS = 0.25, 0.75
# Characters from here on belong to scripts whose characters are words or syllables.
FIRST_WIDE = "\u2e80"


def estimated_tokens(text: str) -> float:
    """About how many tokens a hosted reranker counts; within a third for Chinese and English texts."""
    wide = sum(character >= FIRST_WIDE for character in text)
    return wide * WIDE_TOKENS + (len(text) - wide) * LATIN_TOKENS


@dataclass(frozen=True, slots=True)
class Estimate:
    """What scoring will cost, and from what that was reckoned."""

    tokens: float
    price: Price

    @property
    def amount(self) -> float:
        """In the price's currency."""
        return self.tokens * self.price.per_million_tokens / 1e6

    @property
    def money(self) -> str:
        """The amount with its currency, two figures: an estimate is good for no more."""
        return f"{self.price.currency}{_two_figures(self.amount)}"

    @property
    def basis(self) -> dict[str, str]:
        """The facts behind it, for a sentence: tokens, price, day."""
        return {
            "tokens": f"{float(f'{self.tokens:.2g}'):,.0f}",
            "price": f"{self.price.currency}{self.price.per_million_tokens:g}",
            "day": self.price.looked_up,
        }


def estimate(requests: Iterable[ScoringRequest], price: Price) -> Estimate:
    """The cost of scoring every distinct pair of each request once."""
    tokens = 0.0
    for request in requests:
        documents = dict.fromkeys(request.documents)
        tokens += len(documents) * estimated_tokens(request.query) + sum(map(estimated_tokens, documents))
    return Estimate(tokens, price)


def _two_figures(amount: float) -> str:
    rounded = float(f"{amount:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}" if rounded >= 1e-4 else f"{rounded:.1e}"
