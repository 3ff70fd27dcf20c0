"""`serve`: checks the port, then hands the process to Streamlit with the app's entry file."""

import argparse
import os
import platform
import socket
import sys
from pathlib import Path

from core.api.hosts import is_loopback
from core.errors import InputError
from core.settings import Settings

HELP = "open the workbench, pages and HTTP, on one port"
ENTRY = Path(__file__).resolve().parents[2] / "streamlit_app.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--host` and `--port`; both default to the environment."""
    parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8080)")


def run(options: argparse.Namespace) -> int:
    """Replace this process by the server; returns only by raising."""
    settings = Settings()
    host = options.host or settings.host
    port = options.port or settings.port
    check_port(host, port)
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1") else host
    print(f"Reranking workbench: http://{shown}:{port}   (Ctrl+C stops it)", flush=True)
    if not is_loopback(host):
        print(f"Listening on {host}: everyone who reaches this machine can use it.", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", str(ENTRY), "--server.port", str(port)]
    command += ["--server.address", host, "--server.headless", str(not has_desktop()).lower()]
    environment = os.environ | {"HOST": host, "PORT": str(port)}
    os.chdir(ENTRY.parent)  # Streamlit reads .streamlit/config.toml from there
    os.execve(sys.executable, command, environment)


def check_port(host: str, port: int) -> None:
    """Raise InputError when something listens there already, or the address is not ours."""
    if not 1 <= port <= 65535:
        raise InputError(
            "{port} is not a port.", where="--port", hint="Choose one from 1 to 65535.", port=port
        )
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError:
        raise InputError(
            "Port {port} needs administrator rights.",
            where="--port",
            hint="Choose one above 1023: PORT=8080 bash build/start.sh",
            port=port,
        ) from None
    except socket.gaierror:
        raise InputError("{host} is not an address.", where="--host", host=host) from None
    except OSError as error:
        raise InputError(
            "Port {port} on {host} is not free: {problem}.",
            where="--port",
            hint="Stop the program that uses it, or choose another port: PORT={other} bash build/start.sh",
            port=port,
            host=host,
            problem=error.strerror or str(error),
            other=port + 1 if port < 65535 else port - 1,
        ) from None


def has_desktop() -> bool:
    """Whether a browser can be opened for the user."""
    if platform.system() in ("Darwin", "Windows"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
