"""The exact prompt of a reranker of Qwen3's form, in tokens.

Qwen3-Reranker reads `[system + instruction + query | " " + document + closing]`. The first part, the prefix,
is the same for all candidates of a query; this module gives both parts apart. They are exactly the tokens of
the whole: the byte-level pre-tokeniser always starts a new piece at the space before the document, and the
closing starts with a special token (a property test compares both ways). Other templates are cut where that
holds too (`core.engine.form`).

Only the document is ever shortened. The user's text is encoded without the vocabulary's added tokens, so
that `<|im_end|>` in a document is seven harmless pieces of text and cannot end the document's turn: the one
deliberate deviation from the model card.

Source of the template: the model card of Qwen3-Reranker. This module knows neither models nor packs.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError, ModelRejectedError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TokenIds = NDArray[np.int32]

SYSTEM = (
    "<|im_start|>system\n"
    "Judge whether the Document meets the requirements based on the Query and the Instruct provided. "
    'Note that the answer can only be "yes" or "no".<|im_end|>\n'
    "<|im_start|>user\n"
)
USER = "<Instruct>: {instruction}\n<Query>: {query}\n<Document>:"
CLOSING = "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
DEFAULT_INSTRUCTION = "Given a web search query, retrieve relevant passages that answer the query"

YES_ID = 9693
NO_ID = 2152
IM_START_ID = 151_644
IM_END_ID = 151_645
THINK_ID = 151_667
THINK_END_ID = 151_668

# Characters of text encoded in one call: an `Encoding` holds about 100 bytes a token until it is dropped.
CHARACTERS_PER_CALL = 1_000_000
# A first guess that is nearly always enough: English has 4-5 characters a token, Chinese 1.5.
CHARACTERS_PER_TOKEN = 8
# No token of this vocabulary stands for more characters (its longest is 128 spaces).
LONGEST_TOKEN = 128
# Tokens that neighbouring chunks of a long document share, so that a sentence on the seam is read whole.
CHUNK_OVERLAP = 64

_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACE = re.compile(r"\{(?:instruction|query)\}")
_SPECIAL_IDS = {
    "<|im_start|>": IM_START_ID,
    "<|im_end|>": IM_END_ID,
    "<think>": THINK_ID,
    "</think>": THINK_END_ID,
}


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt in two parts whose tokens are those of the whole.

    prefix: what all candidates of a query share, with {query} and perhaps {instruction}. lead: what stands
    before the document in its own part. version: names every change of the tokens that a pair becomes; part
    of a scorer's fingerprint. default_instruction: read where none is given.
    """

    version: str
    prefix: str
    lead: str
    closing: str
    default_instruction: str = ""

    @property
    def uses_instruction(self) -> bool:
        """Whether the prompt has a place for one."""
        return "{instruction}" in self.prefix


QWEN3_RERANKER = Template("qwen3-reranker/1", SYSTEM + USER, " ", CLOSING, DEFAULT_INSTRUCTION)


@dataclass(frozen=True, slots=True)
class DocumentTokens:
    """A document with its closing. truncated: tokens of the document were left out."""

    ids: TokenIds
    truncated: bool


