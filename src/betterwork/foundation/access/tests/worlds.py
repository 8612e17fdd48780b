"""Made-up scopes, actors, grants and moments for the properties of access."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from betterwork.foundation.access.rules import Gift
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.doors.roles import ROLES, WORLD

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REASON = "for the tests of access"
PARENTS = {
    "world": (),
    "country:VN": (),
    "country:JO": (),
    "factory:VN/1": ("country:VN",),
    "factory:JO/2": ("country:JO",),
    "committee:1": ("factory:VN/1",),
    "organisation:here": ("country:VN",),
    "organisation:both": ("country:VN", "country:JO"),
    "organisation:nowhere": (),
}
"""What lies in what, in these tests."""
SCOPES = sorted(PARENTS)
PERSONS = ["p-one", "p-two", "p-three"]
HOUR = timedelta(hours=1)


def around(scope: str) -> frozenset[str]:
    """The lineage, said again another way."""
    found = {WORLD, scope}
    for parent in PARENTS[scope]:
        found |= around(parent)
    return frozenset(found)


def gift(person="p-two", role="advisor", scope="country:VN", **more) -> Gift:
    """A grant that nothing stands against."""
    given = {"starts": NOON, "reason": REASON, "given_by": "p-one", "lineage": around(scope), **more}
    return Gift(person, role, scope, **given)


def actor(*held: tuple[str, str], name: str = "p-one", elevated: bool = False) -> Actor:
    """Who holds these."""
    return Actor(name, frozenset(Held(role, scope, elevated) for role, scope in held))


moments = st.integers(-5, 5).map(lambda hours: NOON + hours * HOUR)
scopes = st.sampled_from(SCOPES)
role_names = st.sampled_from(sorted(ROLES))
persons = st.sampled_from(PERSONS)


@st.composite
def held(draw: st.DrawFn) -> Held:
    """A role over a scope that it can be held over, in her own right or taken."""
    role = draw(st.sampled_from(sorted(ROLES)))
    fitting = [scope for scope in SCOPES if scope.partition(":")[0] in ROLES[role].scopes]
    return Held(role, draw(st.sampled_from(fitting or [WORLD])), draw(st.booleans()))


actors = st.one_of(
    st.just(Actor()),
    st.just(Actor("operator")),
    st.builds(Actor, id=persons, held=st.frozensets(held(), max_size=4)),
)


@st.composite
def gifts(draw: st.DrawFn) -> Gift:
    """Any grant, sensible or not."""
    scope, starts = draw(scopes), draw(moments)
    ends = draw(st.one_of(st.none(), st.integers(1, 8).map(lambda hours: starts + hours * HOUR)))
    return Gift(
        person=draw(persons),
        role=draw(role_names),
        scope=scope,
        starts=starts,
        ends=ends,
        reason=draw(st.sampled_from(["", "short", REASON])),
        given_by=draw(st.sampled_from([*PERSONS, "operator"])),
        lineage=around(scope),
    )
