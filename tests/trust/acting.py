"""Letting the platform mail everything that it mails, and search for everything that it could find."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import mail

from betterwork.foundation.contributions.registry import search_hits
from tests.trust.canaries import Canaries
from tests.trust.crawl import Given
from tests.trust.judging import Judge, Leak
from tests.trust.ways import NOW
from tests.trust.world import World, as_it_was, committed

RECKON = {"evidence.figures", "duplicates.find"}
"""Schedules that reckon for seconds. Of two worlds held against each other the first runs them and the second does not,
unless HEAVY=1: were one of them to mail anything, the first world would have a mail more."""


def everything_is_mailed(world: World, *, quick: bool = False) -> None:
    """Whatever makes the platform send mails: its schedules, what people ask for, what colleagues do.

    Every schedule runs, so that a new one is found by itself; ``quick``: without ``RECKON``. The mails stand in
    Django's outbox.
    """
    from betterwork.foundation.jobs.schedules import SCHEDULES
    from betterwork.foundation.jobs.services import job_enqueue
    from betterwork.foundation.jobs.testing import jobs_run_all
    from betterwork.foundation.people.services import person_invitation_resend

    mail.outbox.clear()
    later = NOW + timedelta(days=1, hours=1)
    with committed():
        for word in ("advisor", "buyer", "nobody"):
            person = world.cast.person(word)
            person.refresh_from_db()
            world.client("stranger").post("/account/password/reset/", {"email": person.email})
        boss = world.cast.person("global").public_id
        person_invitation_resend(actor=boss, person=world.things["invited"], at=NOW)
        for one in SCHEDULES.values():
            if quick and one.name in RECKON:
                continue
            job_enqueue(task=one.task, arguments=one.arguments, key="", at=NOW)
        jobs_run_all(later)


def mailed_once(world: World) -> list[Any]:
    """The mails of the world as it was built: sent once, and known from then on."""
    if not world.mails:
        with as_it_was():
            everything_is_mailed(world)
        world.mails = [*mail.outbox]
    return world.mails


def oracles(world: World, judge: Judge, word: str) -> list[Leak]:
    """Words that the search finds though they may not be shown: whoever guesses one learns that it is right.

    Of every field one word that this person may not see is searched for.
    """
    actor, found, tried = world.sight(word).actor, [], set()
    nothing = _answered(actor, Canaries().word().replace("zq", "qz"))
    for planted, origins in world.canaries.origins.items():
        place = f"{origins[0].model._meta.label}.{origins[0].field}"
        if place in tried or not planted.startswith("zq") or not judge.refusal(planted, word):
            continue
        tried.add(place)
        if _answered(actor, planted) != nothing:
            found.append(Leak(place, "the search, asked for its words", word, judge.refusal(planted, word)))
    return found


def _answered(actor: Any, text: str) -> list[str]:
    return [f"{hit.title} {hit.url}" for hit in search_hits(actor, text, 10)]


def mails_to(address: str, sent: list[Any]) -> list[Given]:
    """Of the mails that were sent those that went to one address."""
    from tests.trust.reading import texts_of_mail

    return [
        Given("", f"mail {number}", 200, "\n".join(texts_of_mail(one)).encode())
        for number, one in enumerate(one for one in sent if address in one.recipients())
    ]
