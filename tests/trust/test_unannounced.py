"""An unannounced visit that is planned: whoever need not know is given the same bytes as if there were none.

Of a colleague who goes there, other advisors learn that she is busy, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from conftest import EVERYTHING, HEAVY
from django.utils.html import escape

from betterwork.foundation.doors.checks import addresses
from betterwork.foundation.people.models import Person
from betterwork.modules.visits.policy import VISITS_READ
from tests.trust.crawl import Given, ask
from tests.trust.living import COLLEAGUE, Asked, Lived, chosen, differences, lived
from tests.trust.pairing import difference
from tests.trust.visiting import ADVISORS, ids
from tests.trust.ways import NOW, Way, ways
from tests.trust.world import KINDS, World

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("C1")]

KNOWING = {
    "global": "plans visits",
    "manager": "plans visits",
    "leader": "plans visits",
    "advisor": "is on the team",
    "partner": "is on the team",
    "auditor": "reads the trail, which names a visit by a key that says nothing",
}
"""Who knows of an unannounced visit before arrival, or of something that is done, and why."""
FEW = ["factory", "committee", "buyer", "inspector", COLLEAGUE]
MORE = ["workers", "abroad", "analyst"]
ALL = [*(word for word in KINDS if word not in KNOWING), COLLEAGUE]
UNKNOWING = ALL if EVERYTHING else [*FEW, *MORE] if HEAVY else FEW
"""Who may know nothing of an unannounced visit of others: neither on the team, nor planning, nor told."""
PLANNED: dict[str, tuple[int, tuple[str, ...]] | None] = {
    "on a day": (40, ("advisor",)),
    "on another day": (44, ("advisor",)),
    "by another team": (40, ("partner",)),
    "not at all": None,
}
"""World → in how many days the visit is, and who makes it."""


def planned(world: World, name: str) -> Any:
    """An unannounced visit of the factory of the cast, as a planner agrees it."""
    from betterwork.modules.registry.models import Factory
    from betterwork.modules.visits.rules import LEAD, Place
    from betterwork.modules.visits.services import visit_plan

    wanted = PLANNED[name]
    if wanted is None:
        return None
    first = NOW.date() + timedelta(days=wanted[0])
    return visit_plan(
        actor=ids(world, "leader")[0],
        factory=Factory.objects.get(country="VN", outside_id="1"),
        kind="advice",
        first_day=first,
        last_day=first,
        team=[Place(one, LEAD) for one in ids(world, *wanted[1])],
        at=NOW,
    )


CALENDAR = "/visits/"
DAY = "[A-Z][a-z]{2} [0-9]{1,2} [A-Z][a-z]{2}"


def busy_lines(world: World) -> re.Pattern[bytes]:
    """A line of the calendar that says of one of the two advisors that she is busy on these days, and nothing else."""
    rows = Person.objects.filter(public_id__in=ids(world, *ADVISORS))
    names = "|".join(re.escape(escape(one)) for one in rows.values_list("name", flat=True))
    return re.compile(
        f'<tr><th scope="row">{DAY}(?: – {DAY})?</th><td data-label="What">Busy</td>'
        f'<td data-label="Who"><bdi>(?:{names})</bdi></td>'
        '<td data-label="State"><span class="tag tag-none">Busy</span>\\s*</td></tr>\\s*'.encode()
    )


def without_busy(world: World, given: list[Given]) -> list[Given]:
    """Calendars without the lines that say that somebody is busy: that much a colleague may know."""
    busy = busy_lines(world)

    def cleaned(one: Given) -> Given:
        headers = tuple(pair for pair in one.headers if pair[0] != "Content-Length")
        return replace(one, body=_weeks(one.body, busy), headers=headers)

    return [cleaned(one) if one.typed.startswith(CALENDAR) else one for one in given]


def _weeks(body: bytes, busy: re.Pattern[bytes]) -> bytes:
    """The page without the lines of those who are busy; a week of nothing else is as one in which there is nothing."""
    found = busy.sub(b"", body)
    return re.sub(
        rb"(<section(?:(?!</section>).)*?</h2>)((?:(?!</section>).)*)(</section>)", _emptied, found, flags=re.S
    )


def _emptied(found: re.Match[bytes]) -> bytes:
    return found[0] if b"<td" in found[2] else found[1] + found[3]


def _months(days: list[int]) -> list[str]:
    months = {f"{NOW.date() + timedelta(days=one):%Y-%m}" for one in days}
    return [f"{CALENDAR}?month={one}&whose=team" for one in sorted(months)]


@pytest.fixture(scope="module")
def plans(colleague: World) -> Callable[[str], Lived]:
    """Worlds that differ in one planned visit; asked for the same addresses, the visit's among them."""
    known: dict[str, Lived] = {}
    asked: list[Asked] = []

    def addresses_of() -> Asked:
        if not asked:
            from betterwork.modules.visits.models import Visit

            newest = Visit.objects.order_by("-made_at", "-pk")[:1].values_list("pk", flat=True)
            asked.append(chosen(ways(), frozenset(newest)))
            calendar = next(one for one in addresses() if one.name == "visits:calendar")
            asked[0].matter += [Way(calendar, url) for url in _months([40, 44])]
        return asked[0]

    def life(name: str) -> Lived:
        if name not in known:
            known[name] = lived(colleague, lambda: planned(colleague, name), UNKNOWING, addresses_of)
        return known[name]

    life("on a day")
    return life


