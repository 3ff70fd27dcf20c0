"""One open store per home folder and process: every thread of a process shares it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

Store = TypeVar("Store")


class PerHome(Generic[Store]):
    """Called with a home folder, it gives the store that was opened there on first use."""

    def __init__(self, open_store: Callable[[Path], Store]) -> None:
        self._open_store = open_store
        self._stores: dict[Path, Store] = {}
        self._opening = threading.Lock()

    def __call__(self, home: Path) -> Store:
        """The process's store of this home. Raises what opening it raises, and then tries anew next time."""
        with self._opening:
            if home not in self._stores:
                self._stores[home] = self._open_store(home)
            return self._stores[home]
