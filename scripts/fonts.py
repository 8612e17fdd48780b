"""Make the small WOFF2 fonts of the report's page from the bundled TTFs.

Run by hand when a font or the set of letters changes; the result is committed, so that nobody
needs this to install or to write a report. Needs fonttools and brotli, which are not
dependencies of the project:

    python -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools brotli
    /tmp/fonts/bin/python scripts/fonts.py
"""

from __future__ import annotations

import sys
from pathlib import Path

FONTS = Path(__file__).parents[1] / "src" / "betterwork" / "modules" / "reports" / "fonts"

# Latin with what French, Spanish, Indonesian, Turkish, Polish and Vietnamese need, punctuation, signs.
LETTERS = "U+0020-007E,U+00A0-017F,U+01A0-01A1,U+01AF-01B0,U+1EA0-1EF9,U+2010-2015,U+2018-201F,U+2022,U+2026"
SIGNS = "U+202F,U+2032-2033,U+20AB,U+20AC,U+2212,U+2248,U+2260,U+2264-2265"


def main() -> int:
    """Write ``fonts/web/NAME.woff2`` for each bundled TTF and say how large each is."""
    try:
        from fontTools import subset
    except ImportError:
        print("fonts.py needs fonttools and brotli: see the first lines of the file", file=sys.stderr)
        return 1
    (FONTS / "web").mkdir(exist_ok=True)
    for source in sorted(FONTS.glob("*.ttf")):
        target = FONTS / "web" / f"{source.stem}.woff2"
        options = [f"--unicodes={LETTERS},{SIGNS}", "--flavor=woff2", "--layout-features=kern,liga,tnum,lnum,mark,mkmk"]
        subset.main([str(source), f"--output-file={target}", "--no-hinting", *options])
        print(f"{target.name}: {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