@pytest.mark.parametrize("name", [one for one in PLANNED if one != "on a day"])
def test_a_planned_unannounced_visit_changes_nothing_for_those_who_may_not_know(
    world: World, plans: Callable[[str], Lived], name: str
) -> None:
    found = told_apart(world, plans("on a day"), plans(name))
    assert not found, "\n".join(found[:20])


def told_apart(world: World, first: Lived, second: Lived) -> list[str]:
    """Where somebody who may not know is given something else in one of two worlds, but for who is busy."""
    found = []
    for word in first.given:
        one, other = (without_busy(world, each.given[word]) for each in (first, second))
        found += [f"{word}: {line}" for each, twin in zip(one, other, strict=True) if (line := difference(each, twin))]
    return found + ([] if first.logs == second.logs else ["the log of what they asked for"])


def test_a_colleague_sees_that_somebody_is_busy_and_no_more(world: World, plans: Callable[[str], Lived]) -> None:
    """Else nothing was planned, or her calendar was not looked at."""

    def calendars(name: str) -> list[bytes]:
        return [one.body for one in plans(name).given[COLLEAGUE] if one.typed.startswith(f"{CALENDAR}?")]

    assert calendars("on a day") != calendars("not at all")


def test_who_plans_visits_reads_one_that_is_unannounced(world: World) -> None:
    """Else nobody else could know of it either, for want of anybody who may."""
    visit = world.things["visit secret"]
    knows = {word for word in {*KINDS, *KNOWING} if VISITS_READ.may(world.sight(word).actor, visit)}
    told = {"analyst"}
    assert knows == {*KNOWING, *told} - {"auditor"}
    assert all(ask(world, word, f"/visits/{visit.pk}/").status == 200 for word in knows)


def test_mails_about_an_unannounced_visit_go_to_its_team_alone(world: World, plans: Callable[[str], Lived]) -> None:
    for name in ("not at all", "on another day"):
        assert not differences(plans("on a day").mails, plans(name).mails)


# -- broken into on purpose -------------------------------------------------------------------------


@pytest.fixture
def homes_told_apart(world: World, colleague: World) -> Callable[[], list[str]]:
    """A planned visit and none, with homes and calendars alone asked for: by the factory, and by a colleague."""

    def asked() -> Asked:
        known = {one.name: one for one in addresses()}
        return Asked([Way(known["home"], "/"), *(Way(known["visits:calendar"], url) for url in _months([40]))])

    def compared() -> list[str]:
        words = ["factory", COLLEAGUE]
        one, other = (
            lived(colleague, partial(planned, colleague, name), words, asked) for name in ("on a day", "not at all")
        )
        return told_apart(world, one, other)

    return compared


def test_the_factory_of_a_visit_in_the_calendar_of_a_colleague_is_found(
    homes_told_apart: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from betterwork.modules.visits import calendar
    from betterwork.modules.visits.models import Visit

    names = calendar.person_names
    assert not homes_told_apart()

    def with_where(people: set[str]) -> dict[str, str]:
        where = {one: Visit.objects.filter(members__person=one).latest("made_at").factory.name for one in people}
        return {one: f"{name}, {where[one]}" for one, name in names(people).items()}

    monkeypatch.setattr(calendar, "person_names", with_where)
    assert any(COLLEAGUE in line and CALENDAR in line for line in homes_told_apart())


def test_a_rule_that_forgets_arrival_is_found(
    homes_told_apart: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.models import Q

    from betterwork.modules.visits import policy

    monkeypatch.setattr(policy, "OPEN", Q())
    found = homes_told_apart()
    assert any(line.startswith("factory: ") for line in found)
    assert any(line.startswith(f"{COLLEAGUE}: ") for line in found)
