"""The interface's languages: a folder each, from English sentence to translation with the same `{fields}`.

A language is a folder here named by its code, with its own `NAME` and any number of modules that each hold a
table `TEXTS`. Both are found by themselves: adding a language or a file of translations touches nothing else.
"""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

_QUOTES = str.maketrans("«»", "“”")
_PERCENT = re.compile(r"(?<=[\d}]) %")


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface; `parts` are its tables by module, `texts` all of them joined."""

    code: str
    name: str
    parts: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]

    def of(self, template: str) -> str:
        """The template in this language; English, as a page sets it, where it has no translation."""
        return self.texts.get(template) or typeset(template)


@cache
def typeset(template: str) -> str:
    """English with its usual quotation marks and no blank before a percent sign.

    In code and on the command line «…» cannot be taken for the quotation marks of a string.
    """
    return _PERCENT.sub("%", template.translate(_QUOTES))


def _language(code: str) -> Language:
    package = importlib.import_module(f"{__name__}.{code}")
    parts: dict[str, Mapping[str, str]] = {
        module.name: importlib.import_module(f"{package.__name__}.{module.name}").TEXTS
        for module in pkgutil.iter_modules(package.__path__)
    }
    texts = {english: text for part in parts.values() for english, text in part.items()}
    return Language(code, package.NAME, parts, MappingProxyType(texts))


def _codes() -> list[str]:
    """As the switch shows them: the translations, and English, their source, last."""
    return sorted(
        (found.name for found in pkgutil.iter_modules(__path__)), key=lambda code: (code == "en", code)
    )


def languages() -> Mapping[str, Language]:
    """Every language there is a folder of, in the order of the switch."""
    return {code: _language(code) for code in _codes()}


LANGUAGES: Mapping[str, Language] = languages()
