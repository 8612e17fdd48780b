"""Mail digests of BETTERWORK_HOME and be killed at a step: ``begun``, ``sent`` (before the mark), or ``end``.

Mails go into files under the folder ``mails`` of the home.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PERSONS = 3


def begun() -> None:
    """Three persons, each told of two things."""
    from django.core.management import call_command
    from django.db import connections, transaction

    from betterwork.foundation.notices.services import notice_give
    from betterwork.foundation.people.models import Person

    for alias in connections:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    for number in range(PERSONS):
        person = f"p-{number}"
        email = f"person-{number}@cast.example"
        Person.objects.create_user(email, public_id=person, state=Person.ACTIVE, invited_at=AT, joined_at=AT)
        for key in "ab":
            with transaction.atomic():
                notice_give(persons=[person], kind="access.grant.ended", facts={}, url="/", at=AT, key=key)


def send(step: str, minutes: int) -> None:
    """Mail what is due, and be killed before the second person's mails are marked."""
    from betterwork.foundation.notices import mailing

    marked, mark = [], mailing._handed_over

    def killed(*arguments: object) -> None:
        if marked:
            os.kill(os.getpid(), signal.SIGKILL)
        marked.append(arguments)
        mark(*arguments)  # type: ignore[arg-type]

    if step == "sent":
        mailing._handed_over = killed
    mailing.digests_send(at=AT + timedelta(minutes=minutes))


if __name__ == "__main__":
    import django
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = "betterwork.entry.settings"
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(Path(settings.BETTERWORK_HOME) / "mails")
    begun() if sys.argv[1] == "begun" else send(sys.argv[1], int(sys.argv[2]))
