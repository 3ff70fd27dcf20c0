"""The scale of a sheet's labels: numbers, fractions, percent, words of a known scale, or words to ask about.

A person's table of grades goes first. A scale that is recognised says what it was read as; one without a
label for «not relevant» says so, because every order of such a list is perfect.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.sentences import Sentence, sentence
from core.sheets.meaning.numbers import read_label, read_number
from core.sheets.records import Cell
from core.sheets.tables import as_text

READ_AS = "The labels were read as grades: {table}."
UNKNOWN_WORDS = "These labels are no numbers and no known words: {words}."
UNKNOWN_HINT = "Give each a grade; on the command line with --grades {example}."
NO_IRRELEVANT = (
    "No label says «not relevant»: the labels are {labels}. Every order of relevant documents is perfect."
)
IRRELEVANT_HINT = (
    "Say which are relevant: --rel GRADE gives the lowest relevant one, --grades a grade for each label."
)
MANY_FRACTIONS = "The labels look like scores: {count} different numbers between {low} and {high}."
BAD_GRADES = "«{argument}» is not LABEL=GRADE."

# Scales whose words mean something only together, the best first; the last is 0.
_SCALES: tuple[tuple[str, ...], ...] = (
    ("e exact", "s substitute", "c complement", "i irrelevant"),
    (
        "excellent verygood perfect 很好 非常好 优秀 优",
        "good 好 较好 良好 良",
        "fair ok okay average acceptable soso 一般 中 中等 尚可 还行 及格",
        "bad poor verybad verypoor terrible 差 很差 较差 不好 非常差 不及格",
    ),
    (
        "highlyrelevant veryrelevant 非常相关 高度相关 完全相关 强相关 很相关 完全匹配",
        "relevant 相关 相關 较相关 比较相关 中等相关 匹配",
        "partiallyrelevant partlyrelevant somewhatrelevant marginallyrelevant marginal partial related "
        "slightlyrelevant 部分相关 部分相關 弱相关 略相关 一般相关 低相关 部分匹配",
        "irrelevant notrelevant nonrelevant 不相关 不相關 无关 無關 完全不相关 不匹配",
    ),
    ("high 高", "medium mid 中", "low 低", "none 无 無"),
)
# Of more different fractions than this no table of grades can be meant.
_MOST_FRACTIONS = 6
_MOST_SHOWN = 12
_SCORED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LabelScale:
    """How a column of labels is read.

    grades: (label as `label_key` writes it, grade), for what is no plain whole number. given: by a person.
    unknown: words without a grade. labels: the different labels as written. complete: every pair has one.
    fractions: how many different fractions, when too many for grades.
    """

    grades: tuple[tuple[str, float], ...] = ()
    given: bool = False
    unknown: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    lowest: float | None = None
    different: int = 0
    complete: bool = False
    fractions: int = 0

    @property
    def lacks_irrelevant(self) -> bool:
        """Whether no pair can count as not relevant: every label says relevant, and every pair has one."""
        if self.lowest is None or self.lowest <= 0 or self.unknown:
            return False
        return self.complete

    @property
    def doubt(self) -> Sentence | None:
        """What a person has to settle before anything is measured; None when all is clear."""
        shown = ", ".join(self.labels[:_MOST_SHOWN])
        if self.unknown and not self.given:
            return sentence(UNKNOWN_WORDS, words=", ".join(self.unknown[:_MOST_SHOWN]))
        if self.fractions:
            return sentence(MANY_FRACTIONS, count=self.fractions, low=self.labels[0], high=self.labels[-1])
        return sentence(NO_IRRELEVANT, labels=shown) if self.lacks_irrelevant else None

    def read_as(self) -> Sentence | None:
        """The table, when labels were turned into other numbers; None otherwise."""
        changed = [(word, grade) for word, grade in self.grades if read_number(word) != grade]
        if not changed:
            return None
        return sentence(READ_AS, table=", ".join(f"{word} = {grade:g}" for word, grade in self.grades))


def label_key(cell: Cell) -> str:
    """A label for look-up: width, case, blanks and hyphens aside; 1, 1.0 and «1» are the same."""
    number = read_number(cell)
    if number is not None:
        return f"{number:g}"
    text = unicodedata.normalize("NFKC", as_text(cell)).strip().casefold()
    return re.sub(r"[\s_\-]+", "", text)


def parse_grades(argument: str) -> dict[str, float]:
    """«good=2,ok=1,bad=0» as a table; InputError for what is none."""
    grades: dict[str, float] = {}
    for part in filter(None, re.split(r"[,，;；]", argument)):
        word, equals, grade = part.rpartition("=")
        number = read_number(grade)
        if not equals or not word.strip() or number is None or number != int(number):
            raise InputError(BAD_GRADES, where="--grades", argument=part)
        grades[label_key(word)] = number
    return grades


def scale_of(cells: Iterable[Cell], given: Mapping[str, float] | None = None) -> LabelScale:
    """The scale of a column of labels; given: grades by label, which go before what is known."""
    cells = list(cells)
    different: dict[str, Cell] = {}
    blank = 0
    for cell in cells:
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            blank += 1
        else:
            different.setdefault(label_key(cell), cell)
    given = {label_key(word): grade for word, grade in (given or {}).items()}
    grades = {key: given[key] for key in different if key in given}
    rest = {key: cell for key, cell in different.items() if key not in grades}
    words = [key for key, cell in rest.items() if read_number(cell) is None]
    found = _known_scale(words)
    if found is None:
        found = {word: known for word in words if (known := read_label(word)) is not None}
    unknown = [word for word in words if word not in found]
    numbers = sorted({number for cell in rest.values() if (number := read_number(cell)) is not None})
    fractions = [number for number in numbers if number != int(number)]
    many = 0
    if fractions and len(numbers) <= _MOST_FRACTIONS:
        # «yes» and «no» beside 0.5 stand for 1 and 0.
        steps = sorted({*numbers, *found.values()})
        place_of = {step: float(place) for place, step in enumerate(steps, 0 if steps[0] <= 0 else 1)}
        found = {word: place_of[value] for word, value in found.items()}
        found |= {f"{number:g}": place_of[number] for number in numbers}
    elif fractions:
        many = len(numbers)
    grades |= found
    values = [*grades.values(), *(number for number in numbers if f"{number:g}" not in grades)]
    unknown = unknown if _mostly(cells, unknown) else []
    return LabelScale(
        tuple(grades.items()),
        bool(given),
        tuple(as_text(different[word]) for word in unknown),
        tuple(as_text(different[key]) for key in sorted(different, key=_sortable)),
        min(values, default=None),
        len(different),
        blank == 0 or (len(different) > 1 and blank < _SCORED_SHARE * len(cells)),
        many,
    )


def _sortable(key: str) -> tuple[float, str]:
    number = read_number(key)
    return (float("inf") if number is None else number, key)


def _mostly(cells: Sequence[Cell], unknown: Sequence[str]) -> bool:
    """Whether unknown words are a part of the scale and not slips in a few rows."""
    if not unknown:
        return False
    wanted = set(unknown)
    filled = [cell for cell in cells if cell is not None]
    return sum(isinstance(cell, str) and label_key(cell) in wanted for cell in filled) >= 0.1 * len(filled)


def _known_scale(words: Sequence[str]) -> dict[str, float] | None:
    """The grades of a scale that knows all the words, when at least one is not plain yes or no."""
    if len(words) < 2:
        return None
    for steps in _SCALES:
        best = len(steps) - 1
        places = {word: float(best - at) for at, step in enumerate(steps) for word in step.split()}
        if all(word in places for word in words):
            used = sorted({places[word] for word in words})
            # Steps that nobody used leave no gap; the scale's own lowest step stays 0.
            first = 0 if used[0] == 0 else 1
            closed = {grade: float(place) for place, grade in enumerate(used, first)}
            return {word: closed[places[word]] for word in words}
    return None
