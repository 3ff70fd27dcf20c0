"""The gate of a CPU gives two passes half of torch's threads each, and other devices one pass at a time."""

import threading

import torch

from core.engine.sharing import gate_of

PATIENCE = 10.0


def test_two_passes_get_half_of_the_threads_each_and_give_them_back() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(4)
    try:
        gate, together, seen = gate_of(torch.device("cpu")), threading.Barrier(2), list[int]()

        def work() -> None:
            with gate.turn(True):
                together.wait(PATIENCE)  # both are inside
                seen.append(torch.get_num_threads())

        with gate.turn(False):  # holds both back, so that each knows of the other
            workers = [threading.Thread(target=work, daemon=True) for _ in range(2)]
            for worker in workers:
                worker.start()
            while gate.waiting < 2:
                threading.Event().wait(0.001)
            assert torch.get_num_threads() == 4
        for worker in workers:
            worker.join(PATIENCE)
        assert seen == [2, 2]
        with gate.turn(True):
            assert torch.get_num_threads() == 4
    finally:
        torch.set_num_threads(threads)


def test_one_thread_and_other_devices_are_not_shared() -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        assert gate_of(torch.device("cpu")).side_by_side == 1
    finally:
        torch.set_num_threads(threads)
    assert gate_of(torch.device("meta")).side_by_side == 1
