"""Whoever makes vectors waits for searches, but not for ever."""

import threading

from core.workflows.retrieve.going_first import GoingFirst


def test_without_a_search_nobody_waits() -> None:
    turn = GoingFirst(longest_pause=30)
    with turn.search():
        pass
    assert turn.give_way() < 5


def test_whoever_gives_way_goes_on_when_the_last_search_ends() -> None:
    turn, went_on = GoingFirst(longest_pause=60), threading.Event()

    def work() -> None:
        turn.give_way()
        went_on.set()

    with turn.search():
        with turn.search():
            worker = threading.Thread(target=work)
            worker.start()
        assert not went_on.wait(0.2)
    assert went_on.wait(20)
    worker.join()


def test_searches_without_a_gap_do_not_end_the_work() -> None:
    turn = GoingFirst(longest_pause=0.05)
    with turn.search():
        assert 0.04 < turn.give_way() < 20
