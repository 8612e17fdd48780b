"""A sheet to draw on in pixels, set by Altair and vl-convert: the same bytes from the same marks.

The report's charts place every bar and word themselves (labels above bars on a phone, values in a
column of their own), which chart grammar makes hard; Altair is used as the drawing layer, so that
fonts, text metrics and SVG come from the parts the house has chosen.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parents[1] / "fonts"
TEXT, HEADING = "Noto Sans", "Overpass"
INK, MUTED, DARK, BLUE, PALE, LINE = "#2d2d2d", "#5d6066", "#230050", "#1e2dbe", "#a9cbee", "#d9dfe4"


@cache
def fonts_ready() -> None:
    """Tell vl-convert where the bundled fonts are, once in a process."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))


@dataclass
class Canvas:
    """Marks in pixels from the top left corner, grouped by their style."""

    width: float
    height: float = 0
    marks: dict[tuple[Any, ...], list[dict[str, Any]]] = field(default_factory=dict)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        align: str = "left",
        size: int = 13,
        weight: int = 400,
        colour: str = INK,
        font: str = TEXT,
    ) -> None:
        """Words whose middle line is at ``y``."""
        style = ("text", 4, align, size, weight, colour, font)
        self.marks.setdefault(style, []).append({"x": x, "y": y, "t": words})

    def bar(self, x: float, y: float, width: float, height: float, colour: str = BLUE) -> None:
        """A filled rectangle; nothing is drawn for no width."""
        if width > 0:
            self.marks.setdefault(("bar", 2, colour), []).append({"x": x, "x2": x + width, "y": y, "y2": y + height})

    def line(self, x: float, y: float, x2: float, y2: float, colour: str = LINE, width: float = 1) -> None:
        """A straight line; ``width`` over 1 draws above the grid."""
        style = ("line", 1 if width <= 1 else 2, colour, width)
        self.marks.setdefault(style, []).append({"x": x, "y": y, "x2": x2, "y2": y2})

    def dot(self, x: float, y: float, *, fill: str, stroke: str, size: float = 70) -> None:
        """A circle of so many square pixels."""
        self.marks.setdefault(("dot", 3, fill, stroke, size), []).append({"x": x, "y": y})

    def svg(self, name: str, title: str, description: str) -> str:
        """The drawing as SVG that names itself; ids inside begin with ``name``."""
        import altair as alt

        layers = [_layer(alt, style, rows) for style, rows in sorted(self.marks.items(), key=lambda item: item[0][1])]
        chart = alt.layer(*layers, width=self.width, height=self.height, padding=0, autosize="none")
        drawn = chart.configure_view(stroke=None, clip=False).to_dict(validate=False)
        drawn["config"]["font"] = TEXT
        return _named(_set(json.dumps(drawn)), name, title, description, self.width, self.height)


@lru_cache(maxsize=64)
def _set(drawn: str) -> str:
    """Vega-Lite as SVG, with the bundled fonts. Kept, because the same drawing is often asked for again."""
    import vl_convert

    fonts_ready()
    svg: str = vl_convert.vegalite_to_svg(drawn)
    return svg


def _at(alt: Any, *names: str) -> dict[str, Any]:
    kinds = {"x": alt.X, "y": alt.Y}
    found: dict[str, Any] = {}
    for name in names:
        if name in kinds:
            found[name] = kinds[name](f"{name}:Q", scale=None, axis=None, title=None)
        else:
            found[name] = f"{name}:Q"
    return found


def _layer(alt: Any, style: tuple[Any, ...], rows: list[dict[str, Any]]) -> Any:
    base = alt.Chart(alt.Data(values=rows))
    if style[0] == "text":
        _, _, align, size, weight, colour, font = style
        mark = base.mark_text(
            align=align, baseline="middle", fontSize=size, fontWeight=weight, color=colour, font=font, limit=0
        )
        return mark.encode(**_at(alt, "x", "y"), text="t:N")
    if style[0] == "bar":
        return base.mark_rect(color=style[2], strokeWidth=0).encode(**_at(alt, "x", "y", "x2", "y2"))
    if style[0] == "line":
        return base.mark_rule(color=style[2], strokeWidth=style[3]).encode(**_at(alt, "x", "y", "x2", "y2"))
    _, _, fill, stroke, size = style
    dot = base.mark_point(shape="circle", filled=False, fill=fill, stroke=stroke, size=size, strokeWidth=1.5, opacity=1)
    return dot.encode(**_at(alt, "x", "y"))


def _named(svg: str, name: str, title: str, description: str, width: float, height: float) -> str:
    """Give the drawing its title and description, a size that scales, and ids of its own."""
    name = f"drawing-{name}"
    svg = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r' (role|aria-[a-z]+)="[^"]*"', "", svg)
    svg = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", svg).strip()
    body = svg[svg.index(">") + 1 :]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="marks" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
    )
    words = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    return f"{head}{words}{body}\n"
