"""The model families: what each needs to be recognised, checked, loaded and tested, declared in one place.

A new family is one `Family` here and the folder that does its work; the prompt is the loader's own business.
The first family that claims a name, or the folder that was found for it, loads it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.engine.encoding import LongDocuments
from core.models.catalogue import EMBEDDED, USE_M3
from core.models.checks import check_folder
from core.models.cross_encoder.folder import check_cross_encoder, is_cross_encoder
from core.models.cross_encoder.qwen3_form import engine_form
from core.models.cross_encoder.selftest import compare_card
from core.models.remote.addresses import is_remote
from core.models.selftest import SelfTestReport, compare_published, nothing_published
from core.records import Scorer, ScorerKind
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be loaded, and how. folder: where the model lies, for families that lie in folders.

    device, precision: names that were checked; «auto» is what suits the machine.
    """

    name: str
    folder: Path
    device: str
    precision: str
    long_documents: LongDocuments
    settings: Settings


def _never(_: object) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of models.

    load: checks and loads; ModelError says what is wrong. selftest: compares with published values, or says
    why not. claims_name: what needs no folder. claims_folder: looks at config.json and at file names only.
    """

    kind: ScorerKind
    load: Callable[[Wanted], Scorer]
    selftest: Callable[[Scorer], SelfTestReport] = nothing_published
    claims_name: Callable[[str], bool] = _never
    claims_folder: Callable[[Path], bool] = _never


def _load_remote(wanted: Wanted) -> Scorer:
    from core.models.remote.connecting import connect

    return connect(wanted.name, wanted.settings)


def _load_embedded(wanted: Wanted) -> Scorer:
    from core.models.embedded import load_embedded, load_use_m3

    if wanted.name == USE_M3:
        return load_use_m3(name=USE_M3)
    return load_embedded(threads=wanted.settings.threads, precision=wanted.precision)


def _load_cross_encoder(wanted: Wanted) -> Scorer:
    from core.models.cross_encoder.scorer import CrossEncoderScorer

    folder = check_cross_encoder(wanted.folder)
    form = engine_form(folder)
    if form is not None:
        from core.engine.scorer import Qwen3Scorer

        return Qwen3Scorer.load(
            wanted.folder,
            name=wanted.name,
            device=wanted.device,
            precision=wanted.precision,
            max_tokens=min(wanted.settings.max_tokens, folder.max_tokens),
            threads=wanted.settings.threads,
            long_documents=wanted.long_documents,
            form=form,
            compiled=wanted.settings.compile,
        )

    return CrossEncoderScorer.load(
        wanted.folder,
        name=wanted.name,
        device=wanted.device,
        precision=wanted.precision,
        max_tokens=wanted.settings.max_tokens,
        threads=wanted.settings.threads,
    )


def _load_qwen3(wanted: Wanted) -> Scorer:
    check_folder(wanted.folder)
    from core.engine.scorer import Qwen3Scorer

    return Qwen3Scorer.load(
        wanted.folder,
        name=wanted.name,
        device=wanted.device,
        precision=wanted.precision,
        max_tokens=wanted.settings.max_tokens,
        threads=wanted.settings.threads,
        long_documents=wanted.long_documents,
        compiled=wanted.settings.compile,
    )


FAMILIES = (
    Family("remote", _load_remote, claims_name=is_remote),
    Family("embedded", _load_embedded, claims_name=lambda name: name in (EMBEDDED, USE_M3)),
    Family("cross-encoder", _load_cross_encoder, compare_card, claims_folder=is_cross_encoder),
    # Last: any other folder is judged as Qwen3's own form, whose checks say what is wrong with it.
    Family("qwen3", _load_qwen3, compare_published, claims_folder=Path.is_dir),
)


def family_of_name(name: str) -> Family | None:
    """The family whose models need no folder and that claims this name, or None."""
    return next((family for family in FAMILIES if family.claims_name(name)), None)


def family_of_folder(folder: Path) -> Family:
    """The family that loads an existing folder."""
    return next(family for family in FAMILIES if family.claims_folder(folder))


def run_selftest(scorer: Scorer) -> SelfTestReport:
    """Compare a loaded model with what was published of it; raises what scoring raises."""
    kind = scorer.info.kind
    return next(family for family in FAMILIES if family.kind == kind).selftest(scorer)
