"""Presentations: the only shape in which stored things reach a page, a file, a mail or an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models

from betterwork.foundation.audiences.declared_only import DeclaredOnly
from betterwork.foundation.audiences.fields import NotDeclared, audiences_of
from betterwork.foundation.audiences.leak import Leak as Leak

PRESENTATIONS: dict[str, Presentation] = {}


class Row:
    """One thing as one audience may see it: immutable, with the presentation's fields as attributes."""

    __slots__ = ("_presentation", "_values")

    def __init__(self, presentation: Presentation, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_presentation", presentation)
        object.__setattr__(self, "_values", dict(values))

    @property
    def audience(self) -> str:
        """The audience that may see this row."""
        return self._presentation.audience  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        try:
            return object.__getattribute__(self, "_values")[name]
        except KeyError:
            raise AttributeError(f"{self._presentation.name} carries no {name}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError("a row is not changed")

    def as_dict(self) -> dict[str, Any]:
        """The fields and their values, in the order of the presentation."""
        return dict(self._values)


class Derived:
    """A value made from fields: it may be seen by whoever may see all of ``sources``.

    ``sources`` are names of fields, or paths over relations (``"person__email"``). ``make`` is given the thing with
    these alone: reading any other field raises :class:`Leak`.
    """

    def __init__(self, sources: tuple[str, ...], make: Callable[[Any], Any]) -> None:
        if not sources:
            raise ValueError("a derived value names the fields it is made from")
        self.sources, self.make = sources, make


class Presentation:
    """Fields of one model for one audience.

    ``fields`` are names of the model's fields or paths over relations (``"person__email"``, carried as
    ``person__email``); ``derived`` are values made from such fields. What names not the audience is refused when the
    platform starts (``faults``).
    """

    def __init__(
        self,
        name: str,
        *,
        model: type[models.Model],
        audience: str,
        fields: tuple[str, ...] = (),
        derived: Mapping[str, Derived] | None = None,
    ) -> None:
        self.name, self.model, self.audience = name, model, audience
        self.fields, self.derived = fields, dict(derived or {})
        self._sound = False
        if name in PRESENTATIONS and not self._says_what(PRESENTATIONS[name]):
            raise ValueError(f"two presentations are called {name}: the checks would see one of them only")
        if {"audience", "as_dict"} & {*fields, *self.derived}:
            raise ValueError(f"presentation {name}: a row has its own audience and as_dict; name it otherwise")
        PRESENTATIONS[name] = self

    def row(self, thing: models.Model) -> Row:
        """One thing as the audience may see it. Raises :class:`Leak` for what the checks at start would have found.

        They see no presentation that was made after them.
        """
        if not self._sound:
            if faults := self.faults():
                raise Leak("; ".join(faults))
            self._sound = True
        values = {path: _value(thing, path) for path in self.fields}
        values |= {name: derived.make(self._only(thing, name)) for name, derived in self.derived.items()}
        return Row(self, values)

    def _only(self, thing: Any, name: str) -> Any:
        """The thing with nothing but what the derived value names as its sources."""
        where = f"presentation {self.name}.{name}"
        return DeclaredOnly(thing, self.derived[name].sources, where) if isinstance(thing, models.Model) else thing

    def _says_what(self, other: Presentation) -> bool:
        """Whether another presentation of this name says the same."""
        mine, its = (
            (one.model, one.audience, one.fields, {name: value.sources for name, value in one.derived.items()})
            for one in (self, other)
        )
        return mine == its

    def rows(self, things: Iterable[Any]) -> list[Row]:
        """The same for several, in their order."""
        return [self.row(thing) for thing in things]

    def faults(self) -> list[str]:
        """What this presentation carries and must not."""
        paths = [*self.fields, *(source for one in self.derived.values() for source in one.sources)]
        found = []
        for path in paths:
            try:
                allowed = path_audiences(self.model, path)
            except (NotDeclared, LookupError) as error:
                found.append(f"presentation {self.name}: {error}")
                continue
            if self.audience not in allowed:
                found.append(f"presentation {self.name} is for {self.audience}, which may not see {path}")
        return found


def path_audiences(model: type[models.Model], path: str) -> frozenset[str]:
    """The audiences that may see what a path over relations leads to: those that may see every step of it."""
    allowed: frozenset[str] | None = None
    ahead: type[models.Model] | None = model
    for step in path.split("__"):
        if ahead is None:
            raise LookupError(f"{path} goes on where there is no relation")
        names = audiences_of(ahead, step)
        allowed = names if allowed is None else allowed & names
        related = ahead._meta.get_field(step).related_model
        ahead = related if isinstance(related, type) else None
    assert allowed is not None
    return allowed


def presentation_faults() -> list[str]:
    """What any presentation carries and must not; empty when the platform may start."""
    return [fault for name in sorted(PRESENTATIONS) for fault in PRESENTATIONS[name].faults()]


def _value(thing: Any, path: str) -> Any:
    for step in path.split("__"):
        if thing is None:
            return None
        thing = getattr(thing, step)
    return thing
