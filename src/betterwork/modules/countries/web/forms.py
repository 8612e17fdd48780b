"""Forms of the country programmes: they read what was typed, services decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.languages.formats import territory
from betterwork.modules.countries.declaring import Declared
from betterwork.modules.countries.models import STATE_WORDS
from betterwork.modules.countries.queries import country_codes
from betterwork.modules.countries.rules import CHOICE, CHOICES, DATES, DAYS, INTEGER, MAY_FOLLOW, YES_NO, value_parts
from betterwork.modules.countries.services import LONGEST_SOURCE

MOST_BOXES = 8
"""More choices than these are a list to open."""


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def _text(label: Any, help_text: Any, *, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST_SOURCE, widget=widget)


def value_field(one: Declared) -> forms.Field:
    """The control that fits a setting; whether the value does is decided by the room's rules."""
    label = _("Value")
    if one.kind == CHOICES:
        return forms.MultipleChoiceField(
            label=label, choices=one.choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    if one.kind == YES_NO or (one.kind == CHOICE and len(one.choices) <= MOST_BOXES):
        return forms.ChoiceField(label=label, choices=one.choices, required=False, widget=forms.RadioSelect)
    if one.kind == CHOICE:
        return forms.ChoiceField(label=label, choices=one.choices, required=False)
    words: Any = _("A number of days.") if one.kind == DAYS else ""
    if one.kind == DATES:
        words = _("Days as 2026-12-31, apart by commas. Empty: none.")
        return forms.CharField(label=label, help_text=words, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    numeric = {"inputmode": "numeric"} if one.kind in {INTEGER, DAYS} else {}
    return forms.CharField(label=label, help_text=words, required=False, widget=forms.TextInput(attrs=numeric))


class RuleForm(forms.Form):
    """A value of a setting from a day on, with its source."""

    def __init__(self, data: Any, *, one: Declared, of_country: bool, now: str, today: date, seen: str) -> None:
        begin: Any = value_parts(now) if one.kind in {CHOICES, DATES} else now
        initial = {
            "value": ", ".join(begin) if one.kind == DATES else begin,
            "first": today,
            "seen": seen,
        }
        super().__init__(data, initial=initial)
        self.fields["value"] = value_field(one)
        if of_country:
            self.fields["cleared"] = forms.BooleanField(
                label=_("No rule of its own"),
                help_text=_("From that day on the programme's rule holds again, whatever stands above."),
                required=False,
            )
        self.fields["first"] = _day(_("First day"))
        self.fields["last"] = _day(
            _("Last day"),
            _("Empty: until another value is entered. With a day: afterwards holds again what held before."),
            required=False,
        )
        self.fields["source"] = _text(
            _("Where it is written"), _("The decision, law or letter, with its date and where to find it.")
        )
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def given(self) -> dict[str, Any]:
        """What the service wants."""
        found = self.cleaned_data
        value = found["value"]
        text = ",".join(value) if isinstance(value, list) else value
        return {
            "value": None if found.get("cleared") else text,
            "first": found["first"],
            "last": found["last"],
            "source": found["source"],
            "seen": found["seen"],
        }


def _state_field(before: str) -> forms.ChoiceField:
    choices = [(state, words) for state, words in STATE_WORDS if state in MAY_FOLLOW[before]]
    return forms.ChoiceField(label=_("State"), choices=choices, widget=forms.RadioSelect)


class StateForm(forms.Form):
    """The next state of a programme."""

    def __init__(self, data: Any, *, before: str, today: date) -> None:
        super().__init__(data, initial={"first": today})
        self.fields["state"] = _state_field(before)
        self.fields["first"] = _day(_("First day"), _("It may lie ahead: until then the state of now holds."))
        self.fields["source"] = _text(_("Where it was decided"), _("The decision, agreement or letter, with its date."))


class ProgrammeForm(forms.Form):
    """A programme that is not there yet."""

    def __init__(self, data: Any, *, taken: set[str], today: date) -> None:
        super().__init__(data, initial={"first": today})
        free = [
            (code, territory(code, get_language() or "") or name)
            for code, name in country_codes().items()
            if code not in taken
        ]
        self.fields["code"] = forms.ChoiceField(
            label=_("Country"), choices=[("", ""), *sorted(free, key=lambda one: one[1])]
        )
        self.fields["name"] = forms.CharField(
            label=_("Name in English"),
            help_text=_("As the programme writes it. Empty: as it is usually written."),
            max_length=80,
            required=False,
        )
        self.fields["state"] = _state_field("")
        self.fields["first"] = _day(_("First day"))
        self.fields["source"] = _text(_("Where it was decided"), _("The decision, agreement or letter, with its date."))

    def given(self) -> dict[str, Any]:
        """What the service wants."""
        found = self.cleaned_data
        return {**found, "name": found["name"] or country_codes()[found["code"]]}


class ReasonForm(forms.Form):
    """Why a state is withdrawn."""

    reason = forms.CharField(label=_("Why"), max_length=LONGEST_SOURCE, widget=forms.Textarea(attrs={"rows": 3}))
