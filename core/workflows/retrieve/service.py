"""This process's corpora, its embedding model and the thread that makes vectors, opened on first use."""

import atexit
import threading

from core.settings import Settings
from core.workflows.home.workbench import workbench
from core.workflows.retrieve.corpora import Corpora, corpora
from core.workflows.retrieve.vectors import EmbedderOfProcess, VectorMaker


class RetrieveService:
    """What pages and routes share. Safe to use from several threads."""

    def __init__(self, settings: Settings, place: Corpora | None = None) -> None:
        """place: where the corpora are, for tests; else the home folder's or the configured one."""
        self.settings = settings
        self.corpora = place or corpora(settings)
        self.embedder = EmbedderOfProcess(settings)
        self.vectors = VectorMaker(self.corpora, self.embedder)

    def close(self) -> None:
        """Stop making vectors after the running pass; another process can go on."""
        self.vectors.close()


_the_service: RetrieveService | None = None
_creation = threading.Lock()


def retrieve_service() -> RetrieveService:
    """This process's service, in the workbench's home."""
    global _the_service
    with _creation:
        if _the_service is None:
            _the_service = RetrieveService(workbench().settings)
            atexit.register(_the_service.close)
        return _the_service
