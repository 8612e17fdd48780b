"""Raising a concern, exactly once; taking it in hand, writing what was done, closing it with a second person."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from betterwork.core.canonical import canonical_bytes
from betterwork.core.errors import WrongUse
from betterwork.foundation.access.queries import actor_called
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.vault.services import vault_erase
from betterwork.modules.alerts.kinds import kinds
from betterwork.modules.alerts.models import Concern, ConcernStep
from betterwork.modules.alerts.policy import CONCERNS_WORK, VAULT_KIND
from betterwork.modules.alerts.queries import item_subject, told_of
from betterwork.modules.alerts.rules import (
    ASKED,
    CLOSED,
    NOTED,
    OPEN,
    REOPENED,
    STEPS,
    TAKEN,
    WITH_WORDS,
    Said,
    Standing,
    due_of,
    said_refusal,
    standing_after,
    step_refusal,
    where_cleaned,
    words_cleaned,
    words_refusal,
)
from betterwork.modules.alerts.settings_of import hours_of
from betterwork.modules.alerts.telling import overdue_tell, raised_tell, step_tell
from betterwork.modules.alerts.words import words_put
from betterwork.modules.countries.queries import countries_known
from betterwork.modules.registry.models import Factory

ORPHAN = timedelta(days=1)
"""After this long words without their step were left by a power cut, and not by a form that is still open."""


class OtherContent(WrongUse):
    """There is a concern with this id that says something else, or that somebody else raised."""


def concern_raise(
    *,
    actor: str,
    concern_id: str,
    country: str,
    factory: Factory | None,
    kind: str,
    certainty: str,
    words: str,
    where: str,
    made_on: date,
    at: datetime,
    set_aside_person: str = "",
) -> Concern:
    """Raise a concern, exactly once by its id; sent again it completes what a power cut left, and changes nothing else.

    Those who answer the country's concerns are told at once; the words lie in the vault. Called outside any
    transaction. The door asks whether she may raise in this country. Raises :class:`WrongUse` with what cannot be
    taken, :class:`OtherContent`, and :class:`~.words.WordsWait` where it stands and only its words must be sent again.
    """
    if country not in {one.code for one in countries_known()}:
        raise WrongUse(_("There is no country programme called %(country)s.") % {"country": country})
    if factory is not None and factory.country != country:
        raise WrongUse(_("This factory lies in another country."))
    said = Said(
        id=concern_id,
        country=country,
        factory=factory.pk if factory else None,
        kind=kind,
        certainty=certainty,
        words=words_cleaned(words),
        where=where_cleaned(where),
        made_on=made_on,
        set_aside_person=set_aside_person,
    )
    if why := said_refusal(said, frozenset(one.name for one in kinds())):
        raise WrongUse(str(why))
    concern = _known(said, actor)
    if concern is None:
        try:
            concern = _concern_begin(actor=actor, said=said, at=at)
        except IntegrityError:  # two attempts at the same time: one was first
            concern = _known(said, actor)
            if concern is None:
                raise
    openers = told_of(country, at, raised_by=actor, set_aside=set_aside_person)
    words_put(
        actor=actor, concern_id=concern.id, item_id=concern.id, openers=openers, words=said.words, at=at, again=False
    )
    return concern


def words_complete(*, actor: str, concern: Concern, words: str, at: datetime) -> Concern:
    """Put away the words of a concern that was told and whose words never arrived; where they did, nothing changes.

    For her who raised it. Raises :class:`WrongUse`, :class:`~.words.WordsWait`.
    """
    plain = words_cleaned(words)
    if concern.raised_by != actor:
        raise WrongUse(_("Only who raised it says what it is."))
    if why := words_refusal(plain):
        raise WrongUse(str(why))
    openers = told_of(concern.country, at, raised_by=actor, set_aside=concern.set_aside_person)
    words_put(actor=actor, concern_id=concern.id, item_id=concern.id, openers=openers, words=plain, at=at, again=False)
    return concern


def _known(said: Said, actor: str) -> Concern | None:
    """The concern that was raised under this id before. Raises :class:`OtherContent` where it is another."""
    found = Concern.objects.filter(pk=said.id).first()
    if found is not None and not (found.raised_by == actor and _same_as(said, found.same)):
        raise OtherContent(_("This id came with another concern before: make a new one and send it again."))
    return found


def _concern_subject(concern: Concern) -> str:
    return item_subject(concern.id)


def _concern_state(concern: Concern) -> dict[str, Any]:
    """What the trail keeps: that it stands and how. Not the country, the factory or the kind: auditors read it."""
    return {"state": concern.state}


@audited("alerts.concern.raised", subject=_concern_subject, state=_concern_state)
def _concern_begin(*, actor: str, said: Said, at: datetime) -> Concern:
    answer, follow_up = hours_of(said.country, at.date())
    persons = told_of(said.country, at, raised_by=actor, set_aside=said.set_aside_person)
    concern = Concern.objects.create(
        id=said.id,
        country=said.country,
        factory_id=said.factory,
        kind=said.kind,
        certainty=said.certainty,
        where=said.where,
        raised_by=actor,
        raised_on=min(said.made_on, at.date()),  # a device's clock may run ahead; that must not stop a concern
        raised_at=at,
        told=len(persons),
        set_aside_person=said.set_aside_person,
        same=_sameness(said),
        state=OPEN,
        clock_from=at,
        answer_hours=answer,
        follow_up_hours=follow_up,
    )
    raised_tell(concern, persons, at)
    return concern


def concern_take(*, actor: str, concern: Concern, at: datetime, step_id: str = "") -> Concern:
    """Take a concern in hand: the first answer. Another named person may take it over. Raises :class:`WrongUse`."""
    return _step(actor=actor, concern=concern, kind=TAKEN, words="", at=at, step_id=step_id)


def concern_note(*, actor: str, concern: Concern, words: str, at: datetime, step_id: str = "") -> Concern:
    """Write down what was done or learnt; into the vault. Raises :class:`WrongUse`."""
    return _step(actor=actor, concern=concern, kind=NOTED, words=words, at=at, step_id=step_id)


def closing_ask(*, actor: str, concern: Concern, words: str, at: datetime, step_id: str = "") -> Concern:
    """Ask for closing, with the reason. Another named person decides. Raises :class:`WrongUse`."""
    return _step(actor=actor, concern=concern, kind=ASKED, words=words, at=at, step_id=step_id)


def closing_decide(*, actor: str, concern: Concern, step: str, words: str, at: datetime, step_id: str = "") -> Concern:
    """Confirm closing, refuse it with the reason, or take one's own asking back: ``step``. Raises WrongUse."""
    return _step(actor=actor, concern=concern, kind=step, words=words, at=at, step_id=step_id)


