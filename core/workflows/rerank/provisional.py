"""The order of a reranking that still runs: of those documents whose scores are there.

Each score is final, the places are not: a document that is still to be read may come before any of them. The
order is made as at the end, by `core.workflows.rerank.reranking`.
"""

from dataclasses import replace
from itertools import accumulate

from core.workflows.rerank.course import Course
from core.workflows.rerank.reranking import Prepared, Reranking, conclude


def order_so_far(course: Course) -> Reranking | None:
    """The documents that the model has read, best first; None before the first one.

    Places before are those in the whole list, new ones count among these documents.
    """
    asked, scores = course.asked, course.scores
    if asked is None:
        return None
    texts = _texts_of(asked)
    read = [at for at, own in enumerate(texts) if all(text in scores for text in own)]
    if not read:
        return None
    found = conclude(_part(asked, read, texts), [scores[text] for at in read for text in texts[at]], 0.0)
    ranked = tuple(
        replace(one, index=read[one.index], original_rank=read[one.index] + 1) for one in found.ranked
    )
    return replace(found, ranked=ranked, notices=())


def _texts_of(asked: Prepared) -> list[range]:
    """The positions of each document's texts."""
    counts = [len(one.chunks) for one in asked.prepared] or [1] * len(asked.documents)
    ends = accumulate(counts)
    return [range(end - count, end) for end, count in zip(ends, counts, strict=True)]


def _part(asked: Prepared, kept: list[int], texts: list[range]) -> Prepared:
    """The same request with only these documents."""
    return replace(
        asked,
        documents=[asked.documents[at] for at in kept],
        texts=[asked.texts[text] for at in kept for text in texts[at]],
        prepared=tuple(asked.prepared[at] for at in kept) if asked.prepared else (),
        shortened=frozenset(new for new, at in enumerate(kept) if at in asked.shortened),
        first_scores=None if asked.first_scores is None else [asked.first_scores[at] for at in kept],
    )
