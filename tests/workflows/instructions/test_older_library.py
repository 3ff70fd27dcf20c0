"""The database of an earlier version becomes recipes, once, with every version and its evidence."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from core.errors import StorageError
from core.recipes.evidence import Evidence
from core.recipes.store import RecipeStore
from core.storage.database import Database
from core.workflows.instructions.library import InstructionLibrary
from core.workflows.instructions.older_library import FILE_NAME, STEPS

EVIDENCE = Evidence(
    "合同.xlsx", "ab" * 32, "nDCG@10", 120, 0.03, 0.01, 0.05, 0.004, 5, "confirmed", 1, "Qwen", "bf16", False,
    "2026-11-21", "abc", 0.02, 0.001, 0.04, 60,
)  # fmt: skip
# As the earlier version wrote it: without what evidence has learnt since.
OLD_EVIDENCE = {
    name: value
    for name, value in asdict(EVIDENCE).items()
    if name not in ("before", "after", "pairs", "labels", "scores")
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    rows = [
        ("合同", 1, "first", "a note", json.dumps(OLD_EVIDENCE), 1000.25),
        ("合同", 2, "second", "", None, 2000.5),
        ("合同", 3, "first", "", None, 3000.0),
        ("refunds", 1, "third", "", None, 4000.0),
    ]
    database = Database(tmp_path / FILE_NAME, STEPS)
    with database.writing() as connection:
        connection.executemany("INSERT INTO version VALUES (?, ?, ?, ?, ?, ?)", rows)
    database.close()
    return tmp_path


def test_every_version_moves_in_its_order(home: Path) -> None:
    library = InstructionLibrary(home)
    refunds, contracts = library.all()
    assert [one.instruction for one in contracts.versions] == ["first", "second", "first"]
    assert (contracts.versions[0].note, contracts.versions[0].evidence) == ("a note", EVIDENCE)
    assert contracts.versions[1].written.timestamp() == 2000
    assert refunds.latest.instruction == "third"
    assert RecipeStore(home).named("refunds").latest.recipe.only_instruction


def test_it_happens_once_and_the_old_file_stays_aside(home: Path) -> None:
    InstructionLibrary(home)
    assert not (home / FILE_NAME).exists() and (home / f"{FILE_NAME}.moved-1").is_file()
    library = InstructionLibrary(home)
    library.remove("refunds")
    assert [one.name for one in InstructionLibrary(home).all()] == ["合同"]


def test_a_move_that_was_cut_off_goes_on_without_doubling(home: Path) -> None:
    copy = (home / FILE_NAME).read_bytes()
    InstructionLibrary(home)
    (home / FILE_NAME).write_bytes(copy)
    assert [len(one.versions) for one in InstructionLibrary(home).all()] == [1, 3]


def test_a_damaged_database_is_set_aside_and_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="set aside"):
        InstructionLibrary(tmp_path)
    assert InstructionLibrary(tmp_path).all() == ()


def test_the_wording_of_a_whole_recipe_is_edited_in_place(home: Path) -> None:
    store = RecipeStore(home)
    library = InstructionLibrary(home)
    recipe = store.named("refunds").latest.recipe
    store.save("refunds", replace(recipe, top=3))
    library.save("refunds", "another wording")
    kept = store.named("refunds").latest.recipe
    assert (kept.instruction, kept.top) == ("another wording", 3)
