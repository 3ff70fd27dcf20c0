"""The documentation names what the program has: every setting, every page, every command."""

from pathlib import Path

import pytest

from core.cli import commands
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(field: str) -> None:
    plain = {"host": "HOST", "port": "PORT"}
    assert f"`{plain.get(field, 'RERANK_' + field.upper())}`" in README


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("*.py")), ids=lambda page: page.stem)
def test_every_page_is_in_the_readme(page: Path) -> None:
    if page.stem != "__init__":
        assert f"| {page.stem.capitalize()} |" in README


def test_every_command_is_in_the_readme() -> None:
    names = [module.__name__.rsplit(".", 1)[1] for module in commands()]
    assert [name for name in names if f"python -m core {name}" not in README] == []


def test_pictures_that_the_readme_shows_exist() -> None:
    shown = [part.split(")")[0] for part in README.split("](")[1:]]
    missing = [path for path in shown if "://" not in path and not (ROOT / path).exists()]
    assert missing == []
