"""Forms of staff: they read what was typed, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.scopes import scope_choices
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.staff.presentations import language_words
from betterwork.modules.staff.rules import (
    COMPETENCE,
    COMPETENCE_LEVELS,
    COMPETENCES,
    CONFLICT,
    LANGUAGE,
    LANGUAGE_LEVELS,
    LEAVE,
    SHORTEST_NOTE,
    SPOKEN,
)


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class FactForm(forms.Form):
    """One fact of one kind: only the fields that this kind has."""

    def __init__(self, *args: Any, actor: Actor, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == COMPETENCE:
            self.fields["about"] = forms.ChoiceField(label=_("Competence"), choices=list(COMPETENCES.items()))
            self.fields["level"] = forms.ChoiceField(label=_("Level"), choices=list(COMPETENCE_LEVELS.items()))
        elif kind == LANGUAGE:
            spoken = sorted(((code, language_words(code)) for code in SPOKEN), key=lambda one: one[1])
            self.fields["about"] = forms.ChoiceField(label=_("Language"), choices=spoken)
            self.fields["level"] = forms.ChoiceField(label=_("How well"), choices=list(LANGUAGE_LEVELS.items()))
        elif kind == CONFLICT:
            choices = scope_choices(actor, {"factory", "organisation"})
            self.fields["about"] = forms.ChoiceField(label=_("With whom"), choices=choices)
        self.fields["starts"] = day_field(_("First day"))
        self.fields["ends"] = day_field(
            _("Last day"), "" if kind == LEAVE else _("Empty: until somebody ends it."), required=kind == LEAVE
        )
        if kind in {CONFLICT, COMPETENCE}:
            self.fields["note"] = forms.CharField(
                label=_("What it consists in") if kind == CONFLICT else _("Where it was shown"),
                required=kind == CONFLICT,
                min_length=SHORTEST_NOTE if kind == CONFLICT else None,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )


class EndForm(forms.Form):
    """The last day of a fact, or why it was a mistake."""

    last_day = day_field(_("Last day on which it holds"), required=False)
    reason = forms.CharField(
        label=_("Or: why it was a mistake"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given = super().clean() or self.cleaned_data
        if bool(given.get("last_day")) == bool(given.get("reason")):
            raise forms.ValidationError(_("Give a last day, or say why it was a mistake; one of the two."))
        return given
