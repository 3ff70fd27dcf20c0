"""Values packed into bytes and back: JSON with dates, compressed. What a job carries along is kept so."""

import json
import zlib
from datetime import date, datetime, time
from typing import Any

from core.errors import WorkbenchError

# Attachments are written once and read rarely; level 1 packs text to a third at 100 MB/s.
_COMPRESSION = 1


def packed(content: object) -> bytes:
    """JSON values as an attachment's bytes."""
    # Written as they are, Chinese characters take half the room of escapes.
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_tagged)
    return zlib.compress(text_bytes(text), _COMPRESSION)


def unpacked(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    """What was packed."""
    try:
        return json.loads(zlib.decompress(body), object_hook=_untagged)
    except (zlib.error, ValueError) as error:
        raise WorkbenchError(
            "What was kept with this run is damaged ({reason}).",
            hint="Run the file again; its scores come from the cache.",
            reason=str(error),
        ) from error


def text_bytes(text: str) -> bytes:
    """A text for a blob: spreadsheets hold lone surrogates, which SQLite's own texts cannot."""
    return text.encode("utf-8", "surrogatepass")


def bytes_text(blob: bytes) -> str:
    """The text that was stored."""
    return blob.decode("utf-8", "surrogatepass")


def _tagged(value: object) -> object:
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    return str(value)


def _untagged(content: dict[str, Any]) -> object:
    if len(content) == 1:
        ((name, value),) = content.items()
        if name == "datetime":
            return datetime.fromisoformat(value)
        if name == "date":
            return date.fromisoformat(value)
        if name == "time":
            return time.fromisoformat(value)
    return content
