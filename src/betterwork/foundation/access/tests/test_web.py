"""The pages of access, through their doors."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from betterwork.foundation.access import scopes
from betterwork.foundation.access.models import Elevation, Grant
from betterwork.foundation.access.services import grant_give
from betterwork.foundation.access.taking import elevation_take
from betterwork.foundation.access.telling import KINDS, address_of
from betterwork.foundation.access.tests.worlds import HOUR, REASON
from betterwork.foundation.contributions.registry import home_tasks
from betterwork.foundation.doors.actor import Held
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]


@pytest.fixture(autouse=True)
def countries(monkeypatch):
    """The register's words and choices, as if it had said them."""
    names = {"country:VN": "Viet Nam", "country:JO": "Jordan"}
    monkeypatch.setitem(scopes.WORDS, "country", lambda scope: names[scope])
    monkeypatch.setitem(scopes.CHOICES, "country", lambda actor: names.items())


def waiting(cast) -> Grant:
    for word in ("global", "second", "nobody"):
        cast.person(word)
    return grant_give(
        actor="p-global",
        person="p-nobody",
        role="country-manager",
        scope="country:VN",
        reason=REASON,
        at=timezone.now(),
    )


def taken(cast) -> Elevation:
    cast.person("global"), cast.person("manager")
    return elevation_take(
        actor="p-global", role="advisor", scope="country:VN", minutes=30, reason=REASON, at=timezone.now()
    )


def text(response) -> str:
    return response.content.decode()


def test_the_list_shows_each_overseer_what_she_oversees(cast):
    for word in ("advisor", "abroad", "factory"):
        cast.person(word)
    page = text(cast.client("global").get("/access/"))
    assert all(name in page for name in ("Advisor of the cast", "Abroad of the cast", "Viet Nam", "Enterprise advisor"))
    page = text(cast.client("manager").get("/access/"))
    assert "Advisor of the cast" in page and "Factory of the cast" in page and "Abroad of the cast" not in page
    for word in ("advisor", "leader", "factory", "buyer", "custodian", "nobody"):
        assert cast.client(word).get("/access/").status_code == 404


def test_the_list_is_searched_filtered_and_taken_away(cast):
    waiting(cast)
    for word in ("advisor", "abroad", "auditor"):
        cast.person(word)
    client = cast.client("global")

    def rows(query):
        answer = client.get(f"/access/?format=csv&{query}")
        lines = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
        return {line["Who"].split()[0] for line in lines}

    assert rows("q=abroad") == {"Abroad"}
    assert rows("state=waits") == {"Nobody"}
    assert rows("role=advisor") == {"Advisor", "Abroad"}
    assert rows("over=country&role=advisor&q=Advisor") == {"Advisor"}
    assert rows("over=world") == {"Global", "Second", "Auditor"}
    assert entries_search(action="access.list.taken", actor="p-global").entries
    assert "Waits for a second person" in text(client.get("/access/?state=waits"))


def test_a_list_of_many_takes_few_questions(cast, django_assert_max_num_queries):
    client = cast.client("manager")
    Grant.objects.bulk_create(
        Grant(
            person=f"p-{number}",
            role="factory-manager",
            scope=f"factory:VN/{number}",
            starts=timezone.now(),
            given_by="p-manager",
            given_at=timezone.now(),
            confirmed_at=timezone.now(),
        )
        for number in range(300)
    )
    client.get("/access/")
    with django_assert_max_num_queries(10):  # session, person, roles, second factor; scopes, count, rows; name, notices
        client.get("/access/?q=no")


def test_giving_a_role_from_choosing_it_to_the_notice(cast, told):
    cast.person("nobody")
    client = cast.client("global")
    page = text(client.get("/access/give/?to=nobody@cast.example"))
    assert "Assesses, advises and trains factories." in page and "Must confirm" in page
    address = "/access/give/?role=advisor&to=nobody%40cast.example"
    page = text(client.get(address))
    assert "nobody@cast.example" in page and "Viet Nam" in page and "second person must confirm" not in page
    answer = client.post(
        address, {"email": "Nobody@cast.example ", "scope": "country:VN", "starts": "", "ends": "2030-12-31"}
    )
    grant = Grant.objects.get(person="p-nobody")
    assert answer.headers["Location"] == f"/access/grants/{grant.id}/"
    assert grant.ends.isoformat() == "2031-01-01T00:00:00+00:00", "the last day is whole"
    assert told[-1][:2] == ("access.grant.given", ["p-nobody"])
    assert "Nobody of the cast" in text(client.get(answer.headers["Location"]))


