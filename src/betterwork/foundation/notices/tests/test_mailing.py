"""The digest: one mail to a person, nothing in it that tells, none lost and at most one doubled."""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from betterwork.foundation.notices import kinds
from betterwork.foundation.notices.commands import notices as command
from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.mailing import digests_send
from betterwork.foundation.notices.models import Mailing, Notice
from betterwork.foundation.notices.rules import APP, DAILY, HOLD, NOW, WEEKLY
from betterwork.foundation.notices.services import notice_give, notice_read

pytestmark = [pytest.mark.django_db, pytest.mark.capability("P5")]
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday
CANARY = "canary-yellow"
REFUSED: set[str] = set()


class Refusing(EmailBackend):
    """A mail server that refuses some addresses."""

    def send_messages(self, messages: Any) -> int:
        if REFUSED & {to for one in messages for to in one.to}:
            raise OSError("550 no such mailbox: somebody@secret.example")
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def kinds_of_the_tests(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    REFUSED.clear()
    before = dict(kinds.KINDS)
    for how in (NOW, DAILY, WEEKLY, APP):
        notice_kind_add(f"test.{how}", title=f"Kind {how}", words="%(what)s", urgency=how)
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)


def give(person: Any, kind: str = "test.now", *, at: datetime = AT, key: str = "") -> Notice:
    facts = {"what": f"{CANARY} factory"}
    with transaction.atomic():
        url = f"/factories/{CANARY}/"
        return notice_give(persons=[person.public_id], kind=kind, facts=facts, url=url, at=at, key=key)[0]


def test_one_mail_to_a_person_holds_counts_kinds_and_links_and_nothing_else(cast: Any) -> None:
    she = cast.person("advisor")
    for key in "abc":
        give(she, key=key)
    give(she, "test.daily", at=AT - timedelta(days=1))
    assert digests_send(at=AT).mails == 1
    (sent,) = mail.outbox
    assert sent.to == [she.email]
    assert sent.subject == "Better Work: 4 notices for you"
    assert "- 3 × Kind now\n- 1 × Kind daily\n" in sent.body
    assert "/notices/\n" in sent.body
    raw = sent.message().as_string()
    for word in (CANARY, she.name, she.public_id, "factory"):
        assert word not in raw
    assert not sent.attachments
    assert digests_send(at=AT + timedelta(days=8)).mails == 0


def test_a_mail_is_in_the_language_of_its_reader(cast: Any) -> None:
    she = cast.person("advisor")
    type(she).objects.filter(pk=she.pk).update(language="fr")
    kinds.KINDS["test.now"] = notice_kind_add("test.now", title=_lazy("Sign out"), words="x", urgency=NOW)
    give(she)
    digests_send(at=AT)
    assert _lazy_in("fr", "Sign out") in mail.outbox[0].body
    assert _lazy_in("fr", "Sign out") != "Sign out"


def _lazy(text: str) -> Any:
    from django.utils.translation import gettext_lazy

    return gettext_lazy(text)


def _lazy_in(language: str, text: str) -> str:
    from django.utils import translation

    with translation.override(language):
        return str(translation.gettext(text))


def test_daily_ones_wait_for_the_morning_weekly_ones_for_monday_and_those_of_the_app_for_ever(cast: Any) -> None:
    she = cast.person("advisor")
    for how in (DAILY, WEEKLY, APP):
        give(she, f"test.{how}")
    assert digests_send(at=AT + timedelta(hours=19)).mails == 0
    assert digests_send(at=AT + timedelta(hours=20)).mails == 1  # Tuesday, 05:30
    assert "Kind daily" in mail.outbox[0].body
    assert "Kind weekly" not in mail.outbox[0].body
    assert digests_send(at=AT + timedelta(days=6)).mails == 0
    assert digests_send(at=AT + timedelta(days=7)).mails == 1
    assert "Kind weekly" in mail.outbox[1].body
    assert digests_send(at=AT + timedelta(days=70)).mails == 0


def test_what_she_has_read_is_not_mailed(cast: Any) -> None:
    she = cast.person("advisor")
    notice_read(actor=she.public_id, notice=give(she), at=AT)
    assert digests_send(at=AT).mails == 0


