"""The directions in which modules may import one another, and what importing them must not do."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE = {"errors", "records", "sentences", "settings", ""}
# Who may import whom inside core; every folder may import BASE and itself.
ALLOWED = {
    "models": {"engine"},
    "engine": set(),
    "sheets": set(),
    "text": set(),
    "retrieval": set(),
    "evaluation": set(),
    "jobs": set(),
    "workflows": {"models", "engine", "sheets", "text", "retrieval", "evaluation", "jobs"},
    "api": {"workflows"},
    "commands": {"workflows", "models", "engine", "sheets", "text", "evaluation", "jobs", "api"},
    "cli": {"commands"},
    # The process's environment is set before anything imports torch.
    "__main__": {"cli", "engine"},
    "errors": set(),
    "records": set(),
    "sentences": set(),
    "settings": set(),
    "__init__": set(),
}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", _modules("core"), ids=lambda p: str(p.relative_to(ROOT)))
def test_core_imports_point_one_way(path: Path) -> None:
    part = path.relative_to(ROOT / "core").parts[0].removesuffix(".py")
    for name in _imports(path):
        top, _, rest = name.partition(".")
        assert top not in ("streamlit", "pages"), f"{path.name} imports {name}"
        if top == "core":
            target = rest.split(".")[0]
            assert target in BASE | {part} | ALLOWED[part], f"core/{part} must not import {name}"


def test_importing_the_light_parts_loads_no_heavy_library() -> None:
    heavy = ["torch", "transformers", "pandas", "streamlit"]
    code = (
        "import sys, core.models, core.errors, core.records, core.settings\n"
        "import core.workflows.instructions.presets\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("path", _modules("pages"), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_does(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
