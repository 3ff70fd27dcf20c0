"""What a wire format declares: how it is recognised, read, answered and refused, with an example."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.api.dialects.call import Answer, Call
from core.api.schemas import Schema
from core.errors import WorkbenchError

TYPE_OF_CODE = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    429: "overloaded",
    500: "server_error",
    503: "overloaded",
    504: "timeout",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that is answered with an error: its status code and what to say."""

    code: int
    message: str
    param: str = ""


def general_error(refusal: Refusal) -> dict[str, Any]:
    """One shape in which all clients but TEI's find the message: `error.message`, `message` or `detail`."""
    kind = TYPE_OF_CODE.get(refusal.code, "invalid_request_error")
    return {
        "error": {
            "message": refusal.message,
            "type": kind,
            "param": refusal.param or None,
            "code": refusal.code,
        },
        "message": refusal.message,
        "detail": refusal.message,
    }


def same_code(error: WorkbenchError, code: int) -> int:  # noqa: ARG001
    """Most dialects keep the code that the error has everywhere."""
    return code


@dataclass(frozen=True, slots=True)
class Dialect:
    """One wire format.

    recognises: whether a body, a JSON object, is written in it. read: the call; InputError names the field.
    write: the answer as JSON values. error: a refusal as JSON values. code: another status code for an error.
    For the documentation: clients, who speaks it; example, a body to try; asks, answers and refuses, the JSON
    Schemas of a body, of an answer and of a refusal (None: the general one).
    """

    name: str
    title: str
    clients: str
    recognises: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Mapping[str, Any], str], Call]
    write: Callable[[Answer, Mapping[str, Any], str], object]
    example: Mapping[str, Any]
    asks: Schema
    answers: Schema
    refuses: Schema | None = None
    error: Callable[[Refusal], dict[str, Any]] = general_error
    code: Callable[[WorkbenchError, int], int] = same_code
