"""Whether what is served still looks like the data that a recipe was proven on.

One number a query, its best logit, because the candidates of a query are alike and would be counted as if
they were independent. Two samples of it are compared by Kolmogorov and Smirnov's test. That they differ says
that the recipe meets other queries or documents than it was proven on, not that it has become worse.
"""

import statistics
from dataclasses import dataclass

from core.recipes.evidence import ScoreShape
from core.sentences import Sentence, sentence

FEWEST_SERVED = 50
# Somebody looks at this often, so a false alarm must be rarer than in a single test.
ALPHA = 0.01

NOT_YET = "Served under this recipe: {served} queries; from {fewest} on they are compared with its evidence."
SAME = (
    "No drift shown: the best scores of {served} served queries lie as in the evidence (median logit {now} "
    "and {then}; p {p})."
)
LOWER = (
    "Drift: the best scores of {served} served queries are lower than in the evidence (median logit "
    "{now}, was {then}; p {p}). Label some of what is served, and measure again."
)
HIGHER = (
    "Drift: the best scores of {served} served queries are higher than in the evidence (median logit "
    "{now}, was {then}; p {p}). Label some of what is served, and measure again."
)
SHARES = (
    "Truncated documents {truncated_now} (was {truncated_then}), Chinese queries {chinese_now} "
    "(was {chinese_then})."
)
UNDER = "Below the threshold {now} (was {then})."


@dataclass(frozen=True, slots=True)
class Drift:
    """p_value: None while too few queries were served. drifted: the test says so."""

    served: int
    p_value: float | None
    drifted: bool
    sentences: tuple[Sentence, ...]


def drift(evidence: ScoreShape, served: ScoreShape | None) -> Drift:
    """What is served beside the evidence."""
    count = served.queries if served else 0
    if served is None or count < FEWEST_SERVED:
        return Drift(count, None, False, (sentence(NOT_YET, served=count, fewest=FEWEST_SERVED),))
    from scipy import stats  # type: ignore[import-untyped]

    p_value = float(stats.ks_2samp(evidence.best, served.best).pvalue)
    then, now = statistics.median(evidence.best), statistics.median(served.best)
    drifted = p_value < ALPHA
    template = SAME if not drifted else LOWER if now < then else HIGHER
    p_text = f"= {p_value:.3f}" if p_value >= 0.001 else "< 0.001"
    said = [
        Sentence(template, {"served": count, "now": f"{now:+.2f}", "then": f"{then:+.2f}", "p": p_text}),
        sentence(
            SHARES,
            truncated_now=f"{served.truncated:.0%}",
            truncated_then=f"{evidence.truncated:.0%}",
            chinese_now=f"{served.chinese:.0%}",
            chinese_then=f"{evidence.chinese:.0%}",
        ),
    ]
    if evidence.under is not None and served.under is not None:
        said.append(sentence(UNDER, now=f"{served.under:.0%}", then=f"{evidence.under:.0%}"))
    return Drift(count, p_value, drifted, tuple(said))
