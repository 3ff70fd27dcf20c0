"""`serve`: checks port, certificate and key, then hands the process to the app's entry file."""

import argparse
import os
import socket
import ssl
import sys
from pathlib import Path
from urllib.parse import quote

from core.api.door.keys import access_key
from core.errors import InputError
from core.settings import Settings

HELP = "open the workbench, pages and HTTP, on one port"
ENTRY = Path(__file__).resolve().parents[2] / "streamlit_app.py"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--host` and `--port`; both default to the environment."""
    parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8080)")
    parser.add_argument("--api-only", action="store_true", help="HTTP alone, without the pages")


def run(options: argparse.Namespace) -> int:
    """Replace this process by the server; with `--api-only` be the server, and return when it has ended."""
    settings = Settings()
    host = options.host or settings.host
    port = options.port or settings.port
    check_port(host, port)
    settings = settings.model_copy(update={"host": host, "port": port})
    check_certificate(settings)
    print(f"Reranking workbench: {address(settings)}   (Ctrl+C stops it)", flush=True)
    if settings.open_to_everyone:
        print("RERANK_AUTH=off: everyone who reaches this machine can use it.", flush=True)
    environment = os.environ | {"HOST": host, "PORT": str(port)}
    if options.api_only:
        from core.api.app import serve_api

        os.environ.update(environment)  # the workbench reads its settings from there
        serve_api(settings)
        return 0
    os.chdir(ENTRY.parent)  # Streamlit reads .streamlit/config.toml from there
    os.execve(sys.executable, [sys.executable, str(ENTRY)], environment)


def address(settings: Settings) -> str:
    """The link to open; where a key is needed it logs in, and is the only place where the key is printed."""
    here = settings.host in ("127.0.0.1", "0.0.0.0", "::1", "::")
    name = "localhost" if here else f"[{settings.host}]" if ":" in settings.host else settings.host
    scheme = "https" if settings.tls_cert else "http"
    link = f"{scheme}://{name}:{settings.port}"
    return f"{link}/login#key={quote(access_key(settings), safe='')}" if settings.key_required else link


def check_certificate(settings: Settings) -> None:
    """Raise InputError when only one half of the certificate is named, or it cannot be used."""
    if not settings.tls_cert and not settings.tls_key:
        return
    if not settings.tls_cert or not settings.tls_key:
        missing = "RERANK_TLS_KEY" if settings.tls_cert else "RERANK_TLS_CERT"
        raise InputError("A certificate needs its key: {name} is not set.", where=missing, name=missing)
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            settings.tls_cert, settings.tls_key, password=""
        )
    except (OSError, ssl.SSLError) as error:
        raise InputError(
            "The certificate {cert} cannot be used with {key}: {problem}.",
            where="RERANK_TLS_CERT",
            hint="Both are PEM files that belong together, the key without a password.",
            cert=settings.tls_cert,
            key=settings.tls_key,
            problem=error.strerror or str(error),
        ) from None


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
