"""Where rooms put their operations: ``router_add`` in their ``api.py``, imported at the start."""

from __future__ import annotations

from ninja import Field as Field
from ninja import Query as Query
from ninja import Router as Router
from ninja import Schema as Schema
from ninja import Status as Status

ROUTERS: dict[str, Router] = {}
"""The routers of the rooms, by the prefix of their addresses."""


def router_add(prefix: str, router: Router) -> None:
    """Add a room's operations under ``/api/v1`` and ``prefix`` ("/factories").

    Raises ValueError for a prefix that is none, or that another router has.
    """
    if not prefix.startswith("/") or prefix.endswith("/"):
        raise ValueError(f"a prefix looks like /factories, not {prefix!r}")
    if ROUTERS.get(prefix, router) is not router:
        raise ValueError(f"two routers are called {prefix}")
    ROUTERS[prefix] = router
