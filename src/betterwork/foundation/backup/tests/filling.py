"""A small instance with something of everything that a backup must carry, and of what it must not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command

from betterwork.foundation.backup.tests.instances import AT, Instance, entered
from betterwork.foundation.events.models import Event, Subscription
from betterwork.foundation.files.models import StoredFile
from betterwork.foundation.files.services import attachment_add, file_store
from betterwork.foundation.files.subjects import EVERY, RULES, attachment_rule_add
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.rules import RUNNING
from betterwork.foundation.notices.models import Notice
from betterwork.foundation.people.erasing import person_erase
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import person_invite, person_join, person_leave
from betterwork.foundation.vault.models import VaultItem
from betterwork.foundation.vault.services import vault_erase
from betterwork.foundation.vault.tests.interviews import ADVISOR_ONE, INTERVIEW, interview_put, interviews_kind

PASSWORD = "seven blue umbrellas in march"
STAYS = ("Canary Stays", "canary.stays@member.example")
GONE = ("Canary Gone", "canary.gone@member.example")
FACTS = {"z": [1, 2.5, 1e16, -0.0, None, {"deep": "ភាសាខ្មែរ \u202e"}], "a": True, "text": 'quote " and \\ \n'}


def joined(name: str, email: str) -> Person:
    person = person_invite(actor="operator", email=email, at=AT)
    return person_join(actor=person.public_id, person=person, password=PASSWORD, name=name, at=AT)


def file_given(text: str) -> StoredFile:
    if "backup-test" not in RULES:
        attachment_rule_add("backup-test", lambda actor: EVERY, audience="programme")
    file = file_store(content=f"{text}\n".encode() * 50, at=AT)
    attachment_add(actor="operator", kind="backup-test", key=text, file=file, name=f"{text}.txt", at=AT)
    return file


def filled(home: Path) -> Instance:
    """Make it, by the services of the rooms where there are any."""
    instance = Instance(home)
    with entered(instance):
        for name in ("vault", "default"):
            call_command("migrate", database=name, verbosity=0, interactive=False)
        person = joined(*STAYS)
        Authenticator.objects.create(user=person, type="totp", data={"secret": "00ff"})
        Session.objects.create(session_key="s" * 32, session_data="x", expire_date=AT)
        UserSession.objects.create(user=person, session_key="s" * 32, ip="192.0.2.7", user_agent="none")
        gone = joined(*GONE)
        file_given("kept")
        person_leave(actor="operator", person=gone, at=AT)
        person_erase(actor="operator", person=gone, reason="asked for it", at=AT)
        for number in range(3):
            file_given(f"report {number}")
        interviews_kind()
        items = [interview_put(INTERVIEW | {"number": number}).id for number in range(12)]
        vault_erase(actor=ADVISOR_ONE.id, item_id=items[0], at=AT)
        assert VaultItem.objects.count() == 11
        _off_the_request(person)
        (home / "kept-by-a-room" / "deep").mkdir(parents=True)
        (home / "kept-by-a-room" / "deep" / "a name with ü & spaces.csv").write_bytes(b"refused,why\n" * 100)
        (home / "of-nobody").mkdir()
    return instance


def _off_the_request(person: Person) -> None:
    Notice.objects.create(person=person.public_id, kind="k", facts=FACTS, url="/", key="1", how="app", made_at=AT)
    held = {"worker": "w-1", "lease_until": AT + timedelta(minutes=5), "started_at": AT, "attempt": 1}
    for state, more in (("waiting", {}), (RUNNING, held)):
        Job.objects.create(
            task="t", key="same", actor="operator", state=state, enqueued_at=AT, due_at=AT, attempts_allowed=3, **more
        )
    numbers = [Event.objects.create(name="told", content="{}", at=AT).number for _each in range(5)]
    Event.objects.filter(number__in=numbers[2:]).delete()  # the sequence is ahead of the rows
    Subscription.objects.create(name="told", subscriber="somebody", after=numbers[-1], since=AT)


KEPT_BY_A_ROOM = "kept-by-a-room"
