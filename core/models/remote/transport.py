"""One exchange with a rerank server: JSON out, JSON in, with retries that respect the server.

Retried are broken connections, 408, 429 and 5xx: after the server's own `Retry-After`, else after a random
part of 0.5 · 2ⁿ seconds (full jitter, so that many clients do not come back at once). Anything else is an
answer. Keys go into one header and no message; no log holds a text.
"""

import email.utils
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from core.errors import ModelError
from core.models.remote.addresses import Address

log = logging.getLogger(__name__)

TRIES = 6
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
CONNECT_SECONDS = 5.0
# A request of 1000 documents on a slow server; a server that is gone is found by its broken connection.
ANSWER_SECONDS = 300.0

UNREACHABLE = "The server {host} cannot be reached."
UNREACHABLE_HINT = "Is it running, and is the address right?"
TOO_SLOW = "The server {host} did not answer within {seconds} seconds."
REFUSED_KEY = "The server {host} refused the key (HTTP {status})."
REFUSED_KEY_HINT = "Set {variable} to a key that is valid there."
NOT_FOUND = "The server {host} does not know {path} (HTTP 404)."
NOT_FOUND_HINT = "Give the whole address of its rerank route, for example https://host/v1/rerank."
BUSY = "The server {host} is busy: it answered HTTP {status} {tries} times."
BUSY_HINT = "Try again later; what was scored is kept."
FAILED = "The server {host} answered with an error: HTTP {status}, {problem}"
NOT_JSON = "The answer of the server {host} is not JSON."


class RemoteError(ModelError):
    """A rerank server gave no usable answer."""


class TooMuchError(RemoteError):
    """The server took the request for too large; a smaller one may do."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try. pause: how a test waits between tries."""

    tries: int = TRIES
    connect_seconds: float = CONNECT_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    pause: Callable[[float], object] | None = None


class Transport:
    """A connection to one server. Safe to use from several threads."""

    def __init__(
        self,
        address: Address,
        key: SecretStr,
        *,
        key_variable: str,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """key_variable: what a message names when the key is refused. transport: a test's own."""
        self._address, self._variable = address, key_variable
        self._patience = patience or Patience()
        secret = key.get_secret_value()
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {secret}"} if secret else {},
            timeout=httpx.Timeout(self._patience.answer_seconds, connect=self._patience.connect_seconds),
            follow_redirects=False,
            transport=transport,
        )

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def probe(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """What GET answers below the server's root; None where it answers anything but JSON."""
        try:
            response = self._client.get(self._address.root + path)
            return response.json() if response.status_code == 200 else None
        except (httpx.TransportError, ValueError):
            return None

    def post(self, path: str, body: Mapping[str, object], stop: threading.Event | None = None) -> Any:  # noqa: ANN401 - any JSON
        """The server's answer; RemoteError with one sentence, TooMuchError where a smaller request may do.

        stop: once set, nothing is tried again.
        """
        url = self._address.root + path
        for number in range(self._patience.tries):
            last = number == self._patience.tries - 1 or (stop is not None and stop.is_set())
            try:
                response = self._client.post(url, json=body)
            except httpx.TimeoutException:
                self._give_up_or_wait(last, number, None, self._too_slow(), stop)
                continue
            except httpx.TransportError as error:
                log.info("%s: %s", self._address.host, type(error).__name__)
                self._give_up_or_wait(last, number, None, self._unreachable(), stop)
                continue
            status = response.status_code
            if status in (408, 429) or (status >= 500 and not _says_too_much(response)):
                busy = RemoteError(
                    BUSY, hint=BUSY_HINT, host=self._address.host, status=status, tries=number + 1
                )
                self._give_up_or_wait(last, number, response.headers.get("retry-after"), busy, stop)
                continue
            return self._read(response, path)
        raise self._unreachable()  # without a single try

    def _read(self, response: httpx.Response, path: str) -> Any:  # noqa: ANN401 - any JSON
        host, status = self._address.host, response.status_code
        if status == 413 or (status >= 400 and _says_too_much(response)):
            raise TooMuchError(FAILED, host=host, status=status, problem=_problem(response))
        if status in (401, 403):
            hint = REFUSED_KEY_HINT
            raise RemoteError(REFUSED_KEY, hint=hint, host=host, status=status, variable=self._variable)
        if status == 404:
            raise RemoteError(NOT_FOUND, hint=NOT_FOUND_HINT, host=host, path=path)
        if status != 200:
            raise RemoteError(FAILED, host=host, status=status, problem=_problem(response))
        try:
            return response.json()
        except ValueError:
            raise RemoteError(NOT_JSON, host=host) from None

    def _give_up_or_wait(
        self, last: bool, number: int, asked: str | None, error: RemoteError, stop: threading.Event | None
    ) -> None:
        if last:
            raise error
        pause = _seconds(asked)
        if pause is None:
            pause = random.uniform(0, FIRST_PAUSE * 2**number)
        pause = min(pause, LONGEST_PAUSE)
        if self._patience.pause is not None:
            self._patience.pause(pause)
        elif stop is not None:
            stop.wait(pause)
        else:
            time.sleep(pause)

    def _unreachable(self) -> RemoteError:
        return RemoteError(UNREACHABLE, hint=UNREACHABLE_HINT, host=self._address.host)

    def _too_slow(self) -> RemoteError:
        return RemoteError(TOO_SLOW, host=self._address.host, seconds=f"{self._patience.answer_seconds:g}")


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` as seconds, given as a number or a date (RFC 9110); None where there is none."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None


def _says_too_much(response: httpx.Response) -> bool:
    """Whether an error is about the size of the request, in the words of the servers in `servers/`."""
    if response.status_code < 400:
        return False
    text = response.text[:2000].lower()
    words = ("batch size", "too many", "too large", "maximum context", "exceed", "physical batch")
    return any(word in text for word in words)


def _problem(response: httpx.Response) -> str:
    """The server's own words, from the fields that the known servers use; shortened."""
    try:
        body = response.json()
    except ValueError:
        return response.text[:200].strip() or "no explanation"
    found: object = body
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and found.get(name):
            found = found[name]
    if isinstance(found, dict):
        found = found.get("message", found)
    return str(found)[:200]
