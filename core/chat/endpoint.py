"""Where a language model answers chats, and every way in which it may fail to, as sentences.

Nothing is sent from here. The key shows as asterisks wherever an endpoint is printed.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.errors import WorkbenchError
from core.settings import Settings

# Nobody is kept waiting longer than this because a host asked for it.
MOST_WAIT = 60.0

OFF = "No language model is configured."
OFF_HINT = "Set RERANK_LLM_URL and RERANK_LLM_MODEL, and RERANK_LLM_KEY where the endpoint wants one."
BAD_ADDRESS = "RERANK_LLM_URL is not a web address."
BAD_ADDRESS_HINT = "It looks like https://host/v1."
UNREACHABLE = "The language model at {host} cannot be reached."
TOO_SLOW = "The language model at {host} did not answer within {seconds} seconds."
REFUSED_KEY = "The language model at {host} refused the key (HTTP {status})."
REFUSED_KEY_HINT = "Check the key (RERANK_LLM_KEY)."
BUSY = "The language model at {host} takes no more requests now (HTTP 429)."
BUSY_HINT = "Wait a little and ask again."
NOT_FOUND = "The language model at {host} does not know the address or the model «{model}» (HTTP {status})."
NOT_FOUND_HINT = "Check the address and the name of the model (RERANK_LLM_URL, RERANK_LLM_MODEL)."
FAILED = "The language model at {host} answered with an error (HTTP {status})."
MALFORMED = "The answer of the language model at {host} is not what was asked for."
MALFORMED_HINT = "Ask again, or try another model."


class LanguageModelError(WorkbenchError):
    """A language model gave no usable answer. Nothing else depends on it."""


class RefusedError(LanguageModelError):
    """Every question would be refused alike: the key, the address or the name of the model is wrong."""


class PassingError(LanguageModelError):
    """The same question may well be answered a little later. seconds: to wait at least, as the host asked."""

    seconds = 0.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom to ask. The key shows as asterisks wherever this is printed."""

    url: str
    model: str
    key: SecretStr

    @property
    def host(self) -> str:
        """The host for messages, without user names or paths."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


def endpoint(settings: Settings) -> Endpoint | None:
    """The configured endpoint; None when there is none, which is the default."""
    url, model = settings.llm_url.strip(), settings.llm_model.strip()
    if not url or not model:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LanguageModelError(BAD_ADDRESS, where="RERANK_LLM_URL", hint=BAD_ADDRESS_HINT)
    return Endpoint(url, model, settings.llm_key)


def check_status(where: Endpoint, status: int, retry_after: str | None = None) -> None:
    """LanguageModelError for an HTTP status other than 200. retry_after: the header, if there was one."""
    if status == 200:
        return
    if status in (401, 403):
        raise RefusedError(REFUSED_KEY, hint=REFUSED_KEY_HINT, host=where.host, status=status)
    if status == 429:
        busy = PassingError(BUSY, hint=BUSY_HINT, host=where.host)
        busy.seconds = _seconds(retry_after)
        raise busy
    if status in (404, 405):
        raise RefusedError(NOT_FOUND, hint=NOT_FOUND_HINT, host=where.host, model=where.model, status=status)
    if status >= 500:
        raise PassingError(FAILED, host=where.host, status=status)
    raise LanguageModelError(FAILED, host=where.host, status=status)


def _seconds(header: str | None) -> float:
    """What «Retry-After» says in seconds; a date there is seldom, and the wait is then one's own."""
    return min(float(header), MOST_WAIT) if header and header.strip().isdecimal() else 0.0


def chat_address(url: str) -> str:
    """The route that answers chats below a base address, or the one that was given."""
    trimmed = url.rstrip("/")
    return trimmed if trimmed.endswith("/chat/completions") else f"{trimmed}/chat/completions"
