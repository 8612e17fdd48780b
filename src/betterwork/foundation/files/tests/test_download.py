"""Who gets a file back, and what a browser is told to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from betterwork.foundation.audiences.names import FACTORY
from betterwork.foundation.doors.actor import STRANGER, Actor, Held
from betterwork.foundation.doors.roles import FACTORY_MANAGER
from betterwork.foundation.files.models import Attachment
from betterwork.foundation.files.policy import ATTACHMENTS
from betterwork.foundation.files.queries import attachments_of
from betterwork.foundation.files.services import attachment_add, attachment_remove, file_store
from betterwork.foundation.files.subjects import EVERY, RULES, attachment_rule_add
from betterwork.foundation.files.tests import making
from betterwork.foundation.ledger.queries import entries_search

AT = datetime(2015, 3, 1, 9, 30, tzinfo=UTC)


def own_factories(actor: Actor) -> frozenset[str] | None:
    return actor.keys("factory", FACTORY_MANAGER) or None


@pytest.fixture(autouse=True)
def factories(settings: Any, tmp_path: Path) -> Iterator[None]:
    how = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"files": how}
    attachment_rule_add("factory-note", own_factories, audience=FACTORY, told=lambda actor, key: key == "VN/1")
    yield
    RULES.pop("factory-note", None)


def attached(key: str = "VN/1", content: bytes = b"a,b\n1,2\n", name: str = "tabelle ä.csv") -> Attachment:
    file = file_store(content=content, at=AT)
    return attachment_add(actor="p-1", kind="factory-note", key=key, file=file, name=name, at=AT)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.django_db
def test_one_rule_tells_who_reaches_an_attachment_and_which_she_reaches() -> None:
    hers, other = attached("VN/1"), attached("VN/2")
    manager = Actor("p-factory", frozenset({Held(FACTORY_MANAGER, "factory:VN/1")}))
    assert list(ATTACHMENTS.visible_to(manager)) == [hers]
    assert (ATTACHMENTS.may(manager, hers), ATTACHMENTS.may(manager, other)) == (True, False)
    assert not ATTACHMENTS.may(STRANGER, hers)
    assert [row.name for row in attachments_of(actor=manager, kind="factory-note", key="VN/1")] == ["tabelle ä.csv"]
    assert attachments_of(actor=manager, kind="factory-note", key="VN/2") == []
    assert attachments_of(actor=manager, kind="factory-note", key="VN/1")[0].audience == FACTORY
    RULES.pop("factory-note")
    assert not ATTACHMENTS.may(manager, hers), "a kind that no room names any more has no files"
    attachment_rule_add("factory-note", lambda actor: EVERY, audience=FACTORY)
    assert ATTACHMENTS.visible_to(manager).count() == 2
    attachment_remove(actor="p-1", attachment=hers, at=AT + timedelta(days=1))
    assert list(ATTACHMENTS.visible_to(manager)) == [other]


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("P5")
def test_a_file_is_given_back_to_be_saved_and_nothing_else(cast: Any) -> None:
    one = attached()
    answer = cast.client("factory").get(f"/files/{one.pk}/")
    assert answer.status_code == 200
    assert body(answer) == b"a,b\n1,2\n"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''tabelle")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Length"] == "8"


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("P2")
def test_who_has_seen_it_stands_in_the_ledger_where_its_rule_says_so(cast: Any) -> None:
    told = attached("VN/1")
    cast.client("factory").get(f"/files/{told.pk}/")
    found = entries_search(action="attachment.seen").entries
    assert [(entry.actor, entry.subject) for entry in found] == [("p-factory", f"attachment {told.pk}")]
    RULES.pop("factory-note")
    attachment_rule_add("factory-note", own_factories, audience=FACTORY)
    cast.client("factory").get(f"/files/{told.pk}/")
    assert len(entries_search(action="attachment.seen").entries) == 1


@pytest.mark.django_db(transaction=True)
def test_a_picture_may_stand_in_a_page_and_a_pdf_may_not(cast: Any) -> None:
    client: Client = cast.client("factory")
    picture, paper = attached(content=making.jpeg(), name="x.jpg"), attached(content=making.pdf(), name="x.pdf")
    answer = client.get(f"/files/{picture.pk}/picture/")
    assert answer["Content-Disposition"].startswith("inline")
    assert body(answer).startswith(b"\xff\xd8")
    assert client.get(f"/files/{paper.pk}/picture/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("A4")
def test_a_stranger_to_the_thing_finds_nothing_and_who_is_not_signed_in_is_asked(cast: Any) -> None:
    one, other = attached("VN/1"), attached("VN/2")
    assert cast.client("factory").get(f"/files/{other.pk}/").status_code == 404
    for word in ("buyer", "advisor", "global", "nobody"):
        assert cast.client(word).get(f"/files/{one.pk}/").status_code == 404, word
    assert cast.client("stranger").get(f"/files/{one.pk}/").status_code == 302
    assert cast.client("factory").get("/files/unknown/").status_code == 404
    attachment_remove(actor="p-1", attachment=one, at=AT)
    assert cast.client("factory").get(f"/files/{one.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_sealed_file_is_given_back_opened(cast: Any, settings: Any) -> None:
    settings.FILES_KEY = "5a" * 32
    assert body(cast.client("factory").get(f"/files/{attached().pk}/")) == b"a,b\n1,2\n"