def test_a_powerful_role_says_beside_the_form_that_a_second_person_must_confirm(cast):
    client = cast.client("global")
    address = "/access/give/?role=auditor"
    assert "A second person must confirm this role before it counts" in text(client.get(address))
    cast.person("nobody")
    page = text(client.post(address, {"email": "nobody@cast.example", "scope": "world", "reason": "short"}))
    assert not Grant.objects.filter(person="p-nobody").exists() and "Not saved yet" in page


def test_what_may_not_be_given_is_said_in_words_on_the_form(cast):
    client = cast.client("manager")
    assert "Global staff" not in text(client.get("/access/give/")).partition("<main")[2]
    assert client.get("/access/give/?role=global-staff").status_code == 404
    assert client.post("/access/give/?role=auditor", {}).status_code == 404
    cast.person("nobody")
    given = {"email": "nobody@cast.example", "scope": "country:VN"}
    unseen = client.post("/access/give/?role=advisor", given)
    unknown = client.post("/access/give/?role=advisor", given | {"email": "unknown@cast.example"})
    assert "Nobody you see has this address" in text(unseen) and "Nobody you see has this address" in text(unknown)
    Person.objects.filter(public_id="p-nobody").update(invited_by="p-manager")
    answer = client.post("/access/give/?role=advisor", given | {"scope": "country:JO"})
    assert "your own country" in text(answer)


def test_a_role_waits_on_the_home_of_the_second_person_until_she_confirms_it(cast):
    grant = waiting(cast)
    (task,) = [one for one in home_tasks(cast.actor("second"), timezone.now()) if "Confirm or refuse" in str(one.title)]
    assert task.url == f"/access/grants/{grant.id}/" and "Viet Nam" in str(task.why)
    client = cast.client("second")
    assert "Confirm this role" in text(client.get(task.url))
    page = text(client.get(f"/access/grants/{grant.id}/confirm/"))
    assert REASON in page and "What will happen" in page
    assert client.post(f"/access/grants/{grant.id}/confirm/").status_code == 302
    assert Held("country-manager", "country:VN") in cast.actor("nobody").held
    assert client.get(f"/access/grants/{grant.id}/confirm/").status_code == 404, "it waits no more"
    assert not [
        one for one in home_tasks(cast.actor("second"), timezone.now()) if "Confirm or refuse" in str(one.title)
    ]


def test_the_giver_sees_that_it_waits_and_finds_no_way_to_confirm_it(cast):
    grant = waiting(cast)
    client = cast.client("global")
    page = text(client.get(f"/access/grants/{grant.id}/"))
    assert "It does not count yet" in page and "/confirm/" not in page
    assert client.post(f"/access/grants/{grant.id}/confirm/").status_code == 404
    assert cast.client("nobody").post(f"/access/grants/{grant.id}/confirm/").status_code == 404


def test_refusing_and_ending_ask_for_a_reason(cast):
    grant = waiting(cast)
    client = cast.client("second")
    for way in ("refuse", "end"):
        assert client.post(f"/access/grants/{grant.id}/{way}/", {"reason": " "}).status_code == 200
    grant.refresh_from_db()
    assert grant.ended_at is None
    client.post(f"/access/grants/{grant.id}/refuse/", {"reason": "not her country"})
    page = text(client.get(f"/access/grants/{grant.id}/"))
    assert "Refused" in page and "not her country" in page


