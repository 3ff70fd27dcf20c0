"""What a page shows, as Streamlit's own test runs it."""

from streamlit.testing.v1 import AppTest

KINDS = ("markdown", "caption", "warning", "error", "info", "success", "text", "header", "subheader")


def shown_texts(app: AppTest) -> str:
    """The texts of the main kinds of elements, a line each."""
    return "\n".join(str(element.value) for kind in KINDS for element in app.get(kind))
