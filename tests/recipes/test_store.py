"""Recipes as files: versions, names, rolling back, files from elsewhere, and words for what differs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.evaluation.blends.order import Blend
from core.evaluation.calibrations.curve import Calibration
from core.recipes.document import read_recipe_file, recipe_bytes
from core.recipes.evidence import Evidence, ScoreShape
from core.recipes.recipe import GlossaryForm, QueryRewriting, Recipe, RecipeModel
from core.recipes.store import RecipeStore
from core.recipes.words import decided, differences

MODEL = RecipeModel("Qwen/Qwen3-Reranker-0.6B", "Qwen3-Reranker-0.6B", "ab" * 32, "bf16")
WHOLE = Recipe(
    instruction="Given a question, retrieve the clause that settles it",
    model=MODEL,
    care={"rules": ["html"], "chunks": {"tokens": 512, "overlap": 64, "least": 64, "top": 1}},
    rewriting=QueryRewriting(("synonym",), (GlossaryForm("双因素", "双重验证", "synonym"),), ("双重验证",)),
    candidates=50,
    blend=Blend("scores", 0.7, gate=1.5),
    calibration=Calibration("isotonic", "ab" * 32, 300, 0.2, logits=(-1.0, 2.0), values=(0.1, 0.9)),
    threshold=0.3,
    top=10,
    evidence=Evidence(
        "合同.xlsx", "cd" * 32, "nDCG@10", 80, 0.03, 0.01, 0.05, 0.004, 1, "better", 7, "Qwen", "bf16",
        False, "2026-11-28", "job", before=0.6, after=0.63, pairs=4000, labels=900,
        scores=ScoreShape(80, 4000, (1.0, 2.5), 0.4, 0.01, 0.5),
    ),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> RecipeStore:
    return RecipeStore(tmp_path)


def test_a_recipe_comes_back_whole_from_a_readable_file(store: RecipeStore, tmp_path: Path) -> None:
    store.save("合同", WHOLE, "第一版")
    (path,) = (tmp_path / "recipes").glob("*.json")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    record = json.loads(path.read_text(encoding="utf-8"))
    assert (record["format"], record["name"]) == ("rerank-recipe", "合同")
    assert record["versions"][0]["recipe"]["model"]["fingerprint"] == "ab" * 32
    saved = RecipeStore(tmp_path).named("合同")
    assert (saved.latest.recipe, saved.latest.note, saved.latest.number) == (WHOLE, "第一版", 1)


def test_what_changed_is_a_version_and_what_did_not_is_none(store: RecipeStore) -> None:
    store.save("a", WHOLE)
    assert store.save("a", WHOLE).latest.number == 1
    assert store.save("a", replace(WHOLE, top=5)).latest.number == 2


def test_rolling_back_takes_up_an_earlier_version_and_forgets_none(store: RecipeStore) -> None:
    for top in (10, 5, 3):
        store.save("a", replace(WHOLE, top=top))
    assert store.roll_back("a").latest.recipe.top == 5
    again = store.roll_back("a", 1)
    assert [one.recipe.top for one in again.versions] == [10, 5, 3, 5, 10]
    with pytest.raises(InputError, match="no version 9; it has 5"):
        store.roll_back("a", 9)


@pytest.mark.parametrize("name", ["a/b", "..", "A", "a b", "双 重", ".lock", "x" * 60, "é" * 60, "重" * 60])
def test_any_name_is_a_file_inside_the_folder(store: RecipeStore, tmp_path: Path, name: str) -> None:
    store.save(name, WHOLE)
    store.save("a", Recipe("x"))
    assert store.named(name).latest.recipe == WHOLE
    assert {path.parent for path in tmp_path.rglob("*.json")} == {tmp_path / "recipes"}
    store.remove(name)
    assert [one.name for one in store.all()] == ["a"]


def test_a_file_that_was_copied_in_under_another_name_is_found(store: RecipeStore, tmp_path: Path) -> None:
    saved = store.save("a", WHOLE)
    (tmp_path / "recipes" / "a.json").rename(tmp_path / "recipes" / "from-a-colleague.json")
    assert store.named("a") == saved
    store.save("a", replace(WHOLE, top=1))
    assert store.named("a").latest.recipe.top == 1
    store.remove("a")
    assert store.all() == ()


def test_a_damaged_file_is_passed_over_and_hinders_no_other(store: RecipeStore, tmp_path: Path) -> None:
    store.save("a", WHOLE)
    (tmp_path / "recipes" / "b.json").write_text("{")
    assert [one.name for one in store.all()] == ["a"]
    with pytest.raises(InputError, match="not valid JSON"):
        store.find("b")


@pytest.mark.parametrize("name", ["", "x" * 5000, "half \udcff", "a\0b", "two\nlines", "../a", "/etc/passwd"])
def test_whatever_a_client_calls_a_model_is_no_error(store: RecipeStore, name: str) -> None:
    store.save("a", WHOLE)
    assert store.find(name) is None


def test_an_unknown_name_lists_the_known_ones(store: RecipeStore) -> None:
    store.save("contracts", WHOLE)
    with pytest.raises(InputError) as caught:
        store.named("poetry")
    assert "contracts" in caught.value.hint


def test_export_and_import_give_back_every_version(store: RecipeStore, tmp_path: Path) -> None:
    store.save("a", WHOLE)
    saved = store.save("a", replace(WHOLE, top=5), "fewer")
    given = read_recipe_file(recipe_bytes(saved))
    other = RecipeStore(tmp_path / "other")
    assert other.merge(given.name, given.versions) == 2
    assert other.merge(given.name, given.versions) == 0
    assert other.named("a") == saved


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("threshold", "0.3"),
        ("threshold", 1.5),
        ("threshold", float("nan")),
        ("candidates", 0),
        ("candidates", True),
        ("top", 2.5),
        ("blend", {"kind": "magic", "weight": 0.5}),
        ("blend", {"kind": "ranks", "weight": 2}),
        ("model", {"name": "m"}),
        ("instruction", "x" * 4001),
        ("rewriting", {"rules": "all"}),
        ("evidence", {"file": "f"}),
        ("a setting of tomorrow", 1),
    ],
)
def test_what_is_wrong_or_unknown_in_a_file_is_refused(store: RecipeStore, place: str, value: object) -> None:
    record = json.loads(recipe_bytes(store.save("a", WHOLE)))
    record["versions"][0]["recipe"][place] = value
    with pytest.raises(InputError):
        read_recipe_file(json.dumps(record).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b'{"format": "rerank-instructions", "version": 1}',
        b'{"format": "rerank-recipe", "version": 2, "name": "a", "versions": []}',
        b'{"format": "rerank-recipe", "version": 1, "name": "a", "versions": []}',
        b'{"format": "rerank-recipe", "version": 1, "name": "", "versions": [{}]}',
        b'{"format": "rerank-recipe", "version": 1, "name": "a", "versions": [{"recipe": {}}]}',
        b'{"format": "rerank-recipe", "version": 1, "name": "a", "versions": 3}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_not_ours_is_a_sentence(content: bytes) -> None:
    with pytest.raises(InputError):
        read_recipe_file(content)


def test_differences_are_said_part_by_part() -> None:
    other = replace(WHOLE, threshold=0.5, blend=None, model=replace(MODEL, precision="fp32"))
    assert [one.text for one in differences(WHOLE, other)] == [
        "Runs in: bf16 → fp32",
        "Blend: 70% reranker, the rest first stage, by scores, only where the first stage's margin is below "
        "1.50 → none",
        "Threshold: 0.3 → 0.5",
    ]
    assert [one.text for one in differences(WHOLE, WHOLE)] == ["Both are the same."]
    assert "evidence" in differences(WHOLE, replace(WHOLE, evidence=None))[0].text


def test_another_glossary_of_the_same_length_is_a_difference() -> None:
    rewriting = WHOLE.rewriting
    assert rewriting is not None
    other = replace(rewriting, forms=(GlossaryForm("双因素", "两步验证", "synonym"),))
    (said,) = differences(WHOLE, replace(WHOLE, rewriting=other))
    assert said.text.startswith("Query glossary: 1 ways of writing (")


def test_what_a_recipe_leaves_out_is_not_told() -> None:
    assert [part.name.text for part in decided(Recipe("x"))] == ["Model", "Instruction"]


def test_an_entry_of_the_library_decides_nothing_else() -> None:
    assert Recipe("x", evidence=WHOLE.evidence).only_instruction
    assert not WHOLE.only_instruction and not Recipe("x", top=3).only_instruction
