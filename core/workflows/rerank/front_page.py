"""The first page of a reranking's workbook: the query, the sentence, and the documents now first."""

from datetime import date
from typing import TypeVar

from core.sentences import Sentence, sentence
from core.sheets.tables import TableColumn
from core.sheets.writing.charts import Words
from core.sheets.writing.cover import Cover, CoverTable
from core.workflows.home.score_columns import gives_probabilities, scale
from core.workflows.rerank.reranking import Reranking

T = TypeVar("T")

# Documents shown there, and characters of each.
FIRST, TEXT_SHOWN = 10, 240

NONE_REACHES = "No document reaches the recipe's threshold."
UNCHANGED = "The order stays as it was."
SAME_FIRST = "Rank 1 stays; {risen} rose, {fallen} fell"
NEW_FIRST = "Rank {rank} is now rank 1; {risen} rose, {fallen} fell"


def headline(result: Reranking) -> Sentence:
    """What became of the order."""
    if not result.ranked:
        return sentence(NONE_REACHES)
    moves = [one.movement for one in result.ranked]
    if not any(moves):
        return sentence(UNCHANGED)
    facts = {"risen": sum(move > 0 for move in moves), "fallen": sum(move < 0 for move in moves)}
    first = result.ranked[0].original_rank
    return sentence(SAME_FIRST, **facts) if first == 1 else sentence(NEW_FIRST, rank=first, **facts)


def front_page(result: Reranking) -> Cover:
    """The query first, then what the documents became."""
    facts: list[tuple[Words, Words]] = [(Sentence("Query"), result.query)]
    facts += [(Sentence("Instruction"), result.instruction)] if result.instruction else []
    facts += [
        (Sentence("Date"), date.today().isoformat()),
        (Sentence("Model"), result.scorer.label),
        (Sentence("Documents"), str(len(result.ranked))),
    ]
    columns = (
        TableColumn("document", title=Sentence("document")),
        TableColumn("new_rank", "integer", "0", title=Sentence("new_rank")),
        TableColumn("original_rank", "integer", "0", title=Sentence("original_rank")),
        *_in_order(
            result,
            TableColumn("probability", "number", "0.0000", title=scale(result.scorer)),
            TableColumn("logit", "number", "0.000", title=Sentence("logit")),
        ),
    )
    rows = tuple(
        (
            _beginning(one.document),
            one.new_rank,
            one.original_rank,
            *_in_order(result, one.score.probability, one.score.logit),
        )
        for one in result.ranked[:FIRST]
    )
    return Cover(
        name="Overview",
        title=Sentence("Reranked documents"),
        facts=tuple(facts),
        headline=headline(result),
        tables=(CoverTable(columns, rows),),
        next_steps=tuple(notice.sentence for notice in result.notices),
        next_title=Sentence("To keep in mind"),
    )


def _in_order(result: Reranking, probability: T, logit: T) -> tuple[T, T]:
    """A logit says more than a similarity, a probability more than a logit."""
    return (probability, logit) if gives_probabilities(result.scorer) else (logit, probability)


def _beginning(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else text[:TEXT_SHOWN] + "…"
