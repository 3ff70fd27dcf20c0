"""One file from a hub to the disk: resumable, verified, and never half there under its final name.

A file grows under a name that carries its digest, is hashed as it lies on the disk, and is then renamed in
one step. A cut connection, and a later run, go on from the last byte; so does the other hub, since equal
digests mean equal content. Which files, and from where, is decided in `hub`.
"""

import hashlib
import logging
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import requests

from core.errors import DownloadError, StoppedError
from core.models.local import PARTIAL_FOLDER
from core.sentences import Sentence, sentence
from core.storage.private import private_file, private_folder, to_disk

_log = logging.getLogger(__name__)

# Small enough that a slow line shows progress every second and a cut loses little.
_NETWORK_BLOCK = 1 << 16
_DISK_BLOCK = 1 << 20
# Why a download breaks off.
CUT = "the connection was cut"
NO_CONNECTION = "the hub takes no connection"
SILENT = "the hub sent nothing for {seconds:.0f} seconds"
STATUS = "the hub answered with status {status}"
NOT_RESUMED = "the hub does not go on where it stopped"
_RESUME_HINT = "Start the download again; it goes on where it stopped."


def free_bytes(folder: Path) -> int:
    """Free space on the disk that holds `folder`, or the nearest parent that exists."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, how often to try, and how much room to leave.

    answer_seconds: for both hubs together to say what a model consists of; «offline» is known after it.
    stall_seconds: without a byte before a connection counts as cut.
    attempts: in a row without a new byte before a hub is given up.
    pause_seconds: before the first repeated attempt, doubled for each further one.
    spare_bytes: to leave free on the disk. free: tells how much is.
    """

    connect_seconds: float = 3.0
    answer_seconds: float = 4.5
    stall_seconds: float = 15.0
    attempts: int = 5
    pause_seconds: float = 1.0
    spare_bytes: int = 200_000_000
    free: Callable[[Path], int] = free_bytes


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as a hub lists it. `digest` is lower-case hex, empty when the hub gives none."""

    path: str
    size: int
    algorithm: Literal["sha256", "git-sha1"]
    digest: str
    url: str


@dataclass(frozen=True, slots=True)
class Watch:
    """How the caller follows a transfer: bytes on disk so far, the start of hashing, and a wish to stop."""

    on_bytes: Callable[[int], None]
    on_verifying: Callable[[], None]
    cancelled: Callable[[], bool]


def stop_if(cancelled: Callable[[], bool]) -> None:
    """StoppedError when the user wants to stop."""
    if cancelled():
        raise StoppedError("The download was stopped.", hint=_RESUME_HINT)


class _Interrupted(Exception):
    """The connection ended early, and why; the bytes so far are kept."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.text)


def open_session() -> requests.Session:
    """A session that asks for plain bytes (a compressed body could not be resumed) under the tool's name."""
    session = requests.Session()
    session.headers.update({"Accept-Encoding": "identity", "User-Agent": "rerank-workbench"})
    return session


def partial_path(file: RemoteFile, folder: Path) -> Path:
    """Where a file grows until it is whole."""
    return folder / PARTIAL_FOLDER / f"{file.path}.{file.digest[:16] or file.size}"


def bytes_present(file: RemoteFile, folder: Path) -> int:
    """How much of a file is already on the disk, finished or not."""
    target = folder / file.path
    if target.is_file() and target.stat().st_size == file.size:
        return file.size
    partial = partial_path(file, folder)
    return min(partial.stat().st_size, file.size) if partial.is_file() else 0


def fetch(
    file: RemoteFile, folder: Path, session: requests.Session, patience: Patience, watch: Watch
) -> None:
    """Bring one file whole into `folder`; nothing is asked of the hub when it already is.

    Raises DownloadError when the hub cannot deliver it (a wrong digest is tried once more), StoppedError when
    cancelled; both keep what arrived, except bytes that are known to be wrong. OSError: the disk's.
    """
    target = folder / file.path
    if target.is_file() and target.stat().st_size == file.size:
        watch.on_bytes(file.size)
        if is_genuine(target, file, watch):
            return
    partial = partial_path(file, folder)
    private_folder(partial.parent)
    for attempt in (1, 2):
        _fill(partial, file, session, patience, watch)
        if is_genuine(partial, file, watch):
            # Hashing may have read the system's cache: a new name could stand for empty blocks.
            to_disk(partial)
            os.replace(partial, target)
            return
        partial.unlink()
        _log.warning("%s from %s has the wrong digest (attempt %d)", file.path, file.url, attempt)
    raise DownloadError(
        "{file} arrived damaged twice: its content is not what the hub lists.",
        where=file.path,
        hint="Try again later, or use the other hub.",
        file=file.path,
    )


