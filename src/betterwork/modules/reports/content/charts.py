"""The charts of the report: bars by group, change as a line between two dots, small panels of bars.

Each is drawn twice: wide for page, print and file, and small for a phone, where labels stand above
their marks. Charts are made from safe tables only: a withheld row is drawn as words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from betterwork.modules.reports.content.canvas import BLUE, DARK, HEADING, INK, LINE, MUTED, PALE, Canvas

WIDE, SMALL = 820.0, 320.0
AXIS, MINUS = "#8d949c", "\u2212"
SIMULATED = "Simulated data: no real factory, no real finding."


@dataclass(frozen=True)
class Mark:
    """One row: its label, what is drawn, what is written. ``now`` None means words only."""

    label: str
    now: float | None
    value: str
    base: str = ""
    before: float | None = None
    strong: bool = False


@dataclass(frozen=True)
class Block:
    """Rows under one heading; no heading when it is empty."""

    label: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Drawing:
    """A chart in its two widths, as SVG."""

    wide: str
    small: str


@dataclass(frozen=True)
class Scale:
    """What stands over the left end, the middle and the right end, and at which quarter the axis is."""

    ends: tuple[str, str, str] = ("0 %", "50 %", "100 %")
    axis: int = 0


PER_CENT = Scale()


def _scale(canvas: Canvas, left: float, width: float, scale: Scale) -> None:
    for place, (align, words) in enumerate(zip(("left", "center", "right"), scale.ends, strict=True)):
        canvas.text(left + width * place / 2, 8, words, align=align, size=11, colour=MUTED)


def _grid(canvas: Canvas, left: float, width: float, top: float, bottom: float, axis: int) -> None:
    for quarter in range(5):
        x = left + width * quarter / 4
        canvas.line(x, top, x, bottom, AXIS if quarter == axis else LINE)


def _bar(canvas: Canvas, mark: Mark, left: float, width: float, y: float) -> None:
    if mark.now is not None:
        canvas.bar(left, y - 7, width * mark.now, 14, BLUE)


def _change(canvas: Canvas, mark: Mark, left: float, width: float, y: float) -> None:
    if mark.now is None or mark.before is None:
        return
    start, end = left + width * mark.before, left + width * mark.now
    canvas.line(start, y, end, y, PALE, 3)
    canvas.dot(start, y, fill="#ffffff", stroke="#6f9bcb", size=62)
    canvas.dot(end, y, fill=BLUE, stroke=BLUE, size=110)


Draw = Callable[[Canvas, Mark, float, float, float], None]


def _wide(blocks: Sequence[Block], draw: Draw, simulated: bool, scale: Scale = PER_CENT) -> Canvas:
    label, width, row = 318.0, 356.0, 22.0
    canvas = Canvas(WIDE)
    y = 26.0
    for block in blocks:
        if block.label:
            canvas.text(0, y + 8, block.label, size=15, weight=700, colour=DARK, font=HEADING)
        y += 30 if block.label else 2
        _grid(canvas, label, width, y - 12, y - 12 + row * len(block.marks), scale.axis)
        for mark in block.marks:
            draw(canvas, mark, label, width, y)
            canvas.text(0, y, mark.label, weight=600 if mark.strong else 400)
            _words(canvas, mark, label, width, y)
            y += row
        y += 8
    _scale(canvas, label, width, scale)
    return _finished(canvas, y, simulated)


def _words(canvas: Canvas, mark: Mark, left: float, width: float, y: float) -> None:
    """The value and its base at the end of a wide row; a withheld value says so where the bar would be."""
    if mark.now is None:
        canvas.text(left + 8, y, mark.value, size=12, colour=MUTED)
        canvas.text(WIDE, y, mark.base, align="right", size=12, colour=MUTED)
        return
    canvas.text(left + width + 60, y, mark.value, align="right", weight=600)
    canvas.text(WIDE, y, mark.base, align="right", size=12, colour=MUTED)


def _small(blocks: Sequence[Block], draw: Draw, simulated: bool, scale: Scale = PER_CENT) -> Canvas:
    width, row = 180.0, 42.0
    canvas = Canvas(SMALL)
    y = 26.0
    for block in blocks:
        if block.label:
            canvas.text(0, y + 8, block.label, size=13, weight=700, colour=DARK, font=HEADING)
        y += 32 if block.label else 4
        for mark in block.marks:
            canvas.text(0, y, mark.label, weight=600 if mark.strong else 400)
            if mark.now is not None:
                _grid(canvas, 1, width, y + 8, y + 26, scale.axis)
            draw(canvas, mark, 1, width, y + 17)
            if mark.now is None:
                canvas.text(0, y + 17, mark.value, size=12, colour=MUTED)
                canvas.text(SMALL, y + 17, mark.base, align="right", size=12, colour=MUTED)
            else:
                canvas.text(width + 50, y + 17, mark.value, align="right", weight=600)
                canvas.text(SMALL, y + 17, mark.base, align="right", size=12, colour=MUTED)
            y += row
        y += 8
    _scale(canvas, 1, width, scale)
    return _finished(canvas, y, simulated)


def _finished(canvas: Canvas, bottom: float, simulated: bool) -> Canvas:
    canvas.height = bottom - 8
    if simulated:
        canvas.text(0, bottom + 4, SIMULATED, size=11, colour=MUTED)
        canvas.height = bottom + 14
    return canvas


def _both(name: str, title: str, sentence: str, wide: Canvas, small: Canvas) -> Drawing:
    return Drawing(wide.svg(name, title, sentence), small.svg(f"{name}-small", title, sentence))


def bars(name: str, title: str, sentence: str, blocks: Sequence[Block], *, simulated: bool) -> Drawing:
    """Horizontal bars under headings, each with its share and count at the end."""
    return _both(name, title, sentence, _wide(blocks, _bar, simulated), _small(blocks, _bar, simulated))


def change(name: str, title: str, sentence: str, blocks: Sequence[Block], *, simulated: bool) -> Drawing:
    """From before (a hollow, pale dot) to now (a full, dark one), with the improvement at the end."""
    return _both(name, title, sentence, _wide(blocks, _change, simulated), _small(blocks, _change, simulated))


def improvements(
    name: str, title: str, sentence: str, blocks: Sequence[Block], *, most: float, simulated: bool
) -> Drawing:
    """Improvement alone, where levels are withheld: to the right of nought is better, to the left worse.

    ``now`` of a mark is the improvement; the scale goes to the ten percentage points above ``most``.
    """
    limit = max(1, math.ceil(most * 10 - 1e-9)) / 10

    def draw(canvas: Canvas, mark: Mark, left: float, width: float, y: float) -> None:
        if mark.now is None:
            return
        middle, length = left + width / 2, width / 2 * mark.now / limit
        canvas.bar(min(middle, middle + length), y - 6, abs(length), 12, BLUE if length > 0 else "#6f86d6")

    scale = Scale((f"{MINUS}{limit * 100:.0f} pts", "0", f"+{limit * 100:.0f} pts"), axis=2)
    return _both(name, title, sentence, _wide(blocks, draw, simulated, scale), _small(blocks, draw, simulated, scale))


def panels(name: str, title: str, sentence: str, blocks: Sequence[Block], *, simulated: bool) -> Drawing:
    """One small panel of bars per heading, all on one scale: two beside each other, or one on a phone."""
    return _both(name, title, sentence, _panels(blocks, 2, WIDE, simulated), _panels(blocks, 1, SMALL, simulated))


def _panels(blocks: Sequence[Block], across: int, width: float, simulated: bool) -> Canvas:
    canvas = Canvas(width)
    gap = 48.0
    panel = (width - gap * (across - 1)) / across
    label, values = (118.0, 92.0) if across > 1 else (104.0, 100.0)
    bar = panel - label - values
    y = 8.0
    for start in range(0, len(blocks), across):
        beside = blocks[start : start + across]
        for number, block in enumerate(beside):
            _panel(canvas, block, number * (panel + gap), y, label, bar, panel)
        y += 34 + 22 * max(len(block.marks) for block in beside) + 14
    return _finished(canvas, y, simulated)


def _panel(canvas: Canvas, block: Block, x: float, y: float, label: float, bar: float, panel: float) -> None:
    canvas.text(x, y + 4, block.label, size=14 if panel > SMALL else 13, weight=700, colour=DARK, font=HEADING)
    top = y + 20
    bottom = top + 22 * len(block.marks)
    for half in (0, 0.5, 1):
        canvas.line(x + label + bar * half, top, x + label + bar * half, bottom, LINE if half else "#8d949c")
    for number, mark in enumerate(block.marks):
        middle = top + 22 * number + 11
        canvas.text(x, middle, mark.label, size=12, colour=INK)
        if mark.now is None:
            canvas.text(x + label + 6, middle, mark.value, size=11, colour=MUTED)
            continue
        canvas.bar(x + label, middle - 6, bar * mark.now, 12, BLUE if mark.strong else "#6f86d6")
        canvas.text(x + label + bar + 42, middle, mark.value, align="right", size=12, weight=600)
        canvas.text(x + panel, middle, mark.base, align="right", size=11, colour=MUTED)
