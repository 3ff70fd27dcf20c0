"""Which models there are, where they lie, and fetching or opening one outside the running app."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import StoppedError
from core.models import LocalProblem, catalogue, entry, load_scorer, search_local
from core.models.catalogue import EMBEDDED, CatalogueEntry
from core.models.downloads import Download, DownloadSnapshot
from core.models.embedding.catalogue import embedding_catalogue, lookup_embedding
from core.models.local import search_entry
from core.records import Scorer, ScorerKind
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One model of the catalogue on this machine.

    place: "built in", a folder, or "" when it would have to be downloaded. problem: why a folder that looks
    like it cannot be used (English), or "".
    """

    name: str
    title: str
    kind: ScorerKind
    parameters: int
    download_bytes: int
    place: str
    source: str
    problem: str

    @property
    def usable(self) -> bool:
        """Whether it can be loaded without a download."""
        return bool(self.place)


def embedding_inventory(settings: Settings) -> tuple[InventoryRow, ...]:
    """The embedding models that can be downloaded, by size."""
    return tuple(_found(model, settings) for model in embedding_catalogue())


def inventory(settings: Settings) -> tuple[InventoryRow, ...]:
    """Every model of the catalogue, in its order. Looks at folders only, loads nothing."""
    return tuple(_row(model.name, settings) for model in catalogue())


def broken_folder(name: str, settings: Settings) -> LocalProblem | None:
    """Why a row has a problem, for saying it in another language; None when there is none any more."""
    search = search_local(name, settings)
    return None if search.found or not search.problems else search.problems[0]


def open_scorer(name: str | None, settings: Settings) -> Scorer:
    """Load a model for one command; None or "auto" means the best that is on this machine."""
    return load_scorer(name or "auto", settings.device, settings.precision, settings=settings)


def download_now(
    name: str, settings: Settings, on_progress: Callable[[DownloadSnapshot], None] | None = None
) -> Path:
    """Fetch a model and wait for it; asks `on_progress` twice a second. Raises what made it fail."""
    download = Download(lookup_embedding(name) or entry(name), settings)
    download.start()
    try:
        while (snapshot := download.join(timeout=0.5)).running:
            if on_progress:
                on_progress(snapshot)
    except KeyboardInterrupt:
        download.cancel()
        download.join()
        raise StoppedError(
            "The download of {name} was stopped.",
            hint="Run it again; it goes on where it stopped.",
            name=name,
        ) from None
    if snapshot.error is not None:
        raise snapshot.error
    assert snapshot.folder is not None  # a download that ended without an error has a folder
    return snapshot.folder


def _row(name: str, settings: Settings) -> InventoryRow:
    model = entry(name)
    if name == EMBEDDED:
        return InventoryRow(
            name, model.title, model.kind, model.parameters, model.download_bytes, "built in", "", ""
        )
    return _found(model, settings)


def _found(model: CatalogueEntry, settings: Settings) -> InventoryRow:
    place, source, problem = "", "", ""
    search = search_entry(model, settings)
    if search.found:
        place, source = str(search.found.path), search.found.source
    elif search.problems:
        problem = f"{search.problems[0].path}: {search.problems[0].error}"
    return InventoryRow(
        model.name, model.title, model.kind, model.parameters, model.download_bytes, place, source, problem
    )
