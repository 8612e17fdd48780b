"""Which settings a country programme has: each room declares those that it reads, in its ``contributions``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.core.dated import BadDates, dated_in_order
from betterwork.core.errors import WrongUse
from betterwork.modules.countries.rules import CHOICE, CHOICES, KINDS, TEXT, YES_NO, value_cleaned
from betterwork.modules.countries.shipped import Shipped, shipped_settings

_NAME = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")
OTHER = _("Other rules")
"""The heading under which settings stand that name none."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A setting: its name, how people call it, what it can be, and what holds where nobody entered anything."""

    name: str
    title: Any
    kind: str
    choices: tuple[tuple[str, Any], ...] = ()
    """(value, words) of each answer; for yes-no both, in words."""
    shipped: Shipped = ()
    """The programme's rule, for every country that has none of its own."""
    shipped_of: Mapping[str, Shipped] = field(default_factory=dict)
    """The rule of a country (ISO code) that comes with the program."""
    group: Any = OTHER
    help: Any = ""

    @property
    def values(self) -> tuple[str, ...]:
        """The answers that it takes; empty where it takes more than a few."""
        return tuple(value for value, _words in self.choices)

    def cleaned(self, text: str) -> str:
        """A value as it is stored. Raises :class:`WrongUse` that names the setting and says what fits."""
        try:
            return value_cleaned(self.kind, text, self.values)
        except WrongUse as error:
            raise WrongUse(f"{self.name}: {error}") from error


SETTINGS: dict[str, Declared] = {}


def setting_declare(
    name: str,
    *,
    title: Any,
    kind: str = TEXT,
    choices: Sequence[str | tuple[str, Any]] = (),
    shipped: Shipped = (),
    shipped_of: Mapping[str, Shipped] | None = None,
    group: Any = OTHER,
    help: Any = "",
) -> Declared:
    """Declare a setting that a room reads. ``shipped`` is the programme's rule with its days and its source.

    Where it is left out, and for single countries, what stands in ``data/country_settings.csv`` is shipped.
    ``kind``: text, integer, days (a number of them), yes-no, choice (one of ``choices``), choices (several of them),
    dates (a list of days). ``choices`` are words, or pairs of (value, words). ``group`` is the heading under which it
    stands on the page of a country. Raises ValueError for a name or a kind that is none, a shipped value that does
    not fit, and a second declaration that says otherwise.
    """
    if not _NAME.fullmatch(name) or len(name) > 80:
        raise ValueError(f"a setting is called like report_release_days or decision.tool.approve.body, not {name!r}")
    if kind not in KINDS:
        raise ValueError(f"{name}: {kind!r} is no kind of setting: {', '.join(KINDS)}")
    pairs = tuple((one, one) if isinstance(one, str) else one for one in choices)
    if (kind in {CHOICE, CHOICES}) != bool(pairs):
        raise ValueError(f"{name}: choices belong to a setting of kind {CHOICE} or {CHOICES}, and to no other")
    if kind == YES_NO:
        pairs = (("yes", _("Yes")), ("no", _("No")))
    of_countries = dict(shipped_settings().get(name, {}))
    whole = of_countries.pop("", ())
    made = Declared(
        name, title, kind, pairs, tuple(shipped) or whole, {**of_countries, **(shipped_of or {})}, group, help
    )
    for owner, values in {"": made.shipped, **made.shipped_of}.items():
        _shipped_check(made, owner, values)
    known = SETTINGS.get(name)
    if known is not None and _says(known) != _says(made):
        raise ValueError(f"{name} is declared already, and says otherwise: one room declares a setting")
    SETTINGS[name] = made
    return made


def declared(name: str) -> Declared:
    """The setting of that name. Raises :class:`WrongUse` that lists those there are."""
    if name not in SETTINGS:
        raise WrongUse(f"no setting is called {name!r}; there are: {', '.join(sorted(SETTINGS))}")
    return SETTINGS[name]


def _shipped_check(one: Declared, owner: str, values: Shipped) -> None:
    try:
        dated_in_order(values)
        wrong = next((value.value for value in values if one.cleaned(value.value) != value.value), None)
    except (BadDates, WrongUse) as error:
        raise ValueError(f"what is shipped of {one.name} for {owner or 'all'} does not stand: {error}") from error
    if wrong is not None:
        raise ValueError(f"{one.name}: write the shipped value {wrong!r} as {one.cleaned(wrong)!r}")


def _says(one: Declared) -> tuple[Any, ...]:
    return one.name, one.kind, one.values, one.shipped, one.shipped_of
