"""Documents typed or pasted into one field: how it is cut into documents."""

import re
from typing import Literal

Separation = Literal["lines", "blank lines"]


def split_documents(text: str, separation: Separation) -> tuple[str, ...]:
    """One document per line, or per block between blank lines; blank ones are left out.

    Text is kept as it is. Line ends of all systems count (CR LF, CR, LF); other separators such as U+2028
    stay inside a document.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = unified.split("\n") if separation == "lines" else re.split(r"\n[^\S\n]*\n", unified)
    return tuple(part.strip("\n") for part in parts if part.strip())


def join_documents(documents: tuple[str, ...], separation: Separation) -> str:
    """The field's text that `split_documents` cuts into these documents (when none contains a separator)."""
    return ("\n" if separation == "lines" else "\n\n").join(documents)
