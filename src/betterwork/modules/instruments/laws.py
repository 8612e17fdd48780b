"""The register of law: adding a provision, and putting a changed one in its place from a day on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.instruments.models import LegalReference

TEXTS = ("instrument", "number", "article", "title", "link", "summary", "source")
_KEY = re.compile(r"[^a-z0-9]+")


def _state(one: LegalReference) -> dict[str, Any]:
    until = one.in_force_until.isoformat() if one.in_force_until else ""
    days = {"in_force_from": one.in_force_from.isoformat() if one.in_force_from else "", "in_force_until": until}
    kept = {name: getattr(one, name) for name in ("key", "kind", "country", *TEXTS)}
    return {**kept, **days, "supersedes": one.supersedes.key if one.supersedes else ""}


def _subject(one: LegalReference) -> str:
    return f"law {one.key}"


@audited("law.added", subject=_subject, state=_state)
def legal_reference_add(
    *,
    actor: str,
    kind: str,
    country: str,
    texts: Mapping[str, str],
    in_force_from: date | None,
    in_force_until: date | None = None,
    key: str = "",
    supersedes: LegalReference | None = None,
    at: datetime,
) -> LegalReference:
    """Add a provision with the days on which it holds. ``texts``: instrument, number, article, title, link, summary.

    With ``supersedes`` it takes the place of an earlier one, which ends the day before at the latest. Raises
    :class:`WrongUse` for an unknown kind or country, no instrument, days that do not follow, one superseded already.
    """
    said = {name: str(texts.get(name, "")).strip() for name in TEXTS}
    if kind not in LegalReference.KINDS or not said["instrument"]:
        raise WrongUse(_("Say what kind of law it is and how it is called."))
    if said["link"] and not said["link"].startswith(("https://", "http://")):
        raise WrongUse(_("A link begins with https://."))
    if country:
        try:
            country_of_code(country)
        except KeyError as error:
            raise WrongUse(_("There is no country programme called %(code)s.") % {"code": country}) from error
    if in_force_until is not None and in_force_from is not None and in_force_until < in_force_from:
        raise WrongUse(_("It ends before it begins: mend one of the days."))
    if supersedes is not None:
        _ended(actor, supersedes, in_force_from, at)
    return LegalReference.objects.create(
        key=key or _free_key(country, said, in_force_from),
        kind=kind,
        country=country,
        in_force_from=in_force_from,
        in_force_until=in_force_until,
        supersedes=supersedes,
        **said,
    )


def _ended(actor: str, before: LegalReference, starts: date | None, at: datetime) -> None:
    if starts is None:
        raise WrongUse(_("Say from which day the new text holds: the old one ends the day before."))
    found = LegalReference.objects.select_for_update().get(pk=before.pk)
    if LegalReference.objects.filter(supersedes=found).exists():
        raise WrongUse(_("It was superseded already: supersede the newest one."))
    if found.in_force_from is not None and starts <= found.in_force_from:
        raise WrongUse(_("The new text begins after the old one did."))
    if found.in_force_until is None or found.in_force_until >= starts:
        legal_reference_end(actor=actor, reference=found, until=starts - timedelta(days=1), at=at)


@audited("law.ended", subject=_subject, state=_state, of="reference")
def legal_reference_end(*, actor: str, reference: LegalReference, until: date, at: datetime) -> LegalReference:
    """Say on which last day a provision holds. Raises :class:`WrongUse` for a day before its first."""
    found = LegalReference.objects.select_for_update().get(pk=reference.pk)
    if found.in_force_from is not None and until < found.in_force_from:
        raise WrongUse(_("It ends before it begins: mend one of the days."))
    found.in_force_until, found.revision = until, F("revision") + 1
    found.save(update_fields=["in_force_until", "revision"])
    found.refresh_from_db()
    return found


def _free_key(country: str, said: Mapping[str, str], starts: date | None) -> str:
    words = " ".join([country or "ilo", said["number"] or said["instrument"], said["article"]]).lower()
    base = _KEY.sub("-", words).strip("-")[:44] or "law"
    if not LegalReference.objects.filter(key=base).exists():
        return base
    dated = f"{base}-{starts.isoformat() if starts else 'undated'}"
    taken = set(LegalReference.objects.filter(key__startswith=dated).values_list("key", flat=True))
    return next(one for n in range(1, len(taken) + 2) if (one := dated if n == 1 else f"{dated}-{n}") not in taken)
