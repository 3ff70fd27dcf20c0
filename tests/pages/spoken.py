"""Finds every English text in `core` and `pages` that a user can meet, by reading the source.

Three kinds of text are looked for, because no single rule sees them all: the first argument of calls that
speak, whole sentences anywhere in `core` (constants, tables of refusals, words handed to a function), and
capitalised labels anywhere in `pages`. What only `python -m core` and the HTTP route say stays English.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import core.errors

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "pages" / "parts" / "texts"
ENGLISH_ONLY = ("core/commands/", "core/cli.py", "core/__main__.py", "core/api/", "core/workflows/scale/")

ERRORS = {name for name in vars(core.errors) if name.endswith("Error")}
# Calls that speak, with how many of their first arguments do: a notice's second is its place or its advice.
SPEAKING = dict.fromkeys(ERRORS | {"Sentence", "sentence", "t"}, 1) | {"Notice": 2, "JobNotice": 2}
# Texts wherever they are given.
SPOKEN_KEYWORDS = {"hint", "template"}
# Constants and calls whose strings are data, SQL or a log's: texts that are scored as a test, log messages.
SILENT_CONSTANTS = {
    "PROBE",
    "CALIBRATED",
    "CALIBRATION",
    "JUDGED",
    "_LONG_ENGLISH",
    "_LONG_CHINESE",
    "TASK",
    "TASK_AGAIN",
    "VL_INSTRUCTION",
}
SILENT = {"Sample", "RewriteSample", "Vector", "execute", "executemany"}
SILENT_METHODS = {"debug", "info", "warning", "error", "exception", "compile"}
SILENT_OBJECTS = {"log", "logger", "_log", "re"}

# Starts like a sentence, holds a space, and ends with a full stop or a field («…: {problem}»); or names a
# thing that another sentence speaks of («a PDF document»).
_SENTENCE = re.compile(r"[\"«{]*[A-Za-z].* .*((?<=[\w»\"})])[.!?…][\"»)]*|\})|an? \w.*", re.DOTALL)
# Starts with a capital and holds a small letter: «Charts», «Own instruction», not «CSV» or «Success@1».
_LABEL = re.compile(r"(?!\w+@\d+$)[A-Z][a-z].*|[A-Z]+ .*[a-z].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A string of the source and where it stands; `whole` is false for a piece of an f-string."""

    place: str
    value: str
    whole: bool = True


def sources() -> Iterator[Path]:
    """Every module of the program but the translations themselves."""
    for path in sorted([*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        if TRANSLATIONS not in path.parents:
            yield path


def all_strings() -> set[str]:
    """Every string constant of the program."""
    return {text.value for path in sources() for text in _strings(_tree(path), _name(path))}


def spoken_arguments() -> Iterator[Text]:
    """Literals given to a call that speaks. An f-string there cannot be translated: `whole` is false."""
    for path in _translated_sources():
        tree = _tree(path)
        assigned = _assigned(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                arguments = node.args[: SPEAKING.get(_called(node), 0)]
                arguments += [k.value for k in node.keywords if k.arg in SPOKEN_KEYWORDS]
                for argument in arguments:
                    yield from _literals(argument, _name(path), assigned)


def sentences_in_core() -> Iterator[Text]:
    """Whole sentences in `core`, wherever they stand."""
    for path in _translated_sources():
        if path.is_relative_to(ROOT / "core"):
            for text in _strings(_tree(path), _name(path)):
                if text.whole and _SENTENCE.fullmatch(text.value):
                    yield text


def labels_in_pages() -> Iterator[Text]:
    """Capitalised texts in `pages`, wherever they stand."""
    for path in _translated_sources():
        if path.is_relative_to(ROOT / "pages"):
            for text in _strings(_tree(path), _name(path)):
                if text.whole and _LABEL.fullmatch(text.value):
                    yield text


def _translated_sources() -> Iterator[Path]:
    for path in sources():
        if not _name(path).startswith(ENGLISH_ONLY):
            yield path


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """What stands behind each name that the module gives a text or a table of texts."""
    assigned: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        for target in targets:
            value = node.value  # type: ignore[attr-defined]
            if isinstance(target, ast.Name) and isinstance(value, (ast.Constant, ast.IfExp, ast.Dict)):
                assigned[target.id] = value
    return assigned


def _literals(node: ast.expr, name: str, assigned: Mapping[str, ast.expr]) -> Iterator[Text]:
    """The strings an argument can be: a literal, a branch of a condition, a constant, a table's entry."""
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body, name, assigned)
        yield from _literals(node.orelse, name, assigned)
    elif isinstance(node, ast.Name) and node.id in assigned:
        yield from _literals(assigned[node.id], name, assigned)
    elif isinstance(node, ast.Subscript):
        table = assigned.get(node.value.id) if isinstance(node.value, ast.Name) else node.value
        for value in table.values if isinstance(table, ast.Dict) else []:
            yield from _literals(value, name, assigned)
    elif isinstance(node, ast.JoinedStr):
        yield Text(f"{name}:{node.lineno}", ast.unparse(node), whole=False)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield Text(f"{name}:{node.lineno}", node.value)


def _strings(node: ast.AST, name: str) -> Iterator[Text]:
    """Every string constant below `node`, without docstrings and the arguments of silent calls."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and _is_silent(node):
        return
    if (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id in SILENT_CONSTANTS
    ):
        return
    if isinstance(node, ast.JoinedStr):
        for piece in node.values:
            if isinstance(piece, ast.Constant):
                yield Text(f"{name}:{node.lineno}", str(piece.value), whole=False)
            else:
                yield from _strings(piece, name)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Text(f"{name}:{node.lineno}", node.value)
    for child in ast.iter_child_nodes(node):
        yield from _strings(child, name)


def _is_silent(node: ast.Call) -> bool:
    if _called(node) in SILENT:
        return True
    # `log.info` is silent, `st.info` is not.
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return _called(node) in SILENT_METHODS and isinstance(owner, ast.Name) and owner.id in SILENT_OBJECTS
