"""The routes as an OpenAPI 3.1 document."""

from typing import Any

from core import __version__
from core.api.documentation.asked import ASKED
from core.api.documentation.posted import Posted, posted
from core.api.schemas import ERROR, Schema

# Why a request is refused; the door's own refusals, 401 and 403, have the general shape everywhere.
_REFUSALS = {
    "400": "what was sent is at fault",
    "413": "too much",
    "422": "what was sent is at fault (TEI's code for it)",
    "424": "the model failed (TEI's code for it)",
    "429": "the wait would be too long",
    "503": "the model is loading",
    "504": "the client's time-out passed",
}
_AT_THE_DOOR = {"401": "no key, or a wrong one", "403": "a foreign page or a foreign name of this machine"}
_TEI_ONLY = ("422", "424")


def openapi(base: str) -> dict[str, Any]:
    """The document. base: the address of this server."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rerank workbench", "version": __version__},
        "servers": [{"url": base}],
        "paths": {one.path: {"post": _post(one)} for one in posted()}
        | {path: {"get": _get(path, meaning)} for path, meaning, _ in ASKED},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        # A key is wanted where one is configured.
        "security": [{"key": []}, {}],
    }


def _post(one: Posted) -> dict[str, Any]:
    example = {one.name: {"summary": one.title, "value": dict(one.example)}}
    refusals = {code: text for code, text in _REFUSALS.items() if one.name == "tei" or code not in _TEI_ONLY}
    responses = {"200": _response("best first" if one.about == "rerank" else one.title, one.answers)}
    # What cannot be read at all has no format yet, so it is refused in the general one.
    either: Schema = {"anyOf": [one.refuses, ERROR]} if one.refuses else ERROR
    responses |= {code: _response(text, either) for code, text in refusals.items()}
    responses |= {code: _response(text, ERROR) for code, text in _AT_THE_DOOR.items()}
    return {
        "summary": one.title,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": one.asks, "examples": example}},
        },
        "responses": responses,
    }


def _get(path: str, meaning: str) -> dict[str, Any]:
    plain = "text/plain" if path == "/metrics" else "application/json"
    responses = {"200": {"description": meaning, "content": {plain: {"schema": {}}}}}
    responses |= {code: _response(text, ERROR) for code, text in _AT_THE_DOOR.items()}
    if path.startswith("/health") and path != "/health/live":
        responses["503"] = _response("no model is ready", {"type": "object"})
    get: dict[str, Any] = {"summary": meaning, "responses": responses}
    if "{id}" in path:
        get["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    return get


def _response(meaning: str, schema: Schema) -> dict[str, Any]:
    return {"description": meaning, "content": {"application/json": {"schema": schema}}}
