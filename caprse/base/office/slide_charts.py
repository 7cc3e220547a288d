"""Charts that stay charts: their numbers open in a spreadsheet, from the slide."""

import io

import openpyxl
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from caprse.base.office import look, sheets, slide_parts
from caprse.base.office.packing import packed

DASHES = (None, MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.LONG_DASH)
MARKERS = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.TRIANGLE, XL_MARKER_STYLE.DIAMOND)
FORMAT = "0.0"


def add_chart(slide, drawing, place, at):
    """Draw the numbers of a `Drawing` as a chart of the slide; where there is no value, there is a gap."""
    numbers = drawing.chart
    data = CategoryChartData(number_format=FORMAT)
    data.categories = [look.in_one_line(label) or look.MISSING for label in numbers.labels]
    for name, values in numbers.series:
        data.add_series(look.in_one_line(name), values)
    is_radar = len(numbers.labels) >= 3 and not numbers.as_bars
    kind = XL_CHART_TYPE.RADAR_MARKERS if is_radar else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *(Inches(one) for one in place), data)
    slide_parts.describe(frame, look.in_one_line(drawing.text), "Graphique")
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(numbers, at))
    _dress(chart, numbers, is_radar)
    return frame


def _workbook(numbers, at):
    """The numbers behind the chart, laid out as the library's own, without its clock and its formulas."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Sheet1"  # the name the chart looks its numbers up under
    for rank, label in enumerate(numbers.labels, start=2):
        sheets.put(page.cell(rank, 1), look.in_one_line(label))
    for column, (name, values) in enumerate(numbers.series, start=2):
        sheets.put(page.cell(1, column), look.in_one_line(name))
        for rank, value in enumerate(values, start=2):
            sheets.put(page.cell(rank, column), value)
    stream = io.BytesIO()
    book.save(stream)
    return packed(stream.getvalue(), at=at)


def _dress(chart, numbers, is_radar):
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(13), RGBColor.from_string(look.INK)
    chart.has_legend = len(numbers.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = numbers.low, numbers.high, 1
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(look.HAIRLINE)
    axis.tick_labels.font.size, axis.tick_labels.number_format = Pt(11), "0"
    axis.tick_labels.number_format_is_linked = False
    for rank, series in enumerate(chart.plots[0].series):
        _dress_series(series, rank, is_radar)
    if not is_radar:
        chart.category_axis.reverse_order = True  # the first on top, so the scale is asked for at the bottom
        axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        axis.format.line.fill.background()
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 60, True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = FORMAT, False
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    _leave_gaps(chart)


def _dress_series(series, rank, is_radar):
    colour = RGBColor.from_string(look.SERIES[rank % len(look.SERIES)])
    if not is_radar:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour
        return
    series.format.line.color.rgb, series.format.line.width = colour, Pt(2.5)
    if dash := DASHES[rank % len(DASHES)]:
        series.format.line.dash_style = dash
    series.marker.style, series.marker.size = MARKERS[rank % len(MARKERS)], 8
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour
    series.marker.format.line.color.rgb = colour
    series.smooth = False


def _leave_gaps(chart):
    for blanks in chart._chartSpace.chart.findall("{*}dispBlanksAs"):
        blanks.set("val", "gap")
