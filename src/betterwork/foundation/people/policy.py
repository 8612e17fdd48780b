"""Who may enter the pages of people; and the doors of allauth's pages."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import OWN_PERSON, PUBLIC
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import declare_url
from betterwork.foundation.doors.policy import EVERYBODY_MAY, SIGNED_IN, rule, rule_over
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.personal import subject_of
from betterwork.foundation.people import hooks
from betterwork.foundation.people.models import Person, Registration

NOT_ERASED = ~Q(state=Person.ERASED)


@rule_over(
    Person,
    "people.read",
    _(
        "Global staff and the auditors of the world: everybody. Managers and team leaders of a country: who holds or "
        "held a role in it, and whom they invited. Nobody: who was erased."
    ),
)
def PEOPLE_READ(actor: Actor) -> Q | None:
    """See the sentence."""
    if actor.in_world(roles.GLOBAL_STAFF, roles.AUDITOR):
        return NOT_ERASED
    reach = _reached(hooks.PEOPLE_REACH, actor)
    if actor.holds(roles.COUNTRY_MANAGER, roles.TEAM_LEADER):
        invited = Q(invited_by=actor.id)
        reach = invited if reach is None else reach | invited
    return None if reach is None else NOT_ERASED & reach


@rule_over(
    Entry,
    "people.history",
    _("What happened to an account, without what the entries hold: whoever may see the person."),
)
def PEOPLE_HISTORY(actor: Actor) -> Q | None:
    """See the sentence."""
    if not PEOPLE_READ.may(actor):
        return None
    named = Concat(Value(subject_of("")), "public_id", output_field=TextField())
    return Q(subject__in=PEOPLE_READ.visible_to(actor).annotate(named=named).values("named"))


@rule_over(
    Person,
    "people.manage",
    _(
        "Global staff: everybody but themselves. Managers of a country: who holds roles in it alone, and whom they "
        "invited and who has not joined."
    ),
)
def PEOPLE_MANAGE(actor: Actor) -> Q | None:
    """See the sentence."""
    others = NOT_ERASED & ~Q(public_id=actor.id)
    if actor.in_world(roles.GLOBAL_STAFF):
        return others
    if not actor.holds(roles.COUNTRY_MANAGER):
        return None
    invited, reach = Q(invited_by=actor.id, state=Person.INVITED), _reached(hooks.PEOPLE_MANAGED, actor)
    return others & (invited if reach is None else reach | invited)


@rule("people.invite", _("Global staff, and the managers of a country programme."))
def PEOPLE_INVITE(actor: Actor) -> bool:
    """See the sentence."""
    return actor.in_world(roles.GLOBAL_STAFF) or actor.holds(roles.COUNTRY_MANAGER)


@rule_over(
    Registration,
    "people.registrations",
    _("Requests of factories for an account: global staff, and the managers of the country."),
)
def REGISTRATIONS(actor: Actor) -> Q | None:
    """See the sentence."""
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", roles.COUNTRY_MANAGER)
    return Q(country__in=countries) if countries else None


def _reached(found: list[Callable[[Actor], Q | None]], actor: Actor) -> Q | None:
    reach: Q | None = None
    for one in found:
        more = one(actor)
        if more is not None:
            reach = more if reach is None else reach | more
    return reach


BOTH = ("GET", "POST")
_FOR_STRANGERS = (
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
)
_FOR_HERSELF = (
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "usersessions_list",
)
for _name in _FOR_STRANGERS:
    declare_url(_name, EVERYBODY_MAY, audience=PUBLIC, methods=BOTH, why="Signing in happens before being signed in.")
for _name in _FOR_HERSELF:
    declare_url(_name, SIGNED_IN, audience=OWN_PERSON, methods=BOTH, why="allauth shows a person her own account only.")
