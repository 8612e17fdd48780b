"""How the register speaks of organisations, which it names by their opaque key alone."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.modules.organisations.queries import organisation_names


def organisation_checked(key: str) -> str:
    """The key, stripped. Raises WrongUse for one that no organisation has."""
    key = key.strip()
    if key and organisation_title(key) is None:
        raise WrongUse(_("No organisation here has the key %(key)s.") % {"key": key})
    return key


def organisation_title(key: str) -> str | None:
    """How an organisation is called; None where nobody has this key. One query, none without a key."""
    return organisation_names([key]).get(key) if key else None


def organisation_titles(keys: Iterable[str]) -> dict[str, str]:
    """The same for several; who is not there any more is called by her key. One query at most."""
    wanted = {one for one in keys if one}
    names = organisation_names(wanted) if wanted else {}
    return {key: names.get(key, key) for key in wanted}
