"""Models: which there are, where they lie, how they arrive, whether they are right, and loading them.

    families    what each kind of model needs     checks     is a folder a usable Qwen3-Reranker
    catalogue   the models known by name
    local       finding them on this machine      loading    from a name to a scorer
    hub         downloading (listings, transfer)  selftest   scores against published values
    downloads   downloading in the background     embedded   the model that ships with the tool

Importing this package is light: no torch, no transformers, no HTTP client. `Download` is in
`core.models.downloads`.
"""

from core.models.catalogue import CatalogueEntry, catalogue, entry
from core.models.families import run_selftest
from core.models.loading import load_scorer, resolve_name
from core.models.local import LocalModel, LocalProblem, LocalSearch, find_local, search_local
from core.models.selftest import SelfTestReport, VectorResult

__all__ = [
    "CatalogueEntry",
    "LocalModel",
    "LocalProblem",
    "LocalSearch",
    "SelfTestReport",
    "VectorResult",
    "catalogue",
    "entry",
    "find_local",
    "load_scorer",
    "resolve_name",
    "run_selftest",
    "search_local",
]
