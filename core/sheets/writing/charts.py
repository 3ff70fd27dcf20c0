"""Native Excel charts over cells of a written table. Which figures they show is the caller's business."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.chart import Chart  # type: ignore[import-untyped]

from core.sentences import Sentence

ChartKind = Literal["line", "bar", "column", "histogram", "scatter"]
Words = str | Sentence


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Values of one column of a written table, as Excel draws them. Rows count from 1 after the header."""

    name: Words
    column: int
    first_row: int = 1
    last_row: int = 1
    colour: str = ""


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A native Excel chart whose values are cells of a table in the same workbook.

    kind: «histogram» is a column chart without gaps over counts the caller has binned.
    table: name of the SheetTable that holds the values; categories: its column of labels (or x values).
    sheet: the sheet it is drawn on; anchor: its top left cell there («H2»); a cover chooses both for its own
    charts, and the offset from there in pixels. labels: whether each category is named.
    """

    kind: ChartKind
    title: Words
    table: str
    categories: int
    series: tuple[ChartSeries, ...]
    sheet: str = ""
    anchor: str = ""
    x_title: Words = ""
    y_title: Words = ""
    width: int = 560
    height: int = 320
    labels: bool = True
    offset: int = 0


def make_chart(workbook: Workbook, spec: ChartSpec, source: str, word: Callable[[Words], str]) -> Chart:
    """The chart, to be inserted. source: the sheet that holds its values. word: a title as it is written."""
    chart = workbook.add_chart({"type": "column" if spec.kind == "histogram" else spec.kind})
    for series in spec.series:
        options: dict[str, Any] = {
            "name": word(series.name),
            "categories": [source, series.first_row, spec.categories, series.last_row, spec.categories],
            "values": [source, series.first_row, series.column, series.last_row, series.column],
        }
        if series.colour:
            options["line" if spec.kind in ("line", "scatter") else "fill"] = {"color": series.colour}
        if spec.kind == "histogram":
            options |= {"gap": 4}
        chart.add_series(options)
    chart.set_title({"name": word(spec.title), "name_font": {"size": 12}})
    # Below the plot and not beside the axis, where bars that go down would cover them.
    position = "low" if spec.labels else "none"
    chart.set_x_axis({"name": word(spec.x_title), "label_position": position})
    chart.set_y_axis({"name": word(spec.y_title)})
    chart.set_size({"width": spec.width, "height": spec.height})
    chart.set_legend({"none": True} if len(spec.series) == 1 else {"position": "bottom"})
    # Its values may lie on a sheet that is out of sight.
    chart.show_hidden_data()
    return chart