def _fill(
    partial: Path, file: RemoteFile, session: requests.Session, patience: Patience, watch: Watch
) -> None:
    """Let the partial file grow to its full size, resuming as often as bytes keep coming."""
    fruitless = 0
    while True:
        before = _size(partial)
        try:
            _append(partial, file, session, patience, watch)
            return
        except (_Interrupted, requests.RequestException) as error:
            reason = _reason(error, patience)
            fruitless = 0 if _size(partial) > before else fruitless + 1
            _log.info("%s: %s (%s); %d bytes are kept", file.path, reason, error, _size(partial))
            if fruitless >= patience.attempts:
                raise DownloadError(
                    "The download of {file} broke off {attempts} times: {reason}.",
                    where=file.path,
                    hint=_RESUME_HINT,
                    file=file.path,
                    attempts=fruitless,
                    reason=reason,
                ) from error
            _pause(patience.pause_seconds * 2**fruitless, watch)


def _reason(error: _Interrupted | requests.RequestException, patience: Patience) -> Sentence:
    """Why it broke off, in a person's words: the library's own hold addresses of objects."""
    if isinstance(error, _Interrupted):
        return error.reason
    if isinstance(error, requests.ConnectTimeout):
        return sentence(NO_CONNECTION)
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return sentence(SILENT, seconds=patience.stall_seconds)
    if isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error):
        return sentence(NO_CONNECTION)
    return sentence(CUT)


def _append(
    partial: Path, file: RemoteFile, session: requests.Session, patience: Patience, watch: Watch
) -> None:
    """One request: from the last byte to the end of the file."""
    have = _size(partial)
    if have > file.size:
        partial.unlink()
        have = 0
    watch.on_bytes(have)
    stop_if(watch.cancelled)
    if have == file.size:
        private_file(partial)  # an empty file has nothing to fetch
        return
    headers = {"Range": f"bytes={have}-"} if have else {}
    timeout = (patience.connect_seconds, patience.stall_seconds)
    with session.get(file.url, headers=headers, stream=True, timeout=timeout) as response:
        have = _accept(response, partial, file, have)
        private_file(partial)
        with partial.open("ab" if have else "wb") as stream:
            for block in response.iter_content(_NETWORK_BLOCK):
                stop_if(watch.cancelled)
                stream.write(block)
                have += len(block)
                watch.on_bytes(min(have, file.size))
                if have > file.size:
                    break
    if have < file.size:
        raise _Interrupted(sentence(CUT))


def _accept(response: requests.Response, partial: Path, file: RemoteFile, have: int) -> int:
    """Where the body begins in the file: `have` when the hub resumed, 0 when it sent everything again."""
    if response.status_code == 416:
        partial.unlink(missing_ok=True)
        raise _Interrupted(sentence(NOT_RESUMED))
    if response.status_code in (408, 429) or response.status_code >= 500:
        raise _Interrupted(sentence(STATUS, status=response.status_code))
    if response.status_code >= 400:
        raise DownloadError(
            "The hub refuses {file} with status {status}.",
            where=file.path,
            file=file.path,
            status=response.status_code,
        )
    if response.status_code == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        return have
    if response.status_code == 206:
        partial.unlink(missing_ok=True)
        raise _Interrupted(sentence(NOT_RESUMED))
    return 0


def is_genuine(path: Path, file: RemoteFile, watch: Watch) -> bool:
    """Size and digest of what lies on the disk, not of what passed through memory."""
    size = _size(path)
    if size != file.size:
        return False
    if not file.digest:
        return True
    watch.on_verifying()
    digest = hashlib.sha256() if file.algorithm == "sha256" else hashlib.sha1(usedforsecurity=False)
    if file.algorithm == "git-sha1":
        digest.update(b"blob %d\0" % size)  # git hashes this header with the content
    with path.open("rb") as stream:
        while block := stream.read(_DISK_BLOCK):
            stop_if(watch.cancelled)
            digest.update(block)
    return digest.hexdigest() == file.digest


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _pause(seconds: float, watch: Watch) -> None:
    """Wait, but notice a cancellation within a fifth of a second."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        stop_if(watch.cancelled)
        time.sleep(min(left, 0.2))
