"""How long the server takes for each run of a page's script, read from the messages of Streamlit's socket.

From the message that asks for a run to the one that says it is done: what a person waits for, the browser's
own drawing aside. Runs of fragments, which go on by themselves, are not counted.
"""

import time
from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# ForwardMsg's word for a whole run that came to its end.
DONE = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY


@dataclass
class ScriptRuns:
    """The runs of one browser tab. seconds: of each that ended, the first one first."""

    seconds: list[float] = field(default_factory=list)
    _asked: float | None = None

    @classmethod
    def of(cls, page: Page) -> "ScriptRuns":
        """Listen from now on; before the page is opened."""
        runs = cls()
        page.on("websocket", runs._listen)
        return runs

    def next_after(self, page: Page, count: int, timeout: float = 60.0) -> float:
        """Wait until there are more than `count` runs; the seconds of the last one."""
        end = time.monotonic() + timeout
        while len(self.seconds) <= count:
            if time.monotonic() > end:
                raise TimeoutError(f"No script run ended within {timeout:g} s.")
            page.wait_for_timeout(5)  # lets playwright hand over what has arrived
        return self.seconds[-1]

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, payload: str | bytes) -> None:
        if isinstance(payload, str):
            return
        message = BackMsg.FromString(payload)
        if message.WhichOneof("type") == "rerun_script" and not message.rerun_script.fragment_id:
            self._asked = time.perf_counter()

    def _received(self, payload: str | bytes) -> None:
        if isinstance(payload, str) or self._asked is None:
            return
        message = ForwardMsg.FromString(payload)
        if message.WhichOneof("type") == "script_finished" and message.script_finished == DONE:
            self.seconds.append(time.perf_counter() - self._asked)
            self._asked = None
