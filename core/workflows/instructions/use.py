"""How an instruction reaches a model: in the slot of its prompt or, where it has none, before the query.

The second is a makeshift and is named wherever its results are shown: the model reads the words as part of
the query, so what they do says little of a model that takes instructions.
"""

from collections.abc import Sequence

from core.engine.prompt import DEFAULT_INSTRUCTION
from core.records import ScorerInfo, ScoringRequest
from core.sentences import Sentence, sentence

AS_WORDS = "Tried as words in front of the query, because {model} takes no instruction."
IN_SLOT = "Given to {model} as its instruction."


def usable(instruction: str | None, uses_instruction: bool) -> str | None:
    """The wording without blanks around it; None where it is the model's default or there is none.

    The default written out is the default: equal prompts must not be scored twice or win against each other.
    """
    wording = (instruction or "").strip() or None
    return None if uses_instruction and wording == DEFAULT_INSTRUCTION else wording


def instructed(
    query: str, documents: Sequence[str], instruction: str | None, uses_instruction: bool
) -> ScoringRequest:
    """The request that tries an instruction on a model."""
    wording = usable(instruction, uses_instruction)
    if uses_instruction or wording is None:
        return ScoringRequest(query, tuple(documents), wording)
    return ScoringRequest(f"{wording}\n{query}", tuple(documents))


def how_used(model: ScorerInfo) -> Sentence:
    """What to say beside results: slot or words."""
    return sentence(IN_SLOT if model.uses_instruction else AS_WORDS, model=model.label)
