"""Erasing a person: gone from tables, pages, search and the file itself; the chain holds; what she did stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from betterwork.core.errors import WrongUse
from betterwork.foundation.contributions.registry import KEEPINGS, Keeping, person_names, search_hits
from betterwork.foundation.ledger.models import Entry, PersonKey
from betterwork.foundation.ledger.queries import entries_search, instance_faults
from betterwork.foundation.people import hooks
from betterwork.foundation.people.erasing import NotYet, leftovers_wipe, person_erase, person_export
from betterwork.foundation.people.models import Person, Registration
from betterwork.foundation.people.queries import kept_nowhere
from betterwork.foundation.people.services import person_invite, person_leave, person_name_set
from betterwork.foundation.people.tests.conftest import AT, signed_in

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("P5")]
Make = Callable[..., Person]
WHY = "asked for it by letter"


def left(person: Person) -> Person:
    return person_leave(actor="operator", person=person, at=AT)


def test_who_still_has_an_account_is_not_erased(member: Make) -> None:
    with pytest.raises(NotYet, match="leave first"):
        person_erase(actor="operator", person=member(), reason=WHY, at=AT)
    assert Person.objects.get().name == "Member One"


def test_what_holds_her_is_said(member: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    person = left(member())
    monkeypatch.setattr(hooks, "HOLDS", [lambda person_id, at: "", lambda person_id, at: "a case is open"])
    with pytest.raises(NotYet, match="a case is open"):
        person_erase(actor="operator", person=person, reason=WHY, at=AT)


def test_a_reason_is_needed(member: Make) -> None:
    with pytest.raises(WrongUse, match="say why"):
        person_erase(actor="operator", person=left(member()), reason="  ", at=AT)


def test_an_erased_person_is_an_empty_place(member: Make) -> None:
    person = member()
    signed_in(person)
    Registration.objects.create(country="VN", factory="F", name="N", email="second@b.example", asked_at=AT)
    EmailAddress.objects.create(user=person, email="second@b.example")
    left(person)
    begun = SessionStore()  # somebody wrote her address after she had left
    begun["account_email_verification_code"] = {"email": person.email}
    begun.save()
    erased = person_erase(actor="operator", person=person, reason=WHY, at=AT)
    assert (erased.name, erased.email) == ("", f"{person.public_id}@erased.invalid")
    assert (erased.state, erased.is_active, erased.language, erased.last_login) == (Person.ERASED, False, "", None)
    assert not erased.has_usable_password()
    for model in (EmailAddress, Authenticator, UserSession, Session, Registration, PersonKey):
        assert not model.objects.exists(), model
    assert list(instance_faults()) == []
    opened = entries_search(subject=f"person {person.public_id}", opened=True).entries
    assert "Member" not in str(opened) and "[erased]" in str(opened)
    assert opened[0].action == "person.erased" and opened[0].content["reason"] == WHY


def test_erasing_again_changes_nothing(member: Make) -> None:
    person = left(member())
    first = person_erase(actor="operator", person=person, reason=WHY, at=AT)
    entries = Entry.objects.count()
    again = person_erase(actor="operator", person=first, reason=WHY, at=AT + timedelta(days=1))
    assert (again.email, Entry.objects.count()) == (first.email, entries)


def test_every_room_is_asked_and_one_that_fails_leaves_all_as_it_was(
    member: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = left(member())

    def fails(person_id: str, at: object) -> None:
        raise RuntimeError

    room = Keeping("zzz", "w", "y", "h", (), export=lambda one: None, erase=fails)
    monkeypatch.setitem(KEEPINGS, "zzz", room)
    with pytest.raises(RuntimeError):
        person_erase(actor="operator", person=person, reason=WHY, at=AT)
    assert Person.objects.get().name == "Member One" and PersonKey.objects.exists()


def test_she_is_gone_from_pages_lists_names_and_search(cast) -> None:
    person = left(cast.person("advisor"))
    boss = cast.client("global")
    assert "Advisor of the cast" in boss.get("/people/").content.decode()
    assert boss.get("/people/p-advisor/").status_code == 200
    person_erase(actor="p-global", person=person, reason=WHY, at=AT)
    assert boss.get("/people/p-advisor/").status_code == 404
    assert "advisor" not in boss.get("/people/").content.decode().lower()
    assert person_names(["p-advisor"]) == {}
    assert not [one for one in search_hits(cast.actor("global"), "advisor") if str(one.what) == "Person"]
    assert "advisor" not in boss.get("/people/?format=csv").getvalue().decode().lower()


def test_all_that_is_kept_of_her_is_given_out_and_that_is_written_down(member: Make) -> None:
    person = member()
    signed_in(person)
    person_name_set(actor=person.public_id, person=person, name="Renamed One", at=AT)
    found = person_export(actor=person.public_id, person=person, at=AT)
    own = found["rooms"]["people"]["kept"]
    assert (own["name"], own["email"], own["state"]) == ("Renamed One", person.email, "active")
    assert own["sessions"][0]["address"] == "127.0.0.1" and own["addresses"][0]["verified"]
    assert "Member One" in str(found["rooms"]["ledger"]["kept"])
    assert "password" not in own and set(found["rooms"]) == set(KEEPINGS)
    assert entries_search(action="person.exported").entries[0].actor == person.public_id


@pytest.mark.parametrize("room", sorted(KEEPINGS))
def test_what_a_room_keeps_can_be_exported_and_erased_for_one_of_whom_it_keeps_nothing(member: Make, room: str) -> None:
    person = left(member())
    KEEPINGS[room].export(person.public_id)
    for _again in range(2):
        KEEPINGS[room].erase(person.public_id, AT)
    for words in (KEEPINGS[room].what, KEEPINGS[room].why, KEEPINGS[room].how_long):
        assert str(words).strip()


def test_every_field_that_holds_a_person_is_named_in_what_some_room_keeps() -> None:
    assert list(kept_nowhere()) == []


def test_a_field_that_no_keeping_names_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(KEEPINGS, "people")
    found = "\n".join(kept_nowhere())
    for line in ("people.Person.invited_by", "account.EmailAddress.user", "mfa.Authenticator.user"):
        assert line in found


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_erasing_commits_and_wipes_on_both_databases() -> None:
    person = person_invite(actor="operator", email="new.one@factory.example", name="New One", at=AT)
    erased = person_erase(actor="operator", person=left(person), reason=WHY, at=AT)
    assert erased.state == Person.ERASED and not PersonKey.objects.exists()
    assert leftovers_wipe() or connection.vendor == "sqlite"  # in memory there is no log to cut off


IN_A_HOME = """
import betterwork.entry.command_line as line
line.start_django(); line.database_make_ready()
from django.conf import settings
from django.utils import timezone
from django.db import connection
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import *
from betterwork.foundation.people.erasing import person_erase, leftovers_wipe
from betterwork.foundation.ledger.queries import instance_faults
at = timezone.now()
def one(number):
    person = person_invite(actor="operator", email=f"somebody.{number}@factory.example", name="Somebody", at=at)
    person_name_set(actor="operator", person=person, name=f"Somebody {number}", at=at)
