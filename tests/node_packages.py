"""Packages of npm that tests use, installed once; none of them is part of the program."""

import hashlib
import shutil
import subprocess
from pathlib import Path

ENVIRONMENTS = Path(__file__).resolve().parents[1] / ".venv-clients"
OLDEST_NODE = 20


def node_packages(name: str, manifest: Path) -> Path | None:
    """The folder with the packages of a package.json; None without node, npm or their registry."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        return None
    folder, wanted = ENVIRONMENTS / name, manifest.read_bytes()
    stamp, digest = folder / "installed", hashlib.sha256(wanted).hexdigest()
    if not stamp.is_file() or stamp.read_text() != digest:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_bytes(wanted)
        install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        if subprocess.run(install, cwd=folder, timeout=300).returncode:
            return None
        stamp.write_text(digest)
    return folder
