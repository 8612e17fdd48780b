"""The digest: one mail with how many notices of which kinds wait for a person, and where. Never what they say."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from betterwork.core.canonical import digest
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.notices.kinds import KINDS
from betterwork.foundation.notices.models import Mailing, Notice
from betterwork.foundation.notices.rules import DAILY, HOLD, NOW, WEEKLY, backoff, due_before
from betterwork.foundation.notices.services import unreachable_keep_in_app
from betterwork.foundation.people.models import Person

log = logging.getLogger("betterwork.notices")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a round of mailing came to."""

    mails: int = 0
    failed: int = 0


def digests_send(*, at: datetime) -> Sent:
    """Mail to each person what is due to her, as one mail in her language; return how many went out, and how many not.

    A notice is marked as mailed after the mail was handed over. Killed between, that person gets this one mail twice
    (with the same Message-ID, so that most mailboxes show it once), and nobody none. Mailing to a person is one
    process's at a time. What cannot be handed over is tried again after a while, later each time.
    """
    mails = failed = 0
    mailer = get_connection()
    for person in sorted(set(_due(at).values_list("person", flat=True))):
        if not _taken(person, at):
            continue
        try:
            mails += _mail(person, mailer, at)
        except Exception as error:  # noqa: BLE001 - whatever the way to the mail server does; others still get theirs
            # The error may hold the address: only its kind is written down.
            log.error("a digest could not be handed over: %s", type(error).__name__)
            failed += 1
            mailer.close()
            _put_off(person, at)
    mailer.close()
    return Sent(mails, failed)


def digest_make(person: Person, notices: Sequence[Notice]) -> EmailMessage:
    """The mail, in the person's language: counts, kinds, the address of the platform, and nothing else."""
    language = language_of(person.language)
    platform = str(settings.BETTERWORK_URL)
    with translation.override(language.code):
        counts = Counter(_title(one.kind) for one in notices)
        values = {
            "count": len(notices),
            "kinds": sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])),
            "url": platform + reverse("notices:notices"),
            "preferences_url": platform + reverse("notices:preferences"),
        }
        subject = " ".join(render_to_string("notices/mail/digest.subject.txt", values).split())
        body = render_to_string("notices/mail/digest.txt", values).strip() + "\n"
    name = digest("\n".join(sorted(one.pk for one in notices)).encode())[:32]
    host = settings.BETTERWORK_URL.host
    headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, None, [person.email], headers=headers)


def _title(kind: str) -> str:
    from django.utils.translation import gettext as _

    return str(KINDS[kind].title) if kind in KINDS else _("Something else")


def _due(at: datetime) -> QuerySet[Notice]:
    waiting = Notice.objects.filter(mailed_at__isnull=True, read_at__isnull=True)
    due = reduce(or_, (Q(how=how, made_at__lt=due_before(how, at)) for how in (NOW, DAILY, WEEKLY)))
    return waiting.filter(due)


def _taken(person: str, at: datetime) -> bool:
    """Whether mailing to this person is ours now; another process then leaves her alone for a while."""
    Mailing.objects.bulk_create([Mailing(person=person, next_at=at)], ignore_conflicts=True)
    return Mailing.objects.filter(person=person, next_at__lte=at).update(next_at=at + HOLD) == 1


def _mail(person_id: str, mailer: BaseEmailBackend, at: datetime) -> int:
    notices = list(_due(at).filter(person=person_id).order_by("made_at", "pk"))
    person = Person.objects.filter(public_id=person_id).first()
    if person is None or person.state in {Person.LEFT, Person.ERASED}:
        unreachable_keep_in_app(person_id=person_id)
        notices = []
    sent = bool(notices) and person is not None and person.state == Person.ACTIVE and person.is_active
    if sent and person is not None:
        mail = digest_make(person, notices)
        mail.connection = mailer
        if mail.send() != 1:
            raise OSError("the mail server took nothing")
    _handed_over(person_id, notices if sent else [], at)
    return int(sent)


@transaction.atomic
def _handed_over(person_id: str, notices: Sequence[Notice], at: datetime) -> None:
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=at)
    done = {"failures": 0, "next_at": at} | ({"last_at": at} if notices else {})
    Mailing.objects.filter(person=person_id).update(**done)


@transaction.atomic
def _put_off(person_id: str, at: datetime) -> None:
    mailing = Mailing.objects.filter(person=person_id)
    mailing.update(failures=F("failures") + 1)
    for one in mailing:
        mailing.update(next_at=at + backoff(one.failures))
