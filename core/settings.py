"""The process settings, read once from the environment. Nothing here opens a file or probes a device."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host` (a name or an address, without a port)."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _listed(value: object) -> object:
    """«a, b» as written in an environment variable."""
    if isinstance(value, str):
        return tuple(part for raw in value.split(",") if (part := raw.strip()))
    return value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Each field is an environment variable: the name in upper case behind `RERANK_`, or its alias."""

    model_config = SettingsConfigDict(
        env_prefix="RERANK_", frozen=True, extra="ignore", populate_by_name=True
    )

    host: str = Field(default="127.0.0.1", validation_alias=AliasChoices("HOST", "RERANK_HOST"))
    port: int = Field(default=8080, ge=1, le=65535, validation_alias=AliasChoices("PORT", "RERANK_PORT"))
    # Who may come in (`core.api.door`).
    auth: Literal["auto", "off"] = "auto"
    api_key: SecretStr = SecretStr("")
    allowed_hosts: Listed = ()
    trusted_proxy: Listed = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None

    home: Path = Field(default_factory=lambda: Path.home() / ".rerank-workbench")
    model: str = "auto"
    device: str = "auto"
    precision: str = "auto"
    download: Literal["auto", "never"] = "auto"
    max_tokens: int = Field(default=8192, ge=128, le=40960)
    long_documents: Literal["truncate", "max"] = "truncate"
    max_body_mb: int = Field(default=32, ge=1)
    max_documents: int = Field(default=1000, ge=1)
    # Requests from outside (`core.workflows.serving`).
    max_wait_seconds: float = Field(default=120.0, gt=0)
    answer_cache: bool = True
    keep_texts: bool = False
    threads: int = Field(default=0, ge=0, description="CPU threads for the model; 0 = the physical cores")
    # Fuse the model's passes between products on a GPU (`core.engine.gpu.compiled`).
    compile: bool = False
    modelscope_endpoint: str = Field(
        default="https://modelscope.cn",
        validation_alias=AliasChoices("RERANK_MODELSCOPE_ENDPOINT", "MODELSCOPE_ENDPOINT"),
    )
    hf_endpoint: str = Field(
        default="https://huggingface.co", validation_alias=AliasChoices("RERANK_HF_ENDPOINT", "HF_ENDPOINT")
    )

    # Hosts of rerank servers, separated by commas, to which queries and documents may be sent.
    send_to: str = ""
    remote_key: SecretStr = SecretStr("")

    # What makes the vectors of corpora: «embedded», a Qwen3-Embedding, a folder, or a server's address.
    embedding: str = "embedded"
    embedding_dimensions: int = Field(default=0, ge=0)
    embedding_key: SecretStr = SecretStr("")
    corpus_uri: str = ""

    llm_url: str = ""
    llm_key: SecretStr = SecretStr("")
    llm_model: str = ""

    @property
    def reachable(self) -> bool:
        """Whether other machines can come here, directly or through a proxy."""
        hosts = (
            name if name.endswith("]") else name.rpartition(":")[0] or name for name in self.allowed_hosts
        )
        named = any(not is_loopback(host.strip("[]")) for host in hosts)
        return not is_loopback(self.host) or named or bool(self.trusted_proxy)

    @property
    def key_required(self) -> bool:
        """Whether a visitor has to show the key."""
        return self.auth != "off" and (self.reachable or bool(self.api_key.get_secret_value()))

    @property
    def open_to_everyone(self) -> bool:
        """Whether other machines may use everything without a key, which each page then says."""
        return self.reachable and not self.key_required

    @property
    def models_folder(self) -> Path:
        """Where the workbench keeps the models it downloads itself."""
        return self.home / "models"
