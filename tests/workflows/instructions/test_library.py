"""The user's instructions: names, versions, evidence, import and export, and finding them by name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import InputError
from core.recipes.evidence import Evidence
from core.workflows.instructions.evidence import evidence_sentences
from core.workflows.instructions.exchange import export_library, import_library
from core.workflows.instructions.library import (
    InstructionLibrary,
    asked_instruction,
    instruction_library,
    named_instruction,
    resolved_instruction,
)
from core.workflows.instructions.presets import PRESETS, preset

TEXT = "Given a question on contracts, retrieve the clause that settles it"
EVIDENCE = Evidence(
    file="合同.xlsx",
    sha256="ab" * 32,
    measure="nDCG@10",
    queries=120,
    difference=0.031,
    low=0.01,
    high=0.052,
    p_adjusted=0.004,
    tried=5,
    verdict="confirmed",
    seed=20_260_101,
    model="Qwen3-Reranker-0.6B",
    precision="bf16",
    as_words=False,
    date="2026-11-21",
    job="abc",
    confirmed_difference=0.028,
    confirmed_low=0.004,
    confirmed_high=0.05,
    confirmed_queries=60,
)


@pytest.fixture
def library(tmp_path: Path) -> InstructionLibrary:
    return InstructionLibrary(tmp_path / "library")


def test_every_edit_makes_a_version_and_old_ones_stay(library: InstructionLibrary) -> None:
    library.save("contracts", TEXT, "first try")
    saved = library.save("contracts", TEXT + ".", "with a full stop", EVIDENCE)
    assert [version.number for version in saved.versions] == [1, 2]
    assert [version.instruction for version in saved.versions] == [TEXT, TEXT + "."]
    assert saved.versions[0].note == "first try" and saved.latest.evidence == EVIDENCE


def test_saving_what_is_there_already_makes_no_version(library: InstructionLibrary) -> None:
    library.save("contracts", TEXT)
    assert len(library.save("contracts", f"  {TEXT} ").versions) == 1


def test_an_old_version_can_be_taken_up_again(library: InstructionLibrary) -> None:
    for text in (TEXT, TEXT + ".", TEXT):
        saved = library.save("contracts", text)
    assert [version.number for version in saved.versions] == [1, 2, 3]
    assert saved.latest.instruction == TEXT


def test_it_survives_reopening_and_two_processes_see_the_same(
    library: InstructionLibrary, tmp_path: Path
) -> None:
    other = InstructionLibrary(tmp_path / "library")
    library.save("合同", TEXT, evidence=EVIDENCE)
    other.save("合同", TEXT + ".")
    (saved,) = library.all()
    assert saved.name == "合同" and len(saved.versions) == 2


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("  ", "empty"),
        ("a" * 61, "61"),
        ("two\nlines", "one line"),
        ("legal", "built-in"),
        ("Legal", "built-in"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(library: InstructionLibrary, name: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        library.save(name, TEXT)


def test_an_empty_or_endless_instruction_is_refused(library: InstructionLibrary) -> None:
    with pytest.raises(InputError, match="empty"):
        library.save("contracts", " \n")
    with pytest.raises(InputError, match="4001"):
        library.save("contracts", "a" * 4001)


def test_removing_forgets_all_versions_and_an_unknown_name_is_a_sentence(library: InstructionLibrary) -> None:
    library.save("contracts", TEXT)
    library.remove("contracts")
    assert library.all() == ()
    with pytest.raises(InputError, match="no preset called «contracts»"):
        library.remove("contracts")


def test_export_and_import_give_back_every_version_with_its_evidence(
    library: InstructionLibrary, tmp_path: Path
) -> None:
    library.save("contracts", TEXT, "first")
    library.save("contracts", TEXT + ".", "第二版", EVIDENCE)
    other = InstructionLibrary(tmp_path / "other")
    done = import_library(other, export_library(library))
    assert (done.names, done.versions, done.known) == (1, 2, 0)
    (mine,), (theirs,) = library.all(), other.all()
    assert [v.content for v in theirs.versions] == [v.content for v in mine.versions]
    # A second time there is nothing new.
    again = import_library(other, export_library(library))
    assert (again.names, again.versions, again.known) == (0, 0, 2)


def test_an_import_adds_to_a_name_that_is_there(library: InstructionLibrary, tmp_path: Path) -> None:
    other = InstructionLibrary(tmp_path / "other")
    other.save("contracts", TEXT + " at once")
    library.save("contracts", TEXT)
    import_library(library, export_library(other))
    (saved,) = library.all()
    assert [version.instruction for version in saved.versions] == [TEXT, TEXT + " at once"]


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b'{"format": "something else"}',
        b'{"format": "rerank-instructions", "version": 99, "instructions": []}',
        b'{"format": "rerank-instructions", "version": 1, "instructions": []}',
        b'{"format": "rerank-instructions", "version": 1, "instructions": [{"name": "x"}]}',
        b'{"format": "rerank-instructions", "version": 1, "instructions": [{"name": "legal"}]}',
    ],
)
def test_a_file_that_is_not_ours_is_a_sentence_and_changes_nothing(
    library: InstructionLibrary, content: bytes
) -> None:
    with pytest.raises(InputError):
        import_library(library, content)
    assert library.all() == ()


@pytest.mark.parametrize(
    ("field", "value"), [("difference", "much"), ("verdict", "glorious"), ("queries", None), ("as_words", 1)]
)
def test_evidence_of_the_wrong_type_is_refused(
    library: InstructionLibrary, field: str, value: object
) -> None:
    library.save("contracts", TEXT, evidence=EVIDENCE)
    record = json.loads(export_library(library))
    record["instructions"][0]["name"] = "other"
    record["instructions"][0]["versions"][0]["evidence"][field] = value
    with pytest.raises(InputError, match="Instruction 1"):
        import_library(library, json.dumps(record).encode())
    assert [saved.name for saved in library.all()] == ["contracts"]


def test_names_are_found_built_in_or_saved(tmp_path: Path) -> None:
    instruction_library(tmp_path).save("contracts", TEXT)
    assert named_instruction("legal", tmp_path) == preset("legal").instruction
    assert named_instruction("contracts", tmp_path) == TEXT
    assert resolved_instruction(" preset:contracts ", tmp_path) == TEXT
    assert resolved_instruction(TEXT, tmp_path) == TEXT and resolved_instruction(None, tmp_path) is None
    assert asked_instruction(TEXT, None, tmp_path) == TEXT
    assert asked_instruction(None, "legal", tmp_path) == preset("legal").instruction


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    instruction_library(tmp_path).save("contracts", TEXT)
    with pytest.raises(InputError) as caught:
        named_instruction("poetry", tmp_path)
    assert "«poetry»" in caught.value.message
    assert "legal" in caught.value.hint and "contracts" in caught.value.hint


def test_the_built_in_ones_cover_the_usual_tasks() -> None:
    names = {one.name for one in PRESETS}
    assert names >= {
        "web-search", "general-qa", "legal", "medical", "code", "customer-service", "academic", "e-commerce",
        "cross-lingual",
    }  # fmt: skip


def test_evidence_of_words_in_front_says_so() -> None:
    said = evidence_sentences(replace(EVIDENCE, as_words=True, model="embedded"))
    assert len(said) == 2 and said[1].text.startswith(
        "Tried as words in front of the query, because embedded"
    )


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("confirmed", "confirmed by +0.028 on 60"),
        ("not_confirmed", "but not confirmed"),
        ("refuted", "but worse"),
        ("baseline_best", "Did not beat"),
        ("not_chosen", "Not the best of 5"),
        ("too_few", "Too few"),
    ],
)
def test_evidence_is_said_as_it_is(verdict: str, words: str) -> None:
    (said,) = evidence_sentences(replace(EVIDENCE, verdict=verdict))
    assert words in said.text and "合同.xlsx" in said.text
