"""Who goes next: fair between callers, short before long, and nobody overtaken for ever."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.workflows.serving.fair_queue import OVERTAKEN_PASSES, FairQueue, Portion, Queued

PASS = 100


def queue_of(*entries: tuple[str, str, list[int]]) -> FairQueue[str]:
    """A queue of (name, caller, works)."""
    queue: FairQueue[str] = FairQueue(PASS)
    for name, caller, works in entries:
        queue.add(Queued(name, caller, works))
    return queue


def names(portions: list[Portion[str]]) -> list[tuple[str, int, int]]:
    return [(one.queued.item, one.start, one.stop) for one in portions]


def test_small_requests_of_several_callers_share_a_pass() -> None:
    queue = queue_of(("a", "x", [20, 20]), ("b", "y", [20]), ("c", "z", [30]))
    assert names(queue.take(PASS)) == [("a", 0, 2), ("b", 0, 1), ("c", 0, 1)]
    assert len(queue) == 0 and queue.take(PASS) == []


def test_what_does_not_fit_is_cut_between_documents_and_goes_on_in_the_next_pass() -> None:
    queue = queue_of(("a", "x", [40, 40, 40]))
    assert names(queue.take(PASS)) == [("a", 0, 2)]
    assert names(queue.take(PASS)) == [("a", 2, 3)]


def test_a_document_larger_than_a_pass_goes_alone() -> None:
    queue = queue_of(("a", "x", [500]), ("b", "y", [10]))
    assert names(queue.take(PASS)) == [("a", 0, 1)]
    assert names(queue.take(PASS)) == [("b", 0, 1)]


def test_another_callers_question_goes_before_the_rest_of_a_thousand_documents() -> None:
    queue = queue_of(("big", "x", [50] * 1000))
    queue.take(PASS)
    queue.add(Queued("small", "y", [50]))
    assert names(queue.take(PASS))[0] == ("small", 0, 1)


def test_the_same_callers_short_question_goes_before_its_long_one() -> None:
    queue = queue_of(("big", "x", [50] * 1000))
    queue.take(PASS)
    queue.add(Queued("small", "x", [50]))
    assert names(queue.take(PASS))[0] == ("small", 0, 1)


def test_requests_of_about_one_length_keep_their_order_however_many_follow() -> None:
    queue = queue_of(("first", "x", [55, 56]), ("second", "x", [50, 52]))
    order = []
    for number in range(20):
        # Every pass has room for one of them, and a shorter one comes before it begins.
        queue.add(Queued(f"later {number}", "x", [50 + number % 3, 50]))
        order += [name for name, _, _ in names(queue.take(120))]
    assert order[:4] == ["first", "second", "later 0", "later 1"]
    assert order[2:] == [f"later {number}" for number in range(18)]


def test_callers_that_come_back_at_once_do_not_keep_the_rest_of_a_request_waiting() -> None:
    queue = queue_of(("long", "x", [20] * 10), *((f"{n}", f"caller {n}", [20, 20]) for n in range(6)))
    handed = 0
    # By then each of the seven callers has had as much as the long request is: 14 passes' work.
    for _ in range(15):
        taken = names(queue.take(PASS))
        handed = max([handed, *(stop for name, _, stop in taken if name == "long")])
        for name, _, stop in taken:
            if name != "long" and stop == 2:  # answered: its caller asks the next question at once
                queue.add(Queued(name, f"caller {name}", [20, 20]))
    assert handed == 10


def test_a_caller_with_many_requests_gets_no_more_than_one_with_one() -> None:
    queue = queue_of(*((f"a{n}", "x", [50] * 4) for n in range(16)), ("b", "y", [50] * 16))
    served: Counter[str] = Counter()
    for _ in range(16):
        for one in queue.take(PASS):
            served[one.queued.caller] += one.stop - one.start
    assert abs(served["x"] - served["y"]) <= 2


def test_a_long_request_is_overtaken_only_so_often() -> None:
    queue = queue_of(("big", "x", [100] * 50))
    waited = 0
    for number in range(100):
        if len(queue) < 2:
            queue.add(Queued(f"small{number}", "x", [100]))
        (portion,) = queue.take(PASS)
        waited = 0 if portion.queued.item == "big" else waited + 1
        assert waited <= OVERTAKEN_PASSES


def test_the_head_of_a_request_counts_once_in_a_pass() -> None:
    queue: FairQueue[str] = FairQueue(PASS)
    queue.add(Queued("a", "x", [30, 30, 30], head=40))
    assert names(queue.take(PASS)) == [("a", 0, 2)]


def test_a_removed_request_is_not_served_and_may_be_removed_twice() -> None:
    queue = queue_of(("a", "x", [10]), ("b", "y", [10]))
    gone = next(one for one in queue if one.item == "a")
    queue.remove(gone)
    queue.remove(gone)
    assert names(queue.take(PASS)) == [("b", 0, 1)]


def test_the_work_before_a_newcomer_counts_no_more_of_each_caller_than_its_fair_share() -> None:
    queue = queue_of(("big", "x", [50] * 1000), ("mine", "y", [20]))
    assert queue.work_before("z", 30) == 30 + 20
    assert queue.work_before("y", 30) == 20 + 50
    assert queue.work_before("x", 30) == 50_000 + 20


@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.lists(st.integers(1, 150), min_size=1, max_size=8)), max_size=12
    ),
    st.integers(1, 300),
)
def test_every_document_is_handed_out_once_and_passes_keep_to_the_budget(
    entries: list[tuple[str, list[int]]], budget: int
) -> None:
    queue = queue_of(*((str(number), caller, works) for number, (caller, works) in enumerate(entries)))
    seen: Counter[tuple[str, int]] = Counter()
    while portions := queue.take(budget):
        documents = [(one.queued.item, at) for one in portions for at in range(one.start, one.stop)]
        seen.update(documents)
        total = sum(entries[int(name)][1][at] for name, at in documents)
        assert total <= budget or len(documents) == 1
    expected = {(str(number), at) for number, (_, works) in enumerate(entries) for at in range(len(works))}
    assert seen == Counter(expected)
