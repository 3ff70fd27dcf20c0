"""How a document moved, as a sign and a colour. Colours mean movement, never quality."""

from pages.parts.frame.charts import GREEN, GREY, RED

UP, DOWN, SAME = GREEN, RED, GREY


def moved(movement: object) -> str:
    """A table's cell: places up or down, a dot where it stayed."""
    places = int(str(movement))
    return f"▲ {places}" if places > 0 else f"▼ {-places}" if places < 0 else "·"


def movement_colour(movement: object) -> str:
    """The style of such a cell."""
    places = int(str(movement))
    return f"color: {colour_of(places)}" if places else ""


def colour_of(places: int) -> str:
    """Up, down, or in its place."""
    return UP if places > 0 else DOWN if places < 0 else SAME