def test_everybody_sees_and_lays_down_her_own_roles_and_nobody_elses(cast):
    grant = Grant.objects.get(person=cast.person("factory").public_id)
    client = cast.client("factory")
    page = text(client.get("/access/mine/"))
    assert "Factory manager" in page and f"/access/mine/{grant.id}/end/" in page
    assert cast.client("buyer").get(f"/access/mine/{grant.id}/end/").status_code == 404
    assert client.get(f"/access/grants/{grant.id}/").status_code == 404
    client.post(f"/access/mine/{grant.id}/end/", {"reason": "I work elsewhere now"})
    assert cast.actor("factory").held == frozenset()
    assert "No role yet" in text(cast.client("nobody").get("/access/mine/"))


def test_why_a_role_was_given_is_not_shown_to_its_holder_on_her_page(cast):
    waiting(cast)
    assert REASON not in text(cast.client("nobody").get("/access/mine/"))


def test_taking_access_is_seen_by_the_owners_at_once(cast, told):
    cast.person("manager")
    client = cast.client("global")
    assert "The owners are told at once" in text(client.get("/access/take/"))
    form = {"role": "advisor", "scope": "country:VN", "minutes": "15", "reason": REASON}
    assert client.post("/access/take/", {**form, "minutes": "600"}).status_code == 200
    assert client.post("/access/take/", {**form, "reason": "because"}).status_code == 200
    assert not Elevation.objects.exists()
    answer = client.post("/access/take/", form)
    one = Elevation.objects.get()
    assert answer.headers["Location"] == f"/access/taken/{one.id}/"
    assert told[-1][:2] == ("access.elevation.taken", ["p-manager"])
    manager = cast.client("manager")
    for address in ("/access/taken/", f"/access/taken/{one.id}/"):
        page = text(manager.get(address))
        assert "Global of the cast" in page and REASON in page
    assert "Access taken for a while" in text(manager.get("/"))
    client.get(answer.headers["Location"])
    assert "access:elevation" in text(manager.get(f"/access/taken/{one.id}/")), "each page asked for with it is listed"


@pytest.mark.parametrize(
    ("word", "status"),
    [("second", 200), ("auditor", 200), ("manager", 200), ("abroad", 404), ("advisor", 404), ("factory", 404)],
)
def test_who_sees_what_was_taken(cast, word, status):
    one = taken(cast)
    assert cast.client(word).get(f"/access/taken/{one.id}/").status_code == status


def test_an_owner_ends_it_with_one_button_and_an_auditor_cannot(cast):
    one = taken(cast)
    assert cast.client("auditor").post(f"/access/taken/{one.id}/end/").status_code == 404
    assert "End it now" not in text(cast.client("auditor").get(f"/access/taken/{one.id}/"))
    client = cast.client("manager")
    assert "End it now" in text(client.get(f"/access/taken/{one.id}/"))
    assert client.get(f"/access/taken/{one.id}/end/").status_code == 405, "a link ends nothing"
    client.post(f"/access/taken/{one.id}/end/")
    assert not any(one.elevated for one in cast.actor("global").held)


@pytest.mark.parametrize("word", ["auditor", "custodian", "advisor", "leader", "factory", "nobody"])
def test_nobody_else_finds_the_page_for_taking(cast, word):
    assert cast.client(word).get("/access/take/").status_code == 404


def test_one_thing_of_the_vault_is_taken_from_its_own_page(cast, vault_things, told):
    client = cast.client("manager")
    assert "Nothing to take here" in text(client.get("/access/take/"))
    answer = client.post("/access/take/?purpose=vault%201", {"minutes": "15", "reason": REASON})
    assert answer.status_code == 302 and told[-1][1] == ["p-advisor", "p-partner"]
    assert client.post("/access/take/?purpose=vault%202", {"minutes": "15", "reason": REASON}).status_code == 200
    assert Elevation.objects.count() == 1


def test_a_persons_page_shows_her_roles_and_the_way_to_give_another(cast):
    cast.person("advisor")
    page = text(cast.client("manager").get("/people/p-advisor/"))
    assert "Enterprise advisor" in page and "/access/give/?to=advisor%40cast.example" in page
    assert "/access/give/" not in text(cast.client("auditor").get("/people/p-advisor/")).partition("<main")[2]
    assert "Enterprise advisor" in text(cast.client("advisor").get("/people/me/"))


