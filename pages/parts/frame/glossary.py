"""What the words of this program mean: one word for a thing, in every language.

The page, the documentation (`docs/glossary.md`) and the test that no other word is used go by `glossary.csv`.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("glossary.csv")
DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing. words, meanings: by language code. instead_of: words for it that nobody shall meet."""

    words: Mapping[str, str]
    meanings: Mapping[str, str]
    instead_of: tuple[str, ...]

    def word(self, language: str) -> str:
        """Its word in a language; the English one where there is none."""
        return self.words.get(language) or self.words[DEFAULT]

    def meaning(self, language: str) -> str:
        """What it means, as a sentence."""
        return self.meanings.get(language) or self.meanings[DEFAULT]


@cache
def terms() -> tuple[Term, ...]:
    """All of them, in the file's order."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    end = "_meaning"
    codes = [name.removesuffix(end) for name in rows[0] if name.endswith(end)]
    return tuple(
        Term(
            {code: row[code] for code in codes},
            {code: row[code + end] for code in codes},
            tuple(filter(None, row["instead_of"].split("|"))),
        )
        for row in rows
    )


def explained(text: str, language: str) -> str | None:
    """What the terms in a text mean, a line each; None where it has none. For what stands beside it as help.

    A term of several words, such as «fp32, bf16, int8», is met where one of them is.
    """
    found = {
        f"{one.word(language)}: {one.meaning(language)}"
        for one in terms()
        if any(
            re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
            for word in one.word(DEFAULT).split(", ")
        )
    }
    return "\n\n".join(sorted(found)) or None


def as_markdown() -> str:
    """The list as the documentation has it."""
    head = "# Glossary · 术语\n\nOne word for a thing, here and in the program. 此处与程序中，一事一词。\n\n"
    rows = [
        f"| {one.word('en')} | {one.word('zh')} | {one.meaning('en')} {one.meaning('zh')} |"
        for one in terms()
    ]
    return head + "\n".join(["| English | 中文 | |", "| --- | --- | --- |", *rows]) + "\n"
