"""What a round of judging will cost, before it starts: requests, tokens, and money where prices are known.

Tokens are estimated from characters. What is known already is not paid for again and not counted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.judging.pairs import Pair
from core.judging.panel import MOST_CHARACTERS, Panel
from core.judging.prompt import messages
from core.judging.rounds import unanswered
from core.judging.store import LabelStore
from core.models.remote.cost import estimated_tokens
from core.sentences import Sentence, sentence

# `{"grades": [2]}`: what an answer takes at least; a model that thinks aloud writes far more.
ANSWER_TOKENS, GRADE_TOKENS = 6, 2

NOTHING_TO_ASK = "Every answer is known already: nothing is sent and nothing is spent."
EXPECTED = (
    "{pairs} pairs, {answers} answers, of which {known} are known already: {requests} requests, about {read} "
    "tokens to read and at least {written} to write."
)
MONEY = "At {price_in} and {price_out} per million that is about {money}."
NO_PRICE = "What the endpoint charges is not known here; give its prices to see the sum."
BAD_PRICE = "A price is a number of at least 0."


@dataclass(frozen=True, slots=True)
class Prices:
    """Per million tokens read and written, in one currency."""

    read: float
    written: float
    currency: str = ""

    def __post_init__(self) -> None:
        if not all(math.isfinite(price) and price >= 0 for price in (self.read, self.written)):
            raise InputError(BAD_PRICE, where="price")


@dataclass(frozen=True, slots=True)
class ExpectedCost:
    """pairs: in the scope; answers: of models and votes, known ones among them.

    requests, read, written: what is still to come, the last two in tokens.
    """

    pairs: int
    answers: int
    known: int
    requests: int
    read: float
    written: float
    prices: Prices | None = None

    @property
    def amount(self) -> float | None:
        """Money, in the currency of the prices; None without any."""
        if self.prices is None:
            return None
        return (self.read * self.prices.read + self.written * self.prices.written) / 1e6

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What it costs, and from what that was reckoned."""
        if not self.requests:
            return (sentence(NOTHING_TO_ASK),)
        expected = sentence(
            EXPECTED,
            pairs=f"{self.pairs:,}",
            answers=f"{self.answers:,}",
            known=f"{self.known:,}",
            requests=f"{self.requests:,}",
            read=_rounded(self.read),
            written=_rounded(self.written),
        )
        if self.prices is None or self.amount is None:
            return expected, sentence(NO_PRICE)
        unit = self.prices.currency
        money = sentence(
            MONEY,
            price_in=f"{unit}{self.prices.read:g}",
            price_out=f"{unit}{self.prices.written:g}",
            money=f"{unit}{float(f'{self.amount:.2g}'):g}",
        )
        return expected, money


def expected_cost(
    store: LabelStore, panel: Panel, pairs: Sequence[Pair], prices: Prices | None = None
) -> ExpectedCost:
    """What judging these pairs will take from now on."""
    answers = len(pairs) * len(panel.models) * panel.votes
    left = unanswered(store, panel, pairs)
    frame = sum(estimated_tokens(one["content"]) for one in messages(panel.rubric, "", []))
    requests: dict[tuple[str, int, str], int] = {}
    read = 0.0
    for model, vote, position in left:
        pair = pairs[position]
        asked = (model, vote, pair.query)
        if requests.get(asked, 0) % panel.together == 0:
            read += frame + estimated_tokens(pair.query)
        requests[asked] = requests.get(asked, 0) + 1
        read += estimated_tokens(pair.document[:MOST_CHARACTERS])
    sent = sum(math.ceil(count / panel.together) for count in requests.values())
    written = sent * ANSWER_TOKENS + len(left) * GRADE_TOKENS
    return ExpectedCost(
        len(pairs), answers, answers - _asked(left, pairs, panel), sent, read, written, prices
    )


def _asked(left: Sequence[tuple[str, int, int]], pairs: Sequence[Pair], panel: Panel) -> int:
    """How many answers of these pairs are to come: an equal text's count with the one that is asked about."""
    missing = {(model, vote, pairs[at].query, pairs[at].document) for model, vote, at in left}
    return sum(
        (model, vote, pair.query, pair.document) in missing
        for pair in pairs
        for model in panel.models
        for vote in range(panel.votes)
    )


def _rounded(tokens: float) -> str:
    return f"{float(f'{tokens:.2g}'):,.0f}"
