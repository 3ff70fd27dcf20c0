"""The cleaning rules, one declaration each: name, title, help, and what it does.

Settings, pages, command line and exports list what is declared here. The order is the order of work:
boilerplate is found by whole lines, so before lines are joined; everything else reads text, so after HTML.
What a rule looks for is in its own module; `documents` applies them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.text.cleaning.boilerplate import without_boilerplate
from core.text.cleaning.broken_lines import joined_lines
from core.text.cleaning.characters import without_controls, without_full_width
from core.text.cleaning.html_pages import html_to_text

# A name that `rule_names` has let through.
RuleName = str


@dataclass(frozen=True, slots=True)
class CleaningRule:
    """A rule either changes a document or only marks it; none drops one.

    name: in settings, exports and on the command line. title, help: for people.
    change: the text after the rule and how often it changed something (tags, characters, lines, joins).
    change_together: the same for a rule that has to see all documents of a list.
    A rule with neither marks, and `documents.CleanedDocument` has a field for its mark.
    """

    name: RuleName
    title: str
    help: str
    change: Callable[[str], tuple[str, int]] | None = None
    change_together: Callable[[Sequence[str]], Sequence[tuple[str, int]]] | None = None


RULES: tuple[CleaningRule, ...] = (
    CleaningRule(
        "html",
        "HTML to text",
        "Pages and pieces of them become text: headings, lists and tables keep their form, scripts go.",
        change=html_to_text,
    ),
    CleaningRule(
        "controls",
        "Control characters",
        "Invisible and control characters go, odd blanks become usual ones.",
        change=without_controls,
    ),
    CleaningRule(
        "width",
        "Full-width letters",
        "Letters and digits as wide as Chinese characters become usual ones; Chinese punctuation stays.",
        change=without_full_width,
    ),
    CleaningRule(
        "boilerplate",
        "Repeated lines",
        "Headers, footers and notices that many documents of the list share go.",
        change_together=without_boilerplate,
    ),
    CleaningRule(
        "lines",
        "Broken lines",
        "Lines that a page width has broken are joined again.",
        change=joined_lines,
    ),
    CleaningRule(
        "duplicates",
        "Duplicates (marked)",
        "Documents that repeat an earlier one of their query, word for word or nearly, are marked.",
    ),
    CleaningRule(
        "thin",
        "Too short (marked)",
        "Documents of a word or two, or of nothing but a title, are marked.",
    ),
)
RULE_NAMES: tuple[RuleName, ...] = tuple(rule.name for rule in RULES)


def rule_names(given: Iterable[str]) -> tuple[RuleName, ...]:
    """Rules by name, in their own order, each once. InputError names the one that is not known."""
    wanted = set(given)
    unknown = sorted(wanted - set(RULE_NAMES))
    if unknown:
        raise InputError(
            "There is no cleaning rule called «{name}».",
            where="cleaning",
            hint="Known rules: {known}.",
            name=unknown[0],
            known=", ".join(RULE_NAMES),
        )
    return tuple(rule for rule in RULE_NAMES if rule in wanted)
