"""What the two hubs say a model consists of, in one shape.

ModelScope: GET /api/v1/models/{id}/repo/files?Revision=master&Recursive=True lists every file with size and
sha256; the content is at /api/v1/models/{id}/repo?Revision=…&FilePath=….
Hugging Face: GET /api/models/{id}/revision/main?blobs=true gives the commit and, for each file, its size
with the sha256 (large files) or the git blob id (small ones); content: /{id}/resolve/{commit}/{file}.

Asking for the listing is also the test of whether a hub can be reached: both hubs are asked at once, against
one deadline that holds even where a name server hangs. The transfer itself is in `transfer`.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import requests

from core.errors import DownloadError, HubUnreachableError
from core.models.catalogue import CatalogueEntry
from core.models.transfer import Patience, RemoteFile, open_session
from core.settings import Settings

_log = logging.getLogger(__name__)

HubName = Literal["ModelScope", "Hugging Face"]

# Single files the engine or the checks may read; weights are added by their suffix.
_NEEDED = frozenset(
    {
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.json",
        "merges.txt",
        "model.safetensors.index.json",
        "LICENSE",
    }
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One hub's answer: the needed files of one revision, small ones first, and their total size."""

    hub: HubName
    revision: str
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def ask_hubs(
    model: CatalogueEntry, settings: Settings, patience: Patience
) -> Iterator[Listing | DownloadError]:
    """Ask both hubs at once; yield ModelScope's answer, then Hugging Face's, each a listing or its error.

    The first answer is yielded as soon as it is there; a hub that has not answered within
    `patience.answer_seconds` of the start is yielded as HubUnreachableError.
    """
    questions: list[tuple[HubName, str, Callable[[], Listing]]] = [
        (
            "ModelScope",
            settings.modelscope_endpoint,
            lambda: list_modelscope(model.modelscope_id, settings.modelscope_endpoint, patience),
        ),
        (
            "Hugging Face",
            settings.hf_endpoint,
            lambda: list_huggingface(model.huggingface_id, settings.hf_endpoint, patience),
        ),
    ]
    deadline = time.monotonic() + patience.answer_seconds
    answers = [(hub, endpoint, _in_background(ask, hub)) for hub, endpoint, ask in questions]
    for hub, endpoint, answer in answers:
        try:
            yield answer.result(timeout=max(0.0, deadline - time.monotonic()))
        except FutureTimeoutError:
            yield _unreachable(hub, endpoint, "no answer")
        except DownloadError as error:
            yield error


def list_modelscope(model_id: str, endpoint: str, patience: Patience) -> Listing:
    """ModelScope's files of a model; HubUnreachableError or DownloadError when there is no listing."""
    base = f"{endpoint.rstrip('/')}/api/v1/models/{quote(model_id)}/repo"
    answer = _get_json(
        "ModelScope", endpoint, f"{base}/files?Revision=master&Recursive=True", model_id, patience
    )
    files = []
    for listed in answer["Data"]["Files"]:
        if listed.get("Type") == "tree" or not _is_needed(listed["Path"]):
            continue
        files.append(
            RemoteFile(
                path=listed["Path"],
                size=int(listed["Size"]),
                algorithm="sha256",
                digest=str(listed.get("Sha256") or "").lower(),
                url=f"{base}?Revision=master&FilePath={quote(listed['Path'], safe='')}",
            )
        )
    return _listing("ModelScope", "master", files, model_id)


def list_huggingface(model_id: str, endpoint: str, patience: Patience) -> Listing:
    """Hugging Face's files of a model; HubUnreachableError or DownloadError when there is no listing."""
    root = endpoint.rstrip("/")
    url = f"{root}/api/models/{quote(model_id)}/revision/main?blobs=true"
    answer = _get_json("Hugging Face", endpoint, url, model_id, patience)
    commit = str(answer["sha"])
    files = []
    for listed in answer["siblings"]:
        path = listed["rfilename"]
        if not _is_needed(path):
            continue
        large = listed.get("lfs")
        files.append(
            RemoteFile(
                path=path,
                size=int(large["size"] if large else listed["size"]),
                algorithm="sha256" if large else "git-sha1",
                digest=str(large["sha256"] if large else listed.get("blobId") or "").lower(),
                url=f"{root}/{quote(model_id)}/resolve/{commit}/{quote(path)}",
            )
        )
    return _listing("Hugging Face", commit, files, model_id)


def _is_needed(path: str) -> bool:
    # Only the top level: nothing needed lies deeper, and a path from outside must not leave the folder.
    return "/" not in path and "\\" not in path and (path in _NEEDED or path.endswith(".safetensors"))


def _listing(hub: HubName, revision: str, files: list[RemoteFile], model_id: str) -> Listing:
    if not any(file.path.endswith(".safetensors") for file in files):
        raise DownloadError("{hub} lists no weights for {model}.", where=hub, hub=hub, model=model_id)
    return Listing(hub, revision, tuple(sorted(files, key=lambda file: (file.size, file.path))))


def _get_json(hub: HubName, endpoint: str, url: str, model_id: str, patience: Patience) -> Any:  # noqa: ANN401
    """The hub's JSON answer. Anything that is not a hub answering (a proxy's page, say) is «unreachable»."""
    try:
        with open_session() as session:
            response = session.get(url, timeout=(patience.connect_seconds, patience.answer_seconds))
        answer = response.json()  # before the status: a gateway's 404 is a web page, a hub's is JSON
        if response.status_code == 404:
            raise DownloadError("{hub} has no model called {model}.", where=endpoint, hub=hub, model=model_id)
        response.raise_for_status()
        return answer
    except (requests.RequestException, ValueError) as error:
        _log.info("%s at %s: %s", hub, endpoint, error)
        raise _unreachable(hub, endpoint, type(error).__name__) from error


def _unreachable(hub: HubName, endpoint: str, reason: str) -> HubUnreachableError:
    return HubUnreachableError(
        "{hub} cannot be reached at {endpoint} ({reason}).",
        where=hub,
        hint="Check the network, or copy the model folder to this machine and give its path.",
        hub=hub,
        endpoint=endpoint,
        reason=reason,
    )


def _in_background(ask: Callable[[], Listing], hub: HubName) -> "Future[Listing]":
    """Like an executor's submit, but on a daemon thread: a hanging name server must not hold up the exit."""
    answer: Future[Listing] = Future()

    def work() -> None:
        try:
            answer.set_result(ask())
        except DownloadError as error:
            answer.set_exception(error)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            answer.set_exception(
                DownloadError("{hub} answered in a form that is not known.", where=hub, hub=hub)
            )
            _log.warning("%s's listing cannot be read: %r", hub, error)

    threading.Thread(target=work, name=f"ask {hub}", daemon=True).start()
    return answer
