"""The report as one page: styles, fonts and drawings inside, no script, nothing to fetch."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

from betterwork.modules.reports.content.blocks import Block, Content, Section, Table
from betterwork.modules.reports.content.texts import SIMULATED_SHORT

FACES = (
    ("Noto Sans", 400, "NotoSans-Regular"),
    ("Noto Sans", 600, "NotoSans-SemiBold"),
    ("Overpass", 700, "Overpass-Bold"),
    ("Overpass", 800, "Overpass-ExtraBold"),
)
ROOM = files("betterwork.modules.reports")


@cache
def fonts_css() -> str:
    """The small WOFF2 fonts as ``@font-face`` rules with the bytes inside."""
    rules = []
    for family, weight, name in FACES:
        data = base64.b64encode(ROOM.joinpath("fonts", "web", f"{name}.woff2").read_bytes()).decode("ascii")
        rules.append(
            f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
            f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
        )
    return "\n".join(rules)


def style(content: Content) -> str:
    """All styles of the page; in print every sheet says that data are simulated."""
    foot = '@page{@bottom-right{content:counter(page);font:8.5pt "Noto Sans";color:#5d6066}'
    if content.notice:
        foot += f'@bottom-left{{content:"{SIMULATED_SHORT}";font:600 8.5pt "Noto Sans";color:#5d4600}}'
    return "\n".join((fonts_css(), ROOM.joinpath("typeset", "page.css").read_text("utf-8"), foot + "}"))


def page(content: Content, country: str) -> bytes:
    """``index.html`` as UTF-8."""
    from django.template.loader import render_to_string

    shown = SimpleNamespace(**{name: getattr(content, name) for name in ("title", "subtitle", "period", "about")})
    shown.cover, shown.notice, shown.colophon = content.cover, content.notice, content.colophon
    shown.sections = [_section(section) for section in content.sections]
    text = render_to_string("reports/synthesis.html", {"content": shown, "country": country, "style": style(content)})
    return (text.strip() + "\n").encode("utf-8")


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
        "parts": [_section(part) for part in section.parts],
    }


def _block(block: Block) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(block, name) for name in block.__dataclass_fields__}
    if isinstance(block, Table):
        found["groups"] = [
            {"label": group.label, "rows": [_row(block, row) for row in group.rows]} for group in block.groups
        ]
    return {**found, "template": f"reports/blocks/{block.kind}.html"}


def _row(table: Table, row: tuple[Any, ...]) -> list[dict[str, Any]]:
    cells, place = [], 0
    for cell in row:
        cells.append(
            {
                "text": cell.text,
                "bar": cell.bar,
                "width": "" if cell.bar is None else f"{cell.bar * 100:.1f}",
                "muted": cell.muted,
                "number": table.columns[place].align == "number",
                "span": cell.span,
            }
        )
        place += cell.span
    return cells
