"""A run over many files: what it was asked, what has been written, and whether nothing is missing or twice.

`_RUN.json` is written first and says which input, columns and settings the parts belong to; `_SUCCESS` is
written last, once every query of the input stands in the parts exactly once.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.errors import IncompleteError, InputError
from core.workflows.recipes.use import RecipeInUse
from core.workflows.scale.folding import Columns, fold
from core.workflows.scale.parts import TEMPORARY, Portion, about_part, put, read_ids, written_parts
from core.workflows.scale.places import Folder, InputFile

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem  # type: ignore[import-untyped]

RUN_FILE, SUCCESS_FILE = "_RUN.json", "_SUCCESS"
# Ids that an error lists; all of them stand in the file beside the parts.
SHOWN = 20
MISSING_FILE = "_MISSING.txt"

MIXED = "{folder} holds the parts of another run: {what} differ."
MIXED_HINT = "Give another output folder, or repeat the command as it was."
FOREIGN = "{folder} holds other files."
FOREIGN_HINT = "Give an empty folder, or one that a run was begun in."
SEVERAL_MODELS = "The parts in {folder} are from different models ({names})."
LACKING = "{missing} of {expected} queries are missing: {ids}"
LACKING_HINT = "Repeat the command: what is there is passed over. All missing ids: {file}."
TWICE = "{count} query ids stand in several files or places: {ids}"
TWICE_HINT = "Put all candidates of a query into one file, their rows together."


@dataclass(frozen=True, slots=True)
class Run:
    """files: the input in its order. model: by name, folder or address. instruction: None for the default.
    recipe: decides the order and what else a recipe decides; None for the model alone.

    settings: of the model, as `core.settings` names them, without anything secret.
    """

    files: tuple[InputFile, ...]
    columns: Columns
    portion: Portion
    model: str
    instruction: str | None
    settings: Mapping[str, Any]
    output: Folder
    recipe: RecipeInUse | None = None

    def told(self) -> dict[str, Any]:
        """What decides which parts there are and what they hold, as JSON values."""
        return {
            "input": [[file.path, file.size] for file in self.files],
            "columns": self.columns.told(),
            "portion": asdict(self.portion),
            "model": self.model,
            "instruction": self.instruction,
            "settings": dict(self.settings),
            **({} if self.recipe is None else {"recipe": self.recipe.stored()}),
        }


@dataclass(frozen=True, slots=True)
class FileCount:
    """What one file of the input held."""

    queries: int
    pairs: int
    parts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished run holds. scored: pairs of this call; the others were there before."""

    queries: int
    pairs: int
    parts: int
    scored: int
    fingerprint: str


def begin(run: Run) -> str:
    """Prepare the folder; the fingerprint of what was scored in it before, "" for nothing.

    InputError when it holds another run or anything else.
    """
    from pyarrow.fs import FileSelector, FileType

    system, root = run.output.opened()
    there = system.get_file_info(FileSelector(root, allow_not_found=True))
    told = run.told()
    if any(one.base_name == RUN_FILE for one in there):
        with system.open_input_stream(f"{root}/{RUN_FILE}") as stream:
            before = json.loads(stream.read())
        differ = [name for name in (*told, *(before.keys() - told)) if before.get(name) != told.get(name)]
        if differ:
            raise InputError(
                MIXED,
                where=run.output.address,
                hint=MIXED_HINT,
                folder=run.output.address,
                what=", ".join(differ),
            )
    elif there:
        raise InputError(FOREIGN, where=run.output.address, hint=FOREIGN_HINT, folder=run.output.address)
    else:
        if run.output.local:
            system.create_dir(root, recursive=True)
        put(run.output, RUN_FILE, json.dumps(told, ensure_ascii=False, indent=1).encode())
    if any(one.base_name == SUCCESS_FILE and one.type == FileType.File for one in there):
        # What was finished is looked at again: a part may have been taken away since.
        system.delete_file(f"{root}/{SUCCESS_FILE}")
    first = min(written_parts(run.output), default=None)
    return "" if first is None else about_part(run.output, first)[2]


