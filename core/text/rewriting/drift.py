"""The guard over wordings that a language model proposes: what the query says must survive.

Numbers, codes, names and quotations of the query must be there, none may be added that neither the query nor
the context holds, as much must be denied as was, and the language must stay. It repairs nothing.
"""

from collections.abc import Iterator, Sequence

from core.sentences import Sentence, sentence
from core.text.rewriting.glossary import Glossary, folded
from core.text.rewriting.negations import denials
from core.text.rewriting.quantities import figures
from core.text.rewriting.references.entities import names_in
from core.text.rewriting.references.entity_kinds import Entity
from core.text.rewriting.terms import says_canonically
from core.text.rewriting.words import is_chinese, language_of

LOST_NUMBER = "It lost «{text}»."
LOST_NAME = "It lost the name «{text}»."
ADDED_NUMBER = "It added «{text}», which neither the query nor the context holds."
ADDED_NAME = "It added the name «{text}», which neither the query nor the context holds."
LOST_NEGATION = "It lost a negation: «{text}»."
ADDED_NEGATION = "It added a negation: «{text}»."
OTHER_LANGUAGE = "It is in another language than the query."
BLANK = "It is empty."
TOO_LONG = "It has {count} characters, the query {query}; a rewording is not much longer."

# A pronoun may become a name, an abbreviation a phrase; beyond this, things were added.
_LONGER, _MARGIN = 2.0, 60


def drift(query: str, proposal: str, context: str = "", glossary: Glossary | None = None) -> Sentence | None:
    """Why a proposal is rejected; None when it says what the query says."""
    glossary = glossary or Glossary()
    if not proposal.strip():
        return sentence(BLANK)
    allowed = _LONGER * len(query) + _MARGIN + max(map(len, glossary.canonical), default=0)
    if len(proposal) > allowed:
        return sentence(TOO_LONG, count=len(proposal), query=len(query))
    if language_of(query) != language_of(proposal) and _is_wordy(query):
        return sentence(OTHER_LANGUAGE)
    return (
        _numbers(query, proposal, context, glossary)
        or _names(query, proposal, context, glossary)
        or _negation(query, proposal)
    )


def _is_wordy(query: str) -> bool:
    """A query that is nothing but a name may be asked about in any language."""
    return is_chinese(query) or len(query.split()) > 1


def _numbers(query: str, proposal: str, context: str, glossary: Glossary) -> Sentence | None:
    held, offered = list(figures(query)), {key for _, key in figures(proposal)}
    for text, key in held:
        if key not in offered and not says_canonically(proposal, text, glossary):
            return sentence(LOST_NUMBER, text=text)
    known = {key for _, key in held} | {key for _, key in figures(context)}
    known |= {key for canonical in glossary.canonical for _, key in figures(canonical)}
    for text, key in figures(proposal):
        if key not in known:
            return sentence(ADDED_NUMBER, text=text)
    return None


def _names(query: str, proposal: str, context: str, glossary: Glossary) -> Sentence | None:
    flat = folded(proposal)
    for entity in _certain_names(query):
        if folded(entity.text) not in flat and not says_canonically(proposal, entity.text, glossary):
            return sentence(LOST_NAME, text=entity.text)
    known = folded(query) + "\n" + folded(context) + "\n" + "\n".join(map(folded, glossary.terms))
    for entity in _certain_names(proposal):
        # jieba takes many plain words of two characters for people.
        doubtful = entity.kinds == {"person"} and len(entity.text) < 3 and not entity.text.isascii()
        if not doubtful and folded(entity.text) not in known:
            return sentence(ADDED_NAME, text=entity.text)
    return None


def _certain_names(text: str) -> Iterator[Entity]:
    """Names and quotations. The first word of an English sentence has a capital anyway."""
    for entity in names_in(text):
        first = entity.place == len(text) - len(text.lstrip()) and entity.text.isascii()
        if not (first and " " not in entity.text and entity.text[1:].islower()):
            yield entity


def _negation(query: str, proposal: str) -> Sentence | None:
    """A query may hold two denials of which one is lost, so they are counted."""
    before, after = denials(query), denials(proposal)
    if len(before) > len(after):
        return sentence(LOST_NEGATION, text=_beyond(before, after))
    if len(after) > len(before):
        return sentence(ADDED_NEGATION, text=_beyond(after, before))
    return None


def _beyond(more: Sequence[str], fewer: Sequence[str]) -> str:
    """The first word of which the longer list holds more than the other."""
    left = [word.casefold() for word in fewer]
    for word in more:
        if word.casefold() not in left:
            return word
        left.remove(word.casefold())
    return more[-1]
