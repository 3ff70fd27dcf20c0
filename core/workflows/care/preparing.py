"""Document care as a step before scoring: clean, cut into chunks, and fold chunk scores back into documents.

What is scored is the cleaned text; results and exports keep the original beside it. A document that is cut
here gets a `ChunkedScore`, like one that an engine had to read in chunks because it was longer than the model
reads; chunks cut here are small enough that the engine cuts none of them again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import InputError
from core.records import ChunkedScore, CountsDocumentTokens, Score, Scorer
from core.text.chunking import (
    DEFAULT_LEAST,
    DEFAULT_OVERLAP,
    Chunk,
    ChunkSettings,
    CountTokens,
    aggregate,
    chunk_document,
    estimated_tokens,
)
from core.text.cleaning.documents import CleanedDocument, clean_lists
from core.text.cleaning.rules import RULE_NAMES, RuleName, rule_names


@dataclass(frozen=True, slots=True)
class CareSettings:
    """rules: the cleaning rules that are on. chunks: how long documents are cut; None scores them whole."""

    rules: tuple[RuleName, ...] = ()
    chunks: ChunkSettings | None = None

    @property
    def active(self) -> bool:
        """Whether anything is done at all."""
        return bool(self.rules) or self.chunks is not None

    def stored(self) -> dict[str, Any]:
        """As JSON values, for a job's settings."""
        return {"rules": list(self.rules), "chunks": asdict(self.chunks) if self.chunks else None}

    @classmethod
    def read(cls, stored: Mapping[str, Any] | None) -> "CareSettings":
        """From `stored`; nothing is done where there is none."""
        if not stored:
            return cls()
        chunks = stored.get("chunks")
        return cls(rule_names(stored.get("rules", ())), ChunkSettings(**chunks) if chunks else None)

    def rows(self) -> list[tuple[str, str]]:
        """As lines of a Settings sheet, in English."""
        if not self.active:
            return []
        rows = [("cleaning rules", ", ".join(self.rules) or "none")]
        if self.chunks is None:
            return [*rows, ("chunks", "none")]
        return [
            *rows,
            ("chunks: most tokens", str(self.chunks.tokens)),
            ("chunks: overlap in tokens", str(self.chunks.overlap)),
            ("chunks: least tokens", str(self.chunks.least)),
            ("chunks: score of a document", score_rule(self.chunks.top)),
        ]


def score_rule(top: int) -> str:
    """How chunk scores become a document's, in English."""
    return "its best chunk" if top == 1 else f"mean logit of its best {top} chunks"


@dataclass(frozen=True, slots=True)
class CaredDocument:
    """A document ready to be scored: cleaned, and cut if it is long. chunks: one when it is scored whole."""

    cleaned: CleanedDocument
    chunks: tuple[Chunk, ...]

    @property
    def cut(self) -> bool:
        """Whether it is scored in chunks."""
        return len(self.chunks) > 1


@dataclass(frozen=True, slots=True)
class DocumentCare:
    """What was done to a scored document. logits: one a chunk, in order."""

    document: CaredDocument
    logits: tuple[float, ...]

    @property
    def winner(self) -> int:
        """The position of the best chunk; the first of equal ones."""
        return max(range(len(self.logits)), key=lambda at: self.logits[at])

    @property
    def winning_chunk(self) -> Chunk:
        """The best chunk; the whole document where it was not cut."""
        return self.document.chunks[self.winner]


def asked_care(rules: str | None, tokens: int | None, top: int | None) -> CareSettings:
    """From the words of a command line. rules: names with commas between, or «all»; tokens: of a chunk."""
    if top is not None and tokens is None:
        raise InputError(
            "Chunks are averaged only where documents are cut.",
            where="chunks",
            hint="Say how long chunks are.",
        )
    names = (
        RULE_NAMES
        if rules == "all"
        else rule_names(part.strip() for part in (rules or "").split(",") if part)
    )
    if tokens is None:
        return CareSettings(names)
    overlap = min(DEFAULT_OVERLAP, tokens // 8)
    return CareSettings(names, ChunkSettings(tokens, overlap, min(DEFAULT_LEAST, tokens // 8), top or 1))


def token_counter(scorer: Scorer) -> CountTokens:
    """The model's own count; an estimate where the scorer has no tokenizer at hand."""
    return scorer.document_tokens if isinstance(scorer, CountsDocumentTokens) else estimated_tokens


def care_for(
    documents: Sequence[str], settings: CareSettings, count: CountTokens
) -> tuple[CaredDocument, ...]:
    """One list's documents after all that is on, in order."""
    (cared,) = care_for_lists([documents], settings, count)
    return cared


def care_for_lists(
    lists: Sequence[Sequence[str]],
    settings: CareSettings,
    count: CountTokens,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[tuple[CaredDocument, ...]]:
    """Several queries' documents; a text that stands in many lists is cut once.

    on_progress(done, total): lists that were cut.
    """
    chunks: dict[str, tuple[Chunk, ...]] = {}

    def cut(document: CleanedDocument) -> CaredDocument:
        text = document.text
        if text not in chunks:
            whole = (Chunk(0, len(text), text),)
            chunks[text] = whole if settings.chunks is None else chunk_document(text, settings.chunks, count)
        return CaredDocument(document, chunks[text] or (Chunk(0, len(text), text),))

    cared: list[tuple[CaredDocument, ...]] = []
    for done, cleaned in enumerate(clean_lists(lists, settings.rules), start=1):
        cared.append(tuple(cut(document) for document in cleaned))
        if on_progress is not None:
            on_progress(done, len(lists))
    return cared


def scored_texts(documents: Sequence[CaredDocument]) -> tuple[str, ...]:
    """The texts to score, chunk by chunk, in order."""
    return tuple(chunk.text for document in documents for chunk in document.chunks)


def folded(
    documents: Sequence[CaredDocument], scores: Sequence[Score], settings: CareSettings
) -> tuple[list[Score], list[DocumentCare]]:
    """Each document's score from those of its texts, which stand in the order of `scored_texts`."""
    top = settings.chunks.top if settings.chunks else 1
    whole: list[Score] = []
    cares: list[DocumentCare] = []
    position = 0
    for document in documents:
        own = scores[position : position + len(document.chunks)]
        position += len(own)
        whole.append(folded_score(own, top))
        cares.append(DocumentCare(document, tuple(score.logit for score in own)))
    return whole, cares


def folded_score(scores: Sequence[Score], top: int) -> Score:
    """A document's score from its chunks'; a document that was not cut keeps its own."""
    if len(scores) == 1:
        return scores[0]
    logits = [score.logit for score in scores]
    logit = aggregate(logits, top)
    return ChunkedScore(
        logit,
        sum(score.tokens for score in scores),
        any(score.truncated for score in scores),
        winning_chunk=max(range(len(logits)), key=lambda at: logits[at]),
        chunks=len(scores),
    )
