"""What the routes are, for programs (/openapi.json) and for people (/docs, without a byte from elsewhere).

Both are made of the dialects' own declarations, so that a format that is added shows up by itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from core import __version__
from core.api.dialects import DIALECTS
from core.api.dialects.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Example:
    """A request that is accepted. path: one of those on which this format is usual."""

    path: str
    body: Mapping[str, Any]


# Where the clients of a format send it; every other rerank path takes it as well.
USUAL_PATHS = {
    "tei": "/rerank",
    "nvidia": "/v1/ranking",
    "dashscope": "/api/v1/services/rerank/text-rerank/text-rerank",
    "mixedbread": "/v1/reranking",
}
SCORE_EXAMPLE = Example(
    "/score", {"text_1": "reset second factor", "text_2": ["Order a new card.", "Reset it."]}
)

# Path, what it answers in English and in Chinese.
ASKED = (
    ("/health", "200 as soon as a model answers, else 503", "模型可用时返回 200，否则 503"),
    ("/health/live", "200 while the process runs; needs no key", "进程在运行即返回 200，无需密钥"),
    ("/health/ready", "the status of /health alone; needs no key", "只有 /health 的状态码，无需密钥"),
    ("/info", "model, limits, self-test, in TEI's form", "模型、限制与自检结果，TEI 格式"),
    ("/v1/models", "the model that scores", "当前评分的模型"),
    ("/v1/models/{id}", "a card for any name", "任意名称的模型卡片"),
    ("/v1/cluster/auth", "no login is needed (Xinference asks)", "无需登录（Xinference 会询问）"),
    ("/metrics", "counters for Prometheus", "Prometheus 指标"),
    ("/openapi.json", "this page for programs", "供程序读取的接口描述"),
)

_WORDS = {
    "en": {
        "title": "Rerank over HTTP",
        "intro": "One address for every rerank client. The body decides the format; the path does not. "
        "Any model name is accepted; /health says which model scores.",
        "formats": "Formats",
        "get": "What can be asked",
        "fields": "Fields that every format understands",
        "key": "Where a key is configured, send it as «Authorization: Bearer KEY».",
        "errors": "Errors are JSON with a status of 400 or more: 400 what was sent, 401 no key, "
        "413 too much, 429 the wait would be too long, 503 the model is loading (both with Retry-After), "
        "504 your time-out passed.",
        "instruction": "«instruction»: a text, or preset:NAME for a saved one.",
        "top_n": "«top_n» or «top_k»: how many results; absent, null and 0 mean all.",
        "raw": "«raw_scores»: true for log-odds in place of probabilities.",
        "deadline": "The header «X-Request-Timeout» (seconds) says when you stop waiting.",
    },
    "zh": {
        "title": "HTTP 重排序接口",
        "intro": "一个地址适用于所有重排序客户端：格式由请求体决定，与路径无关。"
        "模型名可任意填写，实际评分的模型见 /health。",
        "formats": "格式",
        "get": "可查询的内容",
        "fields": "各格式通用的字段",
        "key": "配置了密钥时，请以 “Authorization: Bearer 密钥” 发送。",
        "errors": "错误均为 JSON，状态码不小于 400：400 请求有误，401 缺少密钥，413 内容过多，"
        "429 等待时间过长，503 模型加载中（两者均带 Retry-After），504 已超过您的超时时间。",
        "instruction": "“instruction”：一段文字，或用 preset:名称 引用已保存的指令。",
        "top_n": "“top_n” 或 “top_k”：返回条数；缺省、null 和 0 表示全部。",
        "raw": "“raw_scores”：true 时返回对数几率而非概率。",
        "deadline": "请求头 “X-Request-Timeout”（秒）说明您最多等待多久。",
    },
}

_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.6 'Segoe UI', 'Microsoft YaHei UI', 'PingFang SC', 'Noto Sans CJK SC', sans-serif;
  color: light-dark(#1f2733, #e4e8ee); background: light-dark(#fff, #14181f); max-width: 56rem;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
pre { background: light-dark(#f4f6f9, #1d232d); padding: .8rem; border-radius: .4rem; overflow-x: auto }
code, pre { font-family: 'Cascadia Mono', Consolas, Menlo, 'DejaVu Sans Mono', monospace; font-size: .9em }
td { padding: .2rem 1rem .2rem 0; vertical-align: top }
summary { cursor: pointer; padding: .3rem 0 }
"""


def example_of(dialect: Dialect) -> Example:
    """A dialect's example and where to send it."""
    return Example(USUAL_PATHS.get(dialect.name, "/v1/rerank"), dialect.example)


def openapi(base: str) -> dict[str, Any]:
    """The routes as OpenAPI 3.1. base: the address of this server."""
    paths: dict[str, Any] = {}
    for dialect in DIALECTS:
        example = example_of(dialect)
        operation = paths.setdefault(example.path, {}).setdefault("post", _operation(dialect.title))
        content = operation["requestBody"]["content"]["application/json"]
        content["examples"][dialect.name] = {"summary": dialect.title, "value": dict(example.body)}
    score = paths.setdefault(SCORE_EXAMPLE.path, {}).setdefault("post", _operation("vLLM score"))
    score["requestBody"]["content"]["application/json"]["examples"]["score"] = {
        "summary": "vLLM",
        "value": dict(SCORE_EXAMPLE.body),
    }
    for path, meaning, _ in ASKED:
        get: dict[str, Any] = {"summary": meaning, "responses": {"200": {"description": meaning}}}
        if "{id}" in path:
            get["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
        paths[path] = {"get": get}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rerank workbench", "version": __version__},
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def docs_page(base: str, language: str) -> str:
    """The page for people. language: en or zh."""
    words = _WORDS[language]
    blocks = "".join(_example_block(base, one.title, example_of(one)) for one in DIALECTS)
    asked = "".join(
        f"<tr><td><code>{escape(path)}</code></td><td>{escape(meaning)}</td></tr>"
        for path, meaning in ((path, zh if language == "zh" else en) for path, en, zh in ASKED)
    )
    fields = "".join(
        f"<li>{escape(words[name])}</li>" for name in ("top_n", "instruction", "raw", "deadline")
    )
    formats = f"<h2>{escape(words['formats'])}</h2>{blocks}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(words['title'])}</h1><p>{escape(words['intro'])}</p><p>{escape(words['key'])}</p>"
        f"{formats}{_example_block(base, 'vLLM /score', SCORE_EXAMPLE)}"
        f"<h2>{escape(words['fields'])}</h2><ul>{fields}</ul><p>{escape(words['errors'])}</p>"
        f"<h2>{escape(words['get'])}</h2><table>{asked}</table></body></html>\n"
    )


def curl(base: str, example: Example) -> str:
    """The example as a command line; the texts of examples hold no quotation mark."""
    body = json.dumps(dict(example.body), ensure_ascii=False, indent=1)
    return f"curl {base}{example.path} -d '{body}'"


def _example_block(base: str, title: str, example: Example) -> str:
    return (
        f"<details><summary>{escape(title)} <code>{escape(example.path)}</code></summary>"
        f"<pre>{escape(curl(base, example))}</pre></details>"
    )


def _operation(title: str) -> dict[str, Any]:
    return {
        "summary": title,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}, "examples": {}}},
        },
        "responses": {
            "200": {"description": "best first"},
            "400": {"description": "what was sent is at fault"},
            "413": {"description": "too much"},
            "429": {"description": "the wait would be too long"},
            "503": {"description": "the model is loading"},
        },
    }
