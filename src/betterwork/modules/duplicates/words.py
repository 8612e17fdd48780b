"""What speaks for and against two records being one factory, and the states of a pair, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.modules.duplicates.models import Pair

FOR, AGAINST, NEITHER = "for", "against", "neither"
REASONS: dict[str, Any] = {
    "name.other": _("other names"),
    "name.part": _("one name is a part of the other"),
    "name.loose": _("names somewhat alike"),
    "name.initials": _("one name is the initials of the other"),
    "name.near": _("names spelt almost alike"),
    "name.sound": _("same name after transliteration"),
    "name.same": _("same name"),
    "unit.other": _("other unit number"),
    "unit.one_says": _("only one of the two is a numbered unit"),
    "unit.first": _("one is called unit 1, the other has no number"),
    "unit.same": _("same unit number"),
    "kind.other": _("other kind of industry in the name"),
    "kind.same": _("same kind of industry in the name"),
    "address.other": _("other place"),
    "address.town": _("same town, other street"),
    "address.other_number": _("same street, other number"),
    "address.street": _("same street, or same number in the same town"),
    "address.same": _("same street and number"),
    "owner.other": _("other owner"),
    "owner.near": _("owners spelt almost alike"),
    "owner.same": _("same owner"),
    "group.other": _("other group"),
    "group.same": _("same group"),
    "domain.other": _("other internet domain of the contacts"),
    "domain.same": _("same internet domain of the contacts"),
    "number.other": _("another number in the same outside system"),
    "number.same": _("same number in an outside system"),
    "place.far": _("over two kilometres apart on the map"),
    "place.near": _("near each other on the map"),
    "place.same": _("at the same spot on the map"),
    "only.names": _("nothing but the names is known"),
}
SURE = _("Almost certain")
LIKELY = _("Likely")
STATES: dict[str, tuple[Any, str]] = {
    Pair.OPEN: (_("To decide"), "wait"),
    Pair.MERGED: (_("Merged"), "ok"),
    Pair.REFUSED: (_("Not the same"), "none"),
    Pair.UNMERGED: (_("Taken apart again"), "info"),
    Pair.GONE: (_("No longer alike"), "none"),
}
"""The state of a pair in a word, and the kind of its tag."""
SAYS: dict[str, tuple[Any, str]] = {
    FOR: (_("for"), "ok"),
    AGAINST: (_("against"), "nc"),
    NEITHER: (_("says little"), "none"),
}
ONLY_NAMES = "only.names"
LITTLE = 0.5
"""A weight up to this, either way, says little: less than one and a half times the odds."""


def reason_words(code: str) -> str:
    """A reason in words; its code where this version knows it no more."""
    return str(REASONS.get(code, code))


def reason_says(weight: float) -> str:
    """Whether a reason speaks for, against, or says little."""
    return NEITHER if abs(weight) <= LITTLE else FOR if weight > 0 else AGAINST


def reasons_line(reasons: list[list[Any]], most: int = 4) -> str:
    """The heaviest reasons in one line, those against marked."""
    told = [
        (reason_words(code), reason_says(weight))
        for code, weight in reasons
        if reason_says(weight) != NEITHER or code == ONLY_NAMES
    ]
    return "; ".join(f"{words}: {SAYS[AGAINST][0]}" if says == AGAINST else words for words, says in told[:most])