def test_an_invitation_can_name_the_role_and_is_refused_whole_where_it_may_not(cast):
    client = cast.client("manager")
    form = {"email": "new@cast.example", "name": "Advisor Two", "language": "en", "why": ""}
    answer = client.post("/people/invite/", {**form, "role": "advisor", "scope": "country:JO"})
    assert answer.status_code == 200 and not Person.objects.filter(email="new@cast.example").exists()
    client.post("/people/invite/", {**form, "role": "advisor", "scope": "country:VN"})
    person = Person.objects.get(email="new@cast.example")
    assert Grant.objects.get(person=person.public_id).given_by == "p-manager"


def test_strangers_are_asked_to_sign_in_everywhere(cast):
    grant, one = waiting(cast), taken(cast)
    client = cast.client("stranger")
    for name, given in (
        ("list", {}),
        ("mine", {}),
        ("give", {}),
        ("taken", {}),
        ("take", {}),
        *((name, {"grant": grant.id}) for name in ("grant", "confirm", "refuse", "end", "lay_down")),
        ("elevation", {"elevation": one.id}),
    ):
        assert client.get(reverse(f"access:{name}", kwargs=given)).headers["Location"].startswith("/account/login/")


def test_who_is_told_is_led_to_a_page_that_she_may_open(cast):
    grant, one = waiting(cast), taken(cast)
    things = {kind: one.id if "elevation" in kind else grant.id for kind in KINDS}
    readers = {"waits": "second", "given": "nobody", "refused": "global", "ended": "nobody", "taken": "manager"}
    for kind in KINDS:
        word = "manager" if "elevation" in kind else readers[kind.rpartition(".")[2]]
        assert cast.client(word).get(address_of(kind, things[kind])).status_code == 200, kind


def test_a_name_is_text_on_every_page_and_never_markup(cast):
    Person.objects.filter(pk=cast.person("advisor").pk).update(name="<script>alert(1)</script>")
    for address in ("/access/", f"/access/grants/{Grant.objects.get(person='p-advisor').id}/"):
        page = text(cast.client("global").get(address))
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_an_erased_person_is_named_nowhere_and_her_reasons_are_gone(cast):
    from betterwork.foundation.access.contributions import access_erase, access_export
    from betterwork.foundation.people.erasing import NotYet, person_erase
    from betterwork.foundation.people.services import person_leave

    cast.person("global")
    person, at = cast.person("nobody"), timezone.now()
    grant = grant_give(
        actor="p-global", person="p-nobody", role="advisor", scope="country:VN", reason="she SPEAKS Khmer", at=at
    )
    Elevation.objects.create(person="p-nobody", purpose="vault 9", reason="she SPEAKS up", starts=at, ends=at + HOUR)
    kept = access_export("p-nobody")
    assert kept["roles"][0]["reason"] == "she SPEAKS Khmer" and kept["taken"][0]["reason"] == "she SPEAKS up"
    Person.objects.filter(pk=person.pk).update(state=Person.LEFT, is_active=False)
    with pytest.raises(NotYet, match="holds a role"):
        person_erase(actor="operator", person=person, reason="asked for it", at=at + timedelta(days=1))
    Person.objects.filter(pk=person.pk).update(state=Person.ACTIVE, is_active=True)
    person_leave(actor="p-global", person=person, at=timezone.now())
    for _ in range(2):
        person_erase(actor="operator", person=person, reason="asked for it", at=timezone.now())
        access_erase("p-nobody", timezone.now())
    client = cast.client("global")
    for address in ("/access/", "/access/taken/", f"/access/grants/{grant.id}/"):
        page = text(client.get(address))
        assert "SPEAKS" not in page and "Nobody of the cast" not in page and "p-nobody" in page
    assert "SPEAKS" not in str([one.content for one in entries_search(opened=True).entries])


def test_scopes_are_asked_for_once_while_a_page_is_read_and_anew_by_the_next(cast: Any) -> None:
    from betterwork.foundation.access.queries import scopes_remembered, scopes_within

    def within() -> list[str]:
        return list(scopes_within({"country:VN"}))

    cast.person("manager")
    with scopes_remembered():
        assert "factory:VN/1" not in within()
        cast.person("factory")
        assert "factory:VN/1" not in within()
    assert "factory:VN/1" in within()
