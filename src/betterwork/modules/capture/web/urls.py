"""Addresses of capture: the app under ``capture/``, the pages of the console beside it under ``captures/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from betterwork.modules.capture.web import app_urls, progress_views, views

PREFIX = ""
urlpatterns: list[URLPattern | URLResolver] = [
    path("capture/", include(app_urls.urlpatterns)),
    path("captures/", views.captures, name="captures"),
    path("captures/progress/", progress_views.progresses, name="progresses"),
    path("captures/progress/<str:capture>/", progress_views.progress, name="progress"),
    path("captures/devices/<str:device>/lost/", views.device_lost, name="device_lost"),
    path("captures/<str:capture>/", views.capture, name="capture"),
    path("captures/<str:capture>/answers/", views.answers, name="answers"),
    path("captures/<str:capture>/conflicts/", views.conflicts, name="conflicts"),
    path("captures/<str:capture>/interviews/", views.interviews, name="interviews"),
    path("captures/<str:capture>/refused/", views.refused, name="refused"),
    path("captures/<str:capture>/hand-over/", views.hand_over, name="hand_over"),
    path("captures/<str:capture>/reopen/", views.reopen, name="reopen"),
    path("captures/<str:capture>/files/<str:sha256>/", views.file, name="file"),
]