for number in range(60): one(number)
she = person_invite(actor="operator", email="Xanthippe.Quux@factory.example", name="Xanthippe Quux", at=at)
she = person_join(actor=she.public_id, person=she, password="seven blue umbrellas", name="Xanthippe Quux", at=at)
for number in range(60, 160):
    one(number)
    if number % 7 == 0:
        name = "Xanthippe Quux" + " the Longer Named" * (number % 3)
        she = person_name_set(actor=she.public_id, person=she, name=name, at=at)
Authenticator.objects.create(user=she, type="webauthn", data={"name": "phone of Xanthippe Quux"})
person_leave(actor="operator", person=she, at=at)
leftovers_wipe()
print(b"Xanthippe" in (settings.BETTERWORK_HOME / "betterwork.sqlite3").read_bytes())
person_erase(actor="operator", person=she, reason="a test", at=at)
assert not list(instance_faults()), list(instance_faults())
connection.close()
"""


def test_her_name_and_address_are_nowhere_in_the_bytes_of_the_database(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "BETTERWORK_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings",
    }
    environment = {name: value for name, value in environment.items() if name not in {"DATABASE_URL", "MAIL_URL"}}
    done = subprocess.run([sys.executable, "-c", IN_A_HOME], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("True")  # before, they were there to be found
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files and not [path.name for path in files if b"xanthippe" in path.read_bytes().lower()]
