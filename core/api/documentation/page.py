"""What the routes are, for people: /docs, without a byte from elsewhere."""

import json
from html import escape

from core.api.documentation.asked import ASKED
from core.api.documentation.posted import Posted, posted

_WORDS = {
    "en": {
        "title": "Rerank over HTTP",
        "intro": "One address for every rerank client. The body decides the format; the path does not. "
        "Any model name is accepted; /health says which model scores.",
        "formats": "Formats",
        "retrieve": "Search and vectors",
        "get": "What can be asked",
        "fields": "Fields that every rerank format understands",
        "key": "Where a key is configured, send it as «Authorization: Bearer KEY».",
        "error_title": "Errors",
        "errors": "Errors are JSON with a status of 400 or more: 400 what was sent, 401 no key, "
        "413 too much, 429 the wait would be too long, 503 the model is loading (both with Retry-After), "
        "504 your time-out passed.",
        "instruction": "«instruction»: a text, or preset:NAME for a saved one.",
        "top_n": "«top_n» or «top_k»: how many results; absent, null and 0 mean all.",
        "raw": "«raw_scores»: true for log-odds in place of scores from 0 to 1.",
        "recipe": "«recipe»: the name of a saved recipe; as «model» it is understood, too.",
        "deadline": "The header «X-Request-Timeout» (seconds) says when you stop waiting.",
    },
    "zh": {
        "title": "HTTP 重排序接口",
        "intro": "一个地址适用于所有重排序客户端：格式由请求体决定，与路径无关。"
        "模型名可任意填写，实际评分的模型见 /health。",
        "formats": "格式",
        "retrieve": "检索与向量",
        "get": "可查询的内容",
        "fields": "各重排序格式通用的字段",
        "key": "配置了密钥时，请以 “Authorization: Bearer 密钥” 发送。",
        "error_title": "错误",
        "errors": "错误均为 JSON，状态码不小于 400：400 请求有误，401 缺少密钥，413 内容过多，"
        "429 等待时间过长，503 模型加载中（两者均带 Retry-After），504 已超过您的超时时间。",
        "instruction": "“instruction”：一段文字，或用 preset:名称 引用已保存的指令。",
        "top_n": "“top_n” 或 “top_k”：返回条数；缺省、null 和 0 表示全部。",
        "raw": "“raw_scores”：true 时返回对数几率而非 0 至 1 的得分。",
        "recipe": "“recipe”：已保存方案的名称；也可写在 “model” 中。",
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


def docs_page(base: str, language: str) -> str:
    """The page for people. language: en or zh."""
    words = _WORDS[language]
    blocks = {
        about: "".join(_example_block(base, one) for one in posted() if one.about == about)
        for about in ("rerank", "retrieve")
    }
    asked = "".join(
        f"<tr><td><code>{escape(path)}</code></td><td>{escape(meaning)}</td></tr>"
        for path, meaning in ((path, zh if language == "zh" else en) for path, en, zh in ASKED)
    )
    fields = "".join(
        f"<li>{escape(words[name])}</li>" for name in ("top_n", "instruction", "raw", "recipe", "deadline")
    )
    formats = f"<h2>{escape(words['formats'])}</h2>{blocks['rerank']}"
    retrieve = f"<h2>{escape(words['retrieve'])}</h2>{blocks['retrieve']}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(words['title'])}</h1><p>{escape(words['intro'])}</p><p>{escape(words['key'])}</p>"
        f"{formats}<h2>{escape(words['fields'])}</h2><ul>{fields}</ul>{retrieve}"
        f"<h2>{escape(words['error_title'])}</h2><p>{escape(words['errors'])}</p>"
        f"<h2>{escape(words['get'])}</h2><table>{asked}</table></body></html>\n"
    )


def curl(base: str, one: Posted) -> str:
    """The example as a command line; the texts of examples hold no quotation mark."""
    body = json.dumps(dict(one.example), ensure_ascii=False, indent=1)
    return f"curl {base}{one.path} -d '{body}'"


def _example_block(base: str, one: Posted) -> str:
    return (
        f"<details><summary>{escape(one.title)} <code>{escape(one.path)}</code></summary>"
        f"<pre>{escape(curl(base, one))}</pre></details>"
    )
