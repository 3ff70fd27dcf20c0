"""Reading back what a job was asked to do: settings are kept as JSON, which has no tuples."""

from collections.abc import Mapping
from typing import Any


def kept_settings(kind: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values that the dataclass `kind` still knows; `columns` is role → tuple of columns."""
    known = {name: stored[name] for name in kind.__dataclass_fields__ if name in stored}  # type: ignore[attr-defined]
    known["columns"] = {role: tuple(names) for role, names in known.get("columns", {}).items()}
    return known
