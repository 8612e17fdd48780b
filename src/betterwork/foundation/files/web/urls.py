"""Addresses of files."""

from django.urls import path

from betterwork.foundation.files.web.views import download, picture

PREFIX = "files/"
urlpatterns = [
    path("<slug:attachment>/", download, name="download"),
    path("<slug:attachment>/picture/", picture, name="picture"),
]
