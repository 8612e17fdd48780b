"""How visits and plans are shown, and to whom."""

from __future__ import annotations

from typing import Any

from betterwork.foundation.audiences.names import AUTHORITY, COMMITTEE, FACTORY, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.countries.queries import country_title
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.models import Plan, TimeSpent, Told, Visit, VisitMember
from betterwork.modules.visits.rules import ACTIVITIES, DUE_WORDS, KINDS, PARTS, PLAN_STATES, PLANNED, STATES

_OF_VISIT = {
    "kind_title": Derived(("kind",), lambda one: str(KINDS[one.kind])),
    "state_word": Derived(("state",), lambda one: str(STATES[one.state][0])),
    "state_kind": Derived(("state",), lambda one: STATES[one.state][1]),
    "country_name": Derived(("country",), lambda one: country_title(one.country)),
}
_PLAIN = ("id", "country", "kind", "first_day", "last_day", "unannounced", "joint", "state", "arrived_on")
VISIT = Presentation(
    "visit for the programme",
    model=Visit,
    audience=PROGRAMME,
    fields=(*_PLAIN, "factory__id", "factory__name"),
    derived={
        **_OF_VISIT,
        "secret": Derived(("unannounced", "arrived_at"), lambda one: one.unannounced and one.arrived_at is None),
    },
)
VISIT_IN_FULL = Presentation(
    "visit for who plans it",
    model=Visit,
    audience=PROGRAMME,
    fields=(
        *(*_PLAIN, "factory__id", "factory__name", "factory__outside_id", "plan__id", "overruled_why"),
        *("cancelled_why", "made_by", "arrived_by"),
    ),
    derived={
        **_OF_VISIT,
        "secret": Derived(("unannounced", "arrived_at"), lambda one: one.unannounced and one.arrived_at is None),
        "why": Derived(("why",), lambda one: one.why),
        "overruled": Derived(("overruled",), lambda one: one.overruled),
    },
)
VISIT_FOR_INSPECTORS = Presentation(
    "joint visit for inspectors",
    model=Visit,
    audience=AUTHORITY,
    fields=("id", "country", "kind", "first_day", "last_day", "state", "factory__name"),
    derived={name: _OF_VISIT[name] for name in ("kind_title", "state_word", "state_kind")},
)


def _at_the_factory(audience: str) -> Presentation:
    """What the people of a factory see of a visit that is no secret."""
    return Presentation(
        f"visit for the {audience} of the factory",
        model=Visit,
        audience=audience,
        fields=("kind", "first_day", "last_day", "state", "arrived_on", "factory__name"),
        derived={name: _OF_VISIT[name] for name in ("kind_title", "state_word", "state_kind")},
    )


VISIT_AT_THE_FACTORY = {audience: _at_the_factory(audience) for audience in (FACTORY, COMMITTEE)}
_PART = {"part_title": Derived(("part",), lambda one: str(PARTS[one.part]))}
MEMBER = Presentation(
    "member of a visit's team",
    model=VisitMember,
    audience=PROGRAMME,
    fields=("visit__id", "person", "part"),
    derived=_PART,
)
TOLD = Presentation(
    "who was told of a visit",
    model=Told,
    audience=PROGRAMME,
    fields=("person", "why", "told_by", "told_at"),
)
TIME_FOR_STAFF = Presentation(
    "time spent for the programme",
    model=TimeSpent,
    audience=PROGRAMME,
    fields=("id", "day", "minutes", "activity"),
    derived={"activity_title": Derived(("activity",), lambda one: str(ACTIVITIES[one.activity]))},
)
PLAN = Presentation(
    "plan of visits",
    model=Plan,
    audience=PROGRAMME,
    fields=(
        "id",
        "country",
        "first_day",
        "last_day",
        "state",
        "trouble",
        "aside_why",
        "made_by",
        "made_at",
        "ended_at",
    ),
    derived={
        "state_word": Derived(("state",), lambda one: str(PLAN_STATES[one.state][0])),
        "state_kind": Derived(("state",), lambda one: PLAN_STATES[one.state][1]),
        "country_name": Derived(("country",), lambda one: country_title(one.country)),
        "quality": Derived(("quality",), lambda one: one.quality),
    },
)


def _due_word(one: Any) -> str:
    return str(STATES[PLANNED][0]) if one.visit else str(DUE_WORDS[one.state][0])


DUE = Presentation(
    "factory and when it is due",
    model=Factory,
    audience=PROGRAMME,
    fields=("id", "country", "name", "outside_id"),
    derived={
        "due": Derived(("id",), lambda one: one.due),
        "last": Derived(("id",), lambda one: one.last),
        "visit": Derived(("id",), lambda one: one.visit),
        "visit_first": Derived(("id",), lambda one: one.visit_first),
        "state": Derived(("id",), lambda one: one.state),
        "state_word": Derived(("id",), _due_word),
        "state_kind": Derived(("id",), lambda one: "info" if one.visit else DUE_WORDS[one.state][1]),
    },
)
