"""Declaring the audit beside a service's write."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append

P = ParamSpec("P")
R = TypeVar("R")
State = Callable[[Any], Mapping[str, Any]]


def audited(
    action: str, *, subject: Callable[[Any], str], state: State, of: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a service write its audit entry, in one transaction with what it does.

    The service takes ``actor`` and ``at`` among its keywords and returns the object that it wrote.
    ``state`` says of an object what the entry keeps of it (values about a person marked with
    ``personal``), ``subject`` how it is named ("visit 2014-7"). ``of`` names the keyword by which
    the service takes the object that it changes: its state before is then read from the database,
    not from the caller's memory, which may be changed already. Without it the object is new, and
    the entry has nothing before. A service that returns None has removed the object.

    The service cannot be called without its entry: when the entry cannot be written, what the
    service wrote is rolled back. Raises TypeError at import for a service that takes no
    ``actor`` and ``at``, or not the keyword that ``of`` names.
    """

    def declared(service: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(service)
        needed = {"actor", "at"} | ({of} if of else set())
        taken = {name for name, one in signature.parameters.items() if one.kind is one.KEYWORD_ONLY}
        if not needed <= taken:
            raise TypeError(f"{service.__qualname__} is audited and must take the keywords {', '.join(sorted(needed))}")

        @wraps(service)
        def with_its_entry(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            with transaction.atomic():
                changed = _as_stored(given.arguments[of]) if of else None
                before = None if changed is None else state(changed)
                result = service(*args, **kwargs)
                named = changed if result is None else result
                entry_append(
                    kind=AUDIT,
                    action=action,
                    actor=given.arguments["actor"],
                    subject=subject(named),
                    content={"before": before, "after": None if result is None else state(result)},
                    at=given.arguments["at"],
                )
                return result

        with_its_entry.audited = action  # type: ignore[attr-defined]
        return with_its_entry

    return declared


def _as_stored(given: Any) -> Any:
    """The object as the database holds it, locked until the transaction ends; other values as they are."""
    if not isinstance(given, models.Model):
        return given
    return type(given)._base_manager.select_for_update().get(pk=given.pk)
