"""One query of an evaluation, handed over to a page that tries it."""

from core.workflows.evaluate.outcome import Outcome
from pages.parts.asked.hand_over import draw_hand_over


def draw_query_hand_over(key: str, outcome: Outcome, query_id: str, system: int) -> None:
    """A button where the texts are known: runs of other tools may come without them. key: its prefix."""
    data = outcome.data
    texts, ranking = data.texts.get(query_id), data.initial.rankings.get(query_id)
    if not texts or ranking is None:
        return
    instruction = outcome.systems[system].instruction if system < len(outcome.systems) else None
    draw_hand_over(
        key,
        data.judgements[query_id].query,
        [texts[document] for document in ranking.documents],
        data.instructions.get(query_id, instruction),
    )
