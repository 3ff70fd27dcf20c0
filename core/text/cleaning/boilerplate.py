"""Lines that many documents of a list share and that say nothing of any of them: headers, footers, notices.

A line goes when enough different documents hold it and it may go at all, which `cleaning_removable` decides.
Labels of values and most of a document never go, however often they are repeated.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from core.text.cleaning.removable import BARE_PAGE, is_notice, line_key, removable_lines, value_below

# A line must stand in this many documents and in this share of them; a recognised notice in fewer.
FEWEST_DOCUMENTS = 4
SHARE = 0.3
FEWEST_WITH_NOTICE = 3
# Shorter lines are separators or words that may matter.
SHORTEST_LINE = 4
# A document keeps at least this share of its characters; otherwise it is left alone.
KEPT_SHARE = 0.3


def without_boilerplate(documents: Sequence[str]) -> list[tuple[str, int]]:
    """Each document without the lines it shares with many others, and how many lines it lost."""
    different = dict.fromkeys(documents)
    written = _counted([line_key(line) for line in text.split("\n")] for text in different)
    frequent = {
        key for key, count in written.items() if count >= FEWEST_WITH_NOTICE and len(key) >= SHORTEST_LINE
    }
    # Each document's lines that may go, by key.
    removable = {text: removable_lines(text, frequent) for text in different}
    counts = _counted(removable.values())
    needed = max(FEWEST_DOCUMENTS, SHARE * len(different))
    repeated = {
        key for key, count in counts.items() if count >= (FEWEST_WITH_NOTICE if is_notice(key) else needed)
    }
    if not _are_pages(removable):
        repeated.discard(BARE_PAGE)
    repeated -= _labels(removable, counts, repeated)
    if not repeated:
        return [(text, 0) for text in documents]
    cleaned = {text: _without(text, removable[text], repeated) for text in different}
    return [cleaned[text] for text in documents]


def _counted(documents: Iterable[Collection[str | None]]) -> Counter[str]:
    """In how many documents each key is."""
    return Counter(key for keys in documents for key in set(keys) if key)


def _are_pages(removable: Mapping[str, Sequence[str | None]]) -> bool:
    """No two pages have the same number; marks («6/7») recur."""
    written = _counted(
        ["".join(line.split()) for line, key in zip(text.split("\n"), keys, strict=True) if key == BARE_PAGE]
        for text, keys in removable.items()
    )
    return max(written.values(), default=0) == 1


def _labels(
    removable: Mapping[str, Sequence[str | None]], counts: Counter[str], repeated: Collection[str]
) -> set[str]:
    """Lines below which most documents have a number, not all the same one."""
    values: defaultdict[str, dict[str, str]] = defaultdict(dict)  # label, document, value
    for text, keys in removable.items():
        texts = text.split("\n")
        for at, key in enumerate(keys):
            if key in repeated and key is not None and not is_notice(key):
                value = value_below(texts, keys, at)
                if value is not None:
                    values[key][text] = value
    return {key for key, own in values.items() if len(set(own.values())) > 1 and 2 * len(own) >= counts[key]}


def _without(text: str, keys: Sequence[str | None], repeated: Collection[str]) -> tuple[str, int]:
    lines = text.split("\n")
    kept = [line for line, key in zip(lines, keys, strict=True) if key not in repeated]
    if len(kept) == len(lines):
        return text, 0
    short = "\n".join(kept).strip("\n")
    if len("".join(short.split())) < KEPT_SHARE * len("".join(text.split())):
        return text, 0
    return re.sub(r"\n{3,}", "\n\n", short), len(lines) - len(kept)
