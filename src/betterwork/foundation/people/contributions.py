"""What people adds to pages that no room owns, and what it keeps of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from betterwork.foundation.contributions.registry import (
    Hit,
    Keeping,
    MenuItem,
    Task,
    home_add,
    keeping_add,
    menu_add,
    names_add,
    search_add,
)
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.ledger.rotations import rotation_add
from betterwork.foundation.ledger.words import action_words_add
from betterwork.foundation.people.erasing import account_erase
from betterwork.foundation.people.policy import PEOPLE_READ, REGISTRATIONS
from betterwork.foundation.people.presentations import FOR_PROGRAMME
from betterwork.foundation.people.queries import (
    account_export,
    has_second_step,
    names_of,
    people_found,
)
from betterwork.foundation.people.rotating import second_factors_rewrap
from betterwork.foundation.people.words import ACTIONS


def home_tasks(actor: Actor, at: datetime) -> Iterator[Task]:
    """The second step she lacks; requests that wait for her answer."""
    if not has_second_step(actor.id):
        yield Task(
            _("Set up your second step"),
            _("A password alone can be guessed or stolen. It takes two minutes, with your phone or this computer."),
            reverse("mfa_index"),
            state=_("Missing"),
            state_kind="wait",
            order=10,
        )
    if REGISTRATIONS.may(actor):
        count = REGISTRATIONS.visible_to(actor).count()
        if count:
            words = ngettext("%(n)s factory asks for an account", "%(n)s factories ask for an account", count)
            yield Task(
                words % {"n": count},
                _("Somebody there waits for an answer."),
                reverse("people:registrations"),
                state=_("Waits"),
                state_kind="wait",
            )


def hits(actor: Actor, text: str, most: int) -> Iterable[Hit]:
    """Persons whom this actor may see, by name or address."""
    for row in FOR_PROGRAMME.rows(people_found(PEOPLE_READ.visible_to(actor), text, most)):
        yield Hit(row.called, _("Person"), reverse("people:person", args=[row.public_id]), row.state_word)


menu_add(MenuItem(_("Programme"), _("People"), "people:people", order=300))
menu_add(MenuItem(_("About you"), _("Your account"), "people:me", order=780))
action_words_add(ACTIONS)
home_add("people", home_tasks)
search_add("people", hits)
names_add("people", names_of)
keeping_add(
    Keeping(
        room="people",
        what=_(
            "Your name, e-mail address and language; when you were invited, joined and left; your password and second "
            "steps, which nobody can read; where you are signed in."
        ),
        why=_("So that you can sign in, and nobody else as you; and so that others know who you are."),
        how_long=_("As long as you have an account, and after you left until you are erased."),
        models=(
            "people.Person",
            "account.EmailAddress",
            "account.EmailConfirmation",
            "mfa.Authenticator",
            "usersessions.UserSession",
            "sessions.Session",
        ),
        export=account_export,
        erase=account_erase,
    )
)
rotation_add("people", second_factors_rewrap)
