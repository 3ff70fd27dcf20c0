"""What the list of runs shows: by which measure, of which data, with which tag; it is in the address."""

from dataclasses import dataclass

import streamlit as st

from core.evaluation.kinds import COMMON_MEASURES
from core.evaluation.measures import Measure, parse_measure
from core.workflows.runs.leaderboard import Leaderboard, LeaderboardRow
from pages.parts.frame.address import keep_in_address, take_from_address
from pages.parts.frame.language import t

MEASURE, DATA, TAG = "measure", "data", "tag"
MEASURE_KEY = "runs.measure"
# Those that tell a good order from a bad one.
MEASURES = tuple(spelling for spelling in COMMON_MEASURES if parse_measure(spelling).kind.quality)
# In the address stands the beginning of a file's hash.
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows that the filters leave, and whether a filter was set."""

    rows: tuple[LeaderboardRow, ...]
    filtered: bool


def chosen_measure() -> Measure:
    """By which the runs stand; the first one at first."""
    take_from_address(MEASURE_KEY, MEASURE, lambda word: word if word in MEASURES else None)
    asked = st.session_state.get(MEASURE_KEY)
    return parse_measure(asked if asked in MEASURES else MEASURES[0])


def draw_filters(board: Leaderboard) -> Shown:
    """The choices above the list, side by side."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _draw_choice(t("Measure"), MEASURE, {one: one for one in MEASURES}, MEASURES[0])
        names = {key[:DIGITS]: name for key, name in board.data_sets.items()}
        data = _draw_choice(t("Data"), DATA, {"": t("All data")} | names) if len(names) > 1 else ""
        tags = {tag: tag for tag in board.tags}
        tag = _draw_choice(t("Tag"), TAG, {"": t("All tags")} | tags) if tags else ""
    key = next((one for one in board.data_sets if one[:DIGITS] == data), "") if data else ""
    return Shown(board.of(key, tag), bool(key or tag))


def _draw_choice(label: str, parameter: str, titles: dict[str, str], first: str = "") -> str:
    """A select box whose choice stands in the address; one that is not offered any more is the first."""
    key = f"runs.{parameter}"
    take_from_address(key, parameter, lambda word: word if word in titles else None)
    if st.session_state.get(key) not in titles:
        st.session_state[key] = first
    chosen = str(
        st.selectbox(
            label,
            list(titles),
            format_func=lambda name: titles[name],
            key=key,
            persist_state="session",
            width=240,
        )
    )
    keep_in_address(key, parameter, chosen, first)
    return chosen
