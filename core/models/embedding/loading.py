"""From an embedding model's name to an embedder that is ready. It never downloads."""

from pathlib import Path

from core.errors import InputError, ModelMissingError
from core.models.embedding.catalogue import embedding_catalogue, lookup_embedding
from core.models.embedding.embedder import Embedder
from core.models.local import search_entry
from core.models.remote.addresses import is_remote
from core.settings import Settings

EMBEDDED = "embedded"

MISSING = "{model} is not on this machine."
MISSING_HINT = "Download it ({gigabytes} GB) on the Model page, or give the path of a folder that has it."
UNKNOWN = 'No embedding model is called "{name}".'
UNKNOWN_HINT = "Known models: {names}. A folder's path and a server's address work too."


def load_embedder(name: str = "", settings: Settings | None = None) -> Embedder:
    """Load a model by catalogue name, folder or server address; "" takes the one that the settings name.

    Raises InputError for unknown names, ModelMissingError when the model is not on this machine,
    ModelRejectedError when its files are not a Qwen3-Embedding, RemoteError when a server does not answer.
    """
    settings = settings or Settings()
    wanted = name or settings.embedding
    if wanted == EMBEDDED:
        from core.models.embedding.embedded import load_embedded_embedder

        return load_embedded_embedder(threads=settings.threads, precision=settings.precision)
    if is_remote(wanted):
        from core.models.embedding.endpoint import connect_embeddings

        return connect_embeddings(wanted, settings)
    known = lookup_embedding(wanted)
    folder, shown = _folder(wanted, settings)
    from core.models.embedding.qwen3 import Qwen3Embedder

    return Qwen3Embedder.load(
        folder,
        name=known.name if known else shown,
        device=settings.device,
        max_tokens=settings.max_tokens,
        dimensions=settings.embedding_dimensions,
        threads=settings.threads,
    )


def _folder(name: str, settings: Settings) -> tuple[Path, str]:
    known = lookup_embedding(name)
    if known is None:
        folder = Path(name).expanduser()
        if not folder.is_dir():
            names = ", ".join([EMBEDDED, *(one.name for one in embedding_catalogue())])
            raise InputError(UNKNOWN, where="embedding", hint=UNKNOWN_HINT, name=name, names=names)
        return folder.resolve(), str(folder.resolve())
    found = search_entry(known, settings).found
    if found is None:
        size = f"{known.download_bytes / 1e9:.1f}"
        raise ModelMissingError(
            MISSING, where="embedding", hint=MISSING_HINT, model=known.name, gigabytes=size
        )
    return found.path, known.name
