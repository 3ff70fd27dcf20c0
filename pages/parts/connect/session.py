"""What the Connect page remembers in a browser session."""

from dataclasses import dataclass

from core.workflows.serving.recent import RecentRequest
from pages.parts.frame.session import session_of


@dataclass(slots=True)
class ConnectSession:
    """The list of requests as it was shown last: what a click on it means.

    stands_still: a row is chosen, so that the list waits.
    """

    shown: tuple[RecentRequest, ...] = ()
    stands_still: bool = False


def connect_session() -> ConnectSession:
    """This browser session's Connect state."""
    return session_of(ConnectSession, "connect.session")
