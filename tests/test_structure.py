"""The directions in which modules may import one another, and what importing them must not do."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE = {"errors", "formulas", "records", "sentences", "settings", ""}
PARTS = ROOT / "pages" / "parts"
# Every page has a folder of its own; the others are shared.
FEATURES = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__"}
# Who may import whom inside core; every folder may import BASE and itself.
ALLOWED = {
    # Whoever keeps something in the home folder, or texts for a while, keeps it by `storage`.
    "storage": set(),
    "models": {"engine", "storage"},
    "engine": set(),
    "sheets": {"storage"},
    # Rewordings and answers come from a language model.
    "text": {"chat"},
    "retrieval": {"storage"},
    "evaluation": set(),
    "jobs": {"storage"},
    # A recipe holds what an evaluation chose: a blend, a calibration.
    "recipes": {"storage", "evaluation"},
    # Labels are for measures and verdicts; a model is asked for them by `chat`.
    "judging": {"storage", "evaluation", "chat"},
    "chat": set(),
    "workflows": {
        "models",
        "engine",
        "sheets",
        "text",
        "retrieval",
        "evaluation",
        "jobs",
        "recipes",
        "judging",
        "chat",
        "storage",
    },
    "api": {"workflows", "storage"},
    "commands": {
        "workflows",
        "models",
        "engine",
        "sheets",
        "text",
        "retrieval",
        "evaluation",
        "jobs",
        "recipes",
        "judging",
        "chat",
        "api",
    },
    # They run in other programs' processes: over HTTP, or with a scorer that they are given.
    "integrations": set(),
    "cli": {"commands"},
    # The process's environment is set before anything imports torch.
    "__main__": {"cli", "engine"},
    "errors": set(),
    "formulas": set(),
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


# Who may import whom inside workflows; every feature may import itself and `home`.
FEATURES_ALLOWED = {
    "home": set(),
    "care": set(),
    "instructions": set(),
    "recipes": {"care"},
    "rerank": {"care", "recipes"},
    "batch": {"care", "rerank", "instructions", "recipes"},
    "evaluate": {"recipes", "rerank"},
    "compare": {"evaluate"},
    "judge": {"evaluate"},
    "scale": {"recipes", "rerank"},
    "sandbox": {"evaluate", "rerank", "instructions", "recipes"},
    "rewrite": {"evaluate", "rerank", "instructions", "recipes"},
    "retrieve": {"batch", "evaluate", "rerank", "instructions", "care", "recipes"},
    "serving": {"rerank", "instructions", "recipes"},
    "runs": {"batch", "batch_evaluation", "evaluate", "sandbox", "rewrite"},
    # Modules beside the folders join features.
    "": {"batch", "evaluate", "sandbox", "rewrite"},
}
# More files than this in one folder are not read at a glance.
WIDEST = 18


@pytest.mark.parametrize("path", _modules("core/workflows"), ids=lambda p: str(p.relative_to(ROOT)))
def test_features_import_only_what_they_may(path: Path) -> None:
    parts = path.relative_to(ROOT / "core" / "workflows").parts
    feature = parts[0] if len(parts) > 1 else ""
    for name in _imports(path):
        if name.startswith("core.workflows."):
            target = name.split(".")[2]
            allowed = FEATURES_ALLOWED[feature] | {feature, "home"}
            assert target in allowed, f"core/workflows/{feature} must not import {name}"


def test_every_folder_says_what_it_is_for_and_is_read_at_a_glance() -> None:
    folders = {path.parent for path in (*_modules("core"), *_modules("pages"))}
    for folder in sorted(folders):
        name = folder.relative_to(ROOT)
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))), name
        if "texts" not in name.parts:
            count = len([one for one in folder.glob("*.py") if one.stem != "__init__"])
            assert count <= WIDEST, f"{name} has {count} modules"


@pytest.mark.parametrize("path", _modules("core"), ids=lambda p: str(p.relative_to(ROOT)))
def test_core_imports_point_one_way(path: Path) -> None:
    part = path.relative_to(ROOT / "core").parts[0].removesuffix(".py")
    for name in _imports(path):
        top, _, rest = name.partition(".")
        assert top not in ("streamlit", "pages"), f"{path.name} imports {name}"
        if top == "core":
            target = rest.split(".")[0]
            assert target in BASE | {part} | ALLOWED[part], f"core/{part} must not import {name}"


def _rooms_imported(path: Path) -> set[str]:
    """The folders of `pages/parts` that a module imports from."""
    names = [name.split(".") for name in _imports(path)]
    return {parts[2] for parts in names if parts[:2] == ["pages", "parts"] and len(parts) > 2}


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
def test_a_page_imports_its_own_folder_and_the_shared_ones(path: Path) -> None:
    own = path.stem if path.parent == ROOT / "pages" else path.relative_to(PARTS).parts[0]
    foreign = _rooms_imported(path) & FEATURES - {own}
    assert not foreign, f"{path.relative_to(ROOT)} imports the parts of {', '.join(sorted(foreign))}"


def test_the_shared_parts_of_pages_know_each_other_in_one_direction() -> None:
    known = {
        folder.name: {room for path in folder.rglob("*.py") for room in _rooms_imported(path)} - {folder.name}
        for folder in PARTS.iterdir()
        if folder.is_dir() and folder.name not in {*FEATURES, "__pycache__"}
    }
    # Orders them so that each comes after those that it knows; a circle is a CycleError that names it.
    assert len([*TopologicalSorter(known).static_order()]) == len(known)


@pytest.mark.parametrize("path", _modules("pages"), ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_reach_the_workbench_through_one_function(path: Path) -> None:
    if path == PARTS / "frame" / "workbench.py":
        return
    taken = [
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "core.workflows.home.workbench"
        for alias in node.names
    ]
    assert "workbench" not in taken, "Ask pages.parts.frame.workbench for it."


@pytest.mark.parametrize("path", _modules("pages"), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_does(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
