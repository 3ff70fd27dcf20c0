"""Answers as bytes, and errors as status codes: each in one place for all routes."""

from typing import Any

from starlette.responses import Response

from core.api.dialects.dialect import Dialect, Refusal, general_error
from core.api.json_bytes import json_bytes
from core.errors import BusyError, InputError, NotReadyError, TooLargeError, TooLateError, WorkbenchError

# Seconds after which asking a loading model again is worth it.
_LOADING_SECONDS = "2"


class JsonResponse(Response):
    """UTF-8 JSON that survives lone surrogates in a user's text (they are escaped)."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - Starlette's signature
        return json_bytes(content)


def refused(code: int, message: str, param: str = "", headers: dict[str, str] | None = None) -> Response:
    """An error in the general shape."""
    return JsonResponse(general_error(Refusal(code, message, param)), status_code=code, headers=headers)


def refused_for(error: WorkbenchError, dialect: Dialect | None = None) -> Response:
    """An error of the program as an answer, in the dialect of the request where it is known."""
    code, headers = code_of(error)
    if dialect is None:
        return refused(code, str(error), error.where, headers)
    code = dialect.code(error, code)
    body = dialect.error(Refusal(code, str(error), error.where))
    return JsonResponse(body, status_code=code, headers=headers)


def code_of(error: WorkbenchError) -> tuple[int, dict[str, str]]:
    """The status code of an error, and the headers that go with it."""
    if isinstance(error, TooLargeError):
        return 413, {}
    if isinstance(error, InputError):
        return 400, {}
    if isinstance(error, BusyError):
        return 429, {"Retry-After": str(error.retry_after)}
    if isinstance(error, NotReadyError):
        return 503, {"Retry-After": _LOADING_SECONDS}
    if isinstance(error, TooLateError):
        return 504, {}
    return 503, {}
