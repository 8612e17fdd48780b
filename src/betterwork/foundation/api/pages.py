"""Lists of the API: a page of rows from a cursor on, by a stable key, so that nothing is missed or shown twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from betterwork.foundation.api.problems import Problem
from betterwork.foundation.audiences.presentations import Presentation

MOST = 200
USUAL = 50
_SALT = "betterwork.api.cursor"

PathKey = Annotated[Any, Field(json_schema_extra={"type": "string"})]
"""The type of an argument that the door replaces by the row it leads to."""


class Asked(Schema):
    """What every list can be asked; a room's list adds its filters and ``sort``."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many things at most.")] = USUAL
    cursor: Annotated[
        str | None, Field(max_length=2000, description="Where to go on: from the address in `next`, as it is.")
    ] = None


def listed(
    request: HttpRequest,
    queryset: QuerySet[Any],
    presentation: Presentation,
    asked: Asked,
    *,
    order: tuple[str, ...] = ("pk",),
    sorts: Mapping[str, tuple[str, ...]] | None = None,
    related: tuple[str, ...] = (),
) -> dict[str, Any]:
    """One page of ``queryset`` as rows, and where the next one is. One query.

    ``order`` are columns without nulls, the last of them unique; ``-`` before one turns it round. ``sorts`` are other
    orders by the word of ``asked.sort`` (``-word`` turns it round), completed by ``order``. Raises :class:`Problem`
    422 for a cursor that this list did not give for this order.
    """
    columns = _columns(order, sorts or {}, getattr(asked, "sort", None))
    rows = queryset.order_by(*columns)
    if asked.cursor:
        rows = rows.filter(_after(columns, _read(asked.cursor, columns, queryset.model)))
    found = list(rows.select_related(*related)[: asked.limit + 1] if related else rows[: asked.limit + 1])
    shown, more = found[: asked.limit], len(found) > asked.limit
    return {
        "items": presentation.rows(shown),
        "next": _address(request, _write(shown[-1], columns)) if more else None,
    }


def _columns(order: tuple[str, ...], sorts: Mapping[str, tuple[str, ...]], sort: str | None) -> tuple[str, ...]:
    if not sort:
        return order
    names = sorts[sort.removeprefix("-")]
    chosen = tuple(_turned(one) for one in names) if sort.startswith("-") else names
    known = {one.removeprefix("-") for one in chosen}
    return (*chosen, *(one for one in order if one.removeprefix("-") not in known))


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _after(columns: tuple[str, ...], values: list[Any]) -> Q:
    """The rows that come after one: later in a column and equal in all before it."""
    found, equal = Q(pk__in=[]), Q()
    for column, value in zip(columns, values, strict=True):
        name = column.removeprefix("-")
        found |= equal & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    return found


def _write(row: Any, columns: tuple[str, ...]) -> str:
    values = []
    for column in columns:
        value: Any = row
        for step in column.removeprefix("-").split("__"):
            value = getattr(value, step)
        if value is None:
            raise TypeError(f"{column} may be null: a list is ordered by columns without nulls")
        values.append(value.isoformat() if isinstance(value, date) else _plain(value))
    # Without a moment: the same page asked for twice is the same bytes, its ETag with it.
    return signing.Signer(salt=_SALT).sign_object([list(columns), values], compress=True)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | Decimal) else value


def _read(cursor: str, columns: tuple[str, ...], model: Any) -> list[Any]:
    try:
        of, values = signing.Signer(salt=_SALT).unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _strange() from error
    if of != list(columns) or len(values) != len(columns):
        raise _strange()
    try:
        return [_stored(model, column.removeprefix("-"), value) for column, value in zip(columns, values, strict=True)]
    except (ValidationError, ValueError, TypeError) as error:  # of another list, whose column holds other things
        raise _strange() from error


def _strange() -> Problem:
    what = "this list, in this order, gave no such cursor: begin again without one"
    return Problem(422, faults=[("query.cursor", what)])


def _stored(model: Any, path: str, value: Any) -> Any:
    """A value of a cursor as the column holds it: moments and numbers come as text."""
    field: Any = None
    try:
        for step in path.split("__"):
            field = model._meta.pk if step == "pk" else model._meta.get_field(step)
            model = field.related_model or model
    except FieldDoesNotExist:
        return value  # annotated by the query
    return field.target_field.to_python(value) if field.is_relation else field.to_python(value)


def _address(request: HttpRequest, cursor: str) -> str:
    kept = [(name, value) for name, values in request.GET.lists() if name != "cursor" for value in values]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"
