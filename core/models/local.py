"""Where a model already lies on this machine; nothing here touches the network.

Places are tried in this order: a folder the user named, the workbench's own models, ModelScope's caches
(three generations of layouts), Hugging Face's cache. A folder that is not whole, such as a download cut
short, does not count as found; `search_local` reports it with its problem, so that a page can say why.
Only wholeness is asked here, because it is quick; `checks.check_folder` judges the rest before loading.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.engine.safetensors import read_json
from core.errors import InputError, ModelRejectedError
from core.models.catalogue import CatalogueEntry, lookup, unknown_model
from core.models.checks import check_whole
from core.settings import Settings

_log = logging.getLogger(__name__)

Source = Literal["folder", "workbench", "ModelScope cache", "Hugging Face cache"]

# Written by `hub` into a folder it fills: the manifest once all is there, the other while it is not.
MANIFEST = "download.json"
PARTIAL_FOLDER = ".incomplete"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A whole model folder. `name` is the catalogue's name, or the folder's path for an unlisted model."""

    name: str
    path: Path
    source: Source


@dataclass(frozen=True, slots=True)
class LocalProblem:
    """A folder that looks like the model but cannot be used, and why."""

    path: Path
    source: Source
    error: ModelRejectedError


@dataclass(frozen=True, slots=True)
class LocalSearch:
    """What was found, and the folders that were passed over on the way."""

    found: LocalModel | None
    problems: tuple[LocalProblem, ...]


def find_local(name: str, settings: Settings, environ: Mapping[str, str] | None = None) -> LocalModel | None:
    """The first usable folder of a model, or None. See `search_local`."""
    return search_local(name, settings, environ).found


def search_local(name: str, settings: Settings, environ: Mapping[str, str] | None = None) -> LocalSearch:
    """Look for a catalogue name, an alias or a folder's path in all places.

    environ: where the hubs' cache variables are read from; the process environment by default.
    Raises InputError for a name that is neither known nor a folder, and for a path without a folder.
    The embedded model lies in a package, not in a folder, so it is never found here.
    """
    known = lookup(name)
    if known is None:
        folder = _named_folder(name)
        return _judge(str(folder), [(folder, "folder")])
    if known.kind == "embedded":
        return LocalSearch(found=None, problems=())
    return search_entry(known, settings, environ)


def search_entry(
    model: CatalogueEntry, settings: Settings, environ: Mapping[str, str] | None = None
) -> LocalSearch:
    """Look for a model of any catalogue in the workbench's own folder and the hubs' caches."""
    return _judge(model.name, _places(model, settings, os.environ if environ is None else environ))


def own_folder(model: CatalogueEntry, settings: Settings) -> Path:
    """Where the workbench keeps its own copy of a model."""
    return settings.models_folder / model.name


def is_finished(folder: Path) -> bool:
    """Is everything there, and no download of it under way or cut short?"""
    try:
        _check_finished(folder)
        check_whole(folder)
    except ModelRejectedError:
        return False
    return True


def _named_folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if folder.is_absolute() or name.startswith((".", "~")) or "\\" in name:
        raise InputError(
            'There is no folder "{path}".',
            where="model",
            hint="Give the folder that holds config.json and the safetensors files.",
            path=str(folder),
        )
    raise unknown_model(name)


def _judge(name: str, places: Iterable[tuple[Path, Source]]) -> LocalSearch:
    problems: list[LocalProblem] = []
    for path, source in places:
        if not path.is_dir() or (source == "workbench" and _is_untouched(path)):
            continue
        try:
            _check_finished(path)
            check_whole(path)
        except ModelRejectedError as error:
            _log.info("%s is passed over: %s", path, error)
            problems.append(LocalProblem(path, source, error))
        else:
            return LocalSearch(LocalModel(name, path, source), tuple(problems))
    return LocalSearch(None, tuple(problems))


def _is_untouched(path: Path) -> bool:
    """Holds nothing but the lock of a download that found no hub."""
    return not any(child.is_dir() or not child.name.startswith(".") for child in path.iterdir())


def _check_finished(path: Path) -> None:
    """A folder that the workbench itself fills is finished once its manifest is there and sizes agree."""
    manifest = path / MANIFEST
    if not manifest.is_file():
        if (path / PARTIAL_FOLDER).is_dir():
            raise ModelRejectedError(
                "The download is not finished.",
                where=str(path),
                hint="Start the download again; it goes on where it stopped.",
            )
        return
    for name, size in _manifest_sizes(manifest).items():
        target = path / name
        if not target.is_file() or target.stat().st_size != size:
            raise ModelRejectedError(
                "{file} is missing or has changed since it was downloaded.",
                where=str(path),
                hint="Start the download again; it fetches only what is missing.",
                file=name,
            )


def _manifest_sizes(manifest: Path) -> dict[str, int]:
    content = read_json(manifest)
    try:
        return {str(file["path"]): int(file["size"]) for file in content["files"]}
    except (KeyError, TypeError, ValueError) as error:
        raise ModelRejectedError(
            "{file} is damaged.",
            where=str(manifest),
            hint="Start the download again; it checks what is there and fetches only what is missing.",
            file=MANIFEST,
        ) from error


def _places(
    model: CatalogueEntry, settings: Settings, environ: Mapping[str, str]
) -> Iterator[tuple[Path, Source]]:
    yield Path(model.name).resolve(), "folder"
    short = model.name.rpartition("/")[2]
    for name in (model.name, short, short.replace(".", "___")):
        yield settings.models_folder / name, "workbench"
    for path in _modelscope_folders(model, environ):
        yield path, "ModelScope cache"
    for path in _huggingface_folders(model, environ):
        yield path, "Hugging Face cache"


def _modelscope_folders(model: CatalogueEntry, environ: Mapping[str, str]) -> Iterator[Path]:
    """Old ModelScope libraries write dots in a name as `___`; new ones keep snapshots by revision."""
    base = _variable(environ, "MODELSCOPE_CACHE") or _home(environ) / ".cache" / "modelscope"
    owner, _, short = model.modelscope_id.partition("/")
    for name in (short.replace(".", "___"), short):
        for root in (base / "hub" / "models", base / "models", base / "hub", base):
            yield root / owner / name
    snapshots = base / "models" / f"{owner}--{short}" / "snapshots"
    yield snapshots / "master"
    yield from _newest_first(snapshots)


def _huggingface_folders(model: CatalogueEntry, environ: Mapping[str, str]) -> Iterator[Path]:
    """The snapshot that refs/main names, then any other, newest first."""
    cache = _variable(environ, "HF_HUB_CACHE") or _variable(environ, "HUGGINGFACE_HUB_CACHE")
    if cache is None:
        xdg = _variable(environ, "XDG_CACHE_HOME") or _home(environ) / ".cache"
        cache = (_variable(environ, "HF_HOME") or xdg / "huggingface") / "hub"
    repository = cache / f"models--{model.huggingface_id.replace('/', '--')}"
    main = repository / "refs" / "main"
    if main.is_file():
        yield repository / "snapshots" / main.read_text(encoding="utf-8").strip()
    yield from _newest_first(repository / "snapshots")


def _newest_first(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    inside = [path for path in folder.iterdir() if path.is_dir()]
    return sorted(inside, key=lambda path: path.stat().st_mtime, reverse=True)


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ["HOME"]) if environ.get("HOME") else Path.home()


def _variable(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name, "").strip()
    return Path(value).expanduser() if value else None
