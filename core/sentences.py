"""A sentence for people: an English template with the facts that fill it, and its one renderer.

Everything that speaks holds one: errors, notices, problems of rows, verdicts, a job's reason to stop. The
command line and machine outputs read its English; the pages render it with a look-up of translations. This
module knows no language but the one in the code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

# From a template in English to the same template in another language.
LookUp = Callable[[str], str]
# From a sentence to its text in the reader's language.
Say = Callable[["Sentence"], str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One English template with `{name}` or `{name:.3f}` fields, and the facts that fill it.

    A fact may be a sentence itself; it is rendered in the same language.
    """

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in English."""
        return render(self)

    def __str__(self) -> str:
        return self.text

    def knowing(self, **facts: object) -> "Sentence":
        """The same sentence with more facts, or other values of them."""
        return replace(self, facts={**self.facts, **facts})

    def stored(self) -> dict[str, object]:
        """As JSON values, the form in which every store keeps it; `Sentence(**stored)` reads it back."""
        return {"template": self.template, "facts": dict(self.facts)}


# Stands where there is nothing to say.
NOTHING = Sentence("")


def sentence(template: str, /, **facts: object) -> Sentence:
    """Short form of `Sentence(template, {...})`."""
    return Sentence(template, facts)


def render(said: Sentence, look_up: LookUp | None = None) -> str:
    """The sentence with its facts filled in: in English, or in the language that `look_up` knows."""
    facts = {
        name: render(fact, look_up) if isinstance(fact, Sentence) else fact
        for name, fact in said.facts.items()
    }
    template = said.template if look_up is None else look_up(said.template)
    return template.format(**facts)


def english(said: Sentence) -> str:
    """The sentence in English: the `Say` of machine outputs."""
    return said.text
