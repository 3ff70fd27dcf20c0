"""A process whose children die, and disks that fill up."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.running import Proxied, Recorded, Running, running
from tests.serving import Served

ROOT = Path(__file__).resolve().parents[2]

End = tuple[int, int]
Tasks = Callable[..., list[End]]


@pytest.fixture(scope="session")
def run_tasks() -> Iterator[Tasks]:
    """Runs tasks of `tests.faults.dying_process`, all at once; returns (status, calls) of each."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    command = [sys.executable, "-m", "tests.faults.dying_process"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        stdin, stdout = process.stdin, process.stdout
        assert stdout.readline() == "ready\n"

        def run(*tasks: dict[str, Any]) -> list[End]:
            stdin.write(json.dumps(tasks, default=str) + "\n")
            stdin.flush()
            return [(status, calls) for status, calls in json.loads(stdout.readline())]

        yield run
        stdin.close()
        assert process.wait(20) == 0


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The tool as it runs, with three settings."""
    with running(tmp_path_factory.mktemp("servers")) as started:
        yield started


@pytest.fixture(scope="session")
def recorded(servers: Running) -> Recorded:
    """The tool for this machine alone."""
    return servers.alone


@pytest.fixture(scope="session")
def fetching(servers: Running) -> Recorded:
    """The tool that may fetch models."""
    return servers.fetching


@pytest.fixture(scope="session")
def proxied(servers: Running) -> Proxied:
    """The tool with a key, which also answers behind proxies."""
    return servers.locked


@pytest.fixture(scope="session")
def locked(proxied: Proxied) -> Served:
    """The tool with a key."""
    return proxied.served


class SmallDisk:
    """A disk of a few megabytes that a test can fill, empty and write-protect."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self) -> None:
        """Take all the room there is."""
        with self._ballast.open("ab", buffering=0) as stream:
            for size in (2**16, 2**12, 1):
                try:
                    while stream.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Give it back."""
        self._ballast.unlink()

    def protect(self, *, protected: bool) -> None:
        """Let nothing be written, or let it again."""
        mode = "ro" if protected else "rw"
        subprocess.run(["mount", "-o", f"remount,{mode}", self.place], check=True, timeout=20)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system in memory of eight megabytes; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    made = subprocess.run(mount, check=False, capture_output=True, timeout=20)
    if made.returncode:
        pytest.skip("needs root and mount")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True, timeout=20)
