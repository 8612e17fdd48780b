"""URLs of duplicates."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.duplicates.web import views

PREFIX = "duplicates/"
urlpatterns = [
    path("", views.pairs, name="pairs"),
    path("decided/", views.decided, name="decided"),
    path("look/", views.look, name="look"),
    path("<str:pair>/", views.pair, name="pair"),
    path("<str:pair>/merge/", views.merge, name="merge"),
    path("<str:pair>/not-the-same/", views.refuse, name="refuse"),
    path("<str:pair>/later/", views.later, name="later"),
    path("<str:pair>/take-apart/", views.unmerge, name="unmerge"),
]

for _one in urlpatterns:
    _one.callback.help = "how-to/clear-duplicates"  # type: ignore[attr-defined]
