"""The start script on machines that lack something. Installing itself is what every CI run does."""

import os
import shutil
import subprocess
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build"


def _machine(folder: Path, python_version: str | None) -> dict[str, str]:
    """An environment whose PATH has the shell's tools and at most one Python, of some version."""
    for tool in ("bash", "dirname", "cat", "cksum", "tr", "sed"):
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    if python_version is not None:
        python = folder / "python3"
        # Whatever check is asked of it fails, as a real check for 3.11 does on an old Python.
        python.write_text(
            f'#!/bin/sh\n[ "$1" = --version ] && echo "Python {python_version}" && exit 0\nexit 1\n'
        )
        python.chmod(0o755)
    return {"PATH": str(folder), "HOME": os.environ.get("HOME", "/")}


def _find_python(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = ["bash", "-c", f"source '{BUILD / 'setup.sh'}' && find_python"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)


def test_an_old_python_is_named_with_what_to_do(tmp_path: Path) -> None:
    answer = _find_python(_machine(tmp_path, "3.9.2"))
    assert answer.returncode != 0
    assert "Python 3.11 or newer is needed" in answer.stderr
    assert "Python 3.9.2" in answer.stderr and "PYTHON=" in answer.stderr


def test_no_python_at_all_says_so(tmp_path: Path) -> None:
    answer = _find_python(_machine(tmp_path, None))
    assert answer.returncode != 0 and "none was found" in answer.stderr


def test_an_unknown_option_is_refused_before_anything_is_installed(tmp_path: Path) -> None:
    answer = subprocess.run(
        ["bash", str(BUILD / "start.sh"), "--reinstall-everything"],
        env=_machine(tmp_path, None),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert answer.returncode == 2 and "--reinstall-everything" in answer.stderr
