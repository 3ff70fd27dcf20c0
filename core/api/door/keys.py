"""The key that lets a visitor in, and the cookie that stands for it in a browser.

A key from the settings is used as it is; otherwise one is made once and kept in the home folder, readable by
its owner only. The cookie holds an end date and a signature made with the key: nothing is stored for it, and
a new key ends every cookie. Who has to show a key is decided in `core.settings`.
"""

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path

from core.errors import InputError, StorageError
from core.settings import Settings
from core.storage.private import private_folder

KEY_FILE = "access-key"
COOKIE_SECONDS = 30 * 24 * 3600
# A key of fewer characters can be guessed in spite of the delays.
SHORTEST = 12


class Key:
    """Compares what a visitor shows with the one key, in constant time."""

    def __init__(self, text: str) -> None:
        self._digest = _digest(text)
        self._cookie_secret = hmac.digest(text.encode(), b"rerank workbench cookie", "sha256")

    def matches(self, shown: str) -> bool:
        """Whether `shown` is the key."""
        return hmac.compare_digest(_digest(shown), self._digest)

    def cookie(self) -> str:
        """A cookie's value that is good for COOKIE_SECONDS."""
        end = int(time.time()) + COOKIE_SECONDS
        return f"{end}.{self._signature(end)}"

    def admits(self, cookie: str) -> bool:
        """Whether `cookie` was made with this key and is still good."""
        end, _, signature = cookie.partition(".")
        if not (end.isascii() and end.isdigit() and len(end) < 12 and signature.isascii()):
            return False
        genuine = hmac.compare_digest(signature, self._signature(int(end)))
        return genuine and int(end) > time.time()

    def _signature(self, end: int) -> str:
        return hmac.digest(self._cookie_secret, str(end).encode(), "sha256").hex()


def access_key(settings: Settings) -> str:
    """The key of the settings, else the one kept in the home folder, which is made on first use."""
    chosen = settings.api_key.get_secret_value().strip()
    if chosen:
        if len(chosen) < SHORTEST:
            raise InputError(
                "RERANK_API_KEY has only {length} characters.",
                where="RERANK_API_KEY",
                hint="Choose at least {least}, or leave it empty: a key is then made and printed.",
                length=len(chosen),
                least=SHORTEST,
            )
        return chosen
    return _kept_key(settings.home / KEY_FILE)


def _kept_key(path: Path) -> str:
    try:
        private_folder(path.parent)
        made = secrets.token_urlsafe(24)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            path.chmod(0o600)
            kept = path.read_text(encoding="ascii").strip()
            if len(kept) >= SHORTEST:
                return kept
            # A start that was killed in between left it empty.
            descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(made + "\n")
        return made
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            "The access key cannot be kept in {path}: {problem}.",
            where=str(path),
            hint="Make the folder writable, or choose a key yourself in RERANK_API_KEY.",
            path=path,
            problem=error,
        ) from None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
