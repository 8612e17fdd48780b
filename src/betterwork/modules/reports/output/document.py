"""The report as a PDF that a screen reader can read (PDF/UA-1), set by Typst with the bundled fonts only."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from betterwork.modules.reports.content.blocks import Content
from betterwork.modules.reports.content.texts import SIMULATED_SHORT

ROOM = files("betterwork.modules.reports")


def document(content: Content, *, taken_at: str, keywords: tuple[str, ...]) -> bytes:
    """``report.pdf``. Its date is that of the snapshot (ISO 8601), so that the bytes are the same again."""
    import typst

    with tempfile.TemporaryDirectory() as folder, as_file(ROOM.joinpath("fonts")) as fonts:
        root = Path(folder)
        (root / "charts").mkdir()
        for chart in content.charts():
            (root / "charts" / f"{chart.name}.svg").write_text(chart.wide, encoding="utf-8")
        (root / "content.json").write_text(json.dumps(_plain(content, keywords)), encoding="utf-8")
        main = root / "synthesis.typ"
        main.write_bytes(ROOM.joinpath("typeset", "synthesis.typ").read_bytes())
        made: bytes = typst.compile(
            str(main),
            root=str(root),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=int(datetime.fromisoformat(taken_at).timestamp()),
        )
        return made


def _plain(content: Content, keywords: tuple[str, ...]) -> dict[str, Any]:
    found = asdict(content)
    for section in found["sections"]:
        for blocks in (section["blocks"], *(part["blocks"] for part in section["parts"])):
            for block in blocks:
                block.pop("wide", None)
                block.pop("small" if block["kind"] == "chart" else "", None)
    return {**found, "keywords": list(keywords), "notice_short": SIMULATED_SHORT if content.notice else ""}