def concern_reopen(*, actor: str, concern: Concern, words: str, at: datetime, step_id: str = "") -> Concern:
    """Open a closed concern again, with the reason: who is named, or she who raised it. The clock begins anew.

    Raises :class:`WrongUse`.
    """
    return _step(actor=actor, concern=concern, kind=REOPENED, words=words, at=at, step_id=step_id)


def _step(*, actor: str, concern: Concern, kind: str, words: str, at: datetime, step_id: str) -> Concern:
    """Words first, then the step: no state without its reason. ``step_id``: of the form, so that twice is once."""
    step_id = step_id or secrets.token_hex(16)
    if done := ConcernStep.objects.filter(pk=step_id).first():
        if (done.concern_id, done.kind, done.done_by) != (concern.pk, kind, actor):
            raise WrongUse(_("This was used for something else: load the page again."))
        concern.refresh_from_db()
        return concern
    plain = words_cleaned(words)
    _refused(Concern.objects.get(pk=concern.pk), kind, actor, at)
    if kind in WITH_WORDS:
        if why := words_refusal(plain):
            raise WrongUse(str(why))
        openers = told_of(concern.country, at, raised_by="", set_aside=concern.set_aside_person)
        words_put(actor=actor, concern_id=concern.id, item_id=step_id, openers=openers, words=plain, at=at, again=True)
    stepped: Concern = _STEPS[kind](actor=actor, concern=concern, step_id=step_id, at=at)
    return stepped


