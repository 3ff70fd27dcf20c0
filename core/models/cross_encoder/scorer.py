"""Another reranker as a `core.records.Scorer`: length-sorted micro-batches, one turn at the gate each.

Equal pairs are scored once. A micro-batch holds a bounded number of tokens, with the padding where there is
any, and is halved when memory runs out.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from itertools import accumulate, pairwise
from pathlib import Path

from core.engine.device import choose_device, is_out_of_memory, release_memory
from core.engine.encoder.probes import CALIBRATED, JUDGED, Probes
from core.engine.finite import part_finite
from core.engine.gate import Gate
from core.engine.guard import GuardReport
from core.engine.int8 import exact_range
from core.engine.packing import Pair, distinct_pairs, still_waiting
from core.engine.sharing import gate_of
from core.engine.weights import Checkpoint
from core.errors import StoppedError, TooLargeError
from core.models.cross_encoder.encoder_network import ProbePairs
from core.models.cross_encoder.folder import CrossEncoderFolder, check_cross_encoder
from core.models.cross_encoder.networks import Network, load_network
from core.models.cross_encoder.pairs import PairEncoder, PairTokens
from core.models.cross_encoder.recipes import OWN_SCALE
from core.records import Score, ScoredPair, ScorerInfo, ScoringRequest

logger = logging.getLogger(__name__)

# Tokens of a micro-batch, with padding: about a third of a second for XLM-R base on two cores.
TOKENS_PER_BATCH = {"cpu": 2048, "cuda": 65_536, "mps": 8192}
# Pairs encoded and sorted together.
PAIRS_PER_BLOCK = 2048


class CrossEncoderScorer:
    """Implements `core.records.Scorer`. Safe to call from several threads."""

    def __init__(
        self,
        network: Network,
        encoder: PairEncoder,
        info: ScorerInfo,
        gate: Gate,
        guard: GuardReport | None = None,
    ) -> None:
        """`load` makes one from a folder. guard: how int8 compared with fp32, where it was tried."""
        self.guard = guard
        self._network, self._encoder, self._info, self._gate = network, encoder, info, gate
        self._budget = TOKENS_PER_BATCH.get(network.device.type, TOKENS_PER_BATCH["cpu"])

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        name: str,
        device: str = "auto",
        precision: str = "auto",
        max_tokens: int = 8192,
        threads: int = 0,
    ) -> "CrossEncoderScorer":
        """Load a model folder.

        precision: `auto` is bf16 on a GPU; on a CPU int8 where the engine knows the network and it ranks like
        fp32 there, else fp32.
        Raises ModelRejectedError when the folder is not a usable reranker, InputError for a precision it does
        not have.
        """
        import torch
        from tokenizers import Tokenizer

        folder = check_cross_encoder(path)
        if threads:
            torch.set_num_threads(threads)
        where = choose_device(device)
        longest = min(max_tokens, folder.max_tokens)
        tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        encoder = PairEncoder(tokenizer, folder.recipe, longest)
        loaded = load_network(folder, tokenizer, where, precision, lambda: _probe_pairs(encoder))
        chosen = f"int8-{exact_range()}" if loaded.precision == "int8" else loaded.precision
        info = ScorerInfo(
            name=name,
            kind="cross-encoder",
            label=Path(name).name,
            device=str(where),
            precision=loaded.precision,
            fingerprint=_fingerprint(folder, chosen, longest),
            max_tokens=longest,
            parameters=folder.parameters,
            memory_bytes=loaded.network.nbytes,
            uses_instruction=folder.recipe.uses_instruction,
            notes=(OWN_SCALE, *((folder.recipe.note,) if folder.recipe.note else ())),
        )
        return cls(loaded.network, encoder, info, gate_of(where), loaded.guard)

    @property
    def info(self) -> ScorerInfo:
        """Which model this is and how it runs."""
        return self._info

    def score(
        self,
        query: str,
        documents: Sequence[str],
        instruction: str | None = None,
        *,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> list[Score]:
        """Score one query's documents in interactive turns; the result is in the caller's order."""
        request = ScoringRequest(query, tuple(documents), instruction)
        return self._run([request], interactive=True, on_progress=on_progress)[0]

    @property
    def pass_tokens(self) -> int:
        """See `core.records.PlansPasses`."""
        return self._budget

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        interactive: bool = False,
    ) -> list[list[Score]]:
        """Score many queries; see `core.records.Scorer`."""
        return self._run(
            requests,
            interactive=interactive,
            on_progress=on_progress,
            on_scored=on_scored,
            cancelled=cancelled,
        )

    def score_rest(
        self,
        requests: Sequence[ScoringRequest],
        known: Sequence[Sequence[bool]],
        *,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """See `core.records.RepeatsPasses`."""
        self._run(requests, known, interactive=False, on_scored=on_scored, cancelled=cancelled)

    def document_tokens(self, text: str) -> int:
        """Tokens of a document alone, however long; see `core.records.CountsDocumentTokens`."""
        return self._encoder.length(text)

    def _run(
        self,
        requests: Sequence[ScoringRequest],
        known: Sequence[Sequence[bool]] = (),
        *,
        interactive: bool,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[list[Score]]:
        results: list[list[Score | None]] = [[None] * len(request.documents) for request in requests]
        places = distinct_pairs(requests if self._info.uses_instruction else _without_instructions(requests))
        waiting = still_waiting(places, known)
        done, total = 0, sum(map(len, waiting.values()))
        for planned in self._micro_batches(list(places), waiting.keys()):
            batch = [one for one in planned if one[0] in waiting]
            if not batch:
                continue
            if cancelled and cancelled():
                raise StoppedError(
                    "Stopped after {done} of {total} pairs.",
                    hint="Run it again to score only what is missing.",
                    done=done,
                    total=total,
                )
            logits = self._logits([tokens for _, tokens in batch], interactive)
            scored = [
                ScoredPair(*place, Score(logit, len(tokens.ids), tokens.truncated))
                for (pair, tokens), logit in zip(batch, logits, strict=True)
                for place in waiting[pair]
            ]
            finished, refusal = part_finite(scored, requests)
            for one in finished:
                results[one.request][one.document] = one.score
            done += len(finished)
            if on_scored and finished:
                on_scored(finished)
            if on_progress:
                on_progress(done, total)
            if refusal:
                raise refusal
        return [[score for score in row if score is not None] for row in results]

    def _micro_batches(
        self, pairs: Sequence[Pair], wanted: AbstractSet[Pair]
    ) -> Iterator[list[tuple[Pair, PairTokens]]]:
        """The passes of all pairs; blocks without a wanted pair are passed over."""
        for start in range(0, len(pairs), PAIRS_PER_BLOCK):
            block = pairs[start : start + PAIRS_PER_BLOCK]
            if not any(pair in wanted for pair in block):
                continue
            encoded = self._encoded(block)
            batch: list[tuple[Pair, PairTokens]] = []
            used = 0
            # Longest first: what needs most memory is found out at once.
            for pair, tokens in sorted(encoded, key=lambda one: -len(one[1].ids)):
                # Padded, every pair of a batch takes as much as its first.
                taken = len(batch[0][1].ids) if batch and self._network.pads else len(tokens.ids)
                if batch and used + taken > self._budget:
                    yield batch
                    batch, used = [], 0
                batch.append((pair, tokens))
                used += taken
            if batch:
                yield batch

    def _encoded(self, pairs: Sequence[Pair]) -> list[tuple[Pair, PairTokens]]:
        asked: dict[tuple[str, str | None], list[Pair]] = defaultdict(list)
        for pair in pairs:
            asked[pair.query, pair.instruction].append(pair)
        found: list[tuple[Pair, PairTokens]] = []
        for (query, instruction), members in asked.items():
            tokens = self._encoder.encode(query, [pair.document for pair in members], instruction)
            found.extend(zip(members, tokens, strict=True))
        return found

    def _logits(self, pairs: Sequence[PairTokens], interactive: bool) -> list[float]:
        try:
            with self._gate.turn(interactive):
                return self._network.logits(pairs)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            logger.warning("out of memory on %d pairs: %s", len(pairs), error)
        release_memory(self._network.device)
        if len(pairs) == 1:
            raise TooLargeError(
                "A text of {tokens} tokens needs more memory than is free.",
                hint="Lower the token limit, or close other programs.",
                tokens=len(pairs[0].ids),
            )
        half = len(pairs) // 2
        self._budget = max(len(pairs[0].ids), min(self._budget, half * len(pairs[0].ids)))
        return [*self._logits(pairs[:half], interactive), *self._logits(pairs[half:], interactive)]


def _without_instructions(requests: Sequence[ScoringRequest]) -> list[ScoringRequest]:
    return [ScoringRequest(request.query, request.documents) for request in requests]


def _probe_pairs(encoder: PairEncoder) -> ProbePairs:
    """The probe texts as this model reads them."""

    def read(probes: Probes) -> list[list[PairTokens]]:
        return [encoder.encode(query, texts, None) for query, texts in probes]

    judged = read(JUDGED)
    ends = list(accumulate(map(len, judged), initial=0))
    return ProbePairs(
        calibrated=[pair for pairs in read(CALIBRATED) for pair in pairs],
        judged=[pair for pairs in judged for pair in pairs],
        queries=[range(*bounds) for bounds in pairwise(ends)],
    )


def _fingerprint(folder: CrossEncoderFolder, precision: str, longest: int) -> str:
    recipe = "|".join(f"{name}={value}" for name, value in asdict(folder.recipe).items())
    identity = "|".join((Checkpoint(folder.path).digest(), recipe, precision, str(longest)))
    return hashlib.sha256(identity.encode()).hexdigest()[:16]
