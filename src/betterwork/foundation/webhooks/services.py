"""Making endpoints, owing them messages, and what each try leaves."""

from __future__ import annotations

import secrets as chance
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.queries import actor_called
from betterwork.foundation.access.scopes import lineage, scope_check
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.events.queries import event_numbered
from betterwork.foundation.events.registry import Happened
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.webhooks.calling import Called, plain_allowed
from betterwork.foundation.webhooks.models import Delivery, Endpoint, Try
from betterwork.foundation.webhooks.policy import may_make
from betterwork.foundation.webhooks.rules import (
    OLD_SECRET_SIGNS,
    SECRET_BYTES,
    again_at,
    endpoint_waits,
    is_to_stop,
    payload_check,
    secret_text,
    url_refusal,
)
from betterwork.foundation.webhooks.sealing import hidden
from betterwork.foundation.webhooks.telling import tell_stopped
from betterwork.foundation.webhooks.topics import TEST, TOPICS

MOST = 20
KEEP = timedelta(days=90)
GONE, FAILED_FOR_DAYS, SHE_LEFT = "gone", "failed for days", "its person left"
NO_LONGER = "not sent: its person may no longer read what it is about"


@dataclass(frozen=True, slots=True)
class Made:
    """An endpoint with its new secret, which nobody can show again."""

    endpoint: Endpoint
    secret: str


def _subject(one: Any) -> str:
    return f"webhook {one.endpoint.id if isinstance(one, Made) else one.id}"


def _state(one: Any) -> dict[str, Any]:
    found = one.endpoint if isinstance(one, Made) else one
    return {
        "person": found.person,
        "scope": found.scope,
        "title": personal(found.person, found.title) if found.title else "",
        "url": personal(found.person, found.url),
        "topics": list(found.topics),
        "state": found.state,
        "why": found.stopped_why,
    }


@audited("webhooks.endpoint.made", subject=_subject, state=_state)
def endpoint_make(*, actor: str, title: str, url: str, topics: Iterable[str], at: datetime, scope: str = WORLD) -> Made:
    """Make an endpoint of the actor, told of ``topics`` as far as she may read them and they lie in ``scope``.

    Raises :class:`WrongUse` for who may make none, an address that is none, a topic nobody offers, a scope she holds
    nothing over, and one endpoint too many.
    """
    who, wanted = actor_called(actor, at), sorted(set(topics))
    if not may_make(who):
        raise WrongUse(_("You hold no role under which something could be told to you."))
    if scope != WORLD:
        around = lineage(scope)
        scope_check(scope)
        if not any(one.scope in around and not one.elevated for one in who.held):
            raise WrongUse(_("You hold no role over this scope."))
    refusal = _refusal(title, url, wanted)
    if refusal:
        raise WrongUse(refusal)
    if Endpoint.objects.filter(person=actor).exclude(state=Endpoint.REMOVED).count() >= MOST:
        raise WrongUse(_("You have %(most)s endpoints already.") % {"most": MOST})
    secret = secret_text(chance.token_bytes(SECRET_BYTES))
    endpoint = Endpoint.objects.create(
        person=actor,
        scope=scope,
        title=title.strip(),
        url=url.strip(),
        topics=wanted,
        secret=hidden(secret),
        made_at=at,
    )
    return Made(endpoint, secret)


def _refusal(title: str, url: str, topics: list[str]) -> str | None:
    if not title.strip() or len(title.strip()) > 80:
        return _("Give it a name of at most 80 characters.")
    if not topics or set(topics) - set(TOPICS):
        return _("Choose at least one of the topics on offer.")
    return url_refusal(url.strip(), plain_allowed=plain_allowed())


@audited("webhooks.secret.changed", subject=_subject, state=_state)
def secret_rotate(*, actor: str, endpoint: Endpoint, at: datetime) -> Made:
    """Give an endpoint a new secret; for a day messages are signed with the old one too. Raises :class:`WrongUse`."""
    found = _own(endpoint, actor)
    secret = secret_text(chance.token_bytes(SECRET_BYTES))
    found.secret_before, found.before_until, found.secret = found.secret, at + OLD_SECRET_SIGNS, hidden(secret)
    found.save(update_fields=["secret", "secret_before", "before_until"])
    return Made(found, secret)


