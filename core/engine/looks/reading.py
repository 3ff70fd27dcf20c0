"""The passes over one query that is looked at twice: beginnings, their rests, and whole documents.

Keys and values of a beginning are kept only as long as its document may be read on, and only so many as the
memory allows; a document whose beginning was not kept is read anew from its start, with the same result.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.engine.attention.continued import Continued, Keeping, Kept, Rest
from core.engine.device import MEMORY_SHARE, free_memory
from core.engine.encoding import EncodedPairs
from core.engine.looks.choosing import BEGINNING, SHORTEST_REST
from core.engine.model import FlatPack, PackedModel, flatten
from core.engine.packing import Group
from core.engine.prompt import TokenIds
from core.engine.turns import Turns
from core.records import Score

# What a pass has found: (document, logit).
Found = list[tuple[int, float]]
_PREFIX = -1


@dataclass(frozen=True, slots=True)
class Passes:
    """How passes are run. stop: raises when the caller has asked to."""

    model: PackedModel
    turns: Turns
    interactive: bool
    stop: Callable[[], None]

    def over(
        self,
        documents: Sequence[int],
        lengths: Sequence[int],
        run: Callable[[Sequence[int]], list[float]],
        shared: int = 0,
    ) -> Iterator[Found]:
        """Run these documents in as few passes as fit, longest first.

        lengths: tokens that each adds; shared: those that every pass has beside them.
        """
        size = dict(zip(documents, lengths, strict=True))
        most = self.turns.most(self.interactive) - shared
        waiting = _batches(sorted(documents, key=lambda one: -size[one]), size, most)
        while waiting:
            self.stop()
            batch = waiting.pop(0)
            tokens = shared + sum(size[one] for one in batch)
            values = self.turns.run(
                tokens, partial(run, batch), interactive=self.interactive, alone=len(batch) == 1
            )
            if values is None:
                half = (len(batch) + 1) // 2
                waiting[:0] = [batch[:half], batch[half:]]
                continue
            yield list(zip(batch, values, strict=True))


class QueryReading:
    """One query's documents on their way. Documents are named by their positions."""

    def __init__(self, passes: Passes, encoded: EncodedPairs, closing: TokenIds) -> None:
        """encoded: pairs of one query, none in several parts. closing: what stands behind every document."""
        self._passes, self._encoded, self._closing = passes, encoded, closing
        self._prefix, self._documents = encoded.prefixes[0], encoded.tokens
        self._short = [len(ids) <= BEGINNING + SHORTEST_REST + len(closing) for ids in encoded.tokens]
        self._kept: dict[int, Kept] = {}
        self._before: Kept | None = None
        self._room = _tokens_kept(passes.model)

    def is_short(self, document: int) -> bool:
        """Whether the first look reads the whole of it."""
        return self._short[document]

    def score(self, document: int, logit: float) -> Score:
        """Of a document that was read whole."""
        return self._encoded.score([(document, logit)])

    def first_score(self, document: int, logit: float) -> Score:
        """Of a document of which only the beginning was read."""
        return Score(logit, len(self._prefix) + len(self._beginning(document)), truncated=True)

    def first_look(self, wanted: Callable[[], Sequence[int]]) -> Iterator[Found]:
        """Every document's beginning, short documents whole.

        wanted: which documents may still be read on, asked when the caller is done with a pass; the keys and
        values of the others are dropped.
        """
        every = range(len(self._documents))
        lengths = [len(self._beginning(at)) for at in every]
        for values in self._passes.over(every, lengths, self._look, len(self._prefix)):
            yield values
            self._keep_only(wanted())

    def read_on(self, documents: Sequence[int]) -> Iterator[Found]:
        """The rest of these, as a pass over the whole of each would have it."""
        before = self._before
        going_on = [at for at in documents if at in self._kept and before is not None]
        anew = [at for at in documents if at not in going_on]
        lengths = [len(self._documents[at]) - BEGINNING for at in going_on]
        for values in self._passes.over(going_on, lengths, self._go_on):
            for at, _ in values:
                self._kept.pop(at, None)
            yield values
        lengths = [len(self._documents[at]) for at in anew]
        yield from self._passes.over(anew, lengths, self._whole, len(self._prefix))

    def _beginning(self, document: int) -> TokenIds:
        ids = self._documents[document]
        return ids if self._short[document] else np.concatenate([ids[:BEGINNING], self._closing])

    def _look(self, batch: Sequence[int]) -> list[float]:
        texts = [self._beginning(at) for at in batch]
        flat = flatten([Group(0, tuple(range(len(texts))))], [self._prefix], texts)
        starts = flat.last - [len(text) - 1 for text in texts]
        rows = {
            at: slice(int(start), int(start) + BEGINNING)
            for at, start in zip(batch, starts, strict=True)
            if not self._short[at]
        }
        if self._before is None:
            # A lone document and its prefix are one sequence, which begins with the prefix too.
            rows[_PREFIX] = slice(0, len(self._prefix))
        model = self._passes.model
        keeping = Keeping(model.kernel(flat.segments, model.device), rows)
        logits = _floats(model, flat, keeping)
        self._before = keeping.kept.pop(_PREFIX, self._before)
        self._kept.update(keeping.kept)
        return logits

    def _go_on(self, batch: Sequence[int]) -> list[float]:
        assert self._before is not None
        rests = [self._documents[at][BEGINNING:] for at in batch]
        ends = np.cumsum([len(ids) for ids in rests])
        first = len(self._prefix) + BEGINNING
        flat = FlatPack(
            np.concatenate(rests),
            np.concatenate([np.arange(first, first + len(ids)) for ids in rests]),
            ends - 1,
            (),
        )
        attention = Continued(
            [
                Rest(int(end) - len(ids), len(ids), (self._before, self._kept[at]))
                for at, ids, end in zip(batch, rests, ends, strict=True)
            ]
        )
        return _floats(self._passes.model, flat, attention)

    def _whole(self, batch: Sequence[int]) -> list[float]:
        texts = [self._documents[at] for at in batch]
        return _floats(
            self._passes.model, flatten([Group(0, tuple(range(len(texts))))], [self._prefix], texts), None
        )

    def _keep_only(self, wanted: Sequence[int]) -> None:
        """Drop what will not be read on, and what the memory has no room for."""
        room = self._room // BEGINNING
        staying = [at for at in wanted if at in self._kept][:room]
        self._kept = {at: self._kept[at] for at in staying}


def _floats(model: PackedModel, flat: FlatPack, attention: Keeping | Continued | None) -> list[float]:
    return [float(value) for value in model.logits(flat, attention).tolist()]


def _batches(documents: Sequence[int], size: dict[int, int], most: int) -> list[list[int]]:
    """The documents in their order, cut where the next one would not fit into `most` tokens."""
    batches: list[list[int]] = []
    used = 0
    for one in documents:
        if not batches or used + size[one] > most:
            batches.append([])
            used = 0
        batches[-1].append(one)
        used += size[one]
    return batches


def _tokens_kept(model: PackedModel) -> int:
    """How many tokens' keys and values may be kept now."""
    arch = model.arch
    a_token = 2 * arch.layers * arch.kv_heads * arch.head_dim * model.dtype.itemsize
    return int(free_memory(model.device) * MEMORY_SHARE) // a_token
