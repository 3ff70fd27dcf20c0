"""From a model's name to a scorer that is ready to score. It never downloads; `hub` and `downloads` do.

torch and transformers are imported only when a model is really loaded.
"""

import logging
from typing import Literal

from core.errors import InputError, ModelError, ModelMissingError
from core.models.catalogue import DEFAULT_QWEN, EMBEDDED, entry, lookup
from core.models.checks import check_folder
from core.models.cross_encoder.folder import is_cross_encoder
from core.models.devices import check_device_name, check_device_present, check_precision
from core.models.local import LocalSearch, find_local, search_local
from core.models.remote.addresses import is_remote
from core.records import Scorer
from core.settings import Settings

_log = logging.getLogger(__name__)

AUTO = "auto"
LongDocuments = Literal["truncate", "max"]
LONG_DOCUMENTS: tuple[LongDocuments, ...] = ("truncate", "max")


def resolve_name(name: str, settings: Settings) -> str:
    """What «auto» and aliases mean: Qwen3-Reranker-0.6B when it is on this machine, else the embedded model.

    The path of a folder comes back as it is.
    """
    if name == AUTO and settings.model != AUTO:
        return resolve_name(settings.model, settings)
    if name == AUTO:
        return DEFAULT_QWEN if find_local(DEFAULT_QWEN, settings) else EMBEDDED
    known = lookup(name)
    return known.name if known else name


def load_scorer(
    name: str = EMBEDDED,
    device: str = AUTO,
    precision: str = AUTO,
    *,
    settings: Settings | None = None,
    long_documents: LongDocuments | None = None,
) -> Scorer:
    """Load a model by catalogue name, alias, folder path, the address of a server, or «auto».

    device, precision: «auto» means what the settings say, and there «auto» means what suits the machine.
    long_documents: for documents longer than the model reads: «truncate» cuts the end, and `Score.truncated`
    tells; «max» scores chunks and takes the best, as a `ChunkedScore` that tells which; None: the setting.
    The embedded model always reads long texts in windows.
    Raises InputError for unknown names, devices and precisions, ModelMissingError when the model is not on
    this machine, ModelRejectedError when its files would give wrong scores.
    """
    settings = settings or Settings()
    device = settings.device if device == AUTO else device
    precision = settings.precision if precision == AUTO else precision
    check_device_name(device)
    check_precision(precision)
    long_documents = long_documents or settings.long_documents
    if long_documents not in LONG_DOCUMENTS:
        raise InputError(
            'Unknown way to read long documents: "{way}".',
            where="long_documents",
            hint="Use one of: {ways}.",
            way=long_documents,
            ways=", ".join(LONG_DOCUMENTS),
        )
    wanted = resolve_name(name, settings)
    if is_remote(wanted):
        from core.models.remote.connecting import connect

        return connect(wanted, settings)
    if wanted == EMBEDDED:
        from core.models.embedded import load_embedded

        if device not in (AUTO, "cpu"):
            _log.info("The embedded model runs on the CPU; device %s is for Qwen3-Reranker", device)
        return load_embedded(threads=settings.threads)
    check_device_present(device)
    return _load_folder(wanted, device, precision, long_documents, settings)


def _load_folder(
    name: str, device: str, precision: str, long_documents: LongDocuments, settings: Settings
) -> Scorer:
    search = search_local(name, settings)
    if search.found is None:
        raise _missing(name, search)
    if is_cross_encoder(search.found.path):
        from core.models.cross_encoder.scorer import CrossEncoderScorer

        return CrossEncoderScorer.load(
            search.found.path,
            name=search.found.name,
            device=device,
            precision=precision,
            max_tokens=settings.max_tokens,
            threads=settings.threads,
        )
    folder = check_folder(search.found.path)
    from core.engine.scorer import Qwen3Scorer

    return Qwen3Scorer.load(
        folder.path,
        name=search.found.name,
        device=device,
        precision=precision,
        max_tokens=settings.max_tokens,
        threads=settings.threads,
        long_documents=long_documents,
    )


def _missing(name: str, search: LocalSearch) -> ModelError:
    if lookup(name) is None:
        return search.problems[0].error  # a folder that the user named: its own fault says most
    size = f"{entry(name).download_bytes / 1e9:.1f}"
    hint = "Download it ({gigabytes} GB) on the Model page, or give the path of a folder that has it."
    if search.problems:
        first = search.problems[0]
        return ModelMissingError(
            "{model} is not whole on this machine: {problem}",
            where=str(first.path),
            hint=hint,
            model=name,
            problem=first.error.message,
            gigabytes=size,
        )
    return ModelMissingError(
        "{model} is not on this machine.", where="model", hint=hint, model=name, gigabytes=size
    )
