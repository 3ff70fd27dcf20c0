"""A horizontal bar chart as SVG text, readable on light and dark pages."""

from collections.abc import Mapping

BAR, GAP, LEFT, WIDTH = 22, 12, 190, 720


def bar_chart(title: str, seconds: Mapping[str, float]) -> str:
    """One bar per engine, shorter is faster, with its seconds at the end."""
    longest = max(seconds.values())
    height = 50 + len(seconds) * (BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif" font-size="13" fill="#8a8f98">',
        f'<text x="0" y="18" font-weight="bold">{title}; seconds, shorter is faster</text>',
    ]
    for n, (name, value) in enumerate(seconds.items()):
        y = 36 + n * (BAR + GAP)
        length = max(2.0, (WIDTH - LEFT - 70) * value / longest)
        colour = "#2f7d6d" if name.startswith("ours") else "#9aa4b2"
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end">{name}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="3" fill="{colour}"/>',
            f'<text x="{LEFT + length + 8:.1f}" y="{y + 16}">{value:.1f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])
