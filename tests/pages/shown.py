"""What a page shows, as Streamlit's own test runs it."""

import re
from html import unescape

from streamlit.testing.v1 import AppTest

_TAG = re.compile("<[^>]*>")
KINDS = ("markdown", "caption", "warning", "error", "info", "success", "text", "header", "subheader")


def shown_texts(app: AppTest) -> str:
    """The texts of the main kinds of elements, a line each; of HTML what can be read."""
    texts = [str(element.value) for kind in KINDS for element in app.get(kind)]
    drawn = [unescape(_TAG.sub("", element.proto.body)) for element in app.get("html")]
    return "\n".join(texts + drawn)
