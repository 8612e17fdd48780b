"""Addresses of access."""

from __future__ import annotations

from django.urls import path

from betterwork.foundation.access.web import giving, grants, taking

PREFIX = "access/"
urlpatterns = [
    path("", grants.grants, name="list"),
    path("mine/", grants.mine, name="mine"),
    path("mine/<str:grant>/end/", giving.lay_down, name="lay_down"),
    path("give/", giving.give, name="give"),
    path("grants/<str:grant>/", grants.grant, name="grant"),
    path("grants/<str:grant>/confirm/", giving.confirm, name="confirm"),
    path("grants/<str:grant>/refuse/", giving.refuse, name="refuse"),
    path("grants/<str:grant>/end/", giving.end, name="end"),
    path("taken/", taking.taken, name="taken"),
    path("taken/<str:elevation>/", taking.elevation, name="elevation"),
    path("taken/<str:elevation>/end/", taking.end, name="elevation_end"),
    path("take/", taking.take, name="take"),
]

_HELP = {
    "how-to/give-a-role": (grants.grants, grants.grant, giving.give, giving.confirm, giving.refuse, giving.end),
    "how-to/take-access-for-a-while": (taking.taken, taking.elevation, taking.take, taking.end),
    "explanation/access": (grants.mine, giving.lay_down),
}
for _name, _views in _HELP.items():
    for _view in _views:
        _view.help = _name  # type: ignore[attr-defined]
