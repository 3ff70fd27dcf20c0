"""Which documents of a query are read on after a first look at their beginnings. It knows no passes.

There is no bound on what the end of a document does to its score, so a document is left where its beginning
says that it stands far from the top: how often that is wrong is measured (`core.engine.looks.scorer`).
"""

from collections.abc import Collection, Mapping

# Tokens of a document at the first look.
BEGINNING = 128
# A document whose rest is shorter than this is read whole at once: closing the prompt twice costs 9 tokens,
# and every pass its own setting up.
SHORTEST_REST = 32
# So many times the places at the top are read on in any case.
READ_ON = 2


def looks_twice(candidates: int, top: int) -> bool:
    """Whether a first look saves anything: not where nearly all documents would be read on."""
    return candidates > READ_ON * top


def read_on_first(logits: Mapping[int, float], top: int) -> list[int]:
    """The best by their beginnings: twice as many as there are places. logits: by document."""
    return _best_first(logits)[: READ_ON * top]


def read_on_then(logits: Mapping[int, float], top: int, whole: Collection[int]) -> list[int]:
    """Those whose beginnings score as well as the last place at the top. whole: documents read to their end.

    After them no document that was left stands among the first `top`, since reading on can only raise the
    score of that place.
    """
    best = sorted((logits[document] for document in whole), reverse=True)
    least = best[top - 1] if len(best) >= top else float("-inf")
    return [document for document, logit in logits.items() if document not in whole and logit >= least]


def top_of(logits: Mapping[int, float], top: int) -> frozenset[int]:
    """The first `top` documents, equal ones in the caller's order."""
    return frozenset(_best_first(logits)[:top])


def _best_first(logits: Mapping[int, float]) -> list[int]:
    return sorted(logits, key=lambda document: (-logits[document], document))
