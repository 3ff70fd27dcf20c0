"""Downloading a model: ModelScope first, then Hugging Face, into the workbench's own models folder.

Why not `modelscope` and `huggingface_hub` themselves (1.40/0.5.1 and 2.4.0 were read): a workbench needs a
download that can be cancelled, resumed by either hub, checked byte for byte, and known to be offline in five
seconds. huggingface_hub compares sizes only, starts a file from hf_xet afresh after a cut, offers no
cancellation, and fixes its time-outs from the environment at import. modelscope gives a file one hour
in all, keeps its cancellation private, unpickles a cookie file, and draws its own progress bars. Both hubs'
HTTP interface is small (`listings`), and resuming needs one Range header (`transfer`), so one short path
serves both, and a partial file from one hub is continued from the other where their digests agree.

A folder gets its manifest only once every file is verified; `local` takes no folder for whole without it
while parts remain. A finished folder is hashed against its manifest only when it is downloaded again; every
start compares sizes alone, which takes no time. One process downloads a model at a time, the others wait and
find it done.
"""

import contextlib
import errno
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from core.engine.safetensors import read_json
from core.errors import DownloadError, HubUnreachableError, InputError
from core.models.catalogue import CatalogueEntry
from core.models.listings import Listing, ask_hubs
from core.models.local import MANIFEST, PARTIAL_FOLDER, is_finished, own_folder
from core.models.transfer import (
    Patience,
    RemoteFile,
    Watch,
    bytes_present,
    fetch,
    is_genuine,
    open_session,
    stop_if,
)
from core.settings import Settings
from core.storage.private import private_file, private_folder, replace_file

_log = logging.getLogger(__name__)

Phase = Literal["checking", "downloading", "verifying"]
_LOCK_FILE = ".lock"


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download is. `total` is 0 until a hub has answered; `source` is empty until then."""

    phase: Phase
    done: int
    total: int
    source: str


def download(
    model: CatalogueEntry,
    settings: Settings,
    *,
    on_progress: Callable[[DownloadProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    patience: Patience | None = None,
) -> Path:
    """Fetch a model, or what is missing of it or has changed, and return its folder.

    Raises HubUnreachableError when no hub answers in time, DownloadError when one does but the model does not
    arrive whole or does not fit on the disk, StoppedError when `cancelled` turns true. What arrived is kept
    for the next call.
    """
    if not model.modelscope_id:
        raise InputError(
            "{model} comes with the workbench and is not downloaded.", where="model", model=model.name
        )
    folder = own_folder(model, settings)
    tell = on_progress or (lambda progress: None)
    stop = cancelled or (lambda: False)
    tell(DownloadProgress("checking", 0, 0, ""))
    try:
        private_folder(folder)
        with _only_one(folder, stop):
            if not is_finished(folder) or not _is_unchanged(folder, tell, stop):
                _from_any_hub(model, settings, folder, tell, stop, patience or Patience())
        return folder
    except OSError as error:
        raise _disk_error(error, folder) from error


def _is_unchanged(
    folder: Path, tell: Callable[[DownloadProgress], None], cancelled: Callable[[], bool]
) -> bool:
    """Whether every file still has its digest. A folder that was copied by hand has none to compare."""
    if not (folder / MANIFEST).is_file():
        return True
    manifest = read_json(folder / MANIFEST)
    try:
        files = [RemoteFile(**file) for file in manifest["files"]]
    except TypeError:
        return False  # another version wrote it: the hub's listing decides
    quiet = Watch(lambda count: None, lambda: None, cancelled)
    total, source = sum(file.size for file in files), str(manifest.get("source", ""))
    done = 0
    for file in files:
        tell(DownloadProgress("verifying", done, total, source))
        if not is_genuine(folder / file.path, file, quiet):
            _log.warning("%s has changed since it was downloaded", folder / file.path)
            return False
        done += file.size
    tell(DownloadProgress("verifying", done, total, source))
    return True


def _from_any_hub(
    model: CatalogueEntry,
    settings: Settings,
    folder: Path,
    tell: Callable[[DownloadProgress], None],
    cancelled: Callable[[], bool],
    patience: Patience,
) -> None:
    failures: list[DownloadError] = []
    for answer in ask_hubs(model, settings, patience):
        stop_if(cancelled)
        if isinstance(answer, DownloadError):
            failures.append(answer)
            continue
        _check_space(answer, folder, patience)
        try:
            _fetch_all(answer, folder, tell, cancelled, patience)
        except DownloadError as error:
            _log.warning("%s: %s", answer.hub, error)
            failures.append(error)
            continue
        _finish(model, answer, folder)
        return
    # A hub that was reached says more about what went wrong than one that was not.
    reached = [error for error in failures if not isinstance(error, HubUnreachableError)]
    if reached:
        raise reached[0]
    raise HubUnreachableError(
        "No model hub can be reached: neither {modelscope} nor {huggingface} answers.",
        where=model.name,
        hint="The embedded model works without. Check the network, or copy the model folder to this machine.",
        modelscope=settings.modelscope_endpoint,
        huggingface=settings.hf_endpoint,
    )


def _fetch_all(
    listing: Listing,
    folder: Path,
    tell: Callable[[DownloadProgress], None],
    cancelled: Callable[[], bool],
    patience: Patience,
) -> None:
    present = {file.path: bytes_present(file, folder) for file in listing.files}

    def report(phase: Phase) -> None:
        tell(DownloadProgress(phase, sum(present.values()), listing.size, listing.hub))

    with open_session() as session:
        for file in listing.files:

            def on_bytes(count: int, path: str = file.path) -> None:
                present[path] = count
                report("downloading")

            following = Watch(on_bytes, lambda: report("verifying"), cancelled)
            fetch(file, folder, session, patience, following)


def _check_space(listing: Listing, folder: Path, patience: Patience) -> None:
    missing = sum(file.size - bytes_present(file, folder) for file in listing.files)
    free = patience.free(folder)
    if missing and free < missing + patience.spare_bytes:
        raise DownloadError(
            "The disk is too full: {needed} are needed and {free} are free.",
            where=str(folder),
            hint="Free some space, or set RERANK_HOME to a folder on another disk.",
            needed=_gigabytes(missing + patience.spare_bytes),
            free=_gigabytes(free),
        )


def _finish(model: CatalogueEntry, listing: Listing, folder: Path) -> None:
    """Write the manifest in one step, then drop the parts; a crash in between leaves a whole model."""
    manifest = {
        "model": model.name,
        "source": listing.hub,
        "revision": listing.revision,
        "files": [asdict(file) for file in listing.files],
    }
    replace_file(folder / MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode("utf-8"))
    shutil.rmtree(folder / PARTIAL_FOLDER, ignore_errors=True)


@contextlib.contextmanager
def _only_one(folder: Path, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Hold the folder's lock; while another process downloads, wait for it or for a cancellation."""
    lock = FileLock(private_file(folder / _LOCK_FILE))
    while True:
        stop_if(cancelled)
        try:
            lock.acquire(timeout=0.2)
            break
        except Timeout:
            continue
    try:
        yield
    finally:
        lock.release()


def _disk_error(error: OSError, folder: Path) -> DownloadError:
    if error.errno == errno.ENOSPC:
        return DownloadError(
            "The disk became full during the download.",
            where=str(folder),
            hint="Free some space and start again; the download goes on where it stopped.",
        )
    return DownloadError(
        "The model folder cannot be written: {reason}.",
        where=str(folder),
        hint="Set RERANK_HOME to a folder that you may write.",
        reason=error.strerror or str(error),
    )


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.2f} GB"
