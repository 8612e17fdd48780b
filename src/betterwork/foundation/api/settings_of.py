"""The settings of the API, each with a value that serves where nobody set another."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings


def requests_a_minute() -> int:
    """How much one token, or one person in a browser, may ask for in a minute."""
    return int(getattr(settings, "API_REQUESTS_A_MINUTE", 600))


def requests_of_strangers_a_minute() -> int:
    """How much may come from one address in a minute without a token or with one that does not count."""
    return int(getattr(settings, "API_STRANGERS_A_MINUTE", 120))


def answers_kept() -> timedelta:
    """How long the answer to a request with an ``Idempotency-Key`` is given again."""
    return timedelta(hours=int(getattr(settings, "API_ANSWERS_KEPT_HOURS", 24)))


MOST_BODY = 1_000_000
"""Bytes that an operation reads."""