def _refused(concern: Concern, kind: str, actor: str, at: datetime) -> None:
    named = CONCERNS_WORK.may(actor_called(actor, at), concern)
    if why := step_refusal(standing_of(concern=concern), kind, actor=actor, named=named):
        raise WrongUse(str(why))


def standing_of(*, concern: Concern) -> Standing:
    """How a concern stands, for the rules."""
    return Standing(concern.state, concern.taken_by, concern.asked_by, concern.raised_by)


def _stepping(kind: str) -> Any:
    """The service that writes a step of one kind, with an entry of its own name."""

    @audited(f"alerts.concern.{kind}", subject=_concern_subject, state=_concern_state, of="concern")
    def written(*, actor: str, concern: Concern, step_id: str, at: datetime) -> Concern:
        now = Concern.objects.select_for_update().get(pk=concern.pk)
        _refused(now, kind, actor, at)
        after = standing_after(standing_of(concern=now), kind, actor=actor)
        now.state, now.taken_by, now.asked_by = after.state, after.taken_by, after.asked_by
        if kind == TAKEN:
            now.answered_at = now.answered_at or at
        elif kind in {NOTED, ASKED}:
            now.followed_up_at = now.followed_up_at or at
        elif kind == REOPENED:
            now.clock_from, now.answered_at, now.followed_up_at = at, None, None
        now.save()
        number = now.steps.count() + 1
        step = ConcernStep.objects.create(id=step_id, concern=now, number=number, kind=kind, done_by=actor, done_at=at)
        step_tell(now, step, at)
        return now

    return written


_STEPS = {kind: _stepping(kind) for kind in STEPS}


def overdue_remind(*, at: datetime) -> int:
    """Tell those who answer open concerns which times are over, each once; return how many notices were new."""
    count = 0
    for concern in Concern.objects.exclude(state=CLOSED).order_by("clock_from", "id"):
        for which, hours, met in (
            ("answer", concern.answer_hours, concern.answered_at),
            ("follow-up", concern.follow_up_hours, concern.followed_up_at),
        ):
            if met is None and due_of(concern.clock_from, hours, None).late(at):
                with transaction.atomic():
                    count += overdue_tell(concern, which, at)
    return count


def words_tidy(*, actor: str, at: datetime) -> int:
    """Erase words whose step never came: left by a power cut or a form that was refused. Returns how many."""
    from betterwork.foundation.vault.models import VaultItem

    old = VaultItem.objects.filter(kind=VAULT_KIND, made_at__lt=at - ORPHAN).order_by("pk")
    count = 0
    for item in list(old.values_list("pk", flat=True)):
        if not ConcernStep.objects.filter(pk=item).exists() and not Concern.objects.filter(pk=item).exists():
            vault_erase(actor=actor, item_id=item, at=at)
            count += 1
    return count


def _canonical(said: Said) -> bytes:
    values = {name: getattr(said, name) for name in Said.__slots__}
    return canonical_bytes(values | {"made_on": said.made_on.isoformat()})


def _sameness(said: Said, salt: bytes = b"") -> str:
    """A salted and slow hash of all that was said: what a concern says cannot be guessed from it at any speed."""
    salt = salt or secrets.token_bytes(16)
    made = hashlib.scrypt(_canonical(said), salt=salt, n=1 << 14, r=8, p=1, dklen=32)
    return f"{base64.b64encode(salt).decode()} {base64.b64encode(made).decode()}"


def _same_as(said: Said, same: str) -> bool:
    salt = base64.b64decode(same.partition(" ")[0])
    return hmac.compare_digest(_sameness(said, salt), same)
