"""`/score`: the scores of pairs in input order, as vLLM answers it; and `/api/predict`, Gradio's old form."""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.api.dialects.call import Call
from core.api.dialects.fields import document_text, instruction_of, model_of, raw_of
from core.errors import InputError
from core.records import Score, ScorerInfo, ScoringRequest

_SIDES = (("text_1", "text_2"), ("queries", "documents"), ("queries", "items"), ("data_1", "data_2"))
_HINT = 'Send {{"text_1": …, "text_2": [ … ]}}, one text against many or as many against as many.'


@dataclass(frozen=True, slots=True)
class PairsCall:
    """Pairs to score. queries: as many as documents."""

    queries: tuple[str, ...]
    documents: tuple[str, ...]
    model: str
    instruction: str | None
    raw_scores: bool

    def requests(self) -> list[ScoringRequest]:
        """The pairs as the model is asked: consecutive documents of one query together."""
        asked: list[ScoringRequest] = []
        for query, document in zip(self.queries, self.documents, strict=True):
            if asked and asked[-1].query == query:
                last = asked[-1]
                asked[-1] = ScoringRequest(query, (*last.documents, document), self.instruction)
            else:
                asked.append(ScoringRequest(query, (document,), self.instruction))
        return asked


def read_pairs(fields: Mapping[str, Any]) -> PairsCall:
    """Read a `/score` body; InputError names what is at fault."""
    for left, right in _SIDES:
        if fields.get(left) is not None and fields.get(right) is not None:
            one, other = _texts(fields[left], left), _texts(fields[right], right)
            break
    else:
        raise InputError("«text_1» and «text_2» must be there.", where="text_1", hint=_HINT)
    if len(one) == 1:
        one = one * len(other)
    if len(one) != len(other):
        raise InputError(
            "{left} texts cannot be paired with {right}.",
            where="text_2",
            hint=_HINT,
            left=len(one),
            right=len(other),
        )
    return PairsCall(one, other, model_of(fields), instruction_of(fields), raw_of(fields))


def pairs_answer(call: PairsCall, scores: Sequence[Score], scorer: ScorerInfo) -> dict[str, Any]:
    """The answer, in the order of the pairs."""
    tokens = sum(score.tokens for score in scores)
    return {
        "id": f"score-{uuid.uuid4().hex}",
        "object": "list",
        "created": int(time.time()),
        "model": call.model or scorer.name,
        "data": [
            {"index": at, "object": "score", "score": score.logit if call.raw_scores else score.probability}
            for at, score in enumerate(scores)
        ],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens},
    }


def read_predict(fields: Mapping[str, Any]) -> Call:
    """`{"data": [query, "a\\nb" or [documents], instruction?, …]}`."""
    data = fields.get("data")
    if not isinstance(data, list) or len(data) < 2 or not isinstance(data[0], str):
        raise InputError(
            "«data» must be a list: the query, then the documents.",
            where="data",
            hint='Send {{"data": ["query", "document\\ndocument"]}}.',
        )
    documents = data[1].splitlines() if isinstance(data[1], str) else data[1]
    instruction = data[2] if len(data) > 2 and isinstance(data[2], str) and data[2].strip() else None
    return Call(query=data[0], documents=_texts(documents, "data[1]"), instruction=instruction)


def _texts(value: object, name: str) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(document_text(item, f"{name}[{place}]", place) for place, item in enumerate(items))
