"""Releases as the staff who gave them and those who received them may see them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.audiences import names
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.roles import ROLES, WORLD
from betterwork.foundation.releases.kinds import kind_title, opened_at
from betterwork.foundation.releases.models import Release
from betterwork.foundation.releases.rules import IN_FORCE, OVER, TO_COME, WITHDRAWN

STATE_WORDS = {
    IN_FORCE: _("In force"),
    TO_COME: _("Begins later"),
    OVER: _("Over"),
    WITHDRAWN: _("Withdrawn"),
}
STATE_KINDS = {IN_FORCE: "ok", TO_COME: "info", OVER: "none", WITHDRAWN: "nc"}
AUDIENCE_WORDS = {
    names.PUBLIC: _("The public"),
    names.BUYER: _("Buyers"),
    names.FACTORY: _("Factories"),
    names.COMMITTEE: _("The national committee"),
    names.AUTHORITY: _("The labour inspectorate"),
    names.PROGRAMME: _("The programme’s staff"),
    names.ASSESSING_TEAM: _("The assessing team"),
    names.CONCERN_CIRCLE: _("Who raised a concern, and who answers it"),
    names.SURVEY_CUSTODIAN: _("The survey’s custodian"),
    names.RESEARCH: _("Researchers"),
    names.OWN_PERSON: _("One person"),
}


def recipient_words(release: Any) -> str:
    """To whom something was given, in words: "The national committee, Viet Nam"."""
    if release.person:
        who = person_names([release.person]).get(release.person, _now("Somebody who left"))
    elif release.role in ROLES:
        who = str(ROLES[release.role].title)
    else:
        who = str(AUDIENCE_WORDS.get(release.audience, release.audience))
    return who if release.scope == WORLD else f"{who}, {scope_words(release.scope)}"


# State and withdrawal are annotated by ``queries.with_state``: every presentation here is given such rows.
_SAID = {
    "kind_title": Derived(("kind",), lambda one: kind_title(one.kind)),
    "state_word": Derived(("starts",), lambda one: STATE_WORDS[one.state]),
    "state_kind": Derived(("starts",), lambda one: STATE_KINDS[one.state]),
    "version": Derived(
        ("document__digest", "file_digest", "document"),
        lambda one: one.document.digest if one.document else one.file_digest,
    ),
    "withdrawn_at": Derived(("id",), lambda one: one.withdrawn_at),
    "withdrawn_reason": Derived(("id",), lambda one: one.withdrawn_reason or ""),
    "url": Derived(("kind", "key"), lambda one: opened_at(one.kind, one.key)),
}
_FIELDS = ("id", "title", "starts", "ends", "authority", "rule", "given_at", "section")
RELEASE_FOR_STAFF = Presentation(
    "releases.given",
    model=Release,
    audience=names.PROGRAMME,
    fields=(*_FIELDS, "country", "given_by"),
    derived={**_SAID, "recipient": Derived(("audience", "scope", "role", "person"), recipient_words)},
)
RELEASE_FOR_RECIPIENTS = Presentation(
    "releases.received", model=Release, audience=names.PUBLIC, fields=_FIELDS, derived=_SAID
)
"""For whoever receives it: declared for the public, since a release may go to any audience. The policy says to whom."""