@audited("webhooks.endpoint.resumed", subject=_subject, state=_state, of="endpoint")
def endpoint_resume(*, actor: str, endpoint: Endpoint, at: datetime) -> Endpoint:
    """Tell a stopped endpoint again, with all that waits for it. Raises :class:`WrongUse` for one that is not."""
    found = _own(endpoint, actor)
    if found.state != Endpoint.STOPPED:
        raise WrongUse(_("This endpoint is not stopped."))
    found.state, found.stopped_at, found.stopped_why = Endpoint.ACTIVE, None, ""
    found.failing_since, found.failures, found.waits_until = None, 0, None
    found.save()
    Delivery.objects.filter(endpoint=found, state=Delivery.WAITING).update(next_at=at)
    _wake(found.id, at)
    return found


@audited("webhooks.endpoint.removed", subject=_subject, state=_state, of="endpoint")
def endpoint_remove(*, actor: str, endpoint: Endpoint, at: datetime) -> Endpoint:
    """Tell an endpoint nothing any more; its secrets are gone, its log stays for a while."""
    found = _own(endpoint, actor)
    found.state, found.stopped_at, found.secret, found.secret_before = Endpoint.REMOVED, at, "", ""
    found.save()
    Delivery.objects.filter(endpoint=found, state=Delivery.WAITING).update(state=Delivery.GIVEN_UP, done_at=at)
    return found


@audited("webhooks.endpoint.stopped", subject=_subject, state=_state, of="endpoint")
def endpoint_stop(*, actor: str, endpoint: Endpoint, why: str, at: datetime) -> Endpoint:
    """Stop telling an endpoint, and tell its person. What it is owed is kept until it is told again."""
    found = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    found.state, found.stopped_at, found.stopped_why = Endpoint.STOPPED, at, why
    found.save(update_fields=["state", "stopped_at", "stopped_why"])
    if why != SHE_LEFT:
        tell_stopped(found.person, found.id, at)
    return found


@audited("webhooks.test.asked", subject=_subject, state=_state, of="endpoint")
def endpoint_test(*, actor: str, endpoint: Endpoint, at: datetime) -> Endpoint:
    """Owe an endpoint one message that says nothing, to see whether it arrives."""
    found = _own(endpoint, actor)
    if found.state != Endpoint.ACTIVE:
        raise WrongUse(_("This endpoint is told nothing now."))
    Endpoint.objects.filter(pk=found.pk).update(waits_until=None)
    _owed(found, f"msg_{chance.token_hex(16)}", TEST, {"endpoint": found.id}, at)
    _wake(found.id, at)
    return found


@transaction.atomic
def deliveries_owe(*, topic: str, event: Happened, at: datetime) -> int:
    """Owe an event to every active endpoint that asked for its topic and may be told; return to how many.

    Done again for the same event, it owes nothing twice.
    """
    known, count = TOPICS[topic], 0
    for endpoint in Endpoint.objects.filter(state=Endpoint.ACTIVE).order_by("id"):
        if topic not in endpoint.topics:
            continue
        if not known.may(_who(endpoint, at), event.content, endpoint.scope):
            continue
        message = f"msg_{event.number}_{topic.replace('.', '-')}_{endpoint.id[-16:]}"[:80]
        if _owed(endpoint, message, topic, known.payload(event.content), event.at, due=at):
            _wake(endpoint.id, at)
            count += 1
    return count


def delivery_may(*, delivery: Delivery, at: datetime) -> bool:
    """Whether what is owed may still be told: whoever lost her role since it happened hears no more of it."""
    endpoint = delivery.endpoint
    if delivery.topic == TEST:
        return True
    number = delivery.id.split("_")[1]
    event = event_numbered(int(number)) if number.isdecimal() else None
    known = TOPICS.get(delivery.topic)
    return bool(known and event and known.may(_who(endpoint, at), event.content, endpoint.scope))


def _who(endpoint: Endpoint, at: datetime) -> Actor:
    """An endpoint's person with her standing roles: what she took for a while leaves an entry with each page."""
    found = actor_called(endpoint.person, at)
    return Actor(id=found.id, held=frozenset(one for one in found.held if not one.elevated))


def _owed(
    endpoint: Endpoint, message: str, topic: str, data: Any, happened: datetime, due: datetime | None = None
) -> bool:
    payload_check(data)
    body = orjson.dumps({"type": topic, "timestamp": happened.isoformat(), "data": dict(data)}).decode()
    _row, new = Delivery.objects.get_or_create(
        id=message,
        defaults={
            "endpoint": endpoint,
            "topic": topic,
            "body": body,
            "made_at": due or happened,
            "next_at": due or happened,
        },
    )
    return new


