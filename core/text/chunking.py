"""Long documents in chunks that fit a token budget, cut at headings, then paragraphs, then sentences.

Sections come from headings; a section that is too long is cut by `semantic-text-splitter`, which is told
this project's own sentence ends, because its rules put a Chinese opening quotation mark before the cut. A
chunk from the middle of a section carries its heading, and one from the middle of an article its number.
Tokens are counted by whoever calls; `estimated_tokens` stands in where a model cannot count.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.text.articles import Article, articles, label_at
from core.text.cleaning.thin_documents import thinness
from core.text.headings import Section, sections
from core.text.scripts import HAN, HANGUL, KANA
from core.text.sentences import sentence_spans

FEWEST_TOKENS = 32
DEFAULT_TOKENS, DEFAULT_OVERLAP, DEFAULT_LEAST = 512, 64, 64
# A heading that is longer than this share of a chunk is not repeated in it.
HEADING_SHARE = 0.25
# Marks a sentence's end for the splitter, which takes a line end for a better cut than a sentence's.
_MARK = "\r"
_EAST_ASIAN = re.compile(f"[{HAN}{KANA}{HANGUL}]")

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """tokens: the most of a chunk, its heading included. overlap: what neighbours may share, whole sentences.

    least: a shorter section joins its neighbour. top: how many of the best chunks' logits are averaged into
    the document's; 1 takes the best one.
    """

    tokens: int = DEFAULT_TOKENS
    overlap: int = DEFAULT_OVERLAP
    least: int = DEFAULT_LEAST
    top: int = 1

    def __post_init__(self) -> None:
        if self.tokens < FEWEST_TOKENS:
            raise InputError(
                "A chunk of {tokens} tokens is too small.",
                where="chunks",
                hint="Take at least {least} tokens.",
                tokens=self.tokens,
                least=FEWEST_TOKENS,
            )
        if not 0 <= self.overlap <= self.tokens // 2 or not 0 <= self.least <= self.tokens:
            raise InputError(
                "Overlap and least length do not fit chunks of {tokens} tokens.",
                where="chunks",
                hint="Take at most half of a chunk for the overlap and at most a chunk for the least length.",
                tokens=self.tokens,
            )
        if self.top < 1:
            raise InputError("At least one chunk must count.", where="chunks")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document: characters `start` to `end`, and the text that is scored, heading included."""

    start: int
    end: int
    text: str


def chunk_document(text: str, settings: ChunkSettings, count: CountTokens) -> tuple[Chunk, ...]:
    """The document's chunks in order; the whole document as one where it fits."""
    # Same length, so that positions stay; the mark itself must not occur.
    plain = text.replace("\r\n", " \n").replace("\r", "\n")
    count = _remembered(count)
    if count(plain) <= settings.tokens:
        return (Chunk(0, len(text), text),)
    chunks: list[Chunk] = []
    for section in _long_enough(plain, sections(plain), settings, count):
        chunks += _section_chunks(plain, section, settings, count)
    return tuple(chunks)


def aggregate(logits: Sequence[float], top: int) -> float:
    """A document's logit from its chunks': the mean of the best `top`, or of all where there are fewer."""
    best = sorted(logits, reverse=True)[:top]
    return math.fsum(best) / len(best)


def estimated_tokens(text: str) -> int:
    """About what a multilingual vocabulary needs: 0.7 tokens a Chinese character, 0.25 any other."""
    han = len(_EAST_ASIAN.findall(text))
    return math.ceil(0.7 * han + (len(text) - han) / 4)


def _long_enough(
    text: str, parts: Sequence[Section], settings: ChunkSettings, count: CountTokens
) -> list[Section]:
    """Sections joined with their neighbour where one of the two is short and both fit together.

    What says nothing alone, such as a contract's title, is read with the next even where that has to be cut,
    and at the end with the one before.
    """
    joined: list[Section] = []
    lengths: list[int] = []
    for part in parts:
        length = count(text[part.start : part.end])
        if joined and min(length, lengths[-1]) < settings.least:
            before = joined[-1]
            together = count(text[before.start : part.end])
            fits = together <= settings.tokens
            title = lengths[-1] < settings.least and _is_title(text, before)
            if fits or title or (part is parts[-1] and _is_title(text, part)):
                # What does not fit is cut, and its chunks carry the heading of what most of it is.
                heading = part if title and not fits else before
                joined[-1] = Section(before.start, heading.body, part.end, heading.heading)
                lengths[-1] = together
                continue
        joined.append(part)
        lengths.append(length)
    return joined


def _is_title(text: str, section: Section) -> bool:
    """Whether a short section says nothing alone: what precedes all headings, a heading and hardly more."""
    return not section.heading or thinness(text[section.body : section.end]) in ("blank", "short")


