"""From a model's name to a scorer that is ready to score. It never downloads; `hub` and `downloads` do.

torch and transformers are imported only when a model is really loaded.
"""

import logging
from pathlib import Path
from typing import get_args

from core.engine.choices import check_device_name, check_device_present, check_precision
from core.engine.encoding import LongDocuments
from core.errors import InputError, ModelError, ModelMissingError
from core.models.catalogue import DEFAULT_QWEN, EMBEDDED, entry, lookup
from core.models.families import Wanted, family_of_folder, family_of_name
from core.models.local import LocalSearch, find_local, search_local
from core.records import Scorer
from core.settings import Settings

_log = logging.getLogger(__name__)

AUTO = "auto"
LONG_DOCUMENTS: tuple[LongDocuments, ...] = get_args(LongDocuments)


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
    family = family_of_name(wanted)
    folder = Path()
    if family is None:
        check_device_present(device)
        search = search_local(wanted, settings)
        if search.found is None:
            raise _missing(wanted, search)
        wanted, folder = search.found.name, search.found.path
        family = family_of_folder(folder)
    elif device not in (AUTO, "cpu"):
        _log.info("device %s is not for %s models", device, family.kind)
    return family.load(Wanted(wanted, folder, device, precision, long_documents, settings))


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
