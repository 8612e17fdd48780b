"""Charts as SVG, drawn from the numbers of the table beside them. No library: a web worker stays small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

BLUE, PALE, INK, MUTED, RULE, DARK = "#1e2dbe", "#bedcfa", "#2d2d2d", "#5d6066", "#d9dfe4", "#230050"
WIDE, ROW, LABEL, BAR = 860, 26, 330, 380
FONT = '"Noto Sans", "Noto Sans Arabic", "Noto Sans Khmer", "Noto Sans Bengali", system-ui, sans-serif'


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a small line, in the drawing's own measures, and what it says."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A small line from 0 to 100 per cent over a few places, for a drawing of 240 by 64."""

    dots: list[Dot]
    path: str
    said: str
    first: str
    last: str

    @classmethod
    def of(cls, values: Sequence[tuple[str, float, str]], places: Sequence[int], of: int) -> Line:
        """A line of (what, fraction, its words) at these places among ``of``."""
        step = 220 / max(1, of - 1)
        dots = [
            Dot(round(10 + place * step, 1), round(56 - 48 * rate, 1), f"{what}: {words}")
            for place, (what, rate, words) in zip(places, values, strict=True)
        ]
        path = " ".join(f"{one.x},{one.y}" for one in dots)
        return cls(dots, path, ", ".join(one.words for one in dots), values[0][0], values[-1][0])


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """One bar of a file: label, fractions, the words at its end."""

    label: str
    now: float
    value: str
    base: str = ""
    before: float | None = None


def _text(
    x: float, y: float, words: str, *, size: int = 13, colour: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )


def _frame(height: float, title: str, told: str, parts: Sequence[str], foot: Sequence[str]) -> bytes:
    below = "".join(_text(16, height + 18 * n, line, size=11, colour=MUTED) for n, line in enumerate(foot, 1))
    whole = height + 18 * len(foot) + 16
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {whole:g}" width="{WIDE}" height="{whole:g}" '
        f'role="img" aria-labelledby="t d" font-family=\'{FONT}\'>'
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(told)}</desc>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{_text(16, 30, title, size=18, colour=DARK, bold=True)}'
        f"{''.join(parts)}{below}</svg>\n"
    ).encode()


def bars_svg(title: str, bars: Sequence[DrawnBar], foot: Sequence[str]) -> bytes:
    """Horizontal bars with the value at the end; thin and pale is before."""
    parts, y = [], 56.0
    for one in bars:
        parts.append(_text(16, y + 11, _cut(one.label)))
        parts.append(f'<rect x="{LABEL}" y="{y:g}" width="{BAR * one.now:.2f}" height="13" fill="{BLUE}"/>')
        if one.before is not None:
            parts.append(f'<rect x="{LABEL}" y="{y + 14:g}" width="{BAR * one.before:.2f}" height="5" fill="{PALE}"/>')
        parts.append(_text(WIDE - 86, y + 11, one.value, anchor="end", bold=True))
        parts.append(_text(WIDE - 16, y + 11, one.base, anchor="end", size=11, colour=MUTED))
        y += ROW
    told = "; ".join(f"{one.label}: {one.value} {one.base}".strip() for one in bars)
    return _frame(y + 4, title, told, parts, foot)


def lines_svg(title: str, lines: Sequence[tuple[str, str, Line]], foot: Sequence[str]) -> bytes:
    """Small lines, three beside each other, each with its label and its last value."""
    parts = []
    for number, (label, value, line) in enumerate(lines):
        x, y = 16 + (number % 3) * 284, 56 + (number // 3) * 118
        parts.append(_text(x, y + 12, _cut(label, 34), size=12))
        parts.append(_text(x + 250, y + 30, value, anchor="end", size=14, bold=True))
        parts.append(f'<g transform="translate({x} {y + 34})">{line_marks(line)}</g>')
    told = "; ".join(f"{label}: {line.said}" for label, _value, line in lines)
    return _frame(56 + 118 * ((len(lines) + 2) // 3), title, told, parts, foot)


def line_marks(line: Line) -> str:
    """The marks of a small line: ground, line, dots, first and last place."""
    last = _text(230, 72, line.last, size=10, colour=MUTED, anchor="end")
    rules = "".join(f'<line x1="10" y1="{y}" x2="230" y2="{y}" stroke="{RULE}"/>' for y in (8, 56))
    dots = "".join(f'<circle cx="{one.x}" cy="{one.y}" r="3" fill="{BLUE}"/>' for one in line.dots)
    return (
        f'{rules}<polyline points="{line.path}" fill="none" stroke="{BLUE}" stroke-width="2"/>{dots}'
        f"{_text(10, 72, line.first, size=10, colour=MUTED)}{last}"
    )


def _cut(text: str, most: int = 46) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
