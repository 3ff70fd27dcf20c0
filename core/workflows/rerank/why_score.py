"""Why a document has its score: what the logit loses when one sentence is left out (occlusion).

Approximate by nature: sentences that say the same cover for each other, and a text with a hole is not how
people write. All variants of a document are scored in one call.
"""

from dataclasses import dataclass

from core.errors import InputError
from core.records import Score, Scorer, ScorerInfo
from core.text.sentences import Span, clause_spans, sentence_spans

# More pieces are joined with their neighbours: each costs a scored text, and no reader follows more.
MOST_PIECES = 40


@dataclass(frozen=True, slots=True)
class Effect:
    """A piece of the text and what it did: the logit of the whole minus the logit without it."""

    span: Span
    change: float


@dataclass(frozen=True, slots=True)
class WhyScore:
    """A document's pieces in order. clauses: it had one sentence, so that was cut at its commas.

    tokens: read over all variants.
    """

    text: str
    score: Score
    effects: tuple[Effect, ...]
    clauses: bool
    tokens: int
    scorer: ScorerInfo

    @property
    def largest(self) -> float:
        """The largest change in either direction, to shade by; above 0."""
        return max(max(abs(effect.change) for effect in self.effects), 1e-9)


def why_score(scorer: Scorer, query: str, text: str, instruction: str | None = None) -> WhyScore:
    """Score the text whole and without each of its sentences.

    InputError when there is nothing to leave out.
    """
    spans, clauses = sentence_spans(text), False
    if len(spans) < 2:
        spans, clauses = clause_spans(text), True
    if len(spans) < 2:
        raise InputError(
            "The text is a single clause; without it nothing would be left to score.", where="document"
        )
    pieces = _joined(spans)
    scores = scorer.score(query, [text, *(without(text, piece) for piece in pieces)], instruction)
    whole, *variants = scores
    return WhyScore(
        text,
        whole,
        tuple(
            Effect(piece, whole.logit - variant.logit)
            for piece, variant in zip(pieces, variants, strict=True)
        ),
        clauses,
        sum(score.tokens for score in scores),
        scorer.info,
    )


def without(text: str, span: Span) -> str:
    """The text with a hole, and one gap of white space where there were two."""
    before, after = text[: span.start], text[span.end :]
    if not before.strip():
        return after.lstrip()
    return before + after.lstrip() if before[-1:].isspace() else before + after


def _joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """At most so many pieces, neighbours joined evenly."""
    if len(spans) <= MOST_PIECES:
        return spans
    bounds = [round(place * len(spans) / MOST_PIECES) for place in range(MOST_PIECES + 1)]
    return tuple(
        Span(spans[first].start, spans[last - 1].end) for first, last in zip(bounds, bounds[1:], strict=False)
    )
