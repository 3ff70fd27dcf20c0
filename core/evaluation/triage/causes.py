"""The kinds of causes that the triage knows, each with its rule in words that anyone can check."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of cause: a key for filters, a short title, and the rule in words."""

    key: str
    title: str
    rule: str


TRUNCATED = Cause(
    "truncated",
    "Truncated",
    "A relevant document that fell is longer than the model reads, and words of the query stand only in the "
    "part that was not read.",
)
EXACT_MATCH_LOST = Cause(
    "exact_match_lost",
    "Exact match lost",
    "A relevant document that fell contains the whole query, or every number and code in it; the document "
    "that passed it does not.",
)
NUMBERS = Cause(
    "numbers",
    "Number missed",
    "The query gives or asks for a number, a date, a unit or a version; the relevant document has it, the "
    "one that passed it does not.",
)
NEGATION = Cause(
    "negation",
    "Negation missed",
    "The query denies or leaves something out («without», «not», 不含); the relevant document does too, the "
    "one that passed it does not.",
)
ENTITY = Cause(
    "entity",
    "Other thing",
    "The query names something; the relevant document has the name, the one that passed it does not.",
)
NAME_LEFT_OUT = Cause(
    "name_left_out",
    "Name left out",
    "The query names something; the document that passed says the name, the relevant one does not: its "
    "title or context may have to be added.",
)
LANGUAGE = Cause(
    "language",
    "Other language",
    "A relevant document in another language fell behind one in the language of the query.",
)
DUPLICATES = Cause(
    "duplicates",
    "Duplicates",
    "Documents that repeat one another passed a relevant one; with one of each, most of the loss would be "
    "gone.",
)
LABEL_DOUBT = Cause(
    "label_doubt",
    "Label doubt",
    "A document labelled not relevant passed a relevant one, and repeats a relevant one or was given a "
    "probability of at least 0.9: look at the label.",
)
UNJUDGED_WINNER = Cause(
    "unjudged_winner",
    "Unjudged winner",
    "An unjudged document passed a relevant one; it counts as not relevant until somebody judges it.",
)
TOO_GENERIC = Cause(
    "too_generic",
    "Too generic",
    "The document that passed lacks words of the query that the relevant one has: some that few candidates "
    "have, or a good part of what the query says.",
)
WORDS_ALIKE = Cause(
    "words_alike",
    "Alike in words",
    "The document that passed has as much of the query's words as the relevant one, or more: it only looks "
    "like an answer, or its label is wrong.",
)
NARROW_MARGIN = Cause(
    "narrow_margin",
    "Narrow margin",
    "A relevant document fell behind one whose score is less than 1 % of the query's score range higher.",
)
ALL_LOW = Cause(
    "all_low",
    "All scores low",
    "No candidate reaches a probability of 0.1, and none of them is judged relevant: there may be no answer "
    "among them.",
)
# In the order in which they are shown: what is surest first.
CAUSES: tuple[Cause, ...] = (
    TRUNCATED,
    EXACT_MATCH_LOST,
    NUMBERS,
    NEGATION,
    ENTITY,
    NAME_LEFT_OUT,
    LANGUAGE,
    DUPLICATES,
    LABEL_DOUBT,
    UNJUDGED_WINNER,
    TOO_GENERIC,
    WORDS_ALIKE,
    NARROW_MARGIN,
    ALL_LOW,
)
# These name the documents that rose; the others those that fell.
OF_WINNERS = frozenset((UNJUDGED_WINNER, LABEL_DOUBT, DUPLICATES))
# A wider cause says nothing more where a narrower one is named.
SAID_BY: dict[Cause, tuple[Cause, ...]] = {
    NUMBERS: (EXACT_MATCH_LOST,),
    ENTITY: (EXACT_MATCH_LOST,),
    NAME_LEFT_OUT: (NUMBERS, NEGATION, LANGUAGE, LABEL_DOUBT),
    TOO_GENERIC: (EXACT_MATCH_LOST, NUMBERS, NEGATION, ENTITY),
    WORDS_ALIKE: tuple(cause for cause in CAUSES if cause is not WORDS_ALIKE),
}
