"""Several instructions on one query, in the slot of the prompt or as words in front of the query."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from core.engine.prompt import DEFAULT_INSTRUCTION
from core.engine.scorer import Qwen3Scorer
from core.errors import InputError
from core.jobs import ScoreCache
from core.workflows.sandbox.export import side_by_side_excel
from core.workflows.sandbox.side_by_side import TriedInstruction, try_instructions, variants_of
from tests.qwen_fixture import tiny_qwen_folder
from tests.workflows.sandbox.trial_scorer import HELPS, SAME, ListeningScorer

DOCUMENTS = ("other 1", "other 2", "answer 3", "other 4")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ScoreCache]:
    opened = ScoreCache(tmp_path)
    yield opened
    opened.close()


def _variants(*texts: str, slot: bool = True) -> tuple[TriedInstruction, ...]:
    return variants_of(texts, {HELPS: "helps"}, slot)


def test_ranks_and_movements_are_those_against_the_default() -> None:
    result = try_instructions(ListeningScorer(), "q", DOCUMENTS, _variants(SAME, HELPS))
    rows = {row.document: row for row in result.rows()}
    assert rows["answer 3"].ranks == (3, 3, 1) and rows["answer 3"].movements == (0, 0, 2)
    assert rows["other 1"].movements == (0, 0, -1)
    assert [row.document for row in result.rows()] == list(DOCUMENTS)


def test_only_documents_whose_rank_changes_differ() -> None:
    result = try_instructions(ListeningScorer(), "q", DOCUMENTS, _variants(HELPS))
    assert [row.document for row in result.rows() if row.differs] == ["other 1", "other 2", "answer 3"]
    assert [one.moved for one in result.results] == [0, 3]


def test_agreement_says_how_much_of_the_top_stayed() -> None:
    result = try_instructions(ListeningScorer(), "q", DOCUMENTS, _variants(HELPS), top=2)
    agreed = result.results[1].agreement
    assert agreed.overlap == pytest.approx(0.5) and not agreed.first_kept


def test_a_rerun_scores_only_the_instruction_that_changed(cache: ScoreCache) -> None:
    scorer = ListeningScorer()
    first = try_instructions(scorer, "q", DOCUMENTS, _variants(SAME, HELPS), cache=cache)
    assert (first.scored, first.known) == (12, 0)
    again = try_instructions(scorer, "q", DOCUMENTS, _variants(SAME + " at all", HELPS), cache=cache)
    assert (again.scored, again.known) == (4, 8)
    assert scorer.asked[-1].instruction == SAME + " at all"


def test_a_model_with_a_slot_gets_the_query_as_it_is() -> None:
    scorer = ListeningScorer()
    try_instructions(scorer, "q", DOCUMENTS, _variants(HELPS))
    assert [(request.query, request.instruction) for request in scorer.asked] == [("q", None), ("q", HELPS)]


def test_a_model_without_a_slot_gets_words_in_front_of_the_query_and_it_is_said() -> None:
    scorer = ListeningScorer(uses_instruction=False)
    result = try_instructions(scorer, "q", DOCUMENTS, _variants(HELPS, slot=False))
    assert [(r.query, r.instruction) for r in scorer.asked] == [("q", None), (f"{HELPS}\nq", None)]
    settings = _settings(side_by_side_excel(result))
    assert settings["how instructions were used"] == (
        "Tried as words in front of the query, because Listening takes no instruction."
    )
    assert settings["instruction A default"] == "(the query alone)"


def test_the_default_written_out_is_the_default() -> None:
    with pytest.raises(InputError, match="A and B are the same"):
        _variants(f" {DEFAULT_INSTRUCTION} ")
    # Where there is no slot, the same words are a change.
    assert len(_variants(DEFAULT_INSTRUCTION, slot=False)) == 2


def test_equal_too_few_and_too_many_instructions_are_refused() -> None:
    with pytest.raises(InputError, match="B and C are the same"):
        _variants(HELPS, HELPS + " ")
    with pytest.raises(InputError, match="at least two"):
        _variants()
    with pytest.raises(InputError, match="At most 8"):
        _variants(*(f"Find text {n}" for n in range(8)))
    with pytest.raises(InputError, match="Instruction C is empty"):
        _variants(HELPS, " ")


def test_an_instruction_goes_by_its_name_in_the_library() -> None:
    assert [variant.name for variant in _variants(HELPS, SAME)] == ["A default", "B helps", "C own words"]


def test_the_excel_export_holds_ranks_scores_and_settings() -> None:
    result = try_instructions(ListeningScorer(), "q", DOCUMENTS, _variants(HELPS))
    content = side_by_side_excel(result)
    rows = list(openpyxl.load_workbook(io.BytesIO(content))["Results"].iter_rows(values_only=True))
    assert rows[0][:5] == (
        "document",
        "original_rank",
        "A default rank",
        "A default probability",
        "A default logit",
    )
    assert rows[3][0] == "answer 3" and rows[3][2] == 3 and rows[3][5] == 1
    settings = _settings(content)
    assert settings["instruction B helps"] == HELPS and settings["query"] == "q"
    assert settings["how instructions were used"] == "Given to Listening as its instruction."


def test_qwen3_reads_the_instruction_in_its_slot(tmp_path: Path) -> None:
    scorer = Qwen3Scorer.load(
        tiny_qwen_folder(tmp_path), name="tiny", device="cpu", precision="fp32", max_tokens=512
    )
    result = try_instructions(scorer, "reset second factor", DOCUMENTS, _variants(HELPS, SAME))
    for one in result.results:
        alone = scorer.score("reset second factor", DOCUMENTS, one.variant.instruction)
        shown = [ranked.score.logit for ranked in one.by_document()]
        assert shown == pytest.approx([score.logit for score in alone], abs=6e-5)  # kept with four decimals
    logits = [[r.score.logit for r in one.by_document()] for one in result.results]
    assert logits[0] != pytest.approx(logits[1], abs=1e-3)
    assert result.model.uses_instruction


def _settings(content: bytes) -> dict[str, str]:
    return dict(
        openpyxl.load_workbook(io.BytesIO(content))["Settings"].iter_rows(min_row=2, values_only=True)
    )
