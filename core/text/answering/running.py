"""An answer that arrives in a thread of its own, to be looked at while it does."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.chat.endpoint import MALFORMED, MALFORMED_HINT, Endpoint, LanguageModelError
from core.errors import WorkbenchError
from core.text.answering.stream import Stop, stream_answer


@dataclass(frozen=True, slots=True)
class Arrived:
    """What has arrived so far. tokens: as the endpoint counted them. error: why it ended early, if it did."""

    text: str = ""
    seconds: float = 0.0
    tokens: int | None = None
    done: bool = False
    error: WorkbenchError | None = None


class RunningAnswer:
    """Begins when it is made; `stop` ends it with what has arrived."""

    def __init__(self, where: Endpoint, messages: Sequence[Mapping[str, str]]) -> None:
        self._where, self._messages = where, messages
        self._stop, self._lock = Stop(), threading.Lock()
        self._arrived, self._start = Arrived(), time.monotonic()
        self._thread = threading.Thread(target=self._work, name="answer", daemon=True)
        self._thread.start()

    @property
    def arrived(self) -> Arrived:
        """How it stands."""
        with self._lock:
            return self._arrived

    def stop(self) -> None:
        """Close the connection."""
        self._stop.stop()

    def wait(self, seconds: float) -> Arrived:
        """Until it has ended, at most so long."""
        self._thread.join(seconds)
        return self.arrived

    def _work(self) -> None:
        error: WorkbenchError | None = None
        try:
            for part in stream_answer(self._where, self._messages, stop=self._stop):
                self._note(part.text, part.tokens)
        except WorkbenchError as failed:
            error = failed
        except Exception:  # a thread's last line: without it the page would wait for ever
            error = LanguageModelError(MALFORMED, hint=MALFORMED_HINT, host=self._where.host)
        with self._lock:
            took = time.monotonic() - self._start
            self._arrived = replace(self._arrived, done=True, error=error, seconds=took)

    def _note(self, text: str, tokens: int | None) -> None:
        with self._lock:
            before = self._arrived
            self._arrived = Arrived(
                before.text + text,
                time.monotonic() - self._start,
                tokens if tokens is not None else before.tokens,
            )
