"""The capture app: the shell that opens it, and what a browser asks for beside it. Nothing here holds data of a visit.

The shell is kept on devices and shown to whoever holds one, so it names nobody: what is confidential lies encrypted on
the device and is opened by the advisor's passphrase alone.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME, PUBLIC
from betterwork.foundation.console.templatetags.console import asset
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.policy import EVERYBODY_MAY, SIGNED_IN
from betterwork.foundation.languages.known import SOURCE_LANGUAGE, TRANSLATED
from betterwork.modules.capture.policy import CAPTURES_TAKE
from betterwork.modules.capture.words import words_in
from betterwork.modules.registry.queries import simulated

ROOM = Path(__file__).parents[1]
MADE = ROOM / "static" / "capture"
TEMPLATE = "capture/app.html"


@cache
def assets() -> dict[str, Any]:
    """Which file is what, as the build wrote it. Names hold a digest of the content."""
    found: dict[str, Any] = json.loads((MADE / "assets.json").read_text(encoding="utf-8"))
    return found


def served(name: str) -> str:
    """The address of a file of the build: as it is called, for files of the build name each other so."""
    return f"{settings.STATIC_URL}capture/{name}"


@page(CAPTURES_TAKE, audience=PROGRAMME)
def shell(request: HttpRequest) -> HttpResponse:
    """The page that opens the app. The same for everybody who may open it."""
    found = assets()
    values = {
        "script": served(found["script"]),
        "modules": [served(one) for one in found["modules"] if one != found["script"]],
        "style": served(found["style"]),
        "manifest": reverse("capture:app_manifest"),
    }
    return page_render(request, TEMPLATE, values)


@page(EVERYBODY_MAY, audience=PUBLIC)
def manifest(request: HttpRequest) -> HttpResponse:
    """What the app is called and looks like among the others on a device. Browsers ask for it without saying who."""
    start = reverse("capture:app")
    icon = {"src": asset("console/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    return JsonResponse(
        {
            "id": start,
            "name": _("Better Work: visits"),
            "short_name": _("Visits"),
            "start_url": start,
            "scope": start,
            "display": "standalone",
            "background_color": "#f2f5fa",
            "theme_color": "#230050",
            "icons": [icon],
        },
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )


@page(EVERYBODY_MAY, audience=PUBLIC)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it may keep. It lies here so that the app is all it can reach."""
    body = f"const SHELL={json.dumps(_kept(simulated()), separators=(',', ':'))};\n{_worker()}"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@cache
def _worker() -> str:
    return (MADE / "service-worker.js").read_text(encoding="utf-8")


@cache
def _kept(not_real: bool) -> dict[str, Any]:
    """What is kept, and the version it is of: the shell says whether the data are simulated, so that counts too."""
    found = assets()
    fonts = sorted((Path(_console_static()) / "fonts").glob("*.woff2"))
    kept = {
        "page": reverse("capture:app"),
        "assets": [served(one) for one in (*found["modules"], found["style"])] + [asset("console/mark.svg")],
        "later": [f"{settings.STATIC_URL}console/fonts/{one.name}" for one in fonts]
        + [reverse("capture:app_words", kwargs={"language": one}) for one in TRANSLATED],
    }
    template = (ROOM / "templates" / TEMPLATE).read_bytes()
    content = json.dumps([kept, found["digest"], not_real, hashlib.sha256(template).hexdigest()])
    return {"version": hashlib.sha256(content.encode()).hexdigest()[:16], **kept}


def _console_static() -> Path:
    from betterwork.foundation import console

    return Path(next(iter(console.__path__))) / "static" / "console"


@page(SIGNED_IN, audience=OWN_PERSON)
@ensure_csrf_cookie
def who(request: HttpRequest) -> HttpResponse:
    """Who is signed in in this browser: the app sends nothing in the name of somebody else."""
    return JsonResponse({"person": actor_of_request(request).id}, headers={"Cache-Control": "no-store"})


@page(EVERYBODY_MAY, audience=PUBLIC)
def words(request: HttpRequest, language: str) -> HttpResponse:
    """The words of the app's pages in one language, by their keys."""
    if language not in (SOURCE_LANGUAGE, *TRANSLATED):
        raise Http404
    return JsonResponse(words_in(language), headers={"Cache-Control": "no-cache"})
