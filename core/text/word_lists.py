"""Word lists in a text file beside the module that uses them, so that rules read as rules.

A file is called as its module. `[name]` begins a list; its entries stand between commas or on lines of their
own; `#` begins a comment line. Where a module joins a list into a pattern, entries may be patterns.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


def word_lists(module_file: str) -> Mapping[str, tuple[str, ...]]:
    """The lists of a module, which passes its `__file__`."""
    lists: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in Path(module_file).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("[") and text.endswith("]"):
            entries = lists.setdefault(text[1:-1], [])
        elif not text.startswith("#"):
            entries += (entry.strip() for entry in text.split(",") if entry.strip())
    return {name: tuple(own) for name, own in lists.items()}


def pairs(entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Entries that are written «this = that»."""
    for entry in entries:
        left, _, right = entry.partition(" = ")
        yield left, right
