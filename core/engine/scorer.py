"""A loaded Qwen3-Reranker, or another reranker of its form: text in, scores out, in the caller's order.

The scorer joins prompt, packing and model: it encodes each distinct pair once, runs the packs one turn at a
time through the gate, splits a pack that runs out of memory, and hands finished pairs on. It reads a model
folder that `core.models` has found and checked; it knows nothing of hubs, jobs or pages.

After loading, the caller should `gc.collect(); gc.freeze()` once: the model and the imported libraries are a
million objects that every later garbage collection would walk through (0.1-0.3 s in the middle of a query).
"""

import hashlib
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.engine.architecture import architecture, decoder_config
from core.engine.device import (
    BACKGROUND_BUDGET_CPU,
    choose_device,
    choose_precision,
    token_budget,
)
from core.engine.encoding import EncodedPairs, LongDocuments, encode_ahead
from core.engine.finite import part_finite
from core.engine.form import QWEN3_FORM, Form
from core.engine.gpu.compiled import choose_run
from core.engine.gpu.fp8 import quantise_fp8
from core.engine.guard import CALIBRATION, JUDGED, GuardReport, probe_of, quantise_guarded
from core.engine.int8 import exact_range
from core.engine.looks.scorer import Engine, TwoLooksScorer
from core.engine.model import FlatPack, PackedModel, flatten, float_layers
from core.engine.packing import Pack, Pair, distinct_pairs, still_waiting, windows
from core.engine.prompt import PromptEncoder
from core.engine.safetensors import read_json
from core.engine.sharing import gate_of
from core.engine.turns import Turns, background_tokens
from core.engine.weights import Checkpoint, check_complete
from core.errors import InputError, StoppedError
from core.records import OnChecked, Score, ScoredPair, ScorerInfo, ScoringRequest

logger = logging.getLogger(__name__)

# Pairs encoded ahead of the model: enough to fill a GPU's packs, few enough to hold their tokens.
WINDOW_PAIRS = 1024
WINDOW_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class ScorerReport:
    """How the model runs here, for the Model page.

    attention: the kernel in use. token_budget: tokens of an interactive pass. background_budget: of a
    job's pass. threads: CPU threads. guard: how int8 compared with fp32, where it was tried.
    """

    attention: str
    token_budget: int
    background_budget: int
    threads: int
    guard: GuardReport | None


