"""The country programmes."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.models.signals import post_migrate


class CountriesConfig(AppConfig):
    """Country programmes and their dated settings."""

    name = "betterwork.modules.countries"
    label = "countries"

    def ready(self) -> None:
        """Put the shipped programmes in after every migration; open the book of settings for each request."""
        post_migrate.connect(_programmes_put_in, sender=self, dispatch_uid="betterwork.countries")
        request_started.connect(_request_begins, dispatch_uid="betterwork.countries.book")
        request_finished.connect(_request_ends, dispatch_uid="betterwork.countries.book")


def _programmes_put_in(*, using: str, **_: Any) -> None:
    from betterwork.modules.countries.services import programmes_ensure

    programmes_ensure(using=using)


def _request_begins(**_: Any) -> None:
    from betterwork.modules.countries.book import book_open

    book_open()


def _request_ends(**_: Any) -> None:
    from betterwork.modules.countries.book import book_close

    book_close()
