"""Unannounced means it: who knows of a visit before arrival, who after, in every way of asking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from betterwork.foundation.access.models import Grant
from betterwork.foundation.contributions.registry import home_tasks, panels_of, search_hits
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.notices.models import Notice
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.calendar import month_end, weeks_of
from betterwork.modules.visits.models import Visit
from betterwork.modules.visits.policy import (
    VISITS_COMMITTEE,
    VISITS_JOINT,
    VISITS_OWN,
    VISITS_PLAN,
    VISITS_READ,
    VISITS_TEAM,
)
from betterwork.modules.visits.rules import INSPECTOR, Place
from betterwork.modules.visits.services import arrival_record, visit_cancel, visit_change, visit_end, visit_tell
from betterwork.modules.visits.tests.making import (
    NOW,
    TODAY,
    WHY,
    a_factory,
    agreed,
    another_advisor,
    on_leave,
    pair,
    places,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("C1")]
KNOW = {"global", "second", "manager", "leader", "advisor", "partner"}
"""Of the cast: who plans, and the two who go. A third advisor stands for her colleagues."""
PUBLIC_ROUTES = (
    "/",
    "/visits/",
    "/visits/?whose=team",
    "/visits/due/",
    "/visits/plans/",
    "/visits/joint/",
    "/notices/",
)
POLICIES = (VISITS_READ, VISITS_PLAN, VISITS_TEAM, VISITS_JOINT, VISITS_OWN, VISITS_COMMITTEE)


def knows(actor: Actor, visit: Visit) -> bool:
    """Whether any policy lets somebody reach a visit; both answers of each agree."""
    answers = []
    for policy in POLICIES:
        may = policy.may(actor, visit)
        assert policy.visible_to(actor).filter(pk=visit.pk).exists() is may, policy.name
        answers.append(may)
    return any(answers)


def everybody(cast: Any) -> list[str]:
    another_advisor("third")
    return cast.everybody()  # type: ignore[no-any-return]


@pytest.mark.capability("A4")
def test_before_arrival_the_team_and_who_plans_know_and_nobody_else(cast: Any) -> None:
    visit = agreed(cast)
    assert {word for word in everybody(cast) if knows(cast.actor(word), visit)} == KNOW


def test_from_arrival_on_the_factory_its_committee_and_staff_of_the_country_know(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    arrival_record(actor="p-advisor", visit=visit, on=TODAY, at=NOW)
    after = KNOW | {"factory", "committee", "analyst"}
    assert {word for word in everybody(cast) if knows(cast.actor(word), visit)} == after


def test_a_colleague_knows_when_she_is_told_and_not_before(cast: Any) -> None:
    visit, third = agreed(cast), another_advisor("third")
    from betterwork.foundation.access.queries import actor_called

    assert not knows(actor_called(third, NOW), visit)
    visit_tell(actor="p-leader", visit=visit, person=third, why=WHY, at=NOW)
    assert knows(actor_called(third, NOW), visit)
    assert not VISITS_TEAM.may(actor_called(third, NOW), visit)


@pytest.mark.capability("A4")
def test_who_left_the_team_and_who_lost_her_role_know_nothing_any_more(cast: Any) -> None:
    visit, third = agreed(cast), another_advisor("third")
    days = {"first_day": visit.first_day, "last_day": visit.last_day}
    visit_change(actor="p-leader", visit=visit, team=places("p-advisor", third), reason=WHY, at=NOW, **days)
    assert not knows(cast.actor("partner"), visit)
    assert knows(cast.actor("advisor"), visit)
    Grant.objects.filter(person="p-advisor").update(ended_at=NOW)
    assert not knows(cast.actor("advisor"), visit)


def test_a_token_for_another_country_shows_nothing_of_ones_visit(cast: Any) -> None:
    visit = agreed(cast)
    assert not knows(Actor(id="p-advisor", within="country:KH"), visit)


def test_a_proposal_is_known_to_who_plans_alone(cast: Any) -> None:
    visit = agreed(cast)
    from betterwork.modules.visits.models import Plan

    plan = Plan.objects.create(
        country="VN", first_day=TODAY, last_day=TODAY, made_by="p-leader", made_at=NOW, state="proposed"
    )
    Visit.objects.filter(pk=visit.pk).update(state="proposed", plan=plan)
    assert {word for word in everybody(cast) if knows(cast.actor(word), visit)} == KNOW - {"advisor", "partner"}


def test_a_secret_visit_that_is_called_off_stays_secret_and_its_team_knows(cast: Any) -> None:
    visit = agreed(cast)
    visit_cancel(actor="p-leader", visit=visit, reason=WHY, at=NOW)
    assert {word for word in everybody(cast) if knows(cast.actor(word), visit)} == KNOW
    assert not Notice.objects.exclude(person__in=["p-advisor", "p-partner"]).exists()


def test_an_announced_visit_is_no_secret(cast: Any) -> None:
    visit = agreed(cast, kind="advice", unannounced=False, team=places(pair(cast)[0]))
    for word in ("factory", "committee", "partner", "analyst"):
        assert knows(cast.actor(word), visit), word
    for word in ("buyer", "inspector", "abroad", "auditor", "government", "donor", "nobody", "stranger"):
        assert not knows(cast.actor(word), visit), word


def test_an_inspector_knows_of_the_joint_visits_she_is_on_and_of_no_other(cast: Any) -> None:
    from betterwork.modules.countries.declaring import SETTINGS

    visit = agreed(cast)
    assert not VISITS_JOINT.may(cast.actor("inspector"), visit)
    visit.members.create(person=cast.person("inspector").public_id, part=INSPECTOR, added_by="p-leader", added_at=NOW)
    assert not VISITS_JOINT.may(cast.actor("inspector"), visit), "it is no joint visit"
    Visit.objects.filter(pk=visit.pk).update(joint=True)
    assert VISITS_JOINT.may(cast.actor("inspector"), visit)
    assert not VISITS_TEAM.may(cast.actor("inspector"), visit)
    page = cast.client("inspector").get(f"/visits/joint/{visit.pk}/")
    assert "Works 1" in page.content.decode()
    assert cast.client("inspector").get(f"/visits/{visit.pk}/").status_code == 404
    assert cast.client("government").get(f"/visits/joint/{visit.pk}/").status_code == 404
    assert "joint_visits" in SETTINGS


SECRET = ("KNOWNTONOBODY",)


@pytest.mark.parametrize("stage", ["planned", "cancelled"])
@pytest.mark.parametrize(
    "word", ["factory", "committee", "buyer", "inspector", "analyst", "auditor", "abroad", "workers", "donor", "third"]
)
def test_no_page_no_search_no_operation_and_no_home_tells_of_it(cast: Any, word: str, stage: str) -> None:
    """What is compared is what each of them reads with and without the visit: it must be the same to the letter."""
    factory = a_factory("1")
    pair(cast)
    third = another_advisor("third")
    if word == "third":
        client, actor = _client_of(third), _actor_of(third)
    else:
        client, actor = cast.client(word), cast.actor(word)
    before = _all_that_is_read(client, actor, factory)
    visit = agreed(cast, factory, team=places("p-advisor", "p-partner"))
    if stage == "cancelled":
        visit_cancel(actor="p-leader", visit=visit, reason=WHY, at=NOW)
    after = _all_that_is_read(client, actor, factory)
    busy = {"/visits/?whose=team"} if stage == "planned" and word in ("third", "analyst") else set()
    for key, said in after.items():
        assert visit.pk not in said, key
        if key not in busy:
            assert said == before[key], key
    for route in ("", "time/", "arrive/", "change/", "call-off/", "tell/", "done/", "accept/"):
        assert client.get(f"/visits/{visit.pk}/{route}").status_code in (404, 405), route
        if route not in ("",):
            assert client.post(f"/visits/{visit.pk}/{route}").status_code in (403, 404, 405), route
    for route in ("", "/team", "/time"):
        assert client.get(f"/api/v1/visits/{visit.pk}{route}").status_code == 404
    assert client.post(f"/api/v1/visits/{visit.pk}/arrival", {"on": "2026-11-23"}, "application/json").status_code in (
        403,
        404,
    )


def _all_that_is_read(client: Any, actor: Actor, factory: Factory) -> dict[str, str]:
    """Pages, the list of the API, the search, the home, the panels: as text, without what changes by itself."""
    found = {}
    routes = (
        *PUBLIC_ROUTES,
        f"/factories/{factory.pk}/",
        f"/factories/mine/{factory.pk}/",
        "/search/?q=Works",
        "/api/v1/visits",
        "/api/v1/visits/due/VN",
        "/visits/services/",
    )
    for route in routes:
        answer = client.get(route)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[route] = _without_chance(f"{answer.status_code} {body.decode()}")
    found["tasks"] = str([(one.title, one.url) for one in home_tasks(actor, NOW)])
    found["hits"] = str([(one.title, one.url) for one in search_hits(actor, "Works")])
    for kind in ("factory", "own factory"):
        found[kind] = str([str(one.values) for one in panels_of(kind, actor, factory, NOW)])
    return found


def _without_chance(text: str) -> str:
    import re

    text = re.sub(r'"request":"[0-9a-f]{32}"', "", text)
    return re.sub(r'(csrfmiddlewaretoken" value|hx-headers|nonce|csrf-token" content)=?"?[^">]*', "", text)


def _client_of(person: str) -> Any:
    from django.test import Client

    from betterwork.foundation.people.models import Person

    found = Person.objects.get(public_id=person)
    client = Client(headers={"host": "localhost"})
    client.force_login(found, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _actor_of(person: str) -> Actor:
    from betterwork.foundation.access.queries import actor_called

    return actor_called(person, NOW)


def test_a_colleague_reads_busy_and_cannot_tell_a_visit_from_leave(cast: Any) -> None:
    visit, third = agreed(cast), another_advisor("third")
    client = _client_of(third)
    address = f"/visits/?whose=team&month={visit.first_day:%Y-%m}"
    with_visit = client.get(address).content.decode()
    assert "Advisor of the cast" in with_visit and "Busy" in with_visit
    assert "Works 1" not in with_visit and "Assessment:" not in with_visit and ">Secret<" not in with_visit
    visit_cancel(actor="p-leader", visit=visit, reason=WHY, at=NOW)
    for person in ("p-advisor", "p-partner"):
        on_leave(person, visit.first_day, visit.last_day)
    assert _without_chance(client.get(address).content.decode()) == _without_chance(with_visit)
    own = client.get(f"/visits/?whose=mine&month={visit.first_day:%Y-%m}").content.decode()
    assert "Advisor of the cast" not in own


def test_leave_beside_a_visit_is_one_busy_time(cast: Any) -> None:
    visit, third = agreed(cast), another_advisor("third")
    on_leave("p-advisor", visit.last_day + timedelta(days=1), visit.last_day + timedelta(days=1))
    first = visit.first_day.replace(day=1)
    weeks = weeks_of(_actor_of(third), first, month_end(visit.last_day), team=True, at=NOW)
    hers = [one for week in weeks for one in week.busy if one.name == "Advisor of the cast"]
    assert [(one.first, one.last) for one in hers] == [(visit.first_day, visit.last_day + timedelta(days=1))]


def test_the_factory_reads_of_a_visit_when_the_team_is_there(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    own = f"/factories/mine/{visit.factory_id}/"
    client = cast.client("factory")
    assert "Visits of the programme" not in client.get(own).content.decode()
    arrival_record(actor="p-advisor", visit=visit, on=TODAY, at=NOW)
    page = client.get(own).content.decode()
    assert "Visits of the programme" in page and "Under way" in page
    assert "Advisor of the cast" not in page and visit.pk not in page
    assert "Under way" in cast.client("committee").get("/").content.decode()
    visit_end(actor="p-advisor", visit=visit, at=NOW)
    assert "Done" in client.get(own).content.decode()
    assert "Works 1" not in cast.client("buyer").get("/").content.decode()


def test_an_auditor_reads_the_trail_and_learns_no_more_than_that_something_was_agreed(cast: Any) -> None:
    visit = agreed(cast)
    client = cast.client("auditor")
    (entry,) = entries_search(action="visit.planned").entries
    listed = client.get("/trail/?action=visit.planned").content.decode()
    assert "Visit agreed" in listed
    page = client.get(f"/trail/{entry.number}/").content.decode()
    assert "Visit agreed" in page
    for secret in ("Works 1", visit.first_day.isoformat(), "p-partner", "Partner of the cast", "VN/1"):
        assert secret not in page, secret


def test_who_comes_along_as_an_inspector_is_told_on_a_page_of_hers(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from betterwork.modules.visits import choosing

    rules_of = choosing.rules_of
    monkeypatch.setattr(choosing, "rules_of", lambda country, on: replace(rules_of(country, on), joint=True))
    inspector = cast.person("inspector").public_id
    visit = agreed(cast, team=[*places(*pair(cast)), Place(inspector, INSPECTOR)], joint=True)
    (told,) = Notice.objects.filter(person=inspector)
    assert told.url == f"/visits/joint/{visit.pk}/"
    assert [str(one.url) for one in home_tasks(cast.actor("inspector"), NOW)] == [told.url]
