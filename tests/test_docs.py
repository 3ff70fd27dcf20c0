"""The documentation names what the program has: every setting, every page, every command."""

import re
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


GUIDES = [ROOT / "docs" / name for name in ("changes.md", "architecture.md")]
# `core/evaluation/kinds.py`, and `core/evaluation/kinds.py` (`KINDS`).
_PATH = re.compile(r"`([\w./]+(?:/|\.(?:py|md|txt|sh)))`(?: \(`(\w+)`\))?")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_paths_that_a_guide_names_exist_and_hold_what_it_says(guide: Path) -> None:
    named = _PATH.findall(guide.read_text(encoding="utf-8"))
    assert len(named) > 20
    assert [path for path, _ in named if not (ROOT / path).exists()] == []
    wrong = [
        (path, name)
        for path, name in named
        if name and not re.search(rf"^(def |class )?{name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    ]
    assert wrong == []


def _stops() -> list[list[str]]:
    """The numbered paths of each descent in «The life of one score»."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    story = text.split("## The life of one score", 1)[1].split("\n## ", 1)[0]
    return [re.findall(r"^\d+\. `([\w./]+)`", part, re.MULTILINE) for part in story.split("\n### ")[1:]]


def test_the_life_of_a_score_has_few_stops() -> None:
    assert len(_stops()) == 2
    assert 10 < sum(map(len, _stops())) < 25


@pytest.mark.parametrize("stops", _stops(), ids=["scoring", "results"])
def test_no_stop_in_the_life_of_a_score_imports_one_above_it(stops: list[str]) -> None:
    names = [stop.removesuffix(".py").rstrip("/").replace("/", ".") for stop in stops]
    upward = []
    for at, stop in enumerate(stops):
        files = [ROOT / stop] if stop.endswith(".py") else sorted((ROOT / stop).rglob("*.py"))
        code = "\n".join(file.read_text(encoding="utf-8") for file in files)
        upward += [
            (stop, above) for above in names[:at] if re.search(rf"(from|import) {re.escape(above)}\b", code)
        ]
    assert upward == []


def test_every_test_that_a_promise_names_exists() -> None:
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", security)
    assert len(named) > 30
    missing = [f"{path}::{name}" for path, name in named if not _has_test(ROOT / path, name)]
    assert not missing, "\n".join(missing)


def test_every_promise_names_a_test() -> None:
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in security.splitlines() if line.startswith("| ") and "held by" not in line]
    assert [row for row in rows if "::" not in row] == []


def _has_test(path: Path, name: str) -> bool:
    return path.exists() and f"def {name}(" in path.read_text(encoding="utf-8")


CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
FENCED = re.compile("^```.*?^```$", re.MULTILINE | re.DOTALL)
# A setting and its default.
SETTING = re.compile("^[|] (`[^|]+?) [|] (`[^|]*`)? ?[|]", re.MULTILINE)


def test_the_chinese_readme_has_the_same_headings_commands_and_settings() -> None:
    assert _outline(CHINESE) == _outline(README)
    assert FENCED.findall(CHINESE) == FENCED.findall(README)
    settings = [(names.replace("、", ", "), default) for names, default in SETTING.findall(CHINESE)]
    assert settings == SETTING.findall(README)
    assert len(settings) > 20


def _outline(text: str) -> list[tuple[int, int]]:
    """The level of each heading, and how many rows of tables and pictures stand below it."""
    outline: list[tuple[int, int]] = []
    for line in FENCED.sub("", text).splitlines():
        if line.startswith("#"):
            outline.append((len(line) - len(line.lstrip("#")), 0))
        elif line.startswith(("|", "![", "- ", "1. ", "2. ", "3. ")) and outline:
            level, rows = outline[-1]
            outline[-1] = (level, rows + 1)
    return outline
