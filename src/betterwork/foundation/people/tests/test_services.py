"""Inviting, joining, leaving, coming back: what is written, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.queries import entries_search, instance_faults
from betterwork.foundation.people import hooks
from betterwork.foundation.people.mailing import MailNotSent
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import (
    person_invitation_resend,
    person_invite,
    person_join,
    person_leave,
    person_name_set,
    person_password_set,
    person_return,
    sessions_end,
    sessions_expire,
)
from betterwork.foundation.people.sessions import sessions_of
from betterwork.foundation.people.tests.conftest import AT, PASSWORD, Committed, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]
Make = Callable[..., Person]


def actions(person: Person) -> list[str]:
    return [one.action for one in reversed(entries_search(subject=f"person {person.public_id}").entries)]


def test_who_is_invited_can_do_nothing_yet(invite: Make, browser: Client) -> None:
    person = invite(" New.One@Factory.Example ", name=" New  One ")
    assert (person.email, person.name, person.state) == ("new.one@factory.example", "New One", Person.INVITED)
    assert (person.is_active, person.has_usable_password(), person.invited_by) == (False, False, "operator")
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.primary, address.verified) == (person.email, True, False)
    assert browser.post("/account/login/", {"login": person.email, "password": "x"}).status_code == 200


def test_nobody_is_invited_twice_and_the_refusal_says_what_to_do(invite: Make) -> None:
    person = invite()
    with pytest.raises(WrongUse, match="send her the invitation again"):
        invite()
    person_join(actor=person.public_id, person=person, password=PASSWORD, name="N", at=AT)
    with pytest.raises(WrongUse, match="has an account already"):
        invite()
    person_leave(actor="operator", person=person, at=AT)
    with pytest.raises(WrongUse, match="invite her back"):
        invite()


@pytest.mark.parametrize("wrong", [{"email": "nobody"}, {"name": "see https://evil.example"}, {"language": "tlh"}])
def test_what_is_no_address_name_or_language_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(WrongUse):
        person_invite(actor="operator", at=AT, **{"email": "a@b.example", **wrong})
    assert not Person.objects.exists()


def test_the_mail_goes_out_only_once_the_invitation_is_committed(committed: Committed) -> None:
    with pytest.raises(RuntimeError), committed(), transaction.atomic():
        person_invite(actor="operator", email="a@b.example", at=AT)
        raise RuntimeError
    assert not mail.outbox and not Person.objects.exists()


def test_what_another_room_does_with_the_invitation_is_in_its_transaction(committed: Committed) -> None:
    def refuses(person: Person) -> None:
        raise WrongUse("no such role")

    with pytest.raises(WrongUse), committed():
        person_invite(actor="operator", email="a@b.example", at=AT, then=[refuses])
    assert not mail.outbox and not Person.objects.exists()


def test_an_invitation_stands_when_the_mail_could_not_be_sent(
    committed: Committed, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    with pytest.raises(MailNotSent, match="send it again"), committed():
        person_invite(actor="operator", email="somebody@b.example", at=AT)
    assert Person.objects.get().state == Person.INVITED
    assert "could not be sent" in caplog.text and "somebody" not in caplog.text


def test_joining_makes_the_account_hers_and_works_once(invite: Make) -> None:
    person = invite()
    joined = person_join(actor=person.public_id, person=person, password=PASSWORD, name="New One", language="fr", at=AT)
    assert (joined.state, joined.is_active, joined.joined_at, joined.language) == (Person.ACTIVE, True, AT, "fr")
    assert joined.check_password(PASSWORD) and EmailAddress.objects.get(user=joined).verified
    with pytest.raises(WrongUse, match="used already"):
        person_join(actor=person.public_id, person=person, password="another of hers 42", name="N", at=AT)
    assert Person.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("weak", ["short", "password12345", "new.one@factory.example"])
def test_a_weak_password_is_refused_by_the_service_itself(invite: Make, weak: str) -> None:
    person = invite()
    with pytest.raises(WrongUse):
        person_join(actor=person.public_id, person=person, password=weak, name="New One", at=AT)
    assert Person.objects.get().state == Person.INVITED


def test_leaving_takes_every_way_in_in_one_transaction(member: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    person = member()
    browser = signed_in(person)
    assert browser.get("/people/me/").status_code == 200
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    ended = []
    monkeypatch.setattr(hooks, "LEAVING", [lambda *told: ended.append(told)])
    left = person_leave(actor="p-boss", person=person, at=AT)
    assert ended == [(person.public_id, "p-boss", AT)]
    assert (left.state, left.is_active, left.left_at, left.has_usable_password()) == (Person.LEFT, False, AT, False)
    assert not Authenticator.objects.exists() and not Session.objects.exists()
    assert not EmailAddress.objects.filter(verified=True).exists()
    answer = browser.get("/people/me/")  # the very next request
    assert answer.status_code == 302 and answer["Location"].startswith("/account/login/")


def test_when_a_hook_fails_nobody_has_left(member: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    person = member()

    def fails(*told: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(hooks, "LEAVING", [fails])
    with pytest.raises(RuntimeError):
        person_leave(actor="operator", person=person, at=AT)
    assert Person.objects.get().state == Person.ACTIVE
    assert "person.left" not in actions(person)


def test_a_session_in_which_the_second_step_is_still_missing_ends_too(member: Make) -> None:
    person = member()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
    halfway = signed_in(person)
    assert halfway.get("/account/2fa/authenticate/").status_code == 200
    person_leave(actor="operator", person=person, at=AT)
    assert halfway.get("/account/2fa/authenticate/").status_code == 302


def test_who_left_comes_back_as_the_same_person_with_nothing_but_a_link(member: Make, committed: Committed) -> None:
    person = member()
    with pytest.raises(WrongUse, match="only who has left"):
        person_return(actor="operator", person=person, at=AT)
    person_leave(actor="operator", person=person, at=AT)
    with pytest.raises(WrongUse, match="left already"):
        person_leave(actor="operator", person=person, at=AT)
    with committed():
        back = person_return(actor="operator", person=person, at=AT + timedelta(days=9))
    assert (back.public_id, back.state, back.is_active) == (person.public_id, Person.INVITED, False)
    assert len(mail.outbox) == 1


def test_signing_out_everywhere_may_keep_the_session_one_sits_in(member: Make) -> None:
    person = member()
    here, there = signed_in(person), signed_in(person)
    sessions_end(actor=person.public_id, person=person, at=AT, keep=here.session.session_key)
    assert here.get("/people/me/").status_code == 200
    assert there.get("/people/me/").status_code == 302


def test_sessions_that_are_over_go_with_what_was_noted_of_them(member: Make) -> None:
    signed_in(member())
    open_still = signed_in(member("other.one@factory.example", "Other One")).session.session_key
    Session.objects.exclude(session_key=open_still).update(expire_date=AT)
    assert sessions_expire(at=AT + timedelta(seconds=1)) == 1
    assert [one.session_key for one in UserSession.objects.all()] == [open_still]


@pytest.mark.parametrize("mark", ["_auth_user_id", "account_authentication_methods_user", "begun", "address"])
def test_each_kind_of_session_that_is_hers_is_found(invite: Make, mark: str) -> None:
    person, key = invite(), str(invite("other.one@factory.example").pk)
    for own in (str(person.pk), key):
        store = SessionStore()
        store.update(
            {
                "begun": {"account_login": {"user_pk": own}},
                "address": {"state": {"email": person.email if own != key else "other.one@factory.example"}},
            }.get(mark, {mark: own})
        )
        store.save()
        last = store.session_key
    assert len(list(sessions_of(person))) == 1 and last not in sessions_of(person)


def test_another_persons_session_stays(member: Make) -> None:
    person, other = member(), member("other.one@factory.example", "Other One")
    browser = signed_in(other)
    person_leave(actor="operator", person=person, at=AT)
    assert browser.get("/people/me/").status_code == 200


def test_the_ledger_says_what_was_done_and_hides_who_she_is(member: Make) -> None:
    person = member()
    person_name_set(actor=person.public_id, person=person, name="Renamed One", at=AT)
    sessions_end(actor="p-boss", person=person, at=AT)
    person_leave(actor="p-boss", person=person, at=AT)
    assert actions(person) == [
        "person.invited",
        "person.joined",
        "person.described",
        "person.sessions-ended",
        "person.left",
    ]
    shown = entries_search(subject=f"person {person.public_id}").entries
    assert "Renamed" not in str(shown) and person.email not in str(shown)
    opened = entries_search(subject=f"person {person.public_id}", opened=True).entries
    assert opened[2].content["before"]["name"] == "Member One"
    assert opened[2].content["after"]["name"] == "Renamed One"
    assert list(instance_faults()) == []


def test_only_who_is_waiting_is_sent_the_invitation_again(member: Make, committed: Committed) -> None:
    with pytest.raises(WrongUse, match="has not joined"):
        person_invitation_resend(actor="operator", person=member(), at=AT)


def test_no_password_is_set_for_who_has_no_account(invite: Make) -> None:
    person = invite()
    with pytest.raises(WrongUse, match="no account"):
        person_password_set(actor=person.public_id, person=person, password=PASSWORD, at=AT)


@pytest.mark.parametrize("state", [Person.INVITED, Person.LEFT, Person.ERASED])
def test_the_database_itself_refuses_that_one_who_is_not_active_may_sign_in(invite: Make, state: str) -> None:
    person = invite()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(state=state, is_active=True)
