"""The tool as it runs, three times at once: for this machine alone, where models may be fetched, with a key.

They start beside one another and serve all tests of this folder, because a start takes seconds.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.serving import Served, free_port, serving

KEY = "correct horse battery"
PROXIES = ("nginx", "caddy")
# Loaded by every Python process of the server: notes whom it connects to and whose address it looks up, and
# blocks what would leave this machine.
RECORDER = """
import os, sys
def note(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.__new__"):
        text = repr(arguments[1])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        text = repr(arguments[0])
    else:
        return
    with open(os.environ["CALLS"], "a") as stream:
        stream.write(f"{event} {text}\\n")
    here = ("127.0.0.1", "localhost", "::1", "None")
    if event != "socket.__new__" and not any(name in text for name in here):
        raise OSError("blocked")
sys.addaudithook(note)
"""


@dataclass(frozen=True)
class Recorded:
    """A server, and the file of the calls that it makes."""

    served: Served
    calls: Path


@dataclass(frozen=True)
class Proxied:
    """A server with a key, and where each proxy is to listen in front of it."""

    served: Served
    ports: dict[str, int]


@dataclass(frozen=True)
class Running:
    """All of them. alone: no model may be fetched."""

    alone: Recorded
    fetching: Recorded
    locked: Proxied


@contextmanager
def running(home: Path) -> Iterator[Running]:
    """Start them, and end them by their handles."""
    ports = {name: free_port() for name in PROXIES}
    keyed = {
        "RERANK_API_KEY": KEY,
        "RERANK_MODEL": "embedded",
        "RERANK_ALLOWED_HOSTS": ",".join(f"localhost:{port}" for port in ports.values()),
        "RERANK_TRUSTED_PROXY": "127.0.0.1",
    }
    starts = {
        "alone": _recording(home / "alone", download="never"),
        "fetching": _recording(home / "fetching", download="auto"),
        "locked": {"RERANK_DOWNLOAD": "never", **keyed},
    }
    with ExitStack() as stack, ThreadPoolExecutor(len(starts)) as starting:
        ready = {"locked": "/health/ready"}
        entered = {
            name: starting.submit(
                stack.enter_context,
                serving(_made(home / name), settings, ready=ready.get(name, "/health")),
            )
            for name, settings in starts.items()
        }
        served = {name: one.result() for name, one in entered.items()}
        yield Running(
            Recorded(served["alone"], home / "alone" / "calls"),
            Recorded(served["fetching"], home / "fetching" / "calls"),
            Proxied(served["locked"], ports),
        )


def _recording(home: Path, *, download: str) -> dict[str, str]:
    _made(home)
    (home / "sitecustomize.py").write_text(RECORDER)
    return {"PYTHONPATH": str(home), "CALLS": str(home / "calls"), "RERANK_DOWNLOAD": download}


def _made(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    return home
