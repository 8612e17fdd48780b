"""Writing pairs: found, merged, refused, put off, un-merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.duplicates import rules
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.registry.models import Merge
from betterwork.modules.registry.services import factory_merge, factory_unmerge

FOUND = "duplicates.found"


@dataclass(frozen=True, slots=True)
class NewPair:
    """A pair as it was found: ids of factories, score, reasons, and a digest of the facts compared."""

    left: int
    right: int
    score: float
    sure: bool
    reasons: tuple[tuple[str, float], ...]
    facts: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a search came to: pairs that wait newly, that came back because facts changed, that no longer wait."""

    new: int
    back: int
    gone: int


def _subject(pair: Pair) -> str:
    return f"duplicate-pair {pair.pk}"


def _state(pair: Pair) -> dict[str, Any]:
    said: dict[str, Any] = {"left": pair.left_id, "right": pair.right_id, "state": pair.state, "merge": pair.merge}
    said |= {"kept": pair.kept, "later_until": pair.later_until.isoformat() if pair.later_until else ""}
    return said | ({"reason": personal(pair.decided_by, pair.reason)} if pair.decided_by else {})


@transaction.atomic
def pairs_keep(*, actor: str, country: str, found: Iterable[NewPair], at: datetime) -> Kept:
    """Keep what a search among all records of a country found. Doing it twice changes nothing.

    A pair refused or un-merged comes back only when its facts changed; one that is found no more waits no more. One
    entry of the ledger says how many; none where nothing changed.
    """
    known = {(one.left_id, one.right_id): one for one in Pair.objects.select_for_update().filter(country=country)}
    fresh: list[Pair] = []
    back = gone = 0
    changed: list[Pair] = []
    seen: set[tuple[int, int]] = set()
    for one in found:
        key = (min(one.left, one.right), max(one.left, one.right))
        seen.add(key)
        pair = known.get(key)
        if pair is None:
            fresh.append(_made(country, key, one, at))
            continue
        state = rules.state_when_found(pair.state, facts_changed=pair.facts != one.facts)
        back += state != pair.state
        if state == Pair.OPEN and (state, one.facts, one.score) != (pair.state, pair.facts, pair.score):
            if state != pair.state:
                _forget_decision(pair, at)
            pair.state, pair.facts, pair.score, pair.sure = state, one.facts, one.score, one.sure
            pair.reasons = [list(reason) for reason in one.reasons]
            changed.append(pair)
    for key, pair in known.items():
        if key not in seen and rules.state_when_not_found(pair.state) != pair.state:
            pair.state = Pair.GONE
            gone += 1
            changed.append(pair)
    Pair.objects.bulk_create(fresh, batch_size=500)
    fields = [
        "state",
        "facts",
        "score",
        "sure",
        "reasons",
        "found_at",
        "later_until",
        "decided_by",
        "decided_at",
        "reason",
    ]
    Pair.objects.bulk_update(changed, [*fields, "merge", "kept"], batch_size=200)
    kept = Kept(len(fresh), back, gone)
    if fresh or back or gone:
        content = {"new": kept.new, "back": kept.back, "gone": kept.gone}
        entry_append(
            kind=AUDIT, action=FOUND, actor=actor, subject=f"country {country}", content=content, at=at, checked=True
        )
    return kept


def _made(country: str, key: tuple[int, int], one: NewPair, at: datetime) -> Pair:
    return Pair(
        left_id=key[0],
        right_id=key[1],
        country=country,
        score=one.score,
        sure=one.sure,
        reasons=[list(reason) for reason in one.reasons],
        facts=one.facts,
        found_at=at,
    )


def _forget_decision(pair: Pair, at: datetime) -> None:
    """It waits again: what was decided of the facts before stands in the ledger."""
    pair.found_at, pair.later_until, pair.decided_by, pair.decided_at = at, None, "", None
    pair.reason, pair.merge, pair.kept = "", "", None


@audited("duplicates.pair.merged", subject=_subject, state=_state, of="pair")
def pair_merge(*, actor: str, pair: Pair, kept: int, reason: str, at: datetime) -> Pair:
    """Merge the two records; ``kept`` is the id of the one that stays. Pairs with the other one are looked at anew.

    Raises WrongUse for a pair already decided, without a reason, for a record that is not of the pair, and for what the
    register refuses.
    """
    found = _locked(pair, reason)
    if kept not in (found.left_id, found.right_id):
        raise WrongUse(_("Say which of the two records stays."))
    other = found.right if kept == found.left_id else found.left
    stays = found.left if kept == found.left_id else found.right
    merge = factory_merge(actor=actor, kept=stays, gone=other, reason=reason, at=at)
    return _merged(found, actor=actor, merge=merge, reason=reason, at=at)


