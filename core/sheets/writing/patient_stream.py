"""A stream on which an archive is written to its end whatever the disk says, which is told afterwards.

An archive whose disk is full would fail a second time in its finaliser, with a traceback in the log that
nobody can catch. What is written is for the writer.
"""

import io
import os
from collections.abc import Callable
from typing import IO


class PatientStream:
    """error: the first failure, after which nothing more is written; for the caller to raise in the end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._at = stream.tell()
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """As a file does; what cannot be written is counted as if it were."""
        self._try(lambda: self._stream.write(data))
        self._at += len(data)
        return len(data)

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        """To a place counted from the beginning, which is all that writing an archive asks for."""
        if whence != os.SEEK_SET:
            raise io.UnsupportedOperation("seek from elsewhere")
        self._try(lambda: self._stream.seek(position))
        self._at = position
        return position

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._at

    def flush(self) -> None:
        """As a file does."""
        self._try(self._stream.flush)

    def seekable(self) -> bool:
        """An archive goes back to write the length of each of its files."""
        return True

    def _try(self, act: Callable[[], object]) -> None:
        if self.error is None:
            try:
                act()
            except OSError as error:
                self.error = error
