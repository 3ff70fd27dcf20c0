"""Whose documents go into the next pass: fair between callers, and short requests before long ones.

A pass is filled from the caller that has had least; among a caller's requests those with least left go first,
unless another has been overtaken for too long. Requests of about one length keep the order they came in. A
request may spread over many passes, so a caller with one question never waits for another's thousand
documents. A caller that comes back at once has had what it had: else those who ask one question after the
other would always go before the rest of somebody's request (start-time fair queueing: Goyal, Vin & Cheng,
"Start-time Fair Queueing", 1997).

It is plain bookkeeping in bytes of text: it knows no threads, models or clocks, and is used under its owner's
lock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")

# A request that has been overtaken by this many passes' work goes next, however long it is.
OVERTAKEN_PASSES = 4
# Up to this many times the least that is left counts as no longer than that.
ABOUT_EQUAL = 2


@dataclass(eq=False, slots=True)
class Queued(Generic[Item]):
    """A request's documents on their way: `item` is whatever its owner keeps of it.

    works: what each document costs. head: what the request costs once per pass, its query. given: how many
    documents have been handed out. seen: the work done for its caller when it last had a turn.
    """

    item: Item
    caller: str
    works: Sequence[int]
    head: int = 0
    given: int = 0
    left: int = 0
    number: int = 0
    seen: int = 0

    def __post_init__(self) -> None:
        self.left = sum(self.works)


@dataclass(frozen=True, slots=True)
class Portion(Generic[Item]):
    """Documents start to stop (exclusive) of a request."""

    queued: Queued[Item]
    start: int
    stop: int


@dataclass(slots=True)
class _Caller(Generic[Item]):
    served: int
    done: int = 0
    requests: list[Queued[Item]] = field(default_factory=list)


class FairQueue(Generic[Item]):
    """Waiting requests of all callers. pass_work: about what one pass takes, the unit of patience."""

    def __init__(self, pass_work: int) -> None:
        self.pass_work = pass_work
        self._callers: dict[str, _Caller[Item]] = {}
        self._level = 0  # what the caller had who was served last: where newcomers begin
        self._gone: dict[str, int] = {}  # what callers had who have no request now, where that is more
        self._added = 0

    def __len__(self) -> int:
        return sum(len(caller.requests) for caller in self._callers.values())

    def __iter__(self) -> Iterator[Queued[Item]]:
        return iter([one for caller in self._callers.values() for one in caller.requests])

    def add(self, queued: Queued[Item]) -> None:
        """Put a request in."""
        caller = self._callers.get(queued.caller)
        if caller is None:
            had = max(self._level, self._gone.pop(queued.caller, 0))
            caller = self._callers[queued.caller] = _Caller(had)
        self._added += 1
        queued.number, queued.seen = self._added, caller.done
        caller.requests.append(queued)

    def remove(self, queued: Queued[Item]) -> None:
        """Take a request out whose documents nobody wants any more; fine when it is out already."""
        caller = self._callers.get(queued.caller)
        if caller is not None and queued in caller.requests:
            caller.requests.remove(queued)
            self._forget_idle(queued.caller)

    def work_before(self, caller: str, work: int) -> int:
        """What is done at most before a new request of `work` is: no other caller gets more than it does."""
        own = sum(one.left for one in self._callers[caller].requests) if caller in self._callers else 0
        fair = own + work
        others = (
            sum(one.left for one in waiting.requests)
            for name, waiting in self._callers.items()
            if name != caller
        )
        return own + sum(min(left, fair) for left in others)

    def take(self, budget: int) -> list[Portion[Item]]:
        """The next pass: at least one document, then as many as `budget` holds. Requests given out leave."""
        taken: list[Portion[Item]] = []
        opened: set[int] = set()
        room = budget
        while self._callers and (room > 0 or not taken):
            name, caller = min(self._callers.items(), key=lambda entry: entry[1].served)
            queued = self._next_of(caller)
            portion = self._cut(queued, room, fresh=id(queued) not in opened, first=not taken)
            if portion is None:
                break
            opened.add(id(queued))
            taken.append(portion)
            used = sum(queued.works[portion.start : portion.stop]) + queued.head
            room -= used
            self._level = caller.served
            caller.served += used
            caller.done += used
            queued.seen = caller.done
            if queued.given == len(queued.works):
                caller.requests.remove(queued)
                self._forget_idle(name)
        return taken

    def _next_of(self, caller: _Caller[Item]) -> Queued[Item]:
        patience = OVERTAKEN_PASSES * self.pass_work
        overdue = [one for one in caller.requests if caller.done - one.seen >= patience]
        if overdue:
            return min(overdue, key=lambda one: (one.seen, one.number))
        # A few bytes less are no reason to overtake: of many equal requests the longest would wait for all.
        short = ABOUT_EQUAL * min(one.left for one in caller.requests)
        return min((one for one in caller.requests if one.left <= short), key=lambda one: one.number)

    def _cut(self, queued: Queued[Item], room: int, *, fresh: bool, first: bool) -> Portion[Item] | None:
        room -= queued.head if fresh else 0
        stop = queued.given
        while stop < len(queued.works) and (queued.works[stop] <= room or (first and stop == queued.given)):
            room -= queued.works[stop]
            stop += 1
        if stop == queued.given:
            return None
        portion = Portion(queued, queued.given, stop)
        queued.left -= sum(queued.works[queued.given : stop])
        queued.given = stop
        return portion

    def _forget_idle(self, name: str) -> None:
        if self._callers[name].requests:
            return
        self._gone[name] = self._callers.pop(name).served
        self._gone = {caller: had for caller, had in self._gone.items() if had > self._level}
