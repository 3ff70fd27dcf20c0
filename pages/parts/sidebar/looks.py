"""How pages look beyond what the theme says: room, focus, contrast, words that Streamlit has in English.

Every rule is about what somebody could not read, reach or see without it; `tests/browser` measures that.
"""

import json
from collections.abc import Mapping

import streamlit as st

from pages.parts.frame.language import t
from pages.parts.frame.menu import NAME

# This blue can be told from the light and from the dark page.
FOCUS = "#4a86dc"
STYLE = f"""
/* Streamlit's wide layout leaves 5rem on either side, which a table of ranks needs itself. */
.stMainBlockContainer {{ padding-left: 2rem; padding-right: 2rem; }}
/* A figure that opens something looks like the other figures. */
[class*='st-key-figure_open_'] button p {{ font-size: 2.25rem; line-height: normal;
  text-decoration: underline dotted; text-decoration-thickness: 1px; text-underline-offset: 0.3rem; }}
/* What the page is there to do is in view however long its fields are. */
.stMain [data-testid=stElementContainer]:has([data-testid=stBaseButton-primary])
  {{ position: sticky; bottom: 0.75rem; z-index: 5; }}
/* Where the keys go is seen on every control. */
:is(button, a, summary, [role=tab], [tabindex]):focus-visible, label:has(input:focus-visible)
  {{ outline: 2px solid {FOCUS} !important; outline-offset: 1px; }}
/* Small print at 60 % of the text's strength has a contrast of 4.1. */
[data-testid=stCaptionContainer]
  {{ opacity: 1 !important; color: color-mix(in srgb, currentcolor 76%, transparent); }}
/* Two or three columns stand below each other before they are too narrow; Streamlit waits until 640. */
@media (max-width: 900px) {{
  .stMain [data-testid=stHorizontalBlock]:not(:has(> [data-testid=stColumn]:nth-child(4))) {{
    flex-wrap: wrap;
    & > [data-testid=stColumn] {{ flex-basis: 100%; min-width: 100%; }}
  }}
}}
[data-testid^=stBaseButton] kbd {{ opacity: 1 !important; color: inherit !important; }}
"""
# White on the dark theme's light blue has a contrast of 2.6; dark has more than 7.
DARK_STYLE = """
[data-testid='stBaseButton-primary'], [data-testid='stBaseButton-primary'] * { color: #10151d !important; }
"""
# Of the parts of a program in a box; Streamlit's own have contrasts from 2.8 on.
LIGHT_CODE = {"name": "#1d4f9c", "text": "#0b6b34", "value": "#8a3b12", "aside": "#5a6472"}
DARK_CODE = {"name": "#8fb8f4", "text": "#7fcf9f", "value": "#e6a886", "aside": "#a3adba"}
CODE_PARTS = {
    "name": "function keyword builtin class-name tag selector",
    "text": "string attr-value char url",
    "value": "number boolean property variable parameter attr-name constant symbol",
    "aside": "comment prolog doctype",
}


def draw_looks() -> None:
    """The style sheets of this run: of its theme and its language."""
    dark = st.context.theme.type == "dark"
    parts = (STYLE, _code(DARK_CODE if dark else LIGHT_CODE), _words())
    st.html(f"<style>{''.join((*parts, DARK_STYLE if dark else ''))}</style>")


def _code(colours: Mapping[str, str]) -> str:
    rules = ["[data-testid=stCode] .token { color: inherit !important; }"]
    for kind, colour in colours.items():
        which = ", ".join(f".{part}" for part in CODE_PARTS[kind].split())
        rules.append(f"[data-testid=stCode] .token:is({which}) {{ color: {colour} !important; }}")
    return "\n".join(rules)


def _words() -> str:
    """The product's name above the menu; an upload's words, with a long list of endings behind them."""
    limit = t("up to {size} MB", size=st.get_option("server.maxUploadSize"))
    zone = "[data-testid='stFileUploaderDropzone'] > span button p"
    about = "[data-testid='stFileUploaderDropzoneInstructions'] span"
    return f"""
[data-testid=stSidebarNav]::before {{ content: {_quoted(t(NAME))}; font-weight: 600; }}
{zone}, {about} {{ font-size: 0 !important; }}
{zone}::after {{ content: {_quoted(t("Choose a file"))}; font-size: 0.875rem; }}
{about}::after {{ content: {_quoted(limit)}; font-size: 0.875rem; }}
"""


def _quoted(words: str) -> str:
    """As a style sheet's string."""
    return json.dumps(words, ensure_ascii=False)
