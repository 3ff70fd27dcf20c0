"""The tokens of query and document as one model reads them. Only the document is ever shortened.

Text between a prompt's special tokens is encoded as a whole, as the model's makers do, so that a word at a
joint gives the same tokens; what looks like a special token in a user's text is read as text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.engine.prompt import clean, without_added_tokens
from core.errors import InputError
from core.models.cross_encoder.recipes import DOCUMENT, INSTRUCTION, QUERY, Recipe

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

QUERY_TOO_LONG = "The query leaves no room for a document: the model reads {longest} tokens."
QUERY_TOO_LONG_HINT = "Shorten the query."


@dataclass(frozen=True, slots=True)
class PairTokens:
    """One pair. types: the segment of each token, for some encoders. truncated: the document was cut."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    truncated: bool


class PairEncoder:
    """Encodes pairs for one recipe. Safe to call from several threads."""

    def __init__(self, tokenizer: "Tokenizer", recipe: Recipe, max_tokens: int) -> None:
        """tokenizer: the model's own, which is changed and belongs to the encoder from here on."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        tokenizer.encode_special_tokens = True
        self._tokenizer, self._recipe, self._longest = tokenizer, recipe, max_tokens
        self._prompt = _Prompt.of(recipe.prompt, tokenizer) if recipe.prompt else None

    def encode(self, query: str, documents: Sequence[str], instruction: str | None) -> list[PairTokens]:
        """One entry a document; InputError when the query leaves no room for one."""
        texts = [clean(text) for text in documents]
        asked = clean(query)
        if self._prompt is None:
            return self._plain(asked, texts)
        told = clean(instruction or self._recipe.default_instruction)
        return [self._prompted(asked, text, told) for text in texts]

    def length(self, text: str) -> int:
        """Tokens of a text alone."""
        return len(self._tokenizer.encode(clean(text), add_special_tokens=False).ids)

    def _plain(self, query: str, documents: Sequence[str]) -> list[PairTokens]:
        pairs = self._tokenizer.encode_batch([(query, text) for text in documents])
        return [
            PairTokens(tuple(pair.ids), tuple(pair.type_ids), truncated=False)
            if len(pair.ids) <= self._longest
            else self._shortened(query, text, pair)
            for text, pair in zip(documents, pairs, strict=True)
        ]

    def _shortened(self, query: str, document: str, pair: "Encoding") -> PairTokens:
        places = [place for place, sequence in enumerate(pair.sequence_ids) if sequence == 1]
        excess = len(pair.ids) - self._longest
        if excess >= len(places):
            raise InputError(QUERY_TOO_LONG, where="query", hint=QUERY_TOO_LONG_HINT, longest=self._longest)
        dropped = set(places[len(places) - excess :])
        kept = [place for place in range(len(pair.ids)) if place not in dropped]
        return PairTokens(
            tuple(pair.ids[place] for place in kept),
            tuple(pair.type_ids[place] for place in kept),
            truncated=True,
        )

    def _prompted(self, query: str, document: str, instruction: str) -> PairTokens:
        assert self._prompt is not None
        ids = self._prompt.fill(query, document, instruction)
        text, truncated = document, False
        while len(ids) > self._longest:
            text, truncated = self._without_end(text, len(ids) - self._longest), True
            ids = self._prompt.fill(query, text, instruction)
            if not text and len(ids) > self._longest:
                raise InputError(
                    QUERY_TOO_LONG, where="query", hint=QUERY_TOO_LONG_HINT, longest=self._longest
                )
        return PairTokens(tuple(ids), (0,) * len(ids), truncated)

    def _without_end(self, text: str, tokens: int) -> str:
        """The text without about so many of its last tokens, and without at least one."""
        found = self._tokenizer.encode(text, add_special_tokens=False)
        if len(found.ids) <= tokens:
            return ""
        start = found.offsets[len(found.ids) - tokens][0]
        return text[: min(start, len(text) - 1)]


@dataclass(frozen=True, slots=True)
class _Prompt:
    """A prompt cut at its special tokens. parts: a token's id, or a run of text with places to fill."""

    parts: tuple[int | str, ...]
    plain: "Tokenizer"

    @classmethod
    def of(cls, prompt: str, tokenizer: "Tokenizer") -> "_Prompt":
        plain, special = without_added_tokens(tokenizer)
        names = "|".join(re.escape(name) for name in sorted(special, key=len, reverse=True))
        pieces = re.split(f"({names})", prompt) if names else [prompt]
        return cls(tuple(special.get(piece, piece) for piece in pieces if piece), plain)

    def fill(self, query: str, document: str, instruction: str) -> list[int]:
        ids: list[int] = []
        facts = {QUERY: query, DOCUMENT: document, INSTRUCTION: instruction}
        for part in self.parts:
            if isinstance(part, int):
                ids.append(part)
            else:
                # In one pass: what a user's text holds is not filled in turn.
                text = re.sub(r"\{(?:query|document|instruction)\}", lambda found: facts[found[0]], part)
                ids.extend(self.plain.encode(text, add_special_tokens=False).ids)
        return ids
