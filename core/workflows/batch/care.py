"""Document care for a batch: what is scored instead of each document, and folding scores back afterwards.

A job stores what is scored, chunk by chunk, so that its cache, its progress and its resuming need to know
nothing of this. The originals and what was done to them are attached to the job. A text that stands in many
queries is kept once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.records import Score, ScoringRequest
from core.storage.attachments import packed, unpacked
from core.text.chunking import Chunk, CountTokens
from core.text.cleaning.documents import CleanedDocument, CleaningCounts, RuleChange, cleaning_counts
from core.text.cleaning.duplicates import Duplicate
from core.workflows.care.preparing import (
    CaredDocument,
    CareSettings,
    DocumentCare,
    care_for_lists,
    folded_score,
    scored_texts,
)

CARE = "care"


@dataclass(frozen=True, slots=True)
class BatchCare:
    """The documents of a batch, query by query, after care. requests: the originals."""

    settings: CareSettings
    requests: tuple[ScoringRequest, ...]
    documents: tuple[tuple[CaredDocument, ...], ...]

    @classmethod
    def of(
        cls,
        requests: tuple[ScoringRequest, ...],
        settings: CareSettings,
        count: CountTokens,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> "BatchCare":
        """Clean and cut. Boilerplate is looked for over the whole batch, duplicates within each query."""
        lists = [request.documents for request in requests]
        return cls(settings, requests, tuple(care_for_lists(lists, settings, count, on_progress)))

    @property
    def scored_requests(self) -> tuple[ScoringRequest, ...]:
        """What is scored: one text a chunk, in order."""
        return tuple(
            replace(request, documents=scored_texts(documents))
            for request, documents in zip(self.requests, self.documents, strict=True)
        )

    @property
    def counts(self) -> CleaningCounts:
        """What the rules did, over all pairs."""
        return cleaning_counts(document.cleaned for documents in self.documents for document in documents)

    @property
    def cut(self) -> tuple[int, int]:
        """How many pairs are scored in chunks, and in how many chunks together."""
        lengths = [len(one.chunks) for documents in self.documents for one in documents if one.cut]
        return len(lengths), sum(lengths)


@dataclass(frozen=True, slots=True)
class FoldedBatch:
    """A batch's originals with a score each, None where one of its texts has none yet, and what was done."""

    requests: tuple[ScoringRequest, ...]
    scores: tuple[Score | None, ...]
    cares: tuple[DocumentCare | None, ...]


def pack_care(care: BatchCare) -> bytes:
    """Originals and what was done, as an attachment. Chunks' texts lie with the job."""
    places: dict[tuple[str, str], int] = {}
    texts: list[list[Any]] = []
    pairs: list[int] = []
    duplicates: dict[int, list[float]] = {}
    for request, documents in zip(care.requests, care.documents, strict=True):
        for original, document in zip(request.documents, documents, strict=True):
            cleaned = document.cleaned
            place = places.setdefault((original, cleaned.text), len(texts))
            if place == len(texts):
                changes = [[change.rule, change.count] for change in cleaned.changes]
                spans = [[chunk.start, chunk.end] for chunk in document.chunks]
                text = cleaned.text if cleaned.changed else None
                texts.append([original, text, changes, cleaned.thin, spans])
            if cleaned.duplicate is not None:
                duplicates[len(pairs)] = [cleaned.duplicate.of, cleaned.duplicate.similarity]
            pairs.append(place)
    counts = [len(request.documents) for request in care.requests]
    return packed({"texts": texts, "pairs": pairs, "duplicates": duplicates, "documents": counts})


def care_lengths(body: bytes) -> list[int]:
    """How many documents each query has whose care was kept."""
    return [int(count) for count in unpacked(body)["documents"]]


def fold_batch(
    body: bytes,
    requests: Sequence[ScoringRequest],
    scores: Sequence[Score | None],
    ranks: Sequence[int],
    settings: CareSettings,
) -> FoldedBatch:
    """Put a job's texts and scores back onto the originals that `pack_care` kept.

    ranks: each pair's former rank; a repeated document is named by it.
    """
    content = unpacked(body)
    duplicates = {int(pair): given for pair, given in content["duplicates"].items()}
    top = settings.chunks.top if settings.chunks else 1
    originals: list[ScoringRequest] = []
    whole: list[Score | None] = []
    cares: list[DocumentCare | None] = []
    pair = scored = 0
    for request, documents in zip(requests, content["documents"], strict=True):
        first, position = pair, 0
        names: list[str] = []
        for pair in range(first, first + documents):
            original, text, changes, thin, spans = content["texts"][content["pairs"][pair]]
            read = request.documents[position : position + len(spans)]
            duplicate = None
            if pair in duplicates:
                of, similarity = duplicates[pair]
                duplicate = Duplicate(ranks[first + int(of)] - 1, similarity)
            cleaned = CleanedDocument(
                original if text is None else text,
                tuple(RuleChange(rule, count) for rule, count in changes),
                duplicate,
                thin,
            )
            chunks = tuple(Chunk(start, end, part) for (start, end), part in zip(spans, read, strict=True))
            own = [score for score in scores[scored : scored + len(read)] if score is not None]
            complete = len(own) == len(read)
            whole.append(folded_score(own, top) if complete else None)
            logits = tuple(score.logit for score in own)
            cares.append(DocumentCare(CaredDocument(cleaned, chunks), logits) if complete else None)
            names.append(original)
            position += len(read)
            scored += len(read)
        pair = first + documents
        originals.append(replace(request, documents=tuple(names)))
    return FoldedBatch(tuple(originals), tuple(whole), tuple(cares))
