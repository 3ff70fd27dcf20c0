"""A blend in words."""

from core.evaluation.blends.order import Blend
from core.sentences import Sentence, sentence


def blend_words(blend: Blend) -> Sentence:
    """How the first stage counts."""
    if blend.kind == "rrf":
        said = sentence("reciprocal rank fusion")
    elif blend.weight >= 1:
        said = sentence("the reranker alone")
    elif blend.weight <= 0:
        said = sentence("the first stage alone")
    else:
        template = (
            "{share} reranker, the rest first stage, by scores"
            if blend.kind == "scores"
            else "{share} reranker, the rest first stage, by ranks"
        )
        said = sentence(template, share=f"{blend.weight:.0%}")
    if blend.gate is None:
        return said
    return sentence(
        "{blend}, only where the first stage's margin is below {gate}", blend=said, gate=f"{blend.gate:.2f}"
    )
