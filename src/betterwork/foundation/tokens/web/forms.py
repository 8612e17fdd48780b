"""The form of a new token."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.scopes import scope_words
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.tokens.rules import LONGEST_TITLE

USUAL = timedelta(days=90)


class MakeForm(forms.Form):
    """What it is for, what it reaches, how long."""

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = sorted({one.scope for one in actor.held if not one.elevated} - {WORLD})
        choices = [*((one, scope_words(one)) for one in scopes), (WORLD, _("All that your roles are over"))]
        self.fields["title"] = forms.CharField(
            label=_("What it is for"),
            help_text=_("The program that will use it, so that you know it again."),
            max_length=LONGEST_TITLE,
        )
        self.fields["scope"] = forms.ChoiceField(label=_("What it reaches"), choices=choices)
        self.fields["writes"] = forms.TypedChoiceField(
            label=_("What it may do"),
            choices=(("", _("Read only")), ("yes", _("Read and write"))),
            coerce=bool,
            required=False,
        )
        self.fields["last_day"] = forms.DateField(
            label=_("Last day"),
            help_text=_("A year from today at most."),
            initial=today + USUAL,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def given(self) -> dict[str, Any]:
        """What the service takes; the last day counts whole."""
        found = self.cleaned_data
        ends = datetime.combine(found["last_day"] + timedelta(days=1), time(), UTC)
        return {"title": found["title"], "scope": found["scope"], "writes": bool(found["writes"]), "ends": ends}
