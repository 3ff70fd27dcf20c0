"""What all charts share: colours by meaning, margins, text that plotly shows as it is.

The charts themselves lie with what they show; they draw what `core` computed.
"""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from core.evaluation.significance import Comparison

# Grey is before, blue after; both are quiet enough for light and dark pages.
GREY, BLUE, GREEN, RED, AMBER = "#8a95a5", "#3a7bd5", "#3b8f6b", "#b5563f", "#b5833f"


def draw_figure(
    figure: go.Figure, key: str, title: str, height: int, *, left: int = 40, right: int = 10, bottom: int = 40
) -> None:
    """Draw it with its title above and without plotly's tools. height, left, right, bottom: pixels."""
    figure.update_layout(
        title={"text": title, "font": {"size": 14}},
        height=height,
        margin={"l": left, "r": right, "t": 40, "b": bottom},
    )
    st.plotly_chart(figure, key=key, config={"displayModeBar": False})


def as_shown(text: str) -> str:
    """The text escaped for plotly, which reads a little HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def interval_bars(comparisons: Sequence[Comparison], colour: str) -> dict[str, object]:
    """Plotly's `error_x` for mean differences with their intervals; no bar where there is no interval."""
    pairs = [(one.difference, one.interval) for one in comparisons]
    return {
        "type": "data",
        "symmetric": False,
        "array": [interval.high - mean if interval else 0 for mean, interval in pairs],
        "arrayminus": [mean - interval.low if interval else 0 for mean, interval in pairs],
        "color": colour,
        "thickness": 1.5,
    }
