"""What scoring by a hosted reranker costs, estimated from its list price; nothing is known of discounts.

Tokens are estimated from characters, because the makers' tokenizers are not at hand, and each document is
counted with its query, as the makers' documentation does.
"""

from collections.abc import Iterable

from core.records import ScoringRequest

# Tokens a character: about four letters a token in European languages, three tokens for four Han characters.
LATIN_TOKENS, WIDE_TOKENS = 0.25, 0.75
# Characters from here on belong to scripts whose characters are words or syllables.
FIRST_WIDE = "\u2e80"


def estimated_tokens(text: str) -> float:
    """About how many tokens a hosted reranker counts; within a third for Chinese and English texts."""
    wide = sum(character >= FIRST_WIDE for character in text)
    return wide * WIDE_TOKENS + (len(text) - wide) * LATIN_TOKENS


def estimated_dollars(requests: Iterable[ScoringRequest], per_million_tokens: float) -> float:
    """US dollars for scoring every distinct pair once."""
    tokens = 0.0
    for request in requests:
        documents = dict.fromkeys(request.documents)
        tokens += len(documents) * estimated_tokens(request.query) + sum(map(estimated_tokens, documents))
    return tokens * per_million_tokens / 1e6
