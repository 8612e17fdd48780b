"""What every write of the register shares: the lock, the subject of its entry, values as the ledger takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.services import event_publish
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.registry.events import FactoryChanged
from betterwork.modules.registry.models import Factory, Merge

LONGEST_REASON = 2_000


def subject_of(factory: Factory) -> str:
    """How an entry of the ledger names a factory: by its key, or by its row where the key could not be searched for."""
    key = str(factory)
    return f"factory {key}" if key.isprintable() and key == key.strip() else f"factory row-{factory.pk}"


def factory_locked(factory: Factory) -> Factory:
    """The factory as stored, locked: one writer at a time. Raises WrongUse for a record that was merged away."""
    found = Factory.objects.select_for_update().get(pk=factory.pk)
    merge = Merge.objects.filter(gone=found, undone_at__isnull=True).select_related("kept").first()
    if merge is not None:
        raise WrongUse(
            _("This record was merged into %(kept)s. Change that one, or undo the merge first.")
            % {"kept": f"{merge.kept.name} ({merge.kept.outside_id})"}
        )
    return found


def refuse(why: str | None) -> None:
    """Raise WrongUse where there is a reason to."""
    if why:
        raise WrongUse(why)


def reason_wanted(reason: str) -> str:
    """The reason, stripped. Raises WrongUse without one."""
    reason = reason.strip()
    if not reason:
        raise WrongUse(_("Say why: it stays with the factory."))
    return reason_short(reason)


def reason_short(reason: str) -> str:
    """The reason, stripped. Raises WrongUse for a very long one."""
    if len(reason) > LONGEST_REASON:
        raise WrongUse(_("The reason is longer than %(most)s characters.") % {"most": LONGEST_REASON})
    if any(_is_no_text(one) and one not in "\r\n\t" for one in reason):
        raise WrongUse(_("%(what)s holds signs that are no text.") % {"what": _("The reason")})
    return reason.strip()


def text_checked(value: Any, most: int, *, what: str = "") -> str:
    """A text as it is kept: outer blanks off. Raises WrongUse for one that is too long or holds no text."""
    text = "" if value is None else str(value).strip()
    if len(text) > most:
        raise WrongUse(_("%(what)s is longer than %(most)s characters.") % {"what": what or _("This"), "most": most})
    if any(map(_is_no_text, text)):
        raise WrongUse(_("%(what)s holds signs that are no text.") % {"what": what or _("This")})
    return text


def _is_no_text(sign: str) -> bool:
    return ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF


def plain(value: Any) -> Any:
    """A value as the canonical form takes it: days, moments and decimals as text."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def told(
    *, actor: str, factory: Factory, what: str, action: str, content: Mapping[str, Any], reason: str = "", at: datetime
) -> None:
    """Write the entry of a change and tell other rooms of it. Reasons may speak of a person: they stand under a key."""
    kept = dict(plain(content)) | {"factory": factory.pk}
    if reason:
        kept["reason"] = personal(actor, reason)
    entry_append(kind=AUDIT, action=action, actor=actor, subject=subject_of(factory), content=kept, at=at)
    event_publish(name=FactoryChanged.NAME, content=FactoryChanged(factory.pk, what), at=at)
