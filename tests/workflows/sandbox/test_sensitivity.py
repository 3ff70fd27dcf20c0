"""How stable an order is under other wordings and other input orders."""

import pytest

from core.errors import InputError
from core.records import ScoringRequest
from core.workflows.instructions.paraphrases import MOST, paraphrases
from core.workflows.instructions.presets import PRESETS
from core.workflows.sandbox.sensitivity import SensitivitySettings, measure_sensitivity
from tests.workflows.sandbox.trial_scorer import HELPS, SAME, ListeningScorer

DOCUMENTS = ("other 1", "other 2", "answer 3", "other 4")


def test_rules_reword_a_usual_instruction() -> None:
    found = {
        one.rule: one.instruction for one in paraphrases("Given a query, retrieve passages that answer it")
    }
    assert found == {
        "The task first": "Retrieve passages that answer it, given a query",
        "Another verb": "Given a query, find passages that answer it",
        "Another noun": "Given a query, retrieve texts that answer it",
        "Without the situation": "Retrieve passages that answer it",
        "Full stop at the end": "Given a query, retrieve passages that answer it.",
        "First letter": "given a query, retrieve passages that answer it",
    }


@pytest.mark.parametrize("text", [one.instruction for one in PRESETS])
def test_every_built_in_instruction_has_other_wordings_all_different(text: str) -> None:
    found = [one.instruction for one in paraphrases(text)]
    assert 3 <= len(found) <= MOST and len({text, *found}) == len(found) + 1


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("检索能回答问题的段落", ["检索能回答问题的段落。"]),
        ("检索能回答问题的段落。", ["检索能回答问题的段落"]),
        ("", []),
        ("Retrieved", ["Retrieved.", "retrieved"]),
        ("Find it!", ["Retrieve it!", "find it!"]),
    ],
)
def test_a_rule_that_does_not_fit_changes_nothing(text: str, changed: list[str]) -> None:
    assert [one.instruction for one in paraphrases(text)] == changed


def test_wordings_that_change_the_first_place_are_counted() -> None:
    settings = SensitivitySettings((("a", SAME), ("b", HELPS)), shuffles=0, top=2)
    found = measure_sensitivity(ListeningScorer(), "q", DOCUMENTS, None, settings)
    assert found.shuffles is None and found.wordings is not None
    # The first wording leaves the first two as they are, the second one of them.
    assert found.wordings.overlap == pytest.approx(0.75) and found.wordings.first_kept == 1
    assert found.wordings.first_places == ((0, 2), (2, 1))
    text = " ".join(said.text for said in found.wordings.said)
    assert "75% of the first 2 stay on average, and the first place stays in 1 of 2" in text
    assert "differences of this size between instructions are chance" in text


def test_wordings_that_change_nothing_are_said_to_be_steady() -> None:
    settings = SensitivitySettings((("a", SAME),), shuffles=0, top=3)
    found = measure_sensitivity(ListeningScorer(), "q", DOCUMENTS, None, settings)
    assert found.wordings is not None
    assert found.wordings.said[1].text == "The first 3 do not depend on the wording."


def test_shuffled_input_is_scored_anew_and_keeps_the_order_of_a_model_that_reads_pairs() -> None:
    scorer = ListeningScorer()
    found = measure_sensitivity(scorer, "q", DOCUMENTS, HELPS, SensitivitySettings((), shuffles=3, top=4))
    assert found.wordings is None and found.shuffles is not None
    assert found.shuffles.overlap == 1 and found.shuffles.first_kept == 3
    assert all(one.shift == 0 and one.agreement.moved == 0 for one in found.shuffles.variants)
    assert len(scorer.asked) == 4 and all(sorted(r.documents) == sorted(DOCUMENTS) for r in scorer.asked)
    assert any(r.documents != DOCUMENTS for r in scorer.asked)


class Flat(ListeningScorer):
    """Gives every document the same score, so that only the order of the input decides."""

    def _logit(self, request: ScoringRequest, text: str) -> float:
        return 0.0


def test_ties_that_fall_with_the_input_are_pointed_out() -> None:
    found = measure_sensitivity(Flat(), "q", DOCUMENTS, None, SensitivitySettings((), shuffles=5, top=2))
    assert found.shuffles is not None and found.shuffles.first_kept < 5
    assert "The order of the input changes" in found.shuffles.said[1].text


def test_words_in_front_are_used_where_there_is_no_slot() -> None:
    scorer = ListeningScorer(uses_instruction=False)
    measure_sensitivity(scorer, "q", DOCUMENTS, SAME, SensitivitySettings((("b", HELPS),), shuffles=1))
    assert [(r.query, r.instruction) for r in scorer.asked] == [
        (f"{SAME}\nq", None),
        (f"{HELPS}\nq", None),
        (f"{SAME}\nq", None),
    ]


def test_progress_counts_every_pair_once() -> None:
    seen: list[tuple[int, int]] = []
    settings = SensitivitySettings((("a", SAME),), shuffles=2)
    measure_sensitivity(
        ListeningScorer(), "q", DOCUMENTS, None, settings, on_progress=lambda *done: seen.append(done)
    )
    assert seen[-1] == (16, 16) and seen == sorted(seen)


def test_nothing_to_compare_and_too_much_are_sentences() -> None:
    with pytest.raises(InputError, match="nothing to compare"):
        measure_sensitivity(ListeningScorer(), "q", DOCUMENTS, None, SensitivitySettings((), shuffles=0))
    many = tuple((str(n), f"Find text {n}") for n in range(13))
    with pytest.raises(InputError, match="At most 12"):
        measure_sensitivity(ListeningScorer(), "q", DOCUMENTS, None, SensitivitySettings(many))
