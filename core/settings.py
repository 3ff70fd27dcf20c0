"""The process settings, read once from the environment. Nothing here opens a file or probes a device."""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is an environment variable: the name in upper case behind `RERANK_`, or its alias."""

    model_config = SettingsConfigDict(
        env_prefix="RERANK_", frozen=True, extra="ignore", populate_by_name=True
    )

    host: str = Field(default="127.0.0.1", validation_alias=AliasChoices("HOST", "RERANK_HOST"))
    port: int = Field(default=8080, ge=1, le=65535, validation_alias=AliasChoices("PORT", "RERANK_PORT"))
    home: Path = Field(default_factory=lambda: Path.home() / ".rerank-workbench")
    model: str = "auto"
    device: str = "auto"
    precision: str = "auto"
    download: Literal["auto", "never"] = "auto"
    max_tokens: int = Field(default=8192, ge=128, le=40960)
    long_documents: Literal["truncate", "max"] = "truncate"
    max_documents: int = Field(default=1000, ge=1)
    threads: int = Field(default=0, ge=0, description="CPU threads for the model; 0 = all cores")
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

    llm_url: str = ""
    llm_key: SecretStr = SecretStr("")
    llm_model: str = ""

    @property
    def models_folder(self) -> Path:
        """Where the workbench keeps the models it downloads itself."""
        return self.home / "models"
