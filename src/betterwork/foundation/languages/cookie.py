"""The language of pages on this device."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.http.response import HttpResponseBase

A_YEAR = 365 * 86_400
Answer = TypeVar("Answer", bound=HttpResponseBase)


def language_remembered(answer: Answer, language: str) -> Answer:
    """The same answer; from the next page on this device shows pages in ``language``."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return answer
