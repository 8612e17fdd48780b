"""Forms of access: they read what was typed, services decide."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.elevating import ROLES_TO_TAKE
from betterwork.foundation.access.rules import LONGEST_REASON, SHORTEST_REASON, runs_programme
from betterwork.foundation.access.scopes import scope_choices
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import ROLES, Role

MINUTES = (("15", _("15 minutes")), ("30", _("30 minutes")), ("60", _("60 minutes")))


def roles_to_give(actor: Actor) -> list[Role]:
    """The roles that this actor gives at all, in the programme's order."""
    return [role for role in ROLES.values() if not role.powerful or runs_programme(actor) or actor.is_operator]


def _day_field(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget)


def _reason_field(label: Any, help_text: Any = "", *, least: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(least),
        min_length=least or None,
        max_length=LONGEST_REASON,
        widget=widget,
    )


def _scope_field(actor: Actor, kinds: frozenset[str]) -> forms.Field:
    """A choice of what the actor may choose; where no room offers any, the scope as text."""
    choices = scope_choices(actor, kinds)
    label = _("Over what")
    if choices:
        return forms.ChoiceField(label=label, choices=choices)
    words = _("As text: %(kinds)s, a colon, its key.") % {"kinds": ", ".join(sorted(kinds))}
    return forms.CharField(label=label, help_text=words, max_length=100)


class GiveForm(forms.Form):
    """A role for somebody."""

    def __init__(self, *args: Any, actor: Actor, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("Who"),
            max_length=254,
            help_text=_("The address with which the person signs in. Who has no account is invited first."),
            widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        )
        self.fields["scope"] = _scope_field(actor, role.scopes)
        self.fields["starts"] = _day_field(_("First day"), _("Empty: from now on."))
        self.fields["ends"] = _day_field(_("Last day"), _("Empty: until somebody ends it."))
        self.fields["reason"] = _reason_field(_("Why"), least=SHORTEST_REASON if role.powerful else 0)

    def given(self) -> dict[str, Any]:
        """What the service wants: moments for days, the last day whole."""
        found = self.cleaned_data
        return {
            "scope": found["scope"],
            "starts": day_begins(found["starts"]),
            "ends": day_ends(found["ends"]),
            "reason": found["reason"],
        }


class InvitedAsForm(forms.Form):
    """The part of an invitation that says what the person will be."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_to_give(actor)
        kinds = frozenset(kind for role in roles for kind in role.scopes)
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"),
            required=False,
            choices=[("", _("None yet")), *((role.name, role.title) for role in roles)],
            help_text=_("It counts once she has joined; one of great power once a second person confirmed it, too."),
        )
        self.fields["scope"] = _scope_field(actor, kinds)
        self.fields["scope"].required = False
        self.fields["why"] = _reason_field(_("Why"))

    def clean(self) -> dict[str, Any]:
        """A role is over something."""
        given = super().clean() or self.cleaned_data
        if given.get("role") and not given.get("scope"):
            self.add_error("scope", _("Say over what."))
        return given


class ReasonForm(forms.Form):
    """Why somebody refuses or ends."""

    reason = _reason_field(_("Why"), least=1)


class TakeForm(forms.Form):
    """A role over a country, for some minutes."""

    minutes = forms.ChoiceField(label=_("How long"), choices=MINUTES, widget=forms.RadioSelect, initial="15")
    reason = _reason_field(_("Why"), _("The owners read it at once, and later whoever looks."), least=SHORTEST_REASON)
    field_order = ("role", "scope", "minutes", "reason")

    def __init__(self, *args: Any, actor: Actor, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not purpose:
            self.fields["role"] = forms.ChoiceField(
                label=_("As what"), choices=[(name, ROLES[name].title) for name in ROLES_TO_TAKE]
            )
            self.fields["scope"] = _scope_field(actor, frozenset({"country"}))
        self.order_fields(self.field_order)


def day_begins(day: date | None) -> datetime | None:
    """The moment from which a day counts; None for today and for no day, which mean now."""
    if day is None or day == timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time()))


def day_ends(day: date | None) -> datetime | None:
    """The moment at which a last day is over."""
    return None if day is None else timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
