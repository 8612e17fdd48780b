"""What templates know of the request: its address and what was asked for, and not who asks.

Django's own processor hands the whole request to every template, and with it ``request.user``, the session and
whatever middleware hung on it. Who asks is told by the shell, in plain values.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class ShownRequest:
    """The part of a request that a template may use."""

    __slots__ = ("GET", "_full_path", "method", "path")

    def __init__(self, request: HttpRequest) -> None:
        self.path, self.method, self.GET = request.path, request.method, request.GET
        self._full_path = request.get_full_path()

    def get_full_path(self) -> str:
        """The path with the query."""
        return self._full_path

    def __str__(self) -> str:
        return self.path


def request(request: HttpRequest) -> dict[str, Any]:
    """Django's context processor ``request``, without the person."""
    return {"request": ShownRequest(request)}