def test_a_mail_that_is_refused_is_tried_again_later_and_stops_nobody_elses(cast: Any, caplog: Any) -> None:
    she, other = cast.person("advisor"), cast.person("partner")
    give(she), give(other)
    REFUSED.add(she.email)
    sent = digests_send(at=AT)
    assert (sent.mails, sent.failed) == (1, 1)
    assert [one.to for one in mail.outbox] == [[other.email]]
    assert "secret" not in caplog.text and she.email not in caplog.text
    assert digests_send(at=AT + timedelta(minutes=4)).failed == 0  # not yet
    assert digests_send(at=AT + timedelta(minutes=5)).failed == 1
    assert Mailing.objects.get(person=she.public_id).next_at == AT + timedelta(minutes=15)
    REFUSED.clear()
    assert digests_send(at=AT + timedelta(minutes=15)).mails == 1
    assert Mailing.objects.get(person=she.public_id).failures == 0


def test_while_one_process_mails_to_a_person_another_leaves_her_alone(cast: Any) -> None:
    she = cast.person("advisor")
    give(she)
    Mailing.objects.create(person=she.public_id, next_at=AT + HOLD)
    assert digests_send(at=AT).mails == 0
    assert digests_send(at=AT + HOLD).mails == 1


@pytest.mark.parametrize("state", ["left", "erased"])
def test_nothing_is_mailed_to_who_left(cast: Any, state: str) -> None:
    she = cast.person("advisor")
    give(she)
    type(she).objects.filter(pk=she.pk).update(state=state, is_active=False)
    assert digests_send(at=AT).mails == 0
    type(she).objects.filter(pk=she.pk).update(state="active", is_active=True)
    assert digests_send(at=AT + timedelta(days=8)).mails == 0  # what was told before stays in the app


def test_who_is_invited_and_has_not_joined_is_mailed_to_when_she_has(cast: Any) -> None:
    she = cast.person("advisor")
    give(she)
    type(she).objects.filter(pk=she.pk).update(state="invited", is_active=False)
    assert digests_send(at=AT).mails == 0
    type(she).objects.filter(pk=she.pk).update(state="active", is_active=True)
    assert digests_send(at=AT + timedelta(minutes=5)).mails == 1


def test_the_command_says_how_many_went_out_and_fails_when_one_did_not(cast: Any) -> None:
    she = cast.person("advisor")
    give(she, at=AT - timedelta(days=3))
    REFUSED.add(she.email)
    assert CliRunner().invoke(command, ["send"]).exit_code == 1
    Mailing.objects.update(next_at=AT - timedelta(days=3))
    REFUSED.clear()
    done = CliRunner().invoke(command, ["send"])
    assert (done.exit_code, done.stderr) == (0, "1 mail handed over, 0 failed\n")


def process(home: Path, *arguments: str) -> int:
    environment = {**os.environ, "BETTERWORK_HOME": str(home)}
    run = [sys.executable, "-m", "betterwork.foundation.notices.tests.mailing_killed", *arguments]
    done = subprocess.run(run, env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def test_killed_between_a_mail_and_its_mark_one_mail_comes_twice_and_none_is_lost(tmp_path: Path) -> None:
    assert process(tmp_path, "begun") == 0
    assert process(tmp_path, "sent", "0") == -signal.SIGKILL
    assert process(tmp_path, "end", "0") == 0  # at once: the second person is still held, the third gets hers
    assert process(tmp_path, "end", "20") == 0
    assert process(tmp_path, "end", "200") == 0
    texts = [path.read_text() for path in sorted((tmp_path / "mails").iterdir())]
    mails = [email.message_from_string(one) for text in texts for one in text.split("-" * 79 + "\n") if one.strip()]
    counts = Counter(str(one["To"]) for one in mails)
    assert counts == {"person-0@cast.example": 1, "person-1@cast.example": 2, "person-2@cast.example": 1}
    assert len({one["Message-ID"] for one in mails}) == 3  # the doubled one has the same
