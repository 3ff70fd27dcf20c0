"""The login page: asks for the key once, in the visitor's language, and says where to find it.

The link that the server prints carries the key behind «#», which a browser sends to nobody: the page's script
takes it from there, so that it stands in no log. What the key opens is `middleware`'s matter.
"""

import json
from html import escape
from urllib.parse import quote, unquote_plus, urlsplit

PATH = "/login"
# A key is short; a longer form is not read.
MOST_FORM_BYTES = 4096

# By language as everywhere in the interface; a test asks for each that the pages have.
TEXTS = {
    "en": {
        "title": "Rerank workbench",
        "ask": "This workbench is protected by a key.",
        "key": "Key",
        "enter": "Open",
        "where": "The server printed it when it started, and keeps it as access-key in its home folder.",
        "wrong": "This is not the key.",
    },
    "zh": {
        "title": "重排序工作台",
        "ask": "此工作台受密钥保护。",
        "key": "密钥",
        "enter": "进入",
        "where": "密钥在服务器启动时打印，也保存在其主文件夹的 access-key 文件中。",
        "wrong": "密钥不正确。",
    },
}

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 'Segoe UI', 'Microsoft YaHei UI', 'PingFang SC', 'Noto Sans CJK SC', sans-serif;
  color: #1f2733; background: #f4f6f9; display: grid; place-items: center; min-height: 95vh; margin: 0 }}
main {{ background: #fff; padding: 2rem; border-radius: .5rem; max-width: 26rem }}
h1 {{ font-size: 1.2rem; margin: 0 }}
label {{ display: block; margin-top: 1rem }}
input {{ font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; margin: .2rem 0 1rem }}
button {{ font: inherit; padding: .4rem 1.5rem; color: #fff; background: #2a63b8; border: 0 }}
.wrong {{ color: #9c2f1c }}
small {{ color: #55606f }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{ask}</p>
{problem}<form method="post" action="{action}">
<label>{key}<input name="key" type="password" autocomplete="current-password" required autofocus></label>
<button>{enter}</button>
</form>
<p><small>{where}</small></p>
</main>
<script>
const key = new URLSearchParams(location.hash.slice(1)).get("key");
if (key) {{
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("input").value = key;
  document.querySelector("form").submit();
}} else {{
  // A visitor who follows a link from elsewhere comes without the cookie, but this page may use it.
  const known = answer => answer.status === 204 && location.replace({wanted});
  fetch(location.href, {{ method: "HEAD" }}).then(known);
}}
</script>
</body>
</html>
"""


def login_page(accept_language: str, wanted: str, *, wrong: bool) -> str:
    """The page; `wanted` is where the visitor goes afterwards, `wrong` says that a key was refused."""
    language = _language(accept_language)
    texts = TEXTS[language]
    problem = f'<p class="wrong" role="alert">{texts["wrong"]}</p>\n' if wrong else ""
    action = escape(login_place(wanted), quote=True)
    quoted = json.dumps(wanted).replace("<", "\\u003c")
    return _PAGE.format(language=language, problem=problem, action=action, wanted=quoted, **texts)


def _language(accepted: str) -> str:
    """The first language that the browser names and this page has; browsers name the best first."""
    codes = [name.partition(";")[0].strip().lower().partition("-")[0] for name in accepted.split(",")]
    return next((code for code in codes if code in TEXTS), "en")


def login_place(wanted: str) -> str:
    """The login page's address that leads to `wanted` afterwards."""
    return PATH if wanted == "/" else f"{PATH}?next={quote(wanted, safe='')}"


def wanted_place(query: str) -> str:
    """Where to go after the login: a page of this server, never another host's."""
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name == "next":
            place = unquote_plus(value)
            if _is_own_page(place):
                return place
    return "/"


def shown_key(form: bytes) -> str:
    """The key in a submitted form; empty when there is none."""
    for part in form.decode("latin-1").split("&"):
        name, _, value = part.partition("=")
        if name == "key":
            return unquote_plus(value).strip()
    return ""


def _is_own_page(place: str) -> bool:
    if not place.startswith("/") or place.startswith(("//", "/\\")) or place.startswith(PATH):
        return False
    if not (place.isascii() and place.isprintable()) or "\\" in place:
        return False
    try:
        parts = urlsplit(place)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
