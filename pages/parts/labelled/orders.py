"""Two orders of one query side by side, with labels and whole texts, as a plain table that prints."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.evaluation.triage import PlacedDocument
from core.workflows.rerank.tables import preview
from pages.parts.frame.language import t

STYLE = """
<style>
.orders { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 0.9rem; }
.orders th, .orders td { text-align: left; vertical-align: top; padding: 0.25rem 0.5rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); overflow-wrap: anywhere; }
.orders th { font-weight: 600; }
.orders .rank { width: 3rem; opacity: 0.7; }
.orders .label { display: inline-block; min-width: 1.4rem; padding: 0 0.3rem; margin-right: 0.4rem;
  border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: 0.25rem;
  text-align: center; }
.orders .relevant { background: #2a63b8; border-color: #2a63b8; color: #fff; }
.orders .aside { opacity: 0.7; margin-left: 0.4rem; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.orders summary { cursor: pointer; }
.orders .text { white-space: pre-wrap; margin-top: 0.3rem; }
</style>
"""


def draw_orders(
    before: Sequence[PlacedDocument], after: Sequence[PlacedDocument], depth: int, rel: int = 1
) -> None:
    """The first `depth` ranks of both. A filled label is relevant, «?» is unjudged."""
    old = {placed.document: placed.rank for placed in before}
    rows = []
    for rank in range(1, min(depth, max(len(before), len(after))) + 1):
        first = _cell(before, rank, "", rel)
        moved = _moved(after, rank, old)
        rows.append(f"<tr><td class='rank'>{rank}</td>{first}{_cell(after, rank, moved, rel)}</tr>")
    head = f"<tr><th class='rank'>#</th><th>{escape(t('Before'))}</th><th>{escape(t('After'))}</th></tr>"
    st.html(f"{STYLE}<table class='orders'><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>")
    st.caption(t("Filled: relevant, from grade {rel} on · outlined: not relevant · ?: unjudged", rel=rel))


def _cell(order: Sequence[PlacedDocument], rank: int, aside: str, rel: int) -> str:
    if rank > len(order):
        return "<td></td>"
    placed = order[rank - 1]
    kind = "label relevant" if placed.label is not None and placed.label >= rel else "label"
    label = f"<span class='{kind}'>{'?' if placed.label is None else placed.label}</span>"
    text = placed.text or placed.document
    summary = escape(preview(text))
    if aside or placed.score is not None:
        score = "" if placed.score is None else f"{placed.score:.3f}"
        summary += f"<span class='aside'>{escape(' '.join(part for part in (aside, score) if part))}</span>"
    name = f"<div class='aside'>{escape(placed.document)}</div>"
    return (
        f"<td><details><summary>{label}{summary}</summary>"
        f"<div class='text'>{escape(text)}</div>{name}</details></td>"
    )


def _moved(order: Sequence[PlacedDocument], rank: int, old: dict[str, int]) -> str:
    if rank > len(order) or order[rank - 1].document not in old:
        return ""
    places = old[order[rank - 1].document] - rank
    return f"▲{places}" if places > 0 else f"▼{-places}" if places < 0 else "·"
