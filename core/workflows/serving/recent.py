"""The requests that were answered lately, for people who want to see whether their program gets through.

Texts are kept only where the user has switched that on, in memory only, and forgotten when it is switched
off.
"""

import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime

KEPT = 50


@dataclass(frozen=True, slots=True)
class AskedTexts:
    """What was asked, where texts are kept."""

    query: str
    documents: tuple[str, ...]
    instruction: str | None


@dataclass(frozen=True, slots=True)
class RecentRequest:
    """One answered request. client: its address and how it calls itself. seconds: until the answer was
    ready.
    """

    at: datetime
    number: int
    request_id: str
    client: str
    path: str
    dialect: str
    status: int
    pairs: int
    seconds: float
    texts: AskedTexts | None = None


class RecentRequests:
    """The last few requests of this process, the newest first. Safe to use from many threads."""

    def __init__(self, keep_texts: bool = False) -> None:
        self._lock = threading.Lock()
        self._kept: deque[RecentRequest] = deque(maxlen=KEPT)
        self._keep_texts = keep_texts
        self._number = 0

    @property
    def keeps_texts(self) -> bool:
        """Whether the texts of the next requests are kept."""
        return self._keep_texts

    def keep_texts(self, wanted: bool) -> None:
        """Switch keeping texts on or off; off forgets those that are there."""
        with self._lock:
            self._keep_texts = wanted
            if not wanted:
                self._kept = deque((replace(one, texts=None) for one in self._kept), maxlen=KEPT)

    def add(self, request: RecentRequest) -> None:
        """Note a request; its number is given here."""
        with self._lock:
            self._number += 1
            texts = request.texts if self._keep_texts else None
            self._kept.appendleft(replace(request, number=self._number, texts=texts))

    def all(self) -> tuple[RecentRequest, ...]:
        """Those that are kept, the newest first."""
        with self._lock:
            return tuple(self._kept)

    def find(self, number: int) -> RecentRequest | None:
        """The request of that number; None when it is kept no longer."""
        return next((one for one in self.all() if one.number == number), None)
