"""Every URL of the platform: each room's own, found by itself, and those of the shell."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from betterwork.entry.api import api


def rooms_urls() -> list[URLPattern | URLResolver]:
    """The pages of every room that has a ``web/urls.py``, under the prefix it names there."""
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        if not config.name.startswith("betterwork.") or config.name == "betterwork.entry":
            continue
        if find_spec(f"{config.name}.web") and find_spec(f"{config.name}.web.urls"):
            urls = import_module(f"{config.name}.web.urls")
            found.append(path(urls.PREFIX, include((urls.urlpatterns, config.label))))
    return found


urlpatterns = [
    path("", include("betterwork.entry.web.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", api.urls),
    *rooms_urls(),
]
