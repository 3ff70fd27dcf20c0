"""From a parsed request to scores, on a worker thread: the steps that every dialect shares."""

from collections.abc import Sequence

from core.api.dialects.call import Answer, Call
from core.api.pairs import PairsCall
from core.api.stoppable import Stop
from core.errors import InputError
from core.records import CountsDocumentTokens, Score, Scorer, ScorerInfo
from core.workflows.home.workbench import Workbench
from core.workflows.instructions.library import resolved_instruction
from core.workflows.rerank.candidates import check_candidates
from core.workflows.rerank.reranking import rerank

NO_ROOM = "Document {n} is longer than the model reads, and the request forbids to shorten it."
NO_ROOM_HINT = 'Send "truncate": true, or shorter documents.'


def answered(bench: Workbench, call: Call, stop: Stop) -> Answer:
    """Score a call. Raises what scoring raises; InputError where the client forbids a cut that is needed."""
    scorer = bench.scorer()
    reranking = rerank(
        scorer,
        call.query,
        _shortened(scorer, call),
        resolved_instruction(call.instruction, bench.settings.home),
        max_documents=bench.settings.max_documents,
        on_progress=stop.check,
    )
    if not call.may_truncate:
        for one in sorted(reranking.ranked, key=lambda ranked: ranked.index):
            if one.score.truncated:
                raise InputError(NO_ROOM, where="truncation", hint=NO_ROOM_HINT, n=one.index + 1)
    return Answer.of(call, reranking)


def scored_pairs(bench: Workbench, call: PairsCall, stop: Stop) -> tuple[list[Score], ScorerInfo]:
    """The scores of pairs, in their order."""
    scorer = bench.scorer()
    limit = bench.settings.max_documents
    instruction = resolved_instruction(call.instruction, bench.settings.home)
    check_candidates(call.queries[0] if call.queries else "", call.documents, max_documents=limit)
    scores: list[Score] = []
    for request in call.requests():
        stop.check()
        scores += scorer.score(request.query, request.documents, instruction, on_progress=stop.check)
    return scores, scorer.info


def _shortened(scorer: Scorer, call: Call) -> Sequence[str]:
    """The documents, each at most as many tokens long as the call wants."""
    if not call.most_tokens or not isinstance(scorer, CountsDocumentTokens):
        return call.documents
    return [_first_tokens(scorer, text, call.most_tokens) for text in call.documents]


def _first_tokens(scorer: CountsDocumentTokens, text: str, most: int) -> str:
    """The longest beginning with at most so many tokens, found by halving."""
    # No vocabulary makes more tokens than bytes.
    if len(text.encode("utf-8", "surrogatepass")) <= most or scorer.document_tokens(text) <= most:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if scorer.document_tokens(text[:middle]) <= most:
            fits = middle
        else:
            too_long = middle
    return text[:fits]
