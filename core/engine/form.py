"""What makes a decoder of Qwen3's shape a reranker: its prompt, and which numbers are its score.

`Qwen3-Reranker` is one form; its conversions to a classification head, zerank-2 and the text part of
Qwen3-VL-Reranker are others. Which folder has which form is for `core.models` to say.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from core.engine.prompt import NO_ID, QWEN3_RERANKER, YES_ID, Template
from core.records import ScorerKind

_PLACES = ("{query}", "{instruction}")
_DOCUMENT = "{document}"
# Where in a template Qwen's pre-tokeniser begins a new piece, whatever a user's text holds: after a special
# token, after a line break that a visible sign follows, before the space that begins the document.
_SEAMS = re.compile(r"<\|(?:im_start|im_end|endoftext)\|>|\n(?=[^\s{])|[^\s}](?= \{document\})")


@dataclass(frozen=True, slots=True)
class Head:
    """The score: the product of the last state with one row, or with the difference of two.

    rows: of the output matrix («vocabulary»), or of a classification head («classifier»). true, false: which;
    without a false one the true one's alone. scale: what the product is divided by.
    """

    rows: Literal["vocabulary", "classifier"] = "vocabulary"
    true: int = YES_ID
    false: int | None = NO_ID
    scale: float = 1.0


YES_NO = Head()


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of reranker. notes: sentences to be read beside every score (English)."""

    template: Template = QWEN3_RERANKER
    head: Head = YES_NO
    kind: ScorerKind = "qwen3"
    notes: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Its part of a scorer's fingerprint; a head of yes and no needs no mention."""
        return self.template.version if self.head == YES_NO else f"{self.template.version}|{self.head}"


QWEN3_FORM = Form()


def template_of(prompt: str, default_instruction: str = "") -> Template | None:
    """A prompt with {query} before {document}, cut where its tokens are those of the whole.

    None when it has no such place. Qwen3-Reranker's own prompt is `QWEN3_RERANKER`.
    """
    whole = QWEN3_RERANKER.prefix + QWEN3_RERANKER.lead + _DOCUMENT + QWEN3_RERANKER.closing
    if (prompt, default_instruction) == (whole, QWEN3_RERANKER.default_instruction):
        return QWEN3_RERANKER
    before, found, closing = prompt.partition(_DOCUMENT)
    places = [before.rfind(place) + len(place) for place in _PLACES if place in before]
    # What follows the document must begin with a special token.
    if not found or "{query}" not in before or any(place in closing for place in _PLACES):
        return None
    if not closing.startswith("<|"):
        return None
    usable = [seam.end() for seam in _SEAMS.finditer(before + _DOCUMENT) if seam.end() >= max(places)]
    if not usable:
        return None
    cut = usable[-1]
    digest = hashlib.sha256(f"{prompt}|{default_instruction}".encode()).hexdigest()[:16]
    return Template(f"prompt/{digest}", before[:cut], before[cut:], closing, default_instruction)
