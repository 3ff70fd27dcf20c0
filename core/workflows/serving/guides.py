"""How other programs are connected: code to copy, or what to type into which field, and how long they wait.

One `Guide` a program; its code lies in `snippets/`. The tests run the code against a live server and send
the programs' recorded requests to the addresses named here.
"""

from dataclasses import dataclass
from pathlib import Path

_SNIPPETS = Path(__file__).with_name("snippets")
# Programs insist on some model's name; any will do.
MODEL = "rerank"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of another program's form, by that program's own name, and what to type."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Guide:
    """One program. where: the way to its form, empty for code. then: what is left to do there, when the
    form is filled in. patience: how long it waits.

    Values and code hold «url» and «key» until `filled` puts them in.
    """

    name: str
    where: str = ""
    fields: tuple[Field, ...] = ()
    then: str = ""
    snippet: str = ""
    language: str = "python"
    patience: str = ""

    def code(self, url: str, key: str) -> str:
        """The code to copy; empty where there is a form."""
        if not self.snippet:
            return ""
        return filled((_SNIPPETS / f"{self.snippet}.txt").read_text(encoding="utf-8").rstrip(), url, key)

    def form(self, url: str, key: str) -> tuple[Field, ...]:
        """The fields with what to type."""
        return tuple(Field(one.label, filled(one.value, url, key)) for one in self.fields)


def filled(text: str, url: str, key: str) -> str:
    """The text for one server."""
    return text.replace("«url»", url).replace("«key»", key)


_WAITS_300 = "It waits 300 seconds; that is Cohere's client, which this program answers."

GUIDES = (
    Guide("curl", snippet="curl", language="bash", patience="It waits without limit; --max-time sets one."),
    Guide("Python", snippet="python", patience="«timeout» is in seconds."),
    Guide("LangChain", snippet="langchain", patience=_WAITS_300),
    Guide("LlamaIndex", snippet="llamaindex", patience=_WAITS_300),
    Guide(
        "Haystack",
        snippet="haystack",
        patience="It waits 300 seconds; Haystack's rankers for Jina and vLLM give up after 5.",
    ),
    Guide(
        "Dify",
        where="Settings → Model Provider: install «OpenAI-API-compatible», then Add Model.",
        fields=(
            Field("Model Type", "Rerank"),
            Field("Model Name", MODEL),
            Field("API Key", "«key»"),
            Field("API endpoint URL", "«url»/v1"),
        ),
        then="Leave the other fields as they are and save: Dify asks once. Then choose the model in a "
        "knowledge base: Retrieval Setting → Rerank Model.",
        patience="Dify waits 60 seconds; its plugins for LocalAI and GPUStack only 10.",
    ),
    Guide(
        "Open WebUI",
        where="Admin Panel → Settings → Documents: switch on Hybrid Search, Reranking Engine «External».",
        fields=(
            Field("API Base URL", "«url»/v1/rerank"),
            Field("API Key", "«key»"),
            Field("Reranking Model", MODEL),
        ),
        then="Save. From now on every question about documents or a knowledge base is reranked.",
        patience="It waits without limit, unless RAG_EXTERNAL_RERANKER_TIMEOUT sets one in seconds. "
        "When a request fails, it keeps the old order and says so in its log only.",
    ),
    Guide(
        "RAGFlow",
        where="Model providers → VLLM → Add Model.",
        fields=(
            Field("Model type", "rerank"),
            Field("Model name", MODEL),
            Field("Base url", "«url»/v1/rerank"),
            Field("API-Key", "«key»"),
        ),
        then="Save. Then choose the model as the Rerank model of a chat or of a retrieval test.",
        patience="RAGFlow waits 30 seconds, always: with a slow model, rerank fewer passages (Top-K).",
    ),
    Guide(
        "FastGPT",
        where="As root: Account → Model Providers → Model Config → Add Model → Rerank model.",
        fields=(
            Field("Model ID", MODEL),
            Field("Custom request URL", "«url»/v1/rerank"),
            Field("Custom request key", "«key»"),
        ),
        then="Save. Then switch on reranking in the search settings of an application or a search test.",
        patience="FastGPT waits 30 seconds, always: with a slow model, rerank fewer passages.",
    ),
    Guide("LiteLLM", snippet="litellm", language="yaml", patience="«timeout» is in seconds."),
    Guide(
        "Vercel AI SDK",
        snippet="vercel",
        language="typescript",
        patience="It waits without limit; abortSignal: AbortSignal.timeout(300_000) sets one.",
    ),
    Guide(
        "MCP",
        where="Install it first (pip install -r requirements-mcp.txt) and start again; the tool is «rerank».",
        snippet="mcp",
        language="json",
        patience="How long a program waits for a tool is in its own settings.",
    ),
)


def guide(name: str) -> Guide:
    """The guide of a program. Raises KeyError."""
    return {one.name: one for one in GUIDES}[name]
