"""The plan: what shares a forward pass. Hand-made cases and properties that hold for any input."""

from hypothesis import given
from hypothesis import strategies as st

from core.engine.packing import Candidate, Group, Pack, Pair, distinct_pairs, plan, windows
from core.records import ScoringRequest


def test_several_queries_share_a_pack_and_longest_documents_come_first() -> None:
    candidates = [Candidate(0, 10), Candidate(0, 30), Candidate(1, 20)]
    assert plan([5, 7], candidates, budget=100) == [
        Pack((Group(0, (1, 0)), Group(1, (2,))), tokens=5 + 40 + 7 + 20)
    ]


def test_a_query_that_does_not_fit_brings_its_prefix_into_the_next_pack() -> None:
    candidates = [Candidate(0, 40), Candidate(0, 40), Candidate(0, 40)]
    assert plan([10], candidates, budget=100) == [
        Pack((Group(0, (0, 1)),), tokens=90),
        Pack((Group(0, (2,)),), tokens=50),
    ]


def test_a_document_longer_than_the_budget_is_alone_in_its_pack() -> None:
    candidates = [Candidate(0, 10), Candidate(0, 32_000), Candidate(0, 10)]
    assert plan([5], candidates, budget=1000) == [
        Pack((Group(0, (1,)),), tokens=32_005),
        Pack((Group(0, (0, 2)),), tokens=25),
    ]


def test_one_hundred_documents_of_8k_tokens_make_one_hundred_small_passes() -> None:
    packs = plan([80], [Candidate(0, 8100)] * 100, budget=8192)
    assert len(packs) == 100
    assert {pack.tokens for pack in packs} == {8180}


def test_only_the_chosen_candidates_are_planned() -> None:
    candidates = [Candidate(0, 10), Candidate(1, 20), Candidate(0, 30)]
    assert plan([1, 1], candidates, 100, chosen=[2, 1]) == [Pack((Group(0, (2,)), Group(1, (1,))), 52)]


def test_no_candidates_need_no_pack() -> None:
    assert plan([5], [], budget=100) == []


@given(
    candidates=st.lists(st.builds(Candidate, st.integers(0, 3), st.integers(1, 60)), max_size=40),
    budget=st.integers(1, 150),
)
def test_every_candidate_is_in_exactly_one_pack_within_the_budget(
    candidates: list[Candidate], budget: int
) -> None:
    prefixes = [3, 14, 15, 9]
    packs = plan(prefixes, candidates, budget)
    assert sorted(c for pack in packs for c in pack.candidates) == list(range(len(candidates)))
    for pack in packs:
        for group in pack.groups:
            assert {candidates[c].prefix for c in group.candidates} == {group.prefix}
        length = sum(prefixes[g.prefix] for g in pack.groups) + sum(
            candidates[c].length for c in pack.candidates
        )
        assert pack.tokens == length
        assert length <= budget or len(pack.candidates) == 1


def test_duplicates_are_one_pair_that_remembers_its_places() -> None:
    requests = [
        ScoringRequest("q", ("a", "b", "a")),
        ScoringRequest("q", ("a",)),
        ScoringRequest("q", ("a",), instruction="other"),
    ]
    assert distinct_pairs(requests) == {
        Pair(None, "q", "a"): [(0, 0), (0, 2), (1, 0)],
        Pair(None, "q", "b"): [(0, 1)],
        Pair("other", "q", "a"): [(2, 0)],
    }


def test_windows_hold_all_pairs_in_order_within_their_limits() -> None:
    pairs = [Pair(None, "q", "x" * length) for length in (3, 3, 9, 1, 1, 1)]
    assert [[len(pair.document) for pair in window] for window in windows(pairs, 3, 6)] == [
        [3, 3],
        [9],
        [1, 1, 1],
    ]
