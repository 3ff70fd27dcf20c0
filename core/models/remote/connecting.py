"""From the address of a server to a checked scorer.

On connecting, four short public sentences (self-test A) are scored. They tell the scale of the scores, and
whether a Qwen3-Reranker was served without its template, which gives plausible numbers and a useless order.
Nothing of the user's is sent before consent was checked.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from core.errors import ModelRejectedError
from core.models.remote.addresses import KEY_VARIABLE, check_consent, key_for, read_address
from core.models.remote.detection import Found, kind_named, recognise
from core.models.remote.scorer import RemoteScorer, logit_of
from core.models.remote.servers import Asked
from core.models.remote.servers.server import Scale
from core.models.remote.transport import Patience, RemoteError, Transport
from core.models.selftest import VECTOR_A
from core.records import ScorerInfo, sigmoid
from core.settings import Settings

# «Template not applied», as published: all four above one half and close together.
_ALL_ABOVE, _LARGEST_SPREAD = 0.5, 0.5
_WINNER, _LOSER = 1, 0  # Mars, Venus

NO_TEMPLATE = "The server {host} did not apply Qwen3-Reranker's template: its scores are near random."
NO_TEMPLATE_HINT = (
    "Start it with --chat-template deploy/qwen3_reranker.jinja; docs/servers.md has the whole command."
)
SWAPPED = "The server {host} has «yes» and «no» swapped: it puts the right answer last."
SWAPPED_HINT = 'For vLLM the override reads "classifier_from_token": ["no", "yes"]; docs/servers.md has it.'
ALL_EQUAL = "The server {host} gives every document the same score."

LEAVES = "Scored by a server elsewhere: queries and documents left this machine."
FROM_PROBABILITY = (
    "Logits were computed from the server's rounded probabilities; where those saturate, ties appear."
)
NO_CUT_KNOWN = "Whether the server cut long documents is not known."
ODD_ORDER = "The server did not put the right answer of the self-test first; read its order with care."


@dataclass(frozen=True, slots=True)
class _Trial:
    """What the four sentences told. scores: as the server gave them."""

    scale: Scale
    notes: tuple[str, ...]


def connect(
    name: str,
    settings: Settings,
    *,
    patience: Patience | None = None,
    transport: httpx.BaseTransport | None = None,
    environment: Mapping[str, str] = os.environ,
) -> RemoteScorer:
    """A scorer for the server at an address such as `https://host/v2/rerank#MODEL`.

    patience, transport: a test's own. Raises InputError without consent or with an unusable address,
    RemoteError when the server gives no usable answer, ModelRejectedError when its scores are wrong.
    """
    address = read_address(name)
    check_consent(address, settings.home, settings.send_to)
    named = kind_named(address)
    variable = named.key_variable if named else ""
    key = key_for(address, settings.home, settings.remote_key, variable, environment)
    line = Transport(
        address, key, key_variable=variable or KEY_VARIABLE, patience=patience, transport=transport
    )
    try:
        found = recognise(address, line)
        trial = _try(address.host, found, line)
    except BaseException:
        line.close()
        raise
    label = f"{found.model or found.server.title} @ {address.host}"
    identity = "|".join(
        (address.url, found.server.kind, found.path, found.model, found.revision, trial.scale)
    )
    notes = [LEAVES] if not address.is_this_machine else []
    info = ScorerInfo(
        name=address.name,
        kind="remote",
        label=label,
        device=address.host,
        precision="as served",
        fingerprint=hashlib.sha256(identity.encode()).hexdigest()[:16],
        max_tokens=found.most_tokens,
        parameters=0,
        memory_bytes=0,
        uses_instruction=found.server.instruction,
        notes=(*notes, NO_CUT_KNOWN, *trial.notes),
    )
    return RemoteScorer(line, found, info, trial.scale)


def _try(host: str, found: Found, line: Transport) -> _Trial:
    asked = Asked(found.model, VECTOR_A.query, VECTOR_A.documents, None)
    scores = found.server.read(line.post(found.path, found.server.body(asked)), len(VECTOR_A.documents))
    if len(set(scores)) == 1:
        raise RemoteError(ALL_EQUAL, host=host)
    scale = found.server.scale
    if scale == "told by its scores":
        scale = "probability" if all(0 <= score <= 1 for score in scores) else "logit"
    logits = [logit_of(score) if scale == "probability" else score for score in scores]
    _refuse_wrong_template(host, found, logits)
    notes = [FROM_PROBABILITY] if scale == "probability" else []
    if max(range(len(logits)), key=lambda place: logits[place]) != _WINNER:
        notes.append(ODD_ORDER)
    return _Trial(scale, tuple(notes))


def _refuse_wrong_template(host: str, found: Found, logits: Sequence[float]) -> None:
    """Only a Qwen3-Reranker is known to read four sentences in these ways."""
    if "qwen3" not in found.model.lower():
        return
    order = sorted(range(len(logits)), key=lambda place: -logits[place])
    if order[-1] == _WINNER and order[0] == _LOSER:
        raise ModelRejectedError(SWAPPED, where="model", hint=SWAPPED_HINT, host=host)
    probabilities = [sigmoid(logit) for logit in logits]
    spread = max(probabilities) - min(probabilities)
    if min(probabilities) > _ALL_ABOVE and spread < _LARGEST_SPREAD:
        raise ModelRejectedError(NO_TEMPLATE, where="model", hint=NO_TEMPLATE_HINT, host=host)
