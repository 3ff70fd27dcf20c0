"""A second look at how an instruction is written. It gives advice and refuses nothing.

What is advised comes from Qwen's model card (English, one sentence that names the task) and from what the
prompt already holds. Whether an instruction is any good, only labelled queries can tell.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from core.sentences import Sentence, sentence
from core.text.scripts import HAN_CHARACTER, has_han

FEWEST_WORDS, MOST_WORDS = 4, 50
# A shared word proves nothing; a phrase of this length comes from the query.
QUERY_WORDS, QUERY_IDEOGRAPHS = 3, 6

NOT_ENGLISH = "English is recommended, also for Chinese data: the model learnt from English instructions."
TOO_SHORT = "Only {words} words; say what is asked and what makes a document relevant."
TOO_LONG = "{words} words; one sentence is usual. It is read again with every query."
HOLDS_QUERY = "Contains the query «{query}»; an instruction names the task, the query has its own field."
PLACEHOLDER = "Contains «{text}»; nothing is filled in there, the model reads it as it stands."
TEMPLATE = "Contains «{text}», which the prompt adds by itself."
OPEN_END = "Ends with «{end}», as if something followed."
QUESTION = "Ends as a question; the model is told what to do, not asked."
LINES = "Has several lines; the prompt has one line for it."
NO_TASK = "Does not say what to do; the usual form is «Given a …, retrieve … that …»."

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|<(?:your|insert)[^<>]*>", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"<(?:Instruct|Query|Document)>|\b(?:Instruct|Query|Document)\s*:|<\|\w+\|>|\"?yes\"?\s+or\s+\"?no\"?",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"\b(?:retrieve|find|judge|rank|rerank|select|return|match|identify|decide|determine|choose|search"
    r"|prefer|score|relevant|answers?|look)\b",
    re.IGNORECASE,
)
# A sentence can end with «for» («what they ask for»), but not with these.
_OPEN_WORDS = {"a", "an", "and", "as", "is", "of", "or", "that", "the", "their", "which", "who"}


def check_instruction(instruction: str, queries: Iterable[str] = ()) -> tuple[Sentence, ...]:
    """Advice on the wording; nothing for a blank one, which means the model's default.

    queries: those it will be tried on; their text does not belong into it.
    """
    text = instruction.strip()
    return tuple(_advice(text, queries)) if text else ()


def _advice(text: str, queries: Iterable[str]) -> Iterator[Sentence]:
    english = _is_english(text)
    if not english:
        yield sentence(NOT_ENGLISH)
    words = len(text.split())
    if english and words < FEWEST_WORDS:
        yield sentence(TOO_SHORT, words=words)
    elif words > MOST_WORDS:
        yield sentence(TOO_LONG, words=words)
    if (query := _contained(text, queries)) is not None:
        yield sentence(HOLDS_QUERY, query=query)
    if (placeholder := _PLACEHOLDER.search(text)) is not None:
        yield sentence(PLACEHOLDER, text=placeholder[0])
    if (template := _TEMPLATE.search(text)) is not None:
        yield sentence(TEMPLATE, text=template[0])
    if "\n" in text:
        yield sentence(LINES)
    yield from _ending(text)
    if english and words >= FEWEST_WORDS and not _TASK.search(text):
        yield sentence(NO_TASK)


def _is_english(text: str) -> bool:
    """Mostly Latin letters; a quoted Chinese term does not make an instruction Chinese."""
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters)
    return not letters or latin >= 0.7 * len(letters)


def _contained(text: str, queries: Iterable[str]) -> str | None:
    plain = _plain(text)
    for query in queries:
        sought = _plain(query)
        long = len(sought.split()) >= QUERY_WORDS or len(HAN_CHARACTER.findall(sought)) >= QUERY_IDEOGRAPHS
        if long and f" {sought} " in f" {plain} ":
            return query.strip()
        # Chinese has no spaces around a phrase.
        if long and has_han(sought) and sought in plain:
            return query.strip()
    return None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFKC", text).casefold()).split())


def _ending(text: str) -> Iterator[Sentence]:
    last = text.rsplit(None, 1)[-1]
    if text[-1] in "?？":
        yield sentence(QUESTION)
    elif text[-1] in ",;:，；：、-–—(…" or text.endswith("..."):
        yield sentence(OPEN_END, end=text[-1])
    elif last.casefold() in _OPEN_WORDS:
        yield sentence(OPEN_END, end=last)
