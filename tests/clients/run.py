"""Runs the client tests: `python -m tests.clients.run [GROUP …]`. Exit status 1 when any group fails.

A group is a file below `requirements/`; its environment `.venv-clients/GROUP` is made by `uv` and remembered
by the file's content; those in WITH_PROGRAM also see this program and, behind their own packages, those that
it runs with; those in BESIDE_PROGRAM install nothing that it has, such as another torch. JavaScript's
packages are the group NODE. One server on the embedded model, on a free port, serves them all and is ended by
its handle.
"""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.evaluation.blends.order import Blend
from core.recipes.recipe import Recipe
from core.recipes.store import RecipeStore
from core.workflows.serving.guides import GUIDES
from tests.node_packages import ENVIRONMENTS, OLDEST_NODE, node_packages

# What the served home has saved; `questions` asks for it too.
RECIPE = "three-of-four"
SERVED = Recipe(candidates=4, blend=Blend("ranks", 0.4), top=3)
HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
UV = Path(sys.executable).with_name("uv")
START_SECONDS = 120.0
# JavaScript's packages; left out where node is not installed.
NODE = "node"
# Groups whose tests use this program's own modules.
WITH_PROGRAM = ("integrations", "mcp", "sentence_transformers")
# Groups that name all that they install.
BESIDE_PROGRAM = ("sentence_transformers",)
# Some of these are newer than the rest of their requirements expect; they are the makers' business.
WARNINGS = "ignore"


def environment(group: str) -> Path:
    """The interpreter of a group's environment, installed if its requirements changed."""
    wanted = (HERE / "requirements" / f"{group}.txt").read_bytes()
    folder = ENVIRONMENTS / group
    stamp = folder / "installed"
    python = folder / "bin" / "python"
    digest = hashlib.sha256(wanted).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest and python.exists():
        return python
    subprocess.run([UV, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
    file = HERE / "requirements" / f"{group}.txt"
    alone = ["--no-deps"] if group in BESIDE_PROGRAM else []
    subprocess.run([UV, "pip", "install", "--quiet", *alone, "--python", python, "-r", file], check=True)
    if group in WITH_PROGRAM:
        _show_program(python)
    stamp.write_text(digest)
    return python


def node_environment() -> Path | None:
    """The folder with the packages of `node/package.json`; None where there is no node or no npm registry."""
    folder = node_packages(NODE, HERE / NODE / "package.json")
    if folder is not None:
        shutil.copy(HERE / NODE / "clients.test.mjs", folder)
    return folder


def _passed_in_node(url: str) -> bool:
    folder = node_environment()
    if folder is None:
        sys.stderr.write(f"Left out: {NODE} (node {OLDEST_NODE} or newer and its packages are not here)\n")
        return True
    answer = subprocess.run(
        ["node", "--test", "--test-reporter=dot", "clients.test.mjs"],
        cwd=folder,
        env=os.environ | {"RERANK_TEST_SERVER": url},
        timeout=300,
    )
    return answer.returncode == 0


def _show_program(python: Path) -> None:
    """Put this program and its environment at the end of another one's path."""
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    (Path(packages) / "program.pth").write_text(f"{PROJECT}\n{sysconfig.get_path('purelib')}\n")


@contextmanager
def server() -> Iterator[str]:
    """The program itself, with the embedded model and a home of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as home:
        RecipeStore(Path(home)).save(RECIPE, SERVED)
        settings = {
            "PORT": str(port),
            "RERANK_HOME": home,
            "RERANK_MODEL": "embedded",
            "RERANK_DOWNLOAD": "never",
        }
        running = subprocess.Popen(
            [sys.executable, "-m", "core", "serve"],
            cwd=PROJECT,
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"{url}/health", running)
            yield url
        finally:
            running.terminate()
            running.wait(30)


def _wait_for(url: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if running.poll() is not None:
            raise SystemExit(f"The server ended with {running.returncode} before it answered.")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The server did not answer within {START_SECONDS:g} seconds.")


def settings_to_copy(url: str) -> dict[str, str]:
    """The code that the Connect page gives for each program."""
    return {one.name: code for one in GUIDES if (code := one.code(url, "any-key"))}


def main(groups: list[str]) -> int:
    """Run the groups, all without names; the exit status."""
    groups = groups or [NODE, *sorted(file.stem for file in (HERE / "requirements").glob("*.txt"))]
    failed = []
    with server() as url:
        if NODE in groups and not _passed_in_node(url):
            failed.append(NODE)
        for group in (one for one in groups if one != NODE):
            command = [environment(group), "-m", "pytest", "-q", "-W", WARNINGS, "-p", "no:cacheprovider"]
            command += ["--noconftest", "--rootdir", HERE, "-c", os.devnull, HERE / f"client_{group}.py"]
            answer = subprocess.run(
                command,
                env=os.environ
                | {
                    "RERANK_TEST_SERVER": url,
                    "RERANK_TEST_PYTHON": sys.executable,
                    "RERANK_TEST_SETTINGS": json.dumps(settings_to_copy(url)),
                    "PYTHONPATH": str(HERE),
                    "CO_API_KEY": "any-key",
                },
                timeout=300,
            )
            if answer.returncode:
                failed.append(group)
    if failed:
        sys.stderr.write(f"Failed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
