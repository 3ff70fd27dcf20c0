"""The tokens of a window of pairs, ready to be planned into packs, and the way back from logits to scores."""

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

from core.engine.packing import Candidate, Pack, Pair, plan
from core.engine.prompt import DocumentTokens, PromptEncoder, TokenIds
from core.records import ChunkedScore, Score

LongDocuments = Literal["truncate", "max"]


@dataclass(slots=True)
class EncodedPairs:
    """One window's prefixes and candidates; a document that is read in chunks has several candidates."""

    prefixes: list[TokenIds] = field(default_factory=list)
    tokens: list[TokenIds] = field(default_factory=list)  # per candidate
    candidates: list[Candidate] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)  # per candidate: its pair
    truncated: list[bool] = field(default_factory=list)  # per candidate
    parts: dict[int, int] = field(default_factory=dict)  # per pair: how many candidates

    @classmethod
    def of(
        cls, pairs: Sequence[Pair], encoder: PromptEncoder, long_documents: LongDocuments
    ) -> "EncodedPairs":
        """Encode each distinct prefix once, and its documents together."""
        encoded = cls()
        by_prefix: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        for position, pair in enumerate(pairs):
            by_prefix[pair.instruction, pair.query].append(position)
        for (instruction, query), positions in by_prefix.items():
            prefix = encoder.prefix(instruction, query)
            texts = [pairs[position].document for position in positions]
            if long_documents == "truncate":
                parts = [[document] for document in encoder.documents(texts, len(prefix))]
            else:
                parts = [encoder.chunks(text, len(prefix)) for text in texts]
            encoded._add(prefix, positions, parts)
        return encoded

    def plan(self, budget: int, only: Sequence[int] | None = None) -> list[Pack]:
        """Packs of up to `budget` tokens with all candidates, or with those at the positions `only`."""
        return plan([len(prefix) for prefix in self.prefixes], self.candidates, budget, only)

    def plan_missing(self, budget: int, missing: AbstractSet[int]) -> list[Pack]:
        """The packs of all candidates, each without those whose pairs are not `missing`.

        Which pairs a pack holds then depends on nothing that happened between its making and its turn. A
        pack with a part of a pair that has several stays whole: such a pair is finished in another pack, and
        whether it was known from the beginning cannot be seen.
        """
        packs: list[Pack] = []
        for pack in self.plan(budget):
            left = [candidate for candidate in pack.candidates if self.owners[candidate] in missing]
            whole = any(self.parts[self.owners[candidate]] > 1 for candidate in pack.candidates)
            if left and (whole or len(left) == len(pack.candidates)):
                packs.append(pack)
            elif left:
                packs.extend(self.plan(budget, left))
        return packs

    def _add(
        self, prefix: TokenIds, positions: Sequence[int], parts: Sequence[Sequence[DocumentTokens]]
    ) -> None:
        """Add one query's documents (positions of their pairs), each as one or several parts."""
        self.prefixes.append(prefix)
        for position, documents in zip(positions, parts, strict=True):
            self.parts[position] = len(documents)
            for document in documents:
                self.candidates.append(Candidate(len(self.prefixes) - 1, len(document.ids)))
                self.tokens.append(document.ids)
                self.truncated.append(document.truncated)
                self.owners.append(position)

    def score(self, logits: Sequence[tuple[int, float]]) -> Score:
        """A pair's score from (candidate, logit) of all its parts, in order."""
        read = sum(
            len(self.prefixes[self.candidates[candidate].prefix]) + len(self.tokens[candidate])
            for candidate, _ in logits
        )
        if len(logits) == 1:
            ((candidate, logit),) = logits
            return Score(logit, read, self.truncated[candidate])
        # A chunk without a number leaves the whole without one: which would be the best is not known.
        best = max(range(len(logits)), key=lambda part: (not math.isfinite(logits[part][1]), logits[part][1]))
        logit = logits[best][1]
        return ChunkedScore(logit, read, False, winning_chunk=best, chunks=len(logits))


def encode_ahead(
    windows: Iterable[list[Pair]], encode: Callable[[list[Pair]], EncodedPairs]
) -> Iterator[tuple[list[Pair], EncodedPairs]]:
    """Every window with its tokens; while the caller has one, the next is encoded in another thread.

    Two cores encode some two million English tokens a second: a GPU that scores 450,000 a second would
    otherwise stand still for a fifth of the time.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode") as worker:
        ahead: deque[tuple[list[Pair], Future[EncodedPairs]]] = deque()
        for window in windows:
            ahead.append((window, _begun(worker, encode, window)))
            if len(ahead) > 1:
                pairs, encoded = ahead.popleft()
                yield pairs, encoded.result()
        for pairs, encoded in ahead:
            yield pairs, encoded.result()


def _begun(
    worker: ThreadPoolExecutor, encode: Callable[[list[Pair]], EncodedPairs], window: list[Pair]
) -> "Future[EncodedPairs]":
    try:
        return worker.submit(encode, window)
    except RuntimeError:
        # The program is closing and no thread may begin; the caller stops at its next look.
        done: Future[EncodedPairs] = Future()
        done.set_result(encode(window))
        return done
