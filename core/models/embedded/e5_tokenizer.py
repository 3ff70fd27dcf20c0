"""multilingual-e5-small's tokenizer: a character table, then a SentencePiece unigram model.

It turns any text into token ids without special tokens. Prefixes and windows are laid by `reading`.
"""

import re
from typing import TYPE_CHECKING

from core.models.embedded.e5_file import Vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_SPACES = re.compile(" {2,}")


class E5Tokenizer:
    """Text to token ids. Safe to call from several threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        # NUL is missing from the file's table; like all other control characters there, it vanishes.
        self._replacements = {0: "", **vocabulary.replacements}
        self._tokenizer = _build(vocabulary)

    @property
    def bos(self) -> int:
        """Id of the token that opens every input."""
        return self._vocabulary.bos

    @property
    def longest_piece(self) -> int:
        """Characters of the longest vocabulary entry."""
        return max(map(len, self._vocabulary.pieces))

    @property
    def eos(self) -> int:
        """Id of the token that closes every input."""
        return self._vocabulary.eos

    def ids(self, text: str) -> list[int]:
        """Token ids of a text without lone surrogates, special tokens not included; never empty."""
        return list(self._tokenizer.encode(self._normalise(text), add_special_tokens=False).ids)

    def _normalise(self, text: str) -> str:
        # An empty text is read as one space, as it would be behind the model's prefix.
        return _SPACES.sub(" ", text.translate(self._replacements)) or " "


def _build(vocabulary: Vocabulary) -> "Tokenizer":
    from tokenizers import Tokenizer
    from tokenizers.models import Unigram
    from tokenizers.pre_tokenizers import Metaspace

    pieces = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    for index, (piece, score) in enumerate(pieces):
        if piece.startswith("<") and piece.endswith(">"):
            # «</s>» written in a text must not become the special token. A piece with a space in it never
            # matches, because the pre-tokenizer has turned every space into U+2581.
            pieces[index] = (f"{piece} ", score)
    tokenizer = Tokenizer(Unigram(pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.pre_tokenizer = Metaspace(replacement="\u2581", prepend_scheme="always", split=False)
    return tokenizer
