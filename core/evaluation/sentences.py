"""A sentence for people with its facts kept apart, as in `core.errors`.

Pages translate the template and fill in the same facts; the command line prints the English text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """One English sentence template with `{name}` or `{name:.3f}` fields, and the facts that fill it."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.facts)

    def __str__(self) -> str:
        return self.text


def sentence(template: str, **facts: object) -> Sentence:
    """Short form of `Sentence(template, {...})`."""
    return Sentence(template, facts)
