"""One chat completion, whole: the request, its deadline, and what was written back.

The key goes into the request's header and nowhere else. One attempt; whether to ask again, and what the
answer means, is for those who asked.
"""

import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from pydantic import SecretStr
from urllib3.exceptions import HTTPError, ReadTimeoutError

from core.chat.endpoint import (
    MALFORMED,
    MALFORMED_HINT,
    TOO_SLOW,
    UNREACHABLE,
    Endpoint,
    LanguageModelError,
    PassingError,
    chat_address,
    check_status,
)

log = logging.getLogger(__name__)

# From the first byte sent to the last received; nobody waits longer for some short texts.
SECONDS = 30.0
# An answer of some short texts; more is no answer.
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a language model wrote. read, written: tokens by the endpoint's count, None where it told none."""

    text: str
    read: int | None = None
    written: int | None = None


def ask(
    where: Endpoint,
    messages: Sequence[Mapping[str, str]],
    *,
    seconds: float = SECONDS,
    temperature: float = 0,
    seed: int | None = None,
) -> Answer:
    """The answer to these messages. Raises LanguageModelError with one sentence about what went wrong."""
    body: dict[str, Any] = {"model": where.model, "temperature": temperature, "messages": list(messages)}
    if seed is not None:
        body["seed"] = seed
    answer = _answer(_post(where, body, seconds))
    if answer is None:
        raise LanguageModelError(MALFORMED, hint=MALFORMED_HINT, host=where.host)
    return answer


def first_json(text: str) -> object:
    """The first JSON object or list in a text, also inside a code fence; None when there is none."""
    # Reasoning models may think aloud first.
    text = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)
    places = [place for place in (text.find("{"), text.find("[")) if place >= 0]
    if not places:
        return None
    try:
        document, _ = json.JSONDecoder().raw_decode(text[min(places) :])
    except (ValueError, RecursionError):
        return None
    return document


def _answer(body: bytes) -> Answer | None:
    try:
        content = json.loads(body)
        text = content["choices"][0]["message"]["content"]
        usage = content.get("usage")
    except (ValueError, LookupError, TypeError, RecursionError, AttributeError):
        return None
    if not isinstance(text, str):
        return None
    used = usage if isinstance(usage, dict) else {}
    return Answer(text, _count(used.get("prompt_tokens")), _count(used.get("completion_tokens")))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _post(where: Endpoint, body: dict[str, Any], seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    slow = PassingError(TOO_SLOW, host=where.host, seconds=f"{seconds:g}")
    try:
        with requests.post(
            chat_address(where.url),
            json=body,
            # An object, because requests would put a password file's entry before a plain header.
            auth=_Bearer(where.key),
            timeout=(min(10.0, seconds), seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            check_status(where, response.status_code, response.headers.get("Retry-After"))
            received = bytearray()
            # What has arrived, however little: a whole portion might never come.
            while portion := response.raw.read1(4096, decode_content=True):
                received += portion
                if time.monotonic() > deadline:
                    raise slow
                if len(received) > MOST_BYTES:
                    raise LanguageModelError(MALFORMED, hint=MALFORMED_HINT, host=where.host)
            return bytes(received)
    except (requests.Timeout, ReadTimeoutError):
        raise slow from None
    except (requests.RequestException, HTTPError) as error:
        # The error's own text may hold the address with its user name; its kind is enough.
        log.warning("Asking the language model at %s failed: %s", where.host, type(error).__name__)
        raise PassingError(UNREACHABLE, host=where.host) from None


class _Bearer(requests.auth.AuthBase):
    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        key = self._key.get_secret_value()
        if key:
            request.headers["Authorization"] = f"Bearer {key}"
        return request
