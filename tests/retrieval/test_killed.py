"""A process killed while it adds loses nothing that it has called stored, and leaves no half batch."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.retrieval.passages import StoreKind
from tests.retrieval.adding_process import EACH
from tests.retrieval.corpora import KINDS, direction, opened, passage

ROOT = Path(__file__).resolve().parents[2]
# Lines to wait for before the kill: it falls into another moment of the work each time.
LINES = (1, 4, 9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lines", LINES)
def test_what_was_stored_is_there_after_a_kill(kind: StoreKind, lines: int, tmp_path: Path) -> None:
    stored = _add_until_killed(kind, tmp_path, lines)
    corpus = opened(kind, tmp_path)
    info = corpus.info
    assert info.passages >= stored.get("passages", 0) and info.vectors >= stored.get("vectors", 0)
    assert info.passages % EACH == 0 and info.vectors % (EACH // 2) == 0
    assert len(corpus.words("number", info.passages + 1)) == info.passages
    assert len(corpus.nearest(direction(1), info.passages)) == info.vectors
    again = corpus.add(passage(f"p{i}", f"number n{i} of all", "s") for i in range(info.passages + 3))
    assert (again.unchanged, again.added) == (info.passages, 3)
    corpus.close()


def _add_until_killed(kind: StoreKind, folder: Path, lines: int) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.retrieval.adding_process", kind, str(folder)]
    stored: dict[str, int] = {}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
        assert process.stdout is not None
        try:
            for _ in range(lines):
                name, count = process.stdout.readline().split()
                stored[name.decode()] = int(count)
        finally:
            process.kill()
        for line in process.stdout:  # what was said between the last line read and the kill
            if line.endswith(b"\n"):
                name, count = line.split()
                stored[name.decode()] = int(count)
    return stored