@audited(
    "webhooks.delivery.again",
    subject=lambda one: f"message {one.id}",
    state=lambda one: {"state": one.state, "tries": one.tries},
    of="delivery",
)
def delivery_again(*, actor: str, delivery: Delivery, at: datetime) -> Delivery:
    """Send a message again, received or given up. Raises :class:`WrongUse` where its endpoint is told nothing now."""
    found = Delivery.objects.select_for_update().get(pk=delivery.pk)
    endpoint = _own(found.endpoint, actor)
    if endpoint.state != Endpoint.ACTIVE:
        raise WrongUse(_("This endpoint is told nothing now."))
    found.state, found.tries, found.next_at, found.done_at = Delivery.WAITING, 0, at, None
    found.save(update_fields=["state", "tries", "next_at", "done_at"])
    Endpoint.objects.filter(pk=endpoint.pk).update(waits_until=None)
    _wake(endpoint.id, at)
    return found


@transaction.atomic
def delivery_take(*, delivery: Delivery, until: datetime) -> bool:
    """Put a message off while it is being sent, so that nobody else sends it. False where somebody was first."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING, next_at=delivery.next_at)
    return bool(mine.update(next_at=until))


@transaction.atomic
def delivery_withhold(*, delivery: Delivery, at: datetime) -> Delivery:
    """Give a message up that its person may not read any more; her receiver is not blamed for it."""
    found = Delivery.objects.select_for_update().get(pk=delivery.pk)
    Try.objects.create(delivery=found, at=at, problem=NO_LONGER)
    found.state, found.done_at = Delivery.GIVEN_UP, at
    found.save(update_fields=["state", "done_at"])
    return found


@transaction.atomic
def try_record(*, delivery: Delivery, called: Called, at: datetime) -> Delivery:
    """Keep how a call ended: received, to be tried again, or given up; stop an endpoint that fails for days."""
    found = Delivery.objects.select_for_update().get(pk=delivery.pk)
    endpoint = Endpoint.objects.select_for_update().get(pk=found.endpoint_id)
    Try.objects.create(
        delivery=found, at=at, status=called.status, milliseconds=called.milliseconds, problem=called.problem[:200]
    )
    found.tries += 1
    if called.received:
        found.state, found.done_at = Delivery.RECEIVED, at
        endpoint.failing_since, endpoint.failures, endpoint.waits_until = None, 0, None
    else:
        again = again_at(found.tries, at)
        found.next_at = again or at
        if again is None:
            found.state, found.done_at = Delivery.GIVEN_UP, at
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or at
        endpoint.waits_until = at + endpoint_waits(endpoint.failures)
    found.save()
    endpoint.save(update_fields=["failing_since", "failures", "waits_until"])
    if endpoint.state == Endpoint.ACTIVE and is_to_stop(
        failures=endpoint.failures, failing_since=endpoint.failing_since, status=called.status, at=at
    ):
        why = GONE if called.status == 410 else FAILED_FOR_DAYS
        endpoint_stop(actor="platform", endpoint=endpoint, why=why, at=at)
    return found


@transaction.atomic
def endpoints_stop_of_leaver(*, actor: str, person_id: str, at: datetime) -> None:
    """Stop the endpoints of a person who leaves, in the caller's transaction."""
    for one in Endpoint.objects.filter(person=person_id, state=Endpoint.ACTIVE).order_by("id"):
        endpoint_stop(actor=actor, endpoint=one, why=SHE_LEFT, at=at)


def webhooks_of_person_delete(*, person_id: str) -> None:
    """Delete the endpoints of a person who is erased, with their log."""
    Endpoint.objects.filter(person=person_id).delete()


def deliveries_forget(*, at: datetime) -> int:
    """Delete messages that were done with long ago; return how many."""
    old = Delivery.objects.exclude(state=Delivery.WAITING).filter(done_at__lt=at - KEEP)
    return old.delete()[1].get(Delivery._meta.label, 0)


def endpoint_again_at(*, endpoint: Endpoint) -> datetime | None:
    """When something is to be sent to an endpoint next; None when nothing waits."""
    first = Delivery.objects.filter(endpoint=endpoint, state=Delivery.WAITING).order_by(F("next_at")).first()
    return None if first is None else max(first.next_at, endpoint.waits_until or first.next_at)


def _own(endpoint: Endpoint, actor: str) -> Endpoint:
    found = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if actor not in {found.person, "operator"} or found.state == Endpoint.REMOVED:
        raise WrongUse(_("This endpoint is not yours to change, or it was removed."))
    return found


def _wake(endpoint: str, at: datetime) -> None:
    from betterwork.foundation.webhooks.jobs import endpoint_wake

    endpoint_wake(endpoint, at)
