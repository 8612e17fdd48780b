"""URLs of the shell itself."""

from __future__ import annotations

from django.urls import path

from betterwork.entry.web import gallery, health, help, home, language

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("help/", help.help_start, name="help"),
    path("help/<path:name>/", help.help_page, name="help_page"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("language/", language.language_set, name="set_language"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
]
