"""Addresses of reports."""

from __future__ import annotations

from django.urls import path

from betterwork.modules.reports.web import giving, views

PREFIX = "reports/"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("ask/", views.ask, name="ask"),
    path("files/<path:reportfile>", views.file, name="file"),
    path("received/files/<path:reportfile>", giving.file_received, name="file_received"),
    path("received/<str:report>/", giving.received, name="received"),
    path("<str:report>/", views.report, name="report"),
    path("<str:report>/now/", views.report_now, name="report_now"),
    path("<str:report>/bring/", giving.bring, name="bring"),
    path("<str:report>/release/", giving.release, name="release"),
]
for _view in (one.callback for one in urlpatterns):
    _view.help = "how-to/make-a-synthesis-report"  # type: ignore[attr-defined]
giving.received.help = "how-to/read-what-was-given-to-you"  # type: ignore[attr-defined]
