"""A score that is no finite number is refused here, once, before anybody sorts, stores or shows it.

bf16 can overflow on a text that fp32 reads well, and damaged weights give NaN for some texts only. Scorers
call this on the pairs of a micro-batch and hand those with a number over before they raise.
"""

import math
from collections.abc import Sequence

from core.errors import NoNumberError
from core.records import ScoredPair, ScoringRequest


def part_finite(
    finished: Sequence[ScoredPair], requests: Sequence[ScoringRequest]
) -> tuple[list[ScoredPair], NoNumberError | None]:
    """The pairs that have a number, and the error that names the first that has none."""
    numbers = [one for one in finished if math.isfinite(one.score.logit)]
    if len(numbers) == len(finished):
        return numbers, None
    first = min((one.request, one.document) for one in finished if not math.isfinite(one.score.logit))
    text = requests[first[0]].documents[first[1]]
    return numbers, NoNumberError.of(*first, queries=len(requests), text=text)
