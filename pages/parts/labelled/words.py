"""Sentences and names of an evaluation in the interface language."""

from collections.abc import Callable

from core.evaluation.measures import Measure
from core.sentences import Sentence, render
from core.workflows.evaluate.data import BEFORE
from pages.parts.frame.language import language, t
from pages.parts.frame.messages import plain as plain
from pages.parts.texts import LANGUAGES

VERDICTS = {
    "better": "better",
    "worse": "worse",
    "cannot_tell": "cannot tell",
    "no_difference": "no difference",
    "too_few": "too few queries",
}


def say(sentence: Sentence) -> str:
    """The sentence in the interface language; names of runs that are words are translated too."""
    return speaker(language())(sentence)


def speaker(code: str) -> Callable[[Sentence], str]:
    """`say` in a given language, for what runs when no page is being drawn."""
    words = LANGUAGES[code]

    def speak(sentence: Sentence) -> str:
        runs = {name: words.of(BEFORE) for name in ("run", "baseline") if sentence.facts.get(name) == BEFORE}
        return render(sentence.knowing(**runs), words.of)

    return speak


def run_name(name: object) -> str:
    """A run's name; the order before reranking has one in every language."""
    return t("before") if name == BEFORE else str(name)


def measure_help(measure: Measure) -> str:
    """What a measure tells, with its gain where grades are weighed."""
    parts = [t(measure.kind.title) + t(": ") + t(measure.kind.help)]
    if measure.gain_text:
        parts.append(t(measure.gain_text))
    return " ".join(parts)


def verdict_word(verdict: str) -> str:
    """A verdict in one or two words."""
    return t(VERDICTS[verdict])


def signed(value: float) -> str:
    """With its sign, three digits."""
    return f"{value:+.3f}"


def chance(p: float | None) -> str:
    """A p-value as papers print it: three digits, and never as 0."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def percent(share: float | None) -> str:
    """A share as a percentage; a dash where there is none."""
    return "–" if share is None else f"{share:.0%}"
