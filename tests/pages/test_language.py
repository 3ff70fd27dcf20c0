"""Whatever a user can meet is there in Chinese, with the same facts."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import core.errors
from pages.parts.chinese import CHINESE

ROOT = Path(__file__).resolve().parents[2]
ERRORS = {name for name in vars(core.errors) if name.endswith("Error")}
# Calls whose first argument is a sentence for a user.
SPEAKING = ERRORS | {"Notice", "t"}


def _sentences() -> Iterator[tuple[str, str]]:
    """(place, template) of every literal sentence in core and pages."""
    for path in [*sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in SPEAKING:
                continue
            spoken = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "hint")]
            for argument in spoken:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", argument.value


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_sentence_has_a_chinese_one() -> None:
    missing = {f"{place}: {text}" for place, text in _sentences() if text and text not in CHINESE}
    # The command line speaks English only.
    missing = {
        line for line in missing if not line.startswith(("core/commands/", "core/cli.py", "core/api/"))
    }
    assert not missing, "\n".join(sorted(missing))


@pytest.mark.parametrize("template", sorted(CHINESE))
def test_a_translation_keeps_the_facts(template: str) -> None:
    assert _fields(CHINESE[template]) == _fields(template)
