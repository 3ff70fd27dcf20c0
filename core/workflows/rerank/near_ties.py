"""How close two scores must be for their order to mean little."""

from core.evaluation.distributions import ScoreSpread
from core.records import ScorerInfo

# Two neighbours closer than this are called a near tie: their order could change with the precision or
# the wording. 0.1 in log-odds is at most 2.5 points of probability. Reduced precision moves logits by up to
# 0.25 (the tolerance of the published bf16 self-test), so there the line is drawn wider.
NEAR_TIE_LOGIT = 0.1
NEAR_TIE_LOGIT_REDUCED_PRECISION = 0.25


def near_tie_gap(info: ScorerInfo, spread: ScoreSpread | None) -> float:
    """The logit distance below which two documents count as nearly tied.

    spread: how the model's scores lie, where that is known: what is little differs from model to model.
    Without it the distances are Qwen3-Reranker's, whose logits reduced precision alone may move as far.
    """
    precise = info.precision == "fp32"
    if spread is None:
        return NEAR_TIE_LOGIT if precise else NEAR_TIE_LOGIT_REDUCED_PRECISION
    noise = 0.0 if precise or info.kind != "qwen3" else NEAR_TIE_LOGIT_REDUCED_PRECISION
    return max(spread.tie_gap, noise)
