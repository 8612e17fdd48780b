"""Entering, ending, seeing what is known of staff; who may."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Grant
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.registry.services import factories_ensure
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.staff.policy import STAFF_FACTS, STAFF_OWN, STAFF_PEOPLE
from betterwork.modules.staff.queries import facts_on
from betterwork.modules.staff.services import fact_end, fact_enter, fact_withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
AT = datetime(2026, 3, 1, tzinfo=UTC)
DAY = AT.date()


def entered(cast: Any, of: str = "advisor", by: str = "leader", **more: Any) -> StaffFact:
    given: dict[str, Any] = {"kind": "language", "about": "vi", "level": "first", "starts": DAY} | more
    return fact_enter(actor=cast.person(by).public_id, person=cast.person(of).public_id, at=AT, **given)


def test_a_fact_holds_on_its_days_and_no_others(cast: Any) -> None:
    fact = entered(cast, ends=DAY + timedelta(days=2))
    assert [facts_on(DAY + timedelta(days=n)).filter(pk=fact.pk).exists() for n in (-1, 0, 2, 3)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_fact_is_ended_or_withdrawn_with_a_reason_and_stays_to_be_seen(cast: Any) -> None:
    leader = cast.person("leader").public_id
    fact = fact_end(actor=leader, fact=entered(cast), last_day=DAY + timedelta(days=5), at=AT)
    with pytest.raises(WrongUse, match="earlier already"):
        fact_end(actor=leader, fact=fact, last_day=DAY + timedelta(days=9), at=AT)
    fact = fact_withdraw(actor=leader, fact=fact, reason="another person was meant", at=AT)
    assert not facts_on(DAY).exists()
    assert StaffFact.objects.get(pk=fact.pk).withdrawn_why
    with pytest.raises(WrongUse, match="already"):
        fact_withdraw(actor=leader, fact=fact, reason="again", at=AT)


def test_who_declared_a_conflict_does_not_end_it(cast: Any) -> None:
    factories_ensure(actor="operator", wanted={("VN", "1"): "Works 1"}, at=AT)
    fact = entered(cast, by="advisor", kind="conflict", about="factory:VN/1", level="", note="Worked there until 2024.")
    with pytest.raises(WrongUse, match="manager or team leader"):
        fact_end(actor=cast.person("advisor").public_id, fact=fact, last_day=DAY, at=AT)


def test_the_trail_names_no_content(cast: Any) -> None:
    entered(cast, kind="leave", about="", level="", ends=DAY)
    (entry,) = entries_search(action="staff.fact.entered").entries
    assert DAY.isoformat() not in str(entry.content)


@pytest.mark.parametrize(
    ("word", "sees"),
    [("global", True), ("manager", True), ("leader", True), ("advisor", False), ("abroad", False), ("auditor", False),
     ("factory", False), ("buyer", False), ("workers", False), ("nobody", False)],
)  # fmt: skip
def test_managers_and_team_leaders_see_the_facts_of_their_country(cast: Any, word: str, sees: bool) -> None:
    fact = entered(cast, of="partner", by="global")
    assert STAFF_FACTS.may(cast.actor(word), fact) is sees
    assert STAFF_FACTS.visible_to(cast.actor(word)).filter(pk=fact.pk).exists() is sees
    assert STAFF_PEOPLE.may(cast.actor(word), cast.person("partner")) is sees
    assert not STAFF_OWN.may(cast.actor(word), fact)


def test_a_manager_does_not_reach_staff_of_another_country(cast: Any) -> None:
    fact = entered(cast, of="abroad", by="global")
    assert not STAFF_FACTS.may(cast.actor("manager"), fact)
    assert cast.client("manager").get(f"/staff/{cast.person('abroad').public_id}/").status_code == 404


def test_the_list_is_of_those_who_work_for_the_programme_and_of_nobody_else(cast: Any) -> None:
    everybody = [cast.person(word) for word in cast.everybody() if word != "stranger"]
    assert len(everybody) > 15

    def listed(word: str) -> set[str]:
        return {one.public_id.removeprefix("p-") for one in STAFF_PEOPLE.visible_to(cast.actor(word))}

    at_work = {"global", "second", "analyst", "manager", "leader", "advisor", "partner", "abroad"}
    assert listed("global") == at_work
    assert listed("manager") == listed("leader") == {"manager", "leader", "advisor", "partner"}
    Grant.objects.filter(person="p-partner").update(confirmed_at=None)
    Grant.objects.filter(person="p-advisor").update(ended_at=timezone.now())
    assert listed("manager") == {"manager", "leader", "advisor"}, "who worked here is known still"
    page = cast.client("global").get("/staff/").content.decode()
    assert "advisor@cast.example" in page and "buyer@cast.example" not in page
    assert cast.client("global").get(f"/staff/{cast.person('buyer').public_id}/").status_code == 404
    assert cast.client("manager").get(f"/staff/{cast.person('factory').public_id}/enter/leave/").status_code == 404


def test_an_advisor_enters_and_ends_her_own_leave_on_her_pages(cast: Any) -> None:
    client, today = cast.client("advisor"), timezone.localdate()
    assert client.get("/staff/mine/enter/competence/").status_code == 404
    answer = client.post("/staff/mine/enter/leave/", {"starts": today, "ends": today + timedelta(days=4)})
    assert answer.status_code == 302
    fact = StaffFact.objects.get()
    assert fact.person == cast.person("advisor").public_id
    assert "Leave" in client.get("/staff/mine/").content.decode()
    assert "Away until" in cast.client("leader").get("/staff/").content.decode()
    again = client.post("/staff/mine/enter/leave/", {"starts": today, "ends": today})
    assert "said already" in again.content.decode()
    assert client.post(f"/staff/mine/{fact.id}/end/", {"last_day": today}).status_code == 302
    assert StaffFact.objects.get().ends == today
    assert cast.client("partner").get(f"/staff/mine/{fact.id}/end/").status_code == 404


@pytest.mark.capability("O3")
def test_a_team_leader_attests_competence_on_the_persons_page(cast: Any) -> None:
    partner = cast.person("partner").public_id
    values = {"about": "assessment", "level": "alone", "starts": date(2026, 1, 5), "ends": "", "note": "Visit of 2025"}
    assert cast.client("leader").post(f"/staff/{partner}/enter/competence/", values).status_code == 302
    page = cast.client("leader").get(f"/staff/{partner}/").content.decode()
    assert "Assessment" in page
    assert "Visit of 2025" in page
    assert "Assessment" in cast.client("manager").get(f"/people/{partner}/").content.decode()
    assert cast.client("advisor").get(f"/staff/{partner}/").status_code == 404


def test_the_list_of_staff_asks_few_questions_whatever_their_number(
    cast: Any, django_assert_max_num_queries: Any
) -> None:
    for word in ("advisor", "partner", "leader"):
        entered(cast, of=word, by="global")
        entered(cast, of=word, by="global", kind="competence", about="assessment", level="alone")
    client = cast.client("manager")
    client.get("/staff/")
    with django_assert_max_num_queries(10):
        assert client.get("/staff/").status_code == 200
