"""Addresses of concerns."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.alerts.web import concerns, named, raising

PREFIX = "concerns/"
urlpatterns = [
    path("", concerns.concerns, name="concerns"),
    path("raise/", raising.begin, name="begin"),
    path("raise/<str:country>/", raising.raised, name="raise"),
    path("named/", named.named, name="named"),
    path("named/<str:country>/", named.named_of, name="named_of"),
    path("named/confirm/<str:naming>/", named.confirm, name="named_confirm"),
    path("named/end/<str:naming>/", named.end, name="named_end"),
    path("<str:concern>/", concerns.concern, name="concern"),
    path("<str:concern>/words/", concerns.words, name="words"),
    path("<str:concern>/again/", raising.again, name="again"),
    path("<str:concern>/<slug:step>/", concerns.step, name="step"),
]
_PAGES = (
    concerns.concerns, concerns.concern, concerns.words, concerns.step, raising.begin, raising.raised, raising.again,
    named.named, named.named_of, named.confirm, named.end,
)  # fmt: skip
for _view in _PAGES:
    _view.help = "how-to/raise-a-concern"  # type: ignore[attr-defined]