class Qwen3Scorer:
    """Implements `core.records.Scorer`. Safe to call from several threads: passes take turns at the gate."""

    def __init__(
        self,
        model: PackedModel,
        encoder: PromptEncoder,
        info: ScorerInfo,
        *,
        guard: GuardReport | None,
        turns: Turns,
        long_documents: LongDocuments,
    ) -> None:
        """`load` makes one from a folder."""
        self._model, self._encoder, self._info = model, encoder, info
        self._guard, self._long_documents = guard, long_documents
        self._turns = turns

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        name: str,
        device: str = "auto",
        precision: str = "auto",
        max_tokens: int = 8192,
        threads: int = 0,
        long_documents: LongDocuments = "truncate",
        form: Form = QWEN3_FORM,
        compiled: bool = False,
    ) -> "Qwen3Scorer":
        """Load a checked model folder that has this form.

        precision: `auto`, `fp32`, `bf16`, `int8` or `fp8`; int8 gives way to fp32 and fp8 to bf16 where they
        rank differently (`report.guard` says what was found). compiled: see `core.engine.gpu.compiled`.
        threads: CPU threads, 0 = torch's choice; it holds for the whole process. max_tokens: the longest
        pair; InputError when it is more than the model has positions.
        ModelRejectedError when tensors are missing or the model is another one.
        """
        import torch
        from tokenizers import Tokenizer
        from transformers import AutoConfig

        if threads:
            torch.set_num_threads(threads)
        where = choose_device(device)
        arch = architecture(decoder_config(read_json(folder / "config.json")))
        if max_tokens > arch.max_positions:
            raise InputError(
                "The token limit of {limit} is more than the {positions} positions of {model}.",
                where="max_tokens",
                hint="Set RERANK_MAX_TOKENS to {positions} or less.",
                limit=max_tokens,
                positions=arch.max_positions,
                model=Path(name).name,
            )
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        encoder = PromptEncoder(tokenizer, max_tokens, form.template)
        checkpoint = Checkpoint(folder)
        check_complete(checkpoint, arch, form.head)
        chosen = choose_precision(precision, where, arch)
        dtype = torch.bfloat16 if chosen in ("bf16", "fp8") else torch.float32
        model = PackedModel(checkpoint, config.get_text_config(), arch, where, dtype, form.head)
        guard = None
        if chosen == "int8":
            calibration, judged = (probe_of(texts, encoder) for texts in (CALIBRATION, JUDGED))
            model.layers, guard = quantise_guarded(checkpoint, model, calibration, judged)
            if not guard.passed:
                logger.warning("int8 differs too much from fp32, so fp32 is used: %s", guard)
                model.layers, chosen = [], "fp32"
        if not model.layers:
            model.layers = float_layers(checkpoint, arch, where, dtype)
        if chosen == "fp8":
            guard = quantise_fp8(model, probe_of(JUDGED, encoder))
            chosen = "fp8" if guard.passed else "bf16"
        model.run = choose_run(model, wanted=compiled)
        numbers: str = chosen
        if guard is not None and chosen == "int8":
            numbers = f"int8-{exact_range()}{guard.recipe}"
        identity = "|".join((checkpoint.digest(), form.identity, numbers, str(max_tokens), long_documents))
        info = ScorerInfo(
            name=name,
            kind=form.kind,
            label=Path(name).name,
            device=str(where),
            precision=chosen,
            fingerprint=hashlib.sha256(identity.encode()).hexdigest()[:16],
            max_tokens=max_tokens,
            parameters=checkpoint.parameters(),
            memory_bytes=model.nbytes,
            uses_instruction=form.template.uses_instruction,
            notes=form.notes,
            reads_whole=long_documents == "max",
        )
        budget = token_budget(where, arch, dtype.itemsize)
        background = BACKGROUND_BUDGET_CPU
        if where.type != "cpu":
            background = background_tokens(budget, model.run_empty)
        return cls(
            model,
            encoder,
            info,
            guard=guard,
            turns=Turns(gate_of(where), where, budget, background),
            long_documents=long_documents,
        )

    @property
    def info(self) -> ScorerInfo:
        """Which model this is and how it runs."""
        return self._info

    @property
    def report(self) -> ScorerReport:
        """How it runs now; the token budgets shrink when memory runs out."""
        import torch

        return ScorerReport(
            attention=self._model.kernel.__name__,
            token_budget=self._turns.most(interactive=True),
            background_budget=self._turns.most(interactive=False),
            threads=torch.get_num_threads(),
            guard=self._guard,
        )

    @property
    def guard(self) -> GuardReport | None:
        """How int8 compared with fp32; see `core.engine.guard.Guarded`."""
        return self._guard

    def plan_of(self, pairs: Sequence[Pair]) -> list[Pack]:
        """The packs that these pairs become in interactive turns, without running them."""
        return self._encode(pairs).plan(self._turns.budget)

    def multiply_only(self, rows: int) -> None:
        """Run every matrix product of a pass over `rows` tokens and nothing else, to measure the ceiling."""
        with self._turns.gate.turn(interactive=True):
            self._model.multiply_only(rows)

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
        return self._turns.budget

    def score_many(
        self,
        requests: Sequence[ScoringRequest],
        *,
        on_progress: Callable[[int, int], None] | None = None,
        on_scored: Callable[[Sequence[ScoredPair]], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        interactive: bool = False,
    ) -> list[list[Score]]:
        """Score many queries, one micro-batch a turn; see `core.records.Scorer`.

        The callbacks run in the calling thread, outside the turns.
        """
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

    def count_tokens(self, query: str, documents: Sequence[str], instruction: str | None = None) -> list[int]:
        """Tokens of each pair, template included; above `info.max_tokens` where the document will be cut.

        Reads no weights. InputError when query and instruction leave no room for a document.
        """
        prefix = len(self._encoder.prefix(instruction, query))
        if self._long_documents == "truncate":
            read = self._encoder.documents(documents, prefix)
            return [prefix + len(document.ids) + document.truncated for document in read]
        # Read in chunks, a document costs its prefix once per chunk, but none of it is cut.
        parts = (self._encoder.chunks(text, prefix) for text in documents)
        totals = [sum(prefix + len(chunk.ids) for chunk in chunks) for chunks in parts]
        return [min(total, self._info.max_tokens) for total in totals]

    def document_tokens(self, text: str) -> int:
        """Tokens of a document alone, however long; see `core.records.CountsDocumentTokens`."""
        return self._encoder.length(text)

    def two_looks(self, top: int, on_checked: OnChecked | None = None) -> TwoLooksScorer:
        """See `core.records.LooksTwice`."""
        engine = Engine(self._model, self._encoder, self._turns, self._encode)
        return TwoLooksScorer(self, engine, top, on_checked)

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
        places = distinct_pairs(requests)
        waiting = still_waiting(places, known)
        done, total = 0, sum(map(len, waiting.values()))

        def stop_if_asked() -> None:
            if cancelled and cancelled():
                raise StoppedError(
                    "Stopped after {done} of {total} pairs.",
                    hint="Run it again to score only what is missing.",
                    done=done,
                    total=total,
                )

        planned = windows(list(places), WINDOW_PAIRS, WINDOW_CHARACTERS)
        upcoming = (window for window in planned if any(pair in waiting for pair in window))
        for pairs, encoded in encode_ahead(upcoming, self._encode):
            for batch in self._micro_batches(pairs, encoded, waiting.keys(), interactive, stop_if_asked):
                scored = [
                    ScoredPair(*place, score) for pair, score in batch for place in waiting.get(pair, ())
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
        return [[score for score in scores if score is not None] for scores in results]

    def _micro_batches(
        self,
        pairs: Sequence[Pair],
        encoded: EncodedPairs,
        wanted: AbstractSet[Pair],
        interactive: bool,
        stop_if_asked: Callable[[], None],
    ) -> Iterator[list[tuple[Pair, Score]]]:
        """Run the packs that hold a wanted pair turn by turn and yield what each has finished."""
        logits: dict[int, list[tuple[int, float]]] = defaultdict(list)  # pair → (part, logit)
        missing = {at for at, pair in enumerate(pairs) if pair in wanted}
        packs = deque(encoded.plan_missing(self._turns.most(interactive), missing))
        while packs:
            stop_if_asked()
            pack = packs.popleft()
            flat = flatten(pack.groups, encoded.prefixes, encoded.tokens)
            values = self._turns.run(
                pack.tokens,
                partial(self._values, flat),
                interactive=interactive,
                alone=len(pack.candidates) == 1,
            )
            if values is None:
                packs.extendleft(reversed(encoded.plan(pack.tokens // 2, pack.candidates)))
                continue
            finished: list[tuple[Pair, Score]] = []
            for candidate, value in zip(pack.candidates, values, strict=True):
                pair = encoded.owners[candidate]
                logits[pair].append((candidate, value))
                if len(logits[pair]) == encoded.parts[pair]:
                    finished.append((pairs[pair], encoded.score(sorted(logits.pop(pair)))))
            yield finished

    def _encode(self, pairs: Sequence[Pair]) -> EncodedPairs:
        return EncodedPairs.of(pairs, self._encoder, self._long_documents)

    def _values(self, flat: FlatPack) -> list[float]:
        """The logits of a pack, in its order."""
        return [float(value) for value in self._model.logits(flat).tolist()]
