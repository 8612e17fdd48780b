"""Forms of duplicates: they read what was typed, services decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.modules.duplicates.rules import LONGEST_REASON


def _reason(help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=_("Why"), help_text=help_text, max_length=LONGEST_REASON, widget=widget)


class ReasonForm(forms.Form):
    """Why."""

    reason = _reason(_("One sentence. Whoever looks at these records later reads it."))


class MergeForm(forms.Form):
    """Which record stays, and why."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"] = forms.ChoiceField(
            label=_("Which record stays"),
            choices=choices,
            widget=forms.RadioSelect,
            help_text=_("The other one points to it from now on. Nothing of either is lost."),
        )
        self.fields["reason"] = _reason(_("How you know that both are one factory."))


class LaterForm(forms.Form):
    """Until when."""

    until = forms.DateField(
        label=_("Until"),
        help_text=_("On this day it waits again."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @staticmethod
    def proposed(on: date) -> dict[str, date]:
        """In two weeks."""
        return {"until": on + timedelta(days=14)}