@audited("duplicates.pair.refused", subject=_subject, state=_state, of="pair")
def pair_refuse(*, actor: str, pair: Pair, reason: str, at: datetime) -> Pair:
    """Say that the two are not the same factory. It comes back only when names, addresses or owners change.

    Raises WrongUse for a pair already decided and without a reason.
    """
    found = _locked(pair, reason)
    return _decided(found, state=Pair.REFUSED, actor=actor, reason=reason, at=at)


@audited("duplicates.pair.put-off", subject=_subject, state=_state, of="pair")
def pair_put_off(*, actor: str, pair: Pair, until: date, at: datetime) -> Pair:
    """Let it wait for nobody before a day. Raises WrongUse for a pair already decided and a day that is not to come."""
    found = Pair.objects.select_for_update().get(pk=pair.pk)
    if found.state != Pair.OPEN:
        raise WrongUse(_problem("decided"))
    if until <= at.date():
        raise WrongUse(_("Give a day to come."))
    found.later_until = until
    found.save(update_fields=["later_until"])
    return found


@audited("duplicates.pair.unmerged", subject=_subject, state=_state, of="pair")
def pair_unmerge(*, actor: str, pair: Pair, reason: str, at: datetime) -> Pair:
    """Take the two apart again, exactly. Raises WrongUse for a pair that is not merged and without a reason."""
    found = Pair.objects.select_for_update().get(pk=pair.pk)
    if found.state != Pair.MERGED:
        raise WrongUse(_("These two are not merged."))
    if problem := rules.reason_problem(reason):
        raise WrongUse(_problem(problem))
    factory_unmerge(actor=actor, merge=Merge.objects.get(pk=found.merge), reason=reason, at=at)
    return _decided(found, state=Pair.UNMERGED, actor=actor, reason=reason, at=at)


@transaction.atomic
def merge_follow(*, actor: str, merge: str, at: datetime) -> None:
    """Keep up with a merge made or undone on the register's own pages. Again it changes nothing.

    Other pairs of a record that was merged away no longer wait; the search finds them again once it stands apart.
    """
    made = Merge.objects.get(pk=merge)
    left, right = sorted((made.kept_id, made.gone_id))
    pair = Pair.objects.select_for_update().filter(left=left, right=right).first()
    if made.undone_at is not None:
        if pair is not None and pair.state == Pair.MERGED and pair.merge == made.pk:
            _decided(pair, state=Pair.UNMERGED, actor=made.undone_by, reason=made.undo_reason, at=made.undone_at)
            _told(pair, "duplicates.pair.unmerged", actor, at)
        return
    if pair is not None and pair.state != Pair.MERGED:
        _merged(pair, actor=made.merged_by, merge=made, reason=made.reason, at=made.merged_at)
        _told(pair, "duplicates.pair.merged", actor, at)
    waiting = Pair.objects.select_for_update().filter(state=Pair.OPEN)
    for one in [*waiting.filter(left=made.gone_id), *waiting.filter(right=made.gone_id)]:
        one.state = Pair.GONE
        one.save(update_fields=["state"])
        _told(one, "duplicates.pair.gone", actor, at)


def _told(pair: Pair, action: str, actor: str, at: datetime) -> None:
    entry_append(kind=AUDIT, action=action, actor=actor, subject=_subject(pair), content={"after": _state(pair)}, at=at)


def _locked(pair: Pair, reason: str) -> Pair:
    # The register locks both factories; the row of the pair alone says whether somebody was faster.
    found = Pair.objects.select_for_update(of=("self",)).select_related("left", "right").get(pk=pair.pk)
    if problem := rules.decide_problem(found.state, reason):
        raise WrongUse(_problem(problem))
    return found


def _problem(code: str) -> str:
    return {
        "decided": _("Somebody has decided this pair meanwhile. Look at it again."),
        "no-reason": _("Say why: it stays with the pair."),
        "long-reason": _("The reason is longer than %(most)s characters.") % {"most": rules.LONGEST_REASON},
    }[code]


def _merged(pair: Pair, *, actor: str, merge: Merge, reason: str, at: datetime) -> Pair:
    pair.merge, pair.kept = merge.pk, merge.kept_id
    return _decided(pair, state=Pair.MERGED, actor=actor, reason=reason, at=at)


def _decided(pair: Pair, *, state: str, actor: str, reason: str, at: datetime) -> Pair:
    pair.state, pair.decided_by, pair.decided_at, pair.reason = state, actor, at, reason.strip()
    pair.later_until = None
    pair.save(update_fields=["state", "decided_by", "decided_at", "reason", "later_until", "merge", "kept"])
    return pair


def decisions_forget(*, person_id: str, at: datetime) -> None:
    """Blank the reasons a person wrote; her opaque id stays and says nothing. Repeatable."""
    Pair.objects.filter(decided_by=person_id).exclude(reason="").update(reason="[erased]")
