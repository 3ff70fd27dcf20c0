"""What is said where a framework's package is missing."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def asked_for(package: str) -> Iterator[None]:
    """Imports within need `package`; without it they are an ImportError with the command that installs it."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ImportError(
            f"This needs {package}, which is not installed ({error.name} is missing): pip install {package}"
        ) from error
