"""What each sentence does to a score, by leaving it out."""

from collections.abc import Callable, Sequence

import pytest

from core.errors import InputError
from core.records import Score, Scorer, ScoringRequest
from core.text.sentences import Span
from core.workflows.rerank.why_score import MOST_PIECES, why_score, without
from tests.workflows.batch.batches import WrittenScorer


class CountingScorer(WrittenScorer):
    """A text's logit is how often «yes» stands in it, less how often «no» does; counts calls."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[ScoringRequest] = []

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        self.calls.append(ScoringRequest(query, tuple(documents), instruction))
        return [Score(text.count("yes") - text.count("no"), len(text), False) for text in documents]


def test_a_change_is_the_whole_less_what_is_left_without_the_sentence() -> None:
    text = "It says yes. It says no. Nothing here! And yes and yes again?"
    why = why_score(CountingScorer(), "query", text)
    assert why.score.logit == 2
    assert [effect.change for effect in why.effects] == [1, -1, 0, 2]
    assert [effect.span.of(text) for effect in why.effects][1] == "It says no."
    assert why.largest == 2 and not why.clauses


def test_all_variants_are_scored_in_one_call() -> None:
    scorer = CountingScorer()
    why_score(scorer, "query", "One. Two. Three.", "Instruct")
    (call,) = scorer.calls
    assert call.documents == ("One. Two. Three.", "Two. Three.", "One. Three.", "One. Two. ")
    assert call.instruction == "Instruct"


def test_a_single_sentence_is_cut_at_its_commas() -> None:
    why = why_score(CountingScorer(), "query", "If the answer is yes, then nobody waits, and that is good.")
    assert why.clauses
    assert [effect.change for effect in why.effects] == [1, -1, 0]


def test_a_single_clause_has_nothing_to_leave_out() -> None:
    with pytest.raises(InputError, match="single clause"):
        why_score(CountingScorer(), "query", "退款三天到账。")


def test_many_sentences_are_joined_into_few_pieces_that_cover_all() -> None:
    text = " ".join(f"Sentence {n} is here." for n in range(3 * MOST_PIECES + 7))
    why = why_score(CountingScorer(), "query", text)
    assert len(why.effects) == MOST_PIECES
    joined = "".join("".join(effect.span.of(text).split()) for effect in why.effects)
    assert joined == "".join(text.split())


def test_a_hole_leaves_one_gap() -> None:
    assert without("One. Two. Three.", Span(5, 9)) == "One. Three."
    assert without("第一句。第二句。第三句。", Span(4, 8)) == "第一句。第三句。"
    assert without("One.\n\nTwo.", Span(0, 4)) == "Two."


def test_the_sentence_with_the_answer_matters_most(embedded: Scorer) -> None:
    text = "Our shop opened in 1998. Refunds are paid within three working days. Invoices come by e-mail."
    why = why_score(embedded, "how long does a refund take", text)
    best = max(why.effects, key=lambda effect: effect.change)
    assert best.span.of(text).startswith("Refunds")
