"""The gallery of components, for developers: found by themselves, each rendered from its example."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from betterwork.foundation import console
from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.doors.pages import page, page_render
from betterwork.foundation.doors.policy import SIGNED_IN

TEMPLATES = Path(console.__path__[0]) / "templates"


def component_names() -> list[str]:
    """Every cotton component of the console."""
    return sorted(path.stem for path in (TEMPLATES / "cotton").glob("*.html"))


@page(SIGNED_IN, audience=PUBLIC)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its markup and what it makes."""
    components = []
    for name in component_names():
        example = TEMPLATES / "console" / "examples" / f"{name}.html"
        if example.exists():
            rendered = get_template(f"console/examples/{name}.html").render({}, request)
            components.append((name, example.read_text(encoding="utf-8"), rendered))
    return page_render(request, "console/gallery.html", {"components": components})