def finish(run: Run, counts: Mapping[int, FileCount], scored: int) -> Outcome:
    """Compare what is there with what was read and write `_SUCCESS`.

    IncompleteError with the ids when queries are missing or stand there twice.
    """
    names = written_parts(run.output)
    found = [about_part(run.output, name) for name in sorted(names)]
    models = sorted({fingerprint for _, _, fingerprint in found})
    if len(models) > 1:
        raise IncompleteError(
            SEVERAL_MODELS,
            where=run.output.address,
            hint=MIXED_HINT,
            folder=run.output.address,
            names=", ".join(models),
        )
    queries, pairs = sum(one[0] for one in found), sum(one[1] for one in found)
    whole = len(counts) == len(run.files)
    expected = sum(count.queries for count in counts.values())
    if not whole or (queries, pairs) != (expected, sum(count.pairs for count in counts.values())):
        raise _lacking(run, sorted(names))
    _check_once(run, sorted(names))
    system, root = run.output.opened()
    for left in (MISSING_FILE, TEMPORARY):
        _remove(system, f"{root}/{left}")
    outcome = Outcome(queries, pairs, len(names), scored, models[0] if models else "")
    record = asdict(outcome) | {"model": run.model, "files": len(run.files), "asked": _digest(run)}
    put(run.output, SUCCESS_FILE, json.dumps(record, ensure_ascii=False).encode())
    return outcome


def _remove(system: "FileSystem", path: str) -> None:
    """A file or a folder, where it is there."""
    from pyarrow.fs import FileType

    kind = system.get_file_info(path).type
    if kind == FileType.File:
        system.delete_file(path)
    elif kind == FileType.Directory:
        system.delete_dir(path)


def _lacking(run: Run, names: Sequence[str]) -> IncompleteError:
    """Which queries of the input stand in no part; the input is read once more to name them."""
    there = {one for name in names for one in read_ids(run.output, name)}
    asked = [query.id for file in run.files for query in fold(file, run.columns)]
    missing = [one for one in asked if one not in there]
    put(run.output, MISSING_FILE, "\n".join(missing).encode())
    return IncompleteError(
        LACKING,
        where=run.output.address,
        hint=LACKING_HINT,
        missing=len(missing),
        expected=len(asked),
        ids=_shown(missing),
        file=MISSING_FILE,
    )


def _check_once(run: Run, names: Sequence[str]) -> None:
    """Every id once. Eight bytes an id are held: 0.8 GB for 10⁸ queries."""
    import numpy as np

    digests = [
        np.frombuffer(
            b"".join(
                hashlib.blake2b(one.encode(), digest_size=8).digest() for one in read_ids(run.output, name)
            ),
            dtype=np.uint64,
        )
        for name in names
    ]
    every = np.sort(np.concatenate(digests)) if digests else np.empty(0, dtype=np.uint64)
    again = {int(one) for one in every[1:][every[1:] == every[:-1]]}
    if not again:
        return
    seen: dict[str, int] = {}
    for name in names:
        for one in read_ids(run.output, name):
            if int.from_bytes(hashlib.blake2b(one.encode(), digest_size=8).digest(), "little") in again:
                seen[one] = seen.get(one, 0) + 1
    twice = [one for one, count in seen.items() if count > 1]
    if twice:
        raise IncompleteError(
            TWICE, where=run.output.address, hint=TWICE_HINT, count=len(twice), ids=_shown(twice)
        )


def _shown(ids: Sequence[str]) -> str:
    listed = ", ".join(one[:80] for one in ids[:SHOWN])
    return listed + (" …" if len(ids) > SHOWN else "")


def _digest(run: Run) -> str:
    return hashlib.sha256(json.dumps(run.told(), sort_keys=True).encode()).hexdigest()[:16]
