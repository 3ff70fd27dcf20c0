"""How a document moved, as a sign and a colour. Colours mean movement, never quality."""

import streamlit as st

from pages.parts.frame.charts import GREEN, GREY, RED

UP, DOWN, SAME = GREEN, RED, GREY


def moved(movement: object) -> str:
    """A table's cell: places up or down, a dot where it stayed."""
    places = int(str(movement))
    return f"▲ {places}" if places > 0 else f"▼ {-places}" if places < 0 else "·"


def movement_colour(movement: object) -> str:
    """The style of such a cell."""
    places = int(str(movement))
    return f"color: {text_colour_of(places)}" if places else ""


def text_colour_of(places: int) -> str:
    """The same as text, which needs more contrast than a line: 4.5 to 1 on the theme's ground."""
    up, down = ("#6cc39e", "#e79a86") if st.context.theme.type == "dark" else ("#27704f", "#a3432d")
    return up if places > 0 else down


def colour_of(places: int) -> str:
    """Up, down, or in its place."""
    return UP if places > 0 else DOWN if places < 0 else SAME
