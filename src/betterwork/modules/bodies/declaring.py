"""What other rooms need decided, and which kind of committee has the say on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.modules.bodies.kinds import IN_A_SENTENCE, kind_called, kinds
from betterwork.modules.countries.declaring import setting_declare

FIRST_DAY = date(2009, 5, 11)
"""From when what is shipped holds: the day of the Agreement of Cooperation."""


@dataclass(frozen=True, slots=True)
class DecisionKind:
    """Something that a committee decides: its name ("tool.approve"), in words, and whose it is by default."""

    name: str
    title: Any
    body_kind: str

    @property
    def setting(self) -> str:
        """The dated setting by which a country says which committee has the say."""
        return f"decision.{self.name}.body"


DECISION_KINDS: dict[str, DecisionKind] = {}


def decision_kind_add(
    name: str, *, title: Any, body_kind: str, source: str = "A default of the platform, for the country to set"
) -> DecisionKind:
    """Say that a room needs something decided, and by which kind of committee where a country says nothing else.

    Called at start, in the room's ``contributions.py``. The country's dated setting ``decision.<name>.body`` may name
    another kind. Raises WrongUse for a kind of which there may be several: nobody could say whose the matter is.
    """
    if not kind_called(body_kind).may_decide_for_others:
        raise WrongUse(f"{name}: there may be several of {body_kind}; name a kind of which there is one")
    setting_declare(
        f"decision.{name}.body",
        title=format_lazy("{}: {}", _("Who decides"), title),
        kind="choice",
        choices=[(one.name, IN_A_SENTENCE[one.name]) for one in kinds().values() if one.may_decide_for_others],
        shipped=(DatedValue(body_kind, FIRST_DAY, None, source),),
        group=_("Who decides what"),
    )
    DECISION_KINDS[name] = DecisionKind(name, title, body_kind)
    return DECISION_KINDS[name]


def decision_kind(name: str) -> DecisionKind:
    """What a room declared under this name. Raises :class:`WrongUse` with the known ones."""
    if name not in DECISION_KINDS:
        known = ", ".join(sorted(DECISION_KINDS)) or "none"
        raise WrongUse(f"nothing called {name!r} is brought before a committee; known: {known}")
    return DECISION_KINDS[name]


def decision_title(name: str) -> Any:
    """The same in words; its name where no room says."""
    found = DECISION_KINDS.get(name)
    return found.title if found else name
