"""A URL as a user types it for a rerank server, the key that belongs to it, and consent to send texts there.

    https://host/v2/rerank#rerank-v3.5   behind «#»: the model, where a server has several
    vllm+http://host:8000                before «+»: the kind of server, which then is not found out

A key never stands in the URL: it comes from the environment or from a file that only its owner can read.
"""

import ipaddress
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.errors import InputError, WorkbenchError
from core.storage.exclusive import exclusive
from core.storage.private import replace_file

# Below the home folder: one file a host, with the key as its only content.
KEYS_FOLDER = "keys"
CONSENT_FILE = "texts-may-be-sent-to.json"
KEY_VARIABLE = "RERANK_REMOTE_KEY"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is.

    name: what the user typed; results and jobs name the scorer by it. url: scheme, host and path, without a
    slash at the end. kind, model: "" if not named.
    """

    name: str
    url: str
    kind: str = ""
    model: str = ""

    @property
    def host(self) -> str:
        """Host and port, for messages and for consent."""
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """The path as typed; "" when there is none."""
        return urlsplit(self.url).path

    @property
    def root(self) -> str:
        """Scheme and host, where every server answers its probes."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_this_machine(self) -> bool:
        """Whether texts stay on this machine."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


def is_remote(name: str) -> bool:
    """Whether a model's name is the address of a server."""
    return name.partition("#")[0].partition("://")[0].rpartition("+")[2].lower() in ("http", "https") and (
        "://" in name
    )


def read_address(name: str) -> Address:
    """The address that was typed; InputError where it is none, or holds a password."""
    typed, _, model = name.strip().partition("#")
    scheme, _, rest = typed.partition("://")
    kind, _, scheme = scheme.rpartition("+")
    try:
        parts = urlsplit(f"{scheme.lower()}://{rest}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise InputError(
            '"{name}" is not the address of a server.',
            where="model",
            hint="It looks like http://localhost:8000 or https://host/v1/rerank#MODEL.",
            name=name,
        )
    if "@" in parts.netloc or parts.query:
        raise InputError(
            "The address of a server must not hold a key, a user name or a «?».",
            where="model",
            hint="Set the key as the environment variable {variable}.",
            variable=KEY_VARIABLE,
        )
    url = f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
    return Address(name.strip(), url, kind.lower(), model)


def key_for(
    address: Address, home: Path, configured: SecretStr, variable: str, environment: Mapping[str, str]
) -> SecretStr:
    """The key for a server: the configured one, else the maker's own variable, else the host's file.

    variable: what the server's maker calls it, `COHERE_API_KEY`; "" when it has no name of its own.
    """
    if configured.get_secret_value():
        return configured
    if variable and environment.get(variable):
        return SecretStr(environment[variable])
    path = home / KEYS_FOLDER / address.host.replace(":", "_")
    if not path.is_file():
        return SecretStr("")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise InputError(
            "The key file {path} can be read by others.",
            where=str(path),
            hint="Make it yours alone: chmod 600 {path}",
            path=path,
        )
    return SecretStr(path.read_text(encoding="utf-8").strip())


def consented_hosts(home: Path, named: str) -> frozenset[str]:
    """Hosts that texts may be sent to: those named in the settings, and those agreed to on the Model page."""
    hosts = {host.strip().lower() for host in named.split(",") if host.strip()}
    path = home / CONSENT_FILE
    if path.is_file():
        try:
            hosts.update(str(host) for host in json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise WorkbenchError(
                "The list of hosts that texts may be sent to is damaged.",
                where=str(path),
                hint="Delete the file {path} and agree again.",
                path=path,
            ) from error
    return frozenset(hosts)


def agree_to_send(address: Address, home: Path) -> None:
    """Remember that texts may be sent to this host."""
    # Two who agree at once must both be heard.
    with exclusive(home):
        hosts = sorted(consented_hosts(home, "") | {address.host})
        replace_file(home / CONSENT_FILE, json.dumps(hosts).encode("utf-8"))


def check_consent(address: Address, home: Path, named: str) -> None:
    """InputError where texts would leave this machine for a host that nobody agreed to."""
    if not address.is_this_machine and address.host not in consented_hosts(home, named):
        raise InputError(
            "Queries and documents would be sent to {host}, which is not this machine.",
            where="model",
            hint="Agree on the Model page, or set RERANK_SEND_TO={host}.",
            host=address.host,
        )
