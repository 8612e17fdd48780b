"""The pages of visits, as those who plan and those who go use them; with how many questions to the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.modules.registry.batches import Cycle, Filling, factories_fill
from betterwork.modules.registry.models import Factory
from betterwork.modules.visits.declaring import VISITED, visited_add
from betterwork.modules.visits.due import factories_due
from betterwork.modules.visits.models import Plan, TimeSpent, Visit
from betterwork.modules.visits.queries import team_of
from betterwork.modules.visits.tests.making import (
    MONDAY,
    NOW,
    TODAY,
    WHY,
    a_factory,
    agreed,
    another_advisor,
    in_conflict,
    pair,
    places,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("C1")]
YEAR = timedelta(days=365)


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> dict[int, Any]:
    """What another room knows of assessments; fill it."""
    known: dict[int, Any] = {}
    monkeypatch.setattr("betterwork.modules.visits.declaring.VISITED", {})
    from betterwork.modules.visits import declaring

    declaring.visited_add("tests", lambda factories: {one: known[one] for one in factories if one in known})
    return known


def test_who_is_due_stands_in_order_of_the_days(cast: Any, visited: dict[int, Any]) -> None:
    long, soon, later, _fresh = (a_factory(str(number)) for number in range(1, 5))
    visited[long.pk] = (TODAY - YEAR - timedelta(days=200), ("p-advisor",))
    visited[soon.pk] = (TODAY - timedelta(days=355), ())
    visited[later.pk] = (TODAY - timedelta(days=100), ())
    found = {one.outside_id: one for one in factories_due("VN", TODAY)}
    assert [one.outside_id for one in factories_due("VN", TODAY)] == ["4", "1", "2", "3"]
    assert [found[str(number)].state for number in (1, 2, 3, 4)] == ["overdue", "due", "later", "overdue"]
    assert found["4"].due == TODAY - timedelta(days=300), "a hundred days of advice first"
    page = cast.client("leader").get("/visits/due/").content.decode()
    assert page.index("Works 4") < page.index("Works 1") < page.index("Works 2") < page.index("Works 3")
    narrowed = cast.client("leader").get("/visits/due/?state=due").content.decode()
    assert "Works 2" in narrowed and "Works 1" not in narrowed
    assert "Works 3" in cast.client("leader").get("/visits/due/?q=works+3").content.decode()
    turned = cast.client("leader").get("/visits/due/?order=-due").content.decode()
    assert turned.index("Works 3") < turned.index("Works 4")
    csv = b"".join(cast.client("leader").get("/visits/due/?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert csv.splitlines()[1].startswith("Works 4,4,")


def test_a_new_factory_is_not_due_while_advice_comes_first(cast: Any) -> None:
    a_factory("1", began=TODAY - timedelta(days=99))
    a_factory("2", began=TODAY - timedelta(days=101))
    assert [(one.outside_id, one.state) for one in factories_due("VN", TODAY)] == [("2", "overdue"), ("1", "due")]


def test_who_takes_no_part_is_not_due(cast: Any) -> None:
    from betterwork.modules.registry.models import Enrolment
    from betterwork.modules.registry.services import factory_close

    gone, closed = a_factory("1"), a_factory("2")
    Enrolment.objects.filter(factory=gone).update(ends=TODAY - timedelta(days=1), end_reason="left")
    factory_close(actor="operator", factory=closed, since=TODAY - timedelta(days=5), reason="closed", at=NOW)
    assert factories_due("VN", TODAY) == []


def test_what_was_assessed_under_a_merged_record_counts(cast: Any, visited: dict[int, Any]) -> None:
    from betterwork.modules.registry.services import factory_merge

    kept, gone = a_factory("1"), a_factory("2")
    visited[gone.pk] = (TODAY - timedelta(days=30), ("p-advisor",))
    factory_merge(actor="operator", kept=kept, gone=gone, reason="the same", at=NOW)
    (one,) = factories_due("VN", TODAY)
    assert (one.id, one.last, one.teams) == (kept.pk, TODAY - timedelta(days=30), (("p-advisor",),))


def test_another_room_says_it_again_and_replaces_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("betterwork.modules.visits.declaring.VISITED", {})
    from betterwork.modules.visits import declaring

    visited_add("one", lambda factories: {})
    visited_add("one", lambda factories: {7: (TODAY, ())})
    assert declaring.visited_elsewhere([7]) == {7: [(TODAY, ())]}
    assert VISITED is not declaring.VISITED


def test_a_plan_is_asked_for_looked_at_changed_and_agreed_on_its_pages(cast: Any) -> None:
    for number in ("1", "2", "3"):
        a_factory(number)
    first, _second = pair(cast)
    in_conflict(first, "factory:VN/3")
    client = cast.client("leader")
    asked = {"country": "VN", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=69)}
    answer = client.post("/visits/plans/", asked)
    plan = Plan.objects.get()
    assert answer.headers["Location"] == f"/visits/plans/{plan.pk}/"
    assert "It is being made" in client.get(answer.headers["Location"]).content.decode()
    again = client.post("/visits/plans/", asked).content.decode()
    assert "waits to be looked at" in again
    jobs_run_all(timezone.now())
    assert "Look at the plan of visits" in client.get("/").content.decode()
    page = client.get(f"/visits/plans/{plan.pk}/").content.decode()
    assert "Works 3" in page and "conflict of interest" in page and "Plan it by hand" in page
    assert "Works 3" in client.get(f"/visits/plans/{plan.pk}/?unplaced=yes").content.decode()
    assert "overdue by then" in page
    one, two = plan.visits.order_by("first_day")
    third, fourth = another_advisor("third"), another_advisor("fourth")
    change = {"first_day": one.first_day, "last_day": one.last_day, "lead": third, "partner_1": fourth, "reason": WHY}
    assert client.post(f"/visits/{one.pk}/change/", {**change, "reason": ""}).status_code == 200
    assert client.post(f"/visits/{one.pk}/change/", change).status_code == 302
    assert {member.person for member in team_of(one)} == {third, fourth}
    assert client.post(f"/visits/{one.pk}/accept/").status_code == 302
    one.refresh_from_db()
    assert one.state == "planned"
    assert "all at once or none of it" in client.get(f"/visits/plans/{plan.pk}/accept/").content.decode()
    assert client.post(f"/visits/plans/{plan.pk}/accept/").status_code == 302
    two.refresh_from_db()
    assert two.state == "planned"
    assert "decided on already" in client.post(f"/visits/plans/{plan.pk}/accept/").content.decode()
    assert cast.client("advisor").get(f"/visits/plans/{plan.pk}/").status_code == 404


def test_a_change_says_which_rule_it_breaks_before_a_reason_overrules_it(cast: Any) -> None:
    visit = agreed(cast, a_factory("1", began=TODAY), why=WHY)
    client, address = cast.client("leader"), f"/visits/{visit.pk}/change/"
    first, second = (one.person for one in team_of(visit))
    far = visit.first_day + timedelta(days=7)
    change = {"first_day": far, "last_day": far, "lead": first, "partner_1": second, "reason": WHY}
    refused = client.post(address, {**change, "overrule": ""}).content.decode()
    assert "outside the weeks" in refused and "Overrule what stands above" in refused
    visit.refresh_from_db()
    assert visit.first_day != far, "a reason for the change is no word about a rule that was not read yet"
    again = client.post(address, {**change, "reason": "", "overrule": "on"}).content.decode()
    assert 'type="checkbox"' in again, "what was ticked stays to be seen"
    assert client.post(address, {**change, "overrule": "on"}).status_code == 302
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "Within the weeks around the day it is due" in page and WHY in page


def test_a_plan_that_is_made_says_how_far_it_is_and_looks_again_by_itself(cast: Any) -> None:
    from betterwork.foundation.jobs.models import Job

    a_factory()
    pair(cast)
    client = cast.client("leader")
    client.post("/visits/plans/", {"country": "VN", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=30)})
    plan = Plan.objects.get()
    waiting = client.get(f"/visits/plans/{plan.pk}/").content.decode()
    assert 'hx-trigger="every' in waiting and "Look again" in waiting and 'max="3"' in waiting
    words = "Who goes where and when"
    said = {"progress_done": 2, "progress_of": 3, "progress_words": words}
    Job.objects.filter(pk=plan.job).update(state="running", worker="w", lease_until=NOW, **said)
    running = client.get(f"/visits/plans/{plan.pk}/").content.decode()
    assert words in running and 'value="2"' in running
    Job.objects.filter(pk=plan.job).update(state="failed", lease_until=None)
    assert "hx-trigger" not in client.get(f"/visits/plans/{plan.pk}/").content.decode()


def test_what_many_rules_left_without_a_visit_is_looked_at_rule_by_rule(cast: Any) -> None:
    plan = Plan.objects.create(
        country="VN", first_day=MONDAY, last_day=MONDAY, state="proposed", made_by="operator", made_at=NOW
    )
    factories = [a_factory(str(number)) for number in range(1, 13)]
    plan.unplaced = [
        {"factory": one.pk, "rule": "conflict" if number else "window", "cause": "no-week", "detail": {}}
        for number, one in enumerate(factories)
    ]
    plan.save()
    client, address = cast.client("leader"), f"/visits/plans/{plan.pk}/"
    page = client.get(address).content.decode()
    assert "Plan it by hand" not in page and "?unplaced=conflict" in page and "?unplaced=window" in page
    one = client.get(f"{address}?unplaced=window").content.decode()
    assert one.count("Plan it by hand") == 1 and "Works 1<" in one
    assert client.get(f"{address}?unplaced=conflict").content.decode().count("Plan it by hand") == 11
    assert client.get(f"{address}?unplaced=x").status_code == 200


def test_a_plan_is_put_aside_with_a_reason(cast: Any) -> None:
    a_factory()
    pair(cast)
    client = cast.client("leader")
    client.post("/visits/plans/", {"country": "VN", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=30)})
    plan = Plan.objects.get()
    assert client.post(f"/visits/plans/{plan.pk}/put-aside/", {"reason": "no"}).status_code == 200
    assert client.post(f"/visits/plans/{plan.pk}/put-aside/", {"reason": WHY}).status_code == 302
    jobs_run_all(timezone.now())
    plan.refresh_from_db()
    assert (plan.state, plan.visits.count()) == ("aside", 0), "a plan put aside is not made any more"
    assert WHY in client.get(f"/visits/plans/{plan.pk}/").content.decode()


def test_a_country_of_others_is_not_planned(cast: Any) -> None:
    client = cast.client("leader")
    assert client.get("/visits/due/?country=JO").status_code == 404
    answer = client.post("/visits/plans/", {"country": "JO", "first_day": MONDAY, "last_day": MONDAY})
    assert answer.status_code == 200 and not Plan.objects.exists()
    a_factory("1", country="JO")
    assert client.get("/visits/new/?factory=JO/1").status_code == 200
    assert "No factory of yours" in client.get("/visits/new/?factory=JO/1").content.decode()


def test_a_visit_by_hand_says_which_rule_is_broken_and_takes_a_reason(cast: Any) -> None:
    factory = a_factory("1", began=TODAY)
    first, second = pair(cast)
    client = cast.client("leader")
    address = f"/visits/new/?factory={factory}"
    assert "Which factory" in client.get("/visits/new/").content.decode()
    given = {
        "kind": "assessment",
        "first_day": MONDAY,
        "last_day": MONDAY + timedelta(days=1),
        "lead": first,
        "partner_1": second,
    }
    refused = client.post(address, given).content.decode()
    assert "outside the weeks" in refused and "say why" in refused
    assert client.post(address, {**given, "why": WHY}).status_code == 302
    visit = Visit.objects.get()
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert WHY in page and "Within the weeks around the day it is due" in page and "Secret" in page
    assert client.get("/visits/new/?factory=VN/\x00").status_code == 200
    assert client.get("/visits/new/?factory=nothing").status_code == 200


def test_the_factory_of_a_visit_is_found_by_its_name_or_its_number(cast: Any) -> None:
    wanted, other, abroad = a_factory("7"), a_factory("8"), a_factory("9", country="JO")
    Factory.objects.filter(pk=wanted.pk).update(name="Wanted Works")
    Factory.objects.filter(pk=other.pk).update(name="Another Mill")
    Factory.objects.filter(pk=abroad.pk).update(name="Wanted Abroad")
    client = cast.client("leader")
    page = client.get("/visits/new/?q=wanted").content.decode()
    assert 'href="/visits/new/?factory=VN/7"' in page and "Another Mill" not in page
    assert "Wanted Abroad" not in page, "a country of others"
    assert "Wanted Works" in client.get("/visits/new/?q=7").content.decode()
    assert "Nothing matches" in client.get("/visits/new/?q=nobody").content.decode()
    chosen = client.get("/visits/new/?factory=VN/7").content.decode()
    assert "What for, when, and who goes" in chosen and "Wanted Works" in chosen
    typed = client.get("/visits/new/?factory=VN/77").content.decode()
    assert "No factory of yours" in typed and "Another Mill" in typed, "the list stands beside what was typed wrong"


def test_choosing_a_factory_among_many_takes_few_questions(cast: Any, django_assert_max_num_queries: Any) -> None:
    rows = [Factory(country="VN", outside_id=f"m{n}", name=f"Mill {n}") for n in range(3000)]
    Factory.objects.bulk_create(rows, batch_size=500)
    client = cast.client("leader")
    client.get("/visits/new/")
    with django_assert_max_num_queries(8):
        page = client.get("/visits/new/?q=mill")
    assert page.status_code == 200 and page.content.decode().count("?factory=VN/m") == 20


def test_the_team_arrives_ends_and_enters_its_time_on_its_pages(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    client = cast.client("advisor")
    assert "Works 1" in client.get("/").content.decode()
    assert "Works 1" in client.get("/visits/").content.decode()
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "We have arrived" in page and "Change team" not in page and WHY not in page
    assert client.post(f"/visits/{visit.pk}/arrive/", {"on": TODAY - timedelta(days=9)}).status_code == 200
    assert client.post(f"/visits/{visit.pk}/arrive/", {"on": TODAY}).status_code == 302
    assert "The visit is done" in client.get(f"/visits/{visit.pk}/").content.decode()
    spent = {"day": TODAY, "activity": "on-site", "hours": "7", "minutes": "30"}
    assert client.post(f"/visits/{visit.pk}/time/", spent).status_code == 302
    assert TimeSpent.objects.get().minutes == 450
    assert "On site" in client.get(f"/visits/{visit.pk}/time/").content.decode()
    assert client.post(f"/visits/{visit.pk}/done/").status_code == 302
    visit.refresh_from_db()
    assert visit.state == "done"
    assert client.post(f"/visits/{visit.pk}/done/", follow=True).status_code == 200
    services = cast.client("leader").get("/visits/services/").content.decode()
    assert "450" in services and "100\u00a0%" in services
    assert "450" not in cast.client("partner").get(f"/visits/{visit.pk}/").content.decode()


def test_somebody_is_told_and_a_visit_called_off_on_its_pages(cast: Any) -> None:
    visit, client = agreed(cast), cast.client("manager")
    analyst = cast.person("analyst").public_id
    assert client.post(f"/visits/{visit.pk}/tell/", {"person": analyst, "why": WHY}).status_code == 302
    assert WHY in client.get(f"/visits/{visit.pk}/").content.decode()
    told = cast.client("analyst").get(f"/visits/{visit.pk}/")
    assert told.status_code == 200 and WHY not in told.content.decode()
    factory = cast.person("factory").public_id
    assert client.post(f"/visits/{visit.pk}/tell/", {"person": factory, "why": WHY}).status_code == 200
    assert client.post(f"/visits/{visit.pk}/call-off/", {"reason": WHY}).status_code == 302
    assert "Cancelled" in cast.client("advisor").get(f"/visits/{visit.pk}/").content.decode()
    assert "Works 1" not in cast.client("advisor").get("/visits/").content.decode()


def test_the_calendar_shows_a_month_and_another_for_what_is_none(cast: Any) -> None:
    visit = agreed(cast)
    client = cast.client("leader")
    for month in ("2026-13", "x", "9999-12", "0001-01", "2026-1"):
        assert client.get(f"/visits/?whose=team&month={month}").status_code == 200
    page = client.get(f"/visits/?whose=team&month={visit.first_day:%Y-%m}").content.decode()
    assert "Works 1" in page and "Advisor of the cast" in page


def many(number: int) -> None:
    """Register many factories that take part."""
    fillings = [
        Filling(
            Factory(country="VN", outside_id=f"m-{one}", name=f"Mill {one:05}"),
            cycles=[Cycle(1, TODAY - timedelta(days=150 + one % 300))],
            new=True,
        )
        for one in range(number)
    ]
    factories_fill(actor="operator", fillings=fillings, reason="for a test", at=NOW)


def test_the_due_list_of_3000_factories_asks_few_questions(cast: Any, django_assert_max_num_queries: Any) -> None:
    many(3000)
    agreed(cast, a_factory("1"))
    client = cast.client("leader")
    client.get("/visits/due/")
    with django_assert_max_num_queries(8):
        assert len(factories_due("VN", TODAY)) == 3001
    with django_assert_max_num_queries(12):
        page = client.get("/visits/due/?page=3").content.decode()
    assert page.count("Mill ") >= 50


def test_calendar_visit_and_plan_ask_few_questions_whatever_their_number(
    cast: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 9):
        a_factory(str(number))
    pair(cast)
    for number in range(4):
        another_advisor(f"more{number}")
    client = cast.client("leader")
    client.post("/visits/plans/", {"country": "VN", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=69)})
    jobs_run_all(timezone.now())
    plan = Plan.objects.get()
    month = f"{plan.visits.order_by('first_day')[0].first_day:%Y-%m}"
    client.get(f"/visits/plans/{plan.pk}/?month={month}")
    with django_assert_max_num_queries(14):
        client.get(f"/visits/plans/{plan.pk}/?month={month}")
    client.post(f"/visits/plans/{plan.pk}/accept/")
    with django_assert_max_num_queries(12):
        client.get(f"/visits/?whose=team&month={month}")
    visit = plan.visits.order_by("first_day")[0]
    with django_assert_max_num_queries(14):
        client.get(f"/visits/{visit.pk}/")


def test_agreeing_to_a_plan_asks_no_more_for_more_visits(cast: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from betterwork.modules.visits.choosing import Choice, broken_by

    for number in range(1, 7):
        a_factory(str(number))
    team = tuple(places(*pair(cast)))
    days = [MONDAY + timedelta(days=7 * number) for number in range(6)]
    choices = [
        Choice(factory, "assessment", day, day + timedelta(days=1), team, joint=False)
        for factory, day in zip(Factory.objects.order_by("pk"), days, strict=True)
    ]
    counts = []
    for some in (choices[:2], choices):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            broken_by(some, at=NOW, plan=None)
        counts.append(len(asked))
    assert counts[0] == counts[1]
