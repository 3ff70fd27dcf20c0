"""Model files inside installed packages: found without importing the package, and checked by hash.

Importing would run the package's native code, and a package of the right name may hold another file.
"""

import hashlib
import importlib.util
from collections.abc import Callable
from pathlib import Path

from core.errors import ModelMissingError, ModelRejectedError

PackageFinder = Callable[[str], Path | None]

INSTALL_AGAIN = "Install the pinned requirements again."


def find_package(name: str) -> Path | None:
    """The folder of an installed top-level package; None when it is not installed."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0])


def read_packaged(
    package: str, file: str, sha256: str, find: PackageFinder = find_package
) -> tuple[Path, bytes]:
    """Path and content of a package's file.

    Raises ModelMissingError when it cannot be read, ModelRejectedError when it is not the expected one.
    """
    folder = find(package)
    if folder is None:
        raise ModelMissingError(
            "The package {package}, which carries the embedded model, is not installed.",
            hint=INSTALL_AGAIN,
            package=package,
        )
    path = folder / file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelMissingError(
            "The embedded model's file {name} cannot be read: {reason}.",
            where=str(path),
            hint=INSTALL_AGAIN,
            name=path.name,
            reason=error.strerror or type(error).__name__,
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ModelRejectedError(
            "The embedded model's file {name} is not the expected one: its SHA-256 begins with {found}, "
            "not with {expected}.",
            where=str(path),
            hint=INSTALL_AGAIN,
            name=path.name,
            found=found[:12],
            expected=sha256[:12],
        )
    return path, data
