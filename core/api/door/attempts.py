"""Makes guessing the key slow: each wrong one from an address is answered later than the one before.

The right key is never delayed. What is remembered is bounded: the addresses, and the answers being delayed.
"""

import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass

FIRST_DELAY = 0.25
LONGEST_DELAY = 8.0
FORGOTTEN_AFTER = 15 * 60.0
# With the longest delay: two guesses a second from one address.
MOST_WAITING = 16
MOST_ADDRESSES = 4096


@dataclass
class _Record:
    failures: int = 0
    waiting: int = 0
    last: float = 0.0


class Attempts:
    """Counts wrong keys by the visitor's address. Used from the event loop only."""

    def __init__(self) -> None:
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def crowded(self, address: str) -> bool:
        """Whether so many wrong keys wait for their answer that no further one is looked at."""
        record = self._records.get(_network(address))
        return record is not None and record.waiting >= MOST_WAITING

    def failed(self, address: str) -> float:
        """Note a wrong key; gives the seconds its answer should wait. `answered` ends the waiting."""
        now = time.monotonic()
        network = _network(address)
        record = self._records.pop(network, None)
        if record is None or (now - record.last > FORGOTTEN_AFTER and not record.waiting):
            record = _Record()
        self._records[network] = record
        while len(self._records) > MOST_ADDRESSES:
            self._records.popitem(last=False)
        record.failures += 1
        record.waiting += 1
        record.last = now
        return min(FIRST_DELAY * 2.0 ** min(record.failures - 1, 10), LONGEST_DELAY)

    def answered(self, address: str) -> None:
        """A delayed answer was sent, or its visitor has gone."""
        record = self._records.get(_network(address))
        if record is not None:
            record.waiting = max(0, record.waiting - 1)

    def succeeded(self, address: str) -> None:
        """The right key was shown: a person who mistyped it starts afresh."""
        record = self._records.get(_network(address))
        if record is not None:
            record.failures = 0


def _network(address: str) -> str:
    """One IPv6 subscriber has a whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
