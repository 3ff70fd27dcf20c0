"""When commands make the vectors that a corpus lacks: at once where they are few, on request, or in a process
of its own that goes on after the command."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from core.commands.corpora.output import VectorsLine
from core.errors import BusyError
from core.models.embedding import Embedder
from core.retrieval.passages import Corpus
from core.workflows.retrieve.corpora import Corpora
from core.workflows.retrieve.searching import require_all_vectors
from core.workflows.retrieve.vectors import (
    Filling,
    as_embedding,
    complete_vectors,
    log_file,
    make_vectors,
    sole_maker,
)

# Up to so many missing vectors are made before a command goes on: some seconds on two cores.
MADE_AT_ONCE = 1000
# Of the process that makes vectors in the background: a tenth of the processor beside somebody who works.
NICE = 10

WAIT_HINT = "Add --wait to go on when they are made, or see with `corpus list` how far they are."


def are_few(corpus: Corpus) -> bool:
    """Whether a command had better make the missing vectors itself."""
    info = corpus.info
    return info.passages - info.vectors <= MADE_AT_ONCE


def make_all(place: Corpora, name: str, embedder: Embedder, *, quiet: bool) -> Filling:
    """Make what is missing; BusyError while another process does."""
    with sole_maker(place, name), VectorsLine(quiet=quiet) as line:
        return make_vectors(place.open(name), embedder, on_progress=line.show)


def make_few(place: Corpora, name: str, embedder: Embedder, *, quiet: bool) -> None:
    """Before a search: make a few missing vectors; many are left to whoever makes them."""
    corpus = place.open(name)
    corpus.use_embedding(as_embedding(embedder.info))
    if not are_few(corpus):
        return
    try:
        make_all(place, name, embedder, quiet=quiet)
    except BusyError as busy:
        print(busy, file=sys.stderr)


def have_all(place: Corpora, name: str, embedder: Embedder, *, wait: bool, quiet: bool) -> None:
    """Before a measurement: every passage has a vector, or InputError saying how many have.

    wait: make them however many they are, or follow the process that does.
    """
    corpus = place.open(name)
    corpus.use_embedding(as_embedding(embedder.info))
    if not wait and not are_few(corpus):
        require_all_vectors(corpus, WAIT_HINT)
    with VectorsLine(quiet=quiet and not wait) as line:
        complete_vectors(place, name, embedder, on_progress=line.show)


def make_in_background(place: Corpora, name: str) -> None:
    """A process of its own goes on after this one has ended; it is as polite to others as it can be."""
    command = [sys.executable, "-m", "core", "corpus", "vectors", name, "--json"]
    with log_file(place, name).open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    if hasattr(os, "setpriority"):
        # Before it has other threads, which take the priority over. It may have ended already.
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
