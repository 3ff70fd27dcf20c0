"""Agreement to what a hosted reranker will charge, before a command spends it."""

import sys
from collections.abc import Sequence

from core.errors import InputError, StoppedError
from core.jobs import ScoreCache
from core.records import Scorer, ScoringRequest
from core.workflows.home.expected_cost import basis_sentence, cost_sentence, expected_cost, unknown_price

TOO_MUCH = "{cost} More than --spend {limit} agrees to."
NOT_AGREED = "{cost} {basis} Nobody agreed to that."
AGREE = "Add --spend {sum} to agree to so much in {currency}."
DECLINED = "Nothing was sent and nothing is spent."


def agree_to_cost(
    requests: Sequence[ScoringRequest], scorer: Scorer, cache: ScoreCache, limit: float | None
) -> None:
    """Say what it costs and go on only with consent: a sum on the command line, or an answer at a terminal.

    InputError without it; StoppedError where somebody at the terminal says no.
    """
    expected = expected_cost(requests, scorer, cache)
    if expected is None:
        unknown = unknown_price(scorer)
        if unknown.template:
            print(unknown.text, file=sys.stderr)
        return
    pairs, cost = expected
    if not pairs:
        return
    said, basis = cost_sentence(pairs, cost), basis_sentence(cost)
    facts = {"sum": f"{cost.amount:.2g}", "currency": cost.price.currency}
    if limit is not None and cost.amount > limit:
        raise InputError(TOO_MUCH, where="--spend", hint=AGREE, cost=said, limit=f"{limit:g}", **facts)
    if limit is None and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(NOT_AGREED, where="--spend", hint=AGREE, cost=said, basis=basis, **facts)
    print(f"{said.text} {basis.text}", file=sys.stderr)
    if limit is None:
        print("Go on? [y/N] ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise StoppedError(DECLINED)