def _section_chunks(text: str, section: Section, settings: ChunkSettings, count: CountTokens) -> list[Chunk]:
    whole = text[section.start : section.end]
    if count(whole) <= settings.tokens:
        return [_chunk(text, section.start, section.end, "")] if whole.strip() else []
    heading, begin = section.heading, section.body
    lead = count(text[section.start : begin])
    if count(heading + "\n") > HEADING_SHARE * settings.tokens or lead > settings.tokens // 2:
        heading, begin, lead = "", section.start, 0
    body = text[begin : section.end]
    found = articles(body)
    label_tokens = max((count(f"{one.label}\n") for one in found), default=0)
    if label_tokens > HEADING_SHARE * settings.tokens:
        found, label_tokens = (), 0
    room = settings.tokens - label_tokens - (count(heading + "\n") if heading else 0)
    # The first piece has no overlap; what stands before it may be longer than its heading.
    capacity = min(room - settings.overlap, settings.tokens - lead)
    pieces = _pieces(body, capacity, count)
    pieces = _without_short_ones(body, pieces, capacity, settings.least, count)
    pieces = _without_loose_labels(body, pieces, found)
    begins = {one.start for one in found}
    chunks: list[Chunk] = []
    for number, (start, end) in enumerate(pieces):
        if not number:
            chunks.append(_chunk(text, section.start, begin + end, ""))
            continue
        if _first_character(body, start) not in begins:
            start = _with_overlap(body, pieces[number - 1], (start, end), settings.overlap, room, count)
        labels = (heading, label_at(found, _first_character(body, start)))
        chunks.append(_chunk(text, begin + start, begin + end, "\n".join(filter(None, labels))))
    return chunks


def _without_loose_labels(
    body: str, pieces: Sequence[tuple[int, int]], found: Sequence[Article]
) -> list[tuple[int, int]]:
    """A label whose article begins in the next piece goes there, where room is kept for labels."""
    loose = {
        end: one.start
        for start, end in pieces[:-1]
        for one in found
        if start < one.start < end and not body[one.body : end].strip()
    }
    return [(loose.get(start, start), loose.get(end, end)) for start, end in pieces]


def _first_character(text: str, start: int) -> int:
    """The first place that is no white space."""
    return start + len(text[start:]) - len(text[start:].lstrip())


def _pieces(body: str, capacity: int, count: CountTokens) -> list[tuple[int, int]]:
    """Cuts of about equal size, at the best place that fits: gaps, lines, sentences, words, characters."""
    from semantic_text_splitter import TextSplitter

    total = count(body)
    marked, positions = _marked(body)
    even = min(capacity, math.ceil(total / math.ceil(total / capacity)))

    def cut(length: CountTokens) -> list[tuple[int, int]]:
        cuts = TextSplitter.from_callback(length, (even, capacity), overlap=0).chunk_indices(marked)
        return [(positions[start], positions[start + len(piece) - 1] + 1) for start, piece in cuts]

    # The splitter tries each cut many times; adding up sentences reads the text 4 times instead of 12.
    share = total / max(1, sum(count(part) for part in marked.split(_MARK)))
    pieces = cut(lambda piece: math.ceil(share * sum(count(part) for part in piece.split(_MARK))))
    if all(count(body[start:end]) <= capacity for start, end in pieces):
        return pieces
    return cut(lambda piece: count(piece.replace(_MARK, "")))


def _marked(body: str) -> tuple[str, list[int]]:
    """The text with a mark behind every sentence and line, and each character's place without marks."""
    ends = {span.end for span in sentence_spans(body)}
    ends |= {at + 1 for at, character in enumerate(body) if character == "\n"}
    parts: list[str] = []
    positions: list[int] = []
    for at, character in enumerate(body):
        if at in ends:
            parts.append(_MARK)
            positions.append(at - 1)
        parts.append(character)
        positions.append(at)
    return "".join(parts), positions


def _without_short_ones(
    body: str, pieces: Sequence[tuple[int, int]], capacity: int, least: int, count: CountTokens
) -> list[tuple[int, int]]:
    """Each short piece joined with its neighbour, or given sentences of it where both do not fit."""
    evened: list[tuple[int, int]] = []
    for start, end in pieces:
        evened.append((start, end))
        if len(evened) < 2:
            continue
        (first, first_end), (second, _) = evened[-2:]
        if min(count(body[first:first_end]), count(body[second:end])) >= least:
            continue
        if count(body[first:end]) <= capacity:
            evened[-2:] = [(first, end)]
            continue
        ends = [first + span.end for span in sentence_spans(body[first:end])][:-1]
        middle = min(ends, key=lambda cut: abs(2 * cut - first - end), default=end)
        if max(count(body[first:middle]), count(body[middle:end])) <= capacity:
            evened[-2:] = [(first, middle), (middle, end)]
    return evened


def _with_overlap(
    body: str,
    before: tuple[int, int],
    own: tuple[int, int],
    overlap: int,
    room: int,
    count: CountTokens,
) -> int:
    """Where a piece starts when it also reads the last whole sentences of the one before."""
    starts = [own[0]]
    for span in reversed(sentence_spans(body[before[0] : before[1]])[1:]):
        earlier = before[0] + span.start
        if count(body[earlier : before[1]]) > overlap:
            break
        starts.append(earlier)
    # The least that always fits is the piece alone.
    return next((start for start in reversed(starts) if count(body[start : own[1]]) <= room), own[0])


def _remembered(count: CountTokens) -> CountTokens:
    """The same count, each text of a document counted once; white space alone is none."""
    known: dict[str, int] = {}

    def remembered(text: str) -> int:
        if text not in known:
            known[text] = count(text) if text.strip() else 0
        return known[text]

    return remembered


def _chunk(text: str, start: int, end: int, heading: str) -> Chunk:
    body = text[start:end]
    start += len(body) - len(body.lstrip())
    end -= len(body) - len(body.rstrip())
    body = text[start:end]
    return Chunk(start, end, f"{heading}\n{body}" if heading else body)
