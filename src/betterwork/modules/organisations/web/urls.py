"""Addresses of organisations."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.organisations.web import importing, views, writing

PREFIX = "organisations/"
urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("add/", writing.add, name="add"),
    path("import/", importing.import_, name="import"),
    path("mine/", views.own_committee, name="own_committee"),
    path("buyer/", views.own_buyer, name="own_buyer"),
    path("donor/", views.own_donor, name="own_donor"),
    path("one/<str:organisation>/", views.organisation, name="organisation"),
    path("one/<str:organisation>/change/", writing.change, name="change"),
    path("one/<str:organisation>/name/", writing.rename, name="rename"),
    path("one/<str:organisation>/groups/", writing.join, name="join"),
    path("one/<str:organisation>/groups/<str:membership>/end/", writing.leave, name="leave"),
]

_HELP = {
    "how-to/keep-organisations": (
        *(views.organisations, views.organisation, views.own_committee, views.own_buyer, views.own_donor),
        importing.import_,
        *(writing.add, writing.change, writing.rename, writing.join, writing.leave),
    ),
}
for _name, _views in _HELP.items():
    for _view in _views:
        _view.help = _name  # type: ignore[attr-defined]