class PromptEncoder:
    """Turns (instruction, query) and documents into token ids. Safe to use from several threads."""

    def __init__(self, tokenizer: "Tokenizer", max_tokens: int, template: Template = QWEN3_RERANKER) -> None:
        """tokenizer: Qwen3's, whole. max_tokens: the longest pair, template included."""
        self.max_tokens = max_tokens
        self._template = template
        self._plain, self._added = without_added_tokens(tokenizer)
        yes, no = self._encode("yes"), self._encode("no")
        special = {text: self._added.get(text) for text in _SPECIAL_IDS}
        if yes != [YES_ID] or no != [NO_ID] or special != _SPECIAL_IDS:
            raise ModelRejectedError(
                "The tokenizer is not Qwen3's: its tokens for yes, no or the template differ.",
                where="tokenizer.json",
                hint="Download the model again, with its own tokenizer files.",
            )
        self._prefix = self._pieces(template.prefix)
        self._closing = _joined(self._pieces(template.closing))
        # Of a lead that is a space the tokeniser makes the beginning of the document's first word.
        self._lead = np.array(self._encode(template.lead.rstrip(" ")), dtype=np.int32)

    @property
    def closing(self) -> TokenIds:
        """What stands behind every document."""
        return self._closing

    def prefix(self, instruction: str | None, query: str) -> TokenIds:
        """System, instruction and query: what every candidate of the query shares.

        InputError when they leave no room for a document.
        """
        told = self._template.default_instruction if instruction is None else instruction
        facts = {"{instruction}": clean(told), "{query}": clean(query)}
        room = self.max_tokens - len(self._lead) - len(self._closing) - 1
        parts: list[TokenIds] = []
        too_long = False
        for piece in self._prefix:
            if not isinstance(piece, str):
                parts.append(piece)
                continue
            # In one pass: what a user's text holds is not filled in turn.
            read = self._first_tokens(_PLACE.sub(lambda found: facts[found[0]], piece), max(room, 0))
            parts.append(read.ids)
            too_long = too_long or read.truncated
        ids = np.concatenate(parts)
        if too_long or len(ids) > room:
            raise InputError(
                "The query and the instruction alone are longer than the {limit} tokens the model reads.",
                where="query",
                hint="Shorten the query or the instruction, or raise the token limit.",
                limit=self.max_tokens,
            )
        return ids

    def documents(self, texts: Sequence[str], prefix_length: int) -> list[DocumentTokens]:
        """Each document cut to what fits behind a prefix of this length, its closing always whole."""
        room = self._room(prefix_length)
        encoded: list[DocumentTokens | None] = [None] * len(texts)
        waiting: list[int] = []
        characters = 0
        led = [self._template.lead + clean(text) for text in texts]

        def encode_waiting() -> None:
            batch = self._plain.encode_batch_fast([led[i] for i in waiting], add_special_tokens=False)
            for i, encoding in zip(waiting, batch, strict=True):
                encoded[i] = _cut(encoding.ids, room)
            waiting.clear()

        for i, text in enumerate(led):
            if len(text) > room * CHARACTERS_PER_TOKEN:
                encoded[i] = self._first_tokens(text, room)
                continue
            waiting.append(i)
            characters += len(text)
            if characters > CHARACTERS_PER_CALL:
                encode_waiting()
                characters = 0
        encode_waiting()
        return [
            DocumentTokens(np.concatenate([tokens.ids, self._closing]), tokens.truncated)
            for tokens in encoded
            if tokens is not None
        ]

    def length(self, text: str) -> int:
        """Tokens of a whole document, without prefix and closing."""
        return len(self._encode(self._template.lead + clean(text))) - len(self._lead)

    def chunks(self, text: str, prefix_length: int) -> list[DocumentTokens]:
        """The whole document as overlapping chunks of about equal length, each with its lead and closing."""
        room = self._room(prefix_length)
        ids = np.array(self._encode(self._template.lead + clean(text)), dtype=np.int32)
        if len(ids) <= room:
            return [DocumentTokens(np.concatenate([ids, self._closing]), truncated=False)]
        if len(self._lead):
            room -= len(self._lead)
            ids = np.array(self._encode(clean(text)), dtype=np.int32)
        overlap = min(CHUNK_OVERLAP, room // 4)
        count = -(-(len(ids) - overlap) // (room - overlap))
        step = -(-(len(ids) - overlap) // count)
        parts = (ids[start : start + step + overlap] for start in range(0, step * count, step))
        return [
            DocumentTokens(np.concatenate([self._lead, part, self._closing]), truncated=False)
            for part in parts
        ]

    def _encode(self, text: str) -> list[int]:
        return list(self._plain.encode(text, add_special_tokens=False).ids)

    def _pieces(self, text: str) -> list[TokenIds | str]:
        """Template text, whose special tokens are meant: tokens, and text that has places to fill."""
        names = "|".join(re.escape(name) for name in sorted(self._added, key=len, reverse=True))
        pieces: list[TokenIds | str] = []
        for piece in re.split(f"({names})", text):
            if piece in self._added:
                pieces.append(np.array([self._added[piece]], dtype=np.int32))
            elif _PLACE.search(piece):
                pieces.append(piece)
            elif piece:
                pieces.append(np.array(self._encode(piece), dtype=np.int32))
        return pieces

    def _room(self, prefix_length: int) -> int:
        """Document tokens that fit behind a prefix; `prefix` has made sure that it is at least one."""
        return self.max_tokens - prefix_length - len(self._closing)

    def _first_tokens(self, text: str, limit: int) -> DocumentTokens:
        """The first `limit` tokens of a text that may be huge, without encoding all of it.

        Encode the first characters and keep the pieces that the cut cannot have changed, with more
        characters until that is enough. A piece (a run of letters, of punctuation, of white space …) ends
        where the pre-tokeniser meets the next character, so all pieces that end before the last character
        are final; trailing white space is set aside first because its splitting looks further ahead.
        Byte-pair merges stay inside a piece. A single unbroken piece longer than any `limit` tokens is
        read as if it ended there.
        """
        size = limit * CHARACTERS_PER_TOKEN
        while size < len(text) and size < limit * LONGEST_TOKEN:
            head = text[:size]
            end = len(head.rstrip())
            encoding = self._plain.encode(head, add_special_tokens=False)
            words, offsets = encoding.word_ids, encoding.offsets
            kept = len(words)
            while kept and offsets[_last_of_word(words, kept - 1)][1] >= end:
                kept = _first_of_word(words, kept - 1)
            if kept >= limit:
                return DocumentTokens(np.array(encoding.ids[:limit], dtype=np.int32), truncated=True)
            size *= 4
        size = max(limit, 1) * LONGEST_TOKEN
        tokens = _cut(self._encode(text[:size]), limit)
        return DocumentTokens(tokens.ids, tokens.truncated or size < len(text))


def clean(text: str) -> str:
    """The text as the tokenizer reads it: NFC, surrogate pairs joined, lone surrogates as U+FFFD."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", text)


def _joined(pieces: Sequence[TokenIds | str]) -> TokenIds:
    """A text without places to fill."""
    return np.concatenate([piece for piece in pieces if not isinstance(piece, str)])


def _cut(ids: list[int], limit: int) -> DocumentTokens:
    return DocumentTokens(np.array(ids[:limit], dtype=np.int32), truncated=len(ids) > limit)


def _first_of_word(words: Sequence[int | None], token: int) -> int:
    while token and words[token - 1] == words[token]:
        token -= 1
    return token


def _last_of_word(words: Sequence[int | None], token: int) -> int:
    while token + 1 < len(words) and words[token + 1] == words[token]:
        token += 1
    return token


def without_added_tokens(tokenizer: "Tokenizer") -> tuple["Tokenizer", dict[str, int]]:
    """The same vocabulary and merges with nothing special, and the ids of the added tokens left out.

    transformers' `split_special_tokens` would still read the added tokens that are not marked special
    (`<think>`, `<tool_call>`), and it changes a shared tokenizer, which is not safe between threads.
    """
    from tokenizers import Tokenizer

    plain = Tokenizer(tokenizer.model)  # shares the vocabulary, copies nothing
    plain.normalizer = tokenizer.normalizer
    plain.pre_tokenizer = tokenizer.pre_tokenizer
    added = {token.content: number for number, token in tokenizer.get_added_tokens_decoder().items()}
    return plain, added
