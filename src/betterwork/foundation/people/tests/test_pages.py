"""Pages about people: who may enter, what they show, what they do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db.models import Q
from django.forms import CharField, Form
from django.test import Client

from betterwork.foundation.contributions.registry import home_tasks, search_hits
from betterwork.foundation.doors.actor import Actor, Held
from betterwork.foundation.ledger.queries import entries_search
from betterwork.foundation.people import hooks
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.policy import PEOPLE_INVITE, PEOPLE_MANAGE, PEOPLE_READ
from betterwork.foundation.people.tests.conftest import AT, Committed, signed_in
from betterwork.foundation.people.tests.test_signing_in import looks_right, words

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("A4")]
Make = Callable[..., Person]

READ = {"global", "second", "manager", "leader", "auditor"}
INVITE = {"global", "second", "manager"}


def test_each_person_sees_the_people_that_the_rule_says_and_no_other(cast) -> None:
    for word in cast.everybody():
        if word != "stranger":
            cast.person(word)
    for word in cast.everybody():
        actor = cast.actor(word)
        assert PEOPLE_READ.may(actor) is (word in READ), word
        assert PEOPLE_INVITE.may(actor) is (word in INVITE), word
        assert PEOPLE_MANAGE.may(actor) is (word in INVITE), word
        status = cast.client(word).get("/people/").status_code
        assert status == (200 if word in READ else 302 if word == "stranger" else 404), word
    assert not PEOPLE_MANAGE.visible_to(cast.actor("global")).filter(public_id="p-global").exists()
    assert not PEOPLE_MANAGE.visible_to(cast.actor("manager")).filter(public_id="p-global").exists()


def test_without_what_access_hangs_in_a_manager_sees_only_whom_she_invited(
    invite: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "PEOPLE_REACH", [])
    monkeypatch.setattr(hooks, "PEOPLE_MANAGED", [])
    one, two = invite(), invite("two@factory.example")
    Person.objects.filter(pk=one.pk).update(invited_by="p-m")
    actor = Actor("p-m", frozenset({Held("country-manager", "country:VN")}))
    assert list(PEOPLE_READ.visible_to(actor)) == [one] == list(PEOPLE_MANAGE.visible_to(actor))
    monkeypatch.setattr(hooks, "PEOPLE_REACH", [lambda actor: None, lambda actor: Q(pk=two.pk)])
    assert set(PEOPLE_READ.visible_to(actor)) == {one, two}
    assert list(PEOPLE_MANAGE.visible_to(actor)) == [one]


def test_an_erased_person_is_seen_by_nobody_on_a_page(invite: Make) -> None:
    person = invite()
    Person.objects.filter(pk=person.pk).update(state=Person.ERASED)
    boss = Actor("p-b", frozenset({Held("global-staff", "world")}))
    assert not PEOPLE_READ.visible_to(boss).exists() and not PEOPLE_MANAGE.visible_to(boss).exists()


def test_the_list_is_searched_filtered_sorted_and_taken_as_a_file(cast, invite: Make) -> None:
    boss = cast.client("global")
    cast.person("buyer"), cast.person("nobody")
    invite(name="=SUM(1)")
    page = words(boss.get("/people/"))
    looks_right(page)
    assert "Buyer of the cast" in page and "Nobody of the cast" in page
    assert "Buyer of the cast" not in words(boss.get("/people/?q=nobody"))
    assert "Buyer of the cast" not in words(boss.get("/people/?state=invited"))
    assert "Buyer of the cast" not in words(boss.get("/people/?roles=none"))
    assert "Nobody of the cast" in words(boss.get("/people/?roles=none"))
    assert "Nothing matches" in words(boss.get("/people/?q=zzz"))
    for sort in ("called", "-email", "roles", "-last_login", "nonsense"):
        assert boss.get(f"/people/?sort={sort}&order={sort}").status_code == 200
    answer = boss.get("/people/?format=csv&state=invited")
    text = answer.getvalue().decode()
    assert "'=SUM(1)" in text and "Buyer" not in text
    entry = entries_search(action="people.exported").entries[0]
    assert (entry.actor, entry.content) == ("p-global", {"narrowed": True})


def test_the_list_takes_few_questions_however_long_it_is(cast, django_assert_max_num_queries) -> None:
    boss = cast.client("global")
    for number in range(60):
        Person.objects.create_user(f"many.{number}@factory.example", name=f"Many {number}", invited_at=AT)
    with django_assert_max_num_queries(18):
        assert boss.get("/people/").status_code == 200


def test_inviting_on_the_page_sends_the_mail_and_shows_the_person(cast, committed: Committed) -> None:
    boss = cast.client("manager")
    looks_right(words(boss.get("/people/invite/")))
    with committed():
        answer = boss.post("/people/invite/", {"email": "new@factory.example", "name": "New", "language": "vi"})
    person = Person.objects.get(email="new@factory.example")
    assert answer["Location"] == f"/people/{person.public_id}/" and person.invited_by == "p-manager"
    assert mail.outbox[0].to == [person.email]
    page = words(boss.get(answer["Location"]))
    looks_right(page)
    assert "Invited" in page and "Manager of the cast" in page and "on its way" in page


def test_what_was_wrong_on_the_form_is_said_beside_it(cast) -> None:
    boss = cast.client("global")
    page = words(boss.post("/people/invite/", {"email": "p-x", "language": "vi"}))
    assert "Enter a valid email address" in page
    page = words(boss.post("/people/invite/", {"email": "global@cast.example", "language": "vi"}))
    assert "has an account already" in page


def test_what_another_room_adds_to_the_invitation_is_asked_checked_and_given(
    cast, committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Form):
        role = CharField(label="Which role")

    given = []
    part = hooks.InvitationPart(
        "Role", lambda actor, data: Asked(data), lambda who, by, form, at: given.append((who, by, form.cleaned_data))
    )
    monkeypatch.setattr(hooks, "INVITING", [part])
    boss, data = cast.client("global"), {"email": "new@factory.example", "language": "vi"}
    assert "Which role" in words(boss.get("/people/invite/"))
    assert "This field is required" in words(boss.post("/people/invite/", data))
    assert not Person.objects.filter(email="new@factory.example").exists()
    with committed():
        boss.post("/people/invite/", {**data, "role": "advisor"})
    person = Person.objects.get(email="new@factory.example")
    assert given == [(person.public_id, "p-global", {"role": "advisor"})]


def test_leaving_says_what_will_happen_and_then_does_it(cast, committed: Committed) -> None:
    boss, advisor = cast.client("global"), cast.client("advisor")
    assert advisor.get("/people/me/").status_code == 200
    page = words(boss.get("/people/p-advisor/leave/"))
    looks_right(page)
    assert "Every session ends" in page and Person.objects.get(public_id="p-advisor").state == Person.ACTIVE
    boss.post("/people/p-advisor/leave/")
    assert advisor.get("/people/me/").status_code == 302
    assert cast.actor("advisor").signed_in  # the cast remembers her as she was
    assert Person.objects.get(public_id="p-advisor").state == Person.LEFT
    page = words(boss.get("/people/p-advisor/"))
    assert "Left on" in page and "Invite back" in page and "Global of the cast" in page
    looks_right(words(boss.get("/people/p-advisor/return/")))
    with committed():
        boss.post("/people/p-advisor/return/")
    assert Person.objects.get(public_id="p-advisor").state == Person.INVITED
    with committed():
        boss.post("/people/p-advisor/send-again/")
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("what", ["leave", "return", "send-again", "sign-out"])
def test_who_may_not_manage_gets_404_for_each_of_these(cast, what: str) -> None:
    cast.person("advisor")
    for word in ("auditor", "leader", "advisor", "abroad", "nobody"):
        for method in ("get", "post"):
            answer = getattr(cast.client(word), method)(f"/people/p-advisor/{what}/")
            assert answer.status_code in {404, 405}, word
    assert Person.objects.get(public_id="p-advisor").state == Person.ACTIVE


def test_nobody_lets_herself_leave_by_mistake(cast) -> None:
    boss = cast.client("global")
    assert boss.post("/people/p-global/leave/").status_code == 404
    assert "leave/" not in words(boss.get("/people/p-global/"))


def test_signing_out_somebody_on_the_page_ends_her_sessions(cast, member: Make) -> None:
    person = member()
    browser = signed_in(person)
    cast.client("global").post(f"/people/{person.public_id}/sign-out/")
    assert browser.get("/people/me/").status_code == 302


def test_changes_come_by_post_alone_and_with_the_forms_token(cast) -> None:
    cast.person("advisor")
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    browser.force_login(cast.person("global"))
    assert browser.get("/people/p-advisor/sign-out/").status_code == 405
    assert browser.post("/people/p-advisor/leave/").status_code == 403


def test_her_own_account_is_changed_by_her_and_pages_follow_the_language(member: Make) -> None:
    browser = signed_in(member())
    answer = browser.post("/people/me/", {"name": " New  Name ", "language": "fr"})
    assert answer.status_code == 302 and 'lang="fr"' in words(browser.get("/people/me/"))
    person = Person.objects.get()
    assert (person.name, person.language) == ("New Name", "fr")
    answer = browser.post("/people/me/", {"name": "see http://evil.example", "language": "en"})
    assert answer.status_code == 200 and Person.objects.get().name == "New Name"


@pytest.mark.capability("P5")
def test_she_sees_what_is_kept_and_takes_it_with_her(member: Make) -> None:
    browser = signed_in(member())
    page = words(browser.get("/people/me/kept/"))
    assert "Your name, e-mail address and language" in page and "How long" in page
    answer = browser.post("/people/me/export/")
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"].startswith(
        "application/json"
    )
    assert answer.json()["rooms"]["people"]["kept"]["email"] == "member.one@factory.example"
    assert browser.get("/people/me/export/").status_code == 405


def test_nobody_else_is_named_in_her_own_history(cast, member: Make) -> None:
    person = member()
    cast.client("global").post(f"/people/{person.public_id}/sign-out/")
    page = words(signed_in(person).get("/people/me/"))
    assert "Signed out everywhere" in page and "Global of the cast" not in page


def test_search_and_home_know_people_and_the_missing_second_step(cast, member: Make) -> None:
    cast.person("buyer")
    found = [str(one.title) for one in search_hits(cast.actor("global"), "buyer") if str(one.what) == "Person"]
    assert found == ["Buyer of the cast"]
    assert not [one for one in search_hits(cast.actor("advisor"), "buyer") if str(one.what) == "Person"]
    tasks = [str(one.title) for one in home_tasks(Actor(member().public_id), AT)]
    assert "Set up your second step" in tasks
    assert "Set up your second step" not in [str(one.title) for one in home_tasks(cast.actor("buyer"), AT)]


def test_the_menu_shows_people_to_those_who_may(cast) -> None:
    assert re.search(r'href="/people/"', words(cast.client("global").get("/people/me/")))
    assert not re.search(r'href="/people/"', words(cast.client("buyer").get("/people/me/")))


def test_a_name_with_marks_of_html_stays_text(cast) -> None:
    Person.objects.filter(pk=cast.person("advisor").pk).update(name='"><img src=x onerror=alert(1)>')
    page = cast.client("global").get("/people/").content.decode()
    assert "<img src=x" not in page and "&lt;img src=x" in page
    assert "<img src=x" not in cast.client("global").get("/people/p-advisor/").content.decode()
