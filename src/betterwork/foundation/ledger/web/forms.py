"""What can be asked of the trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.queries import entries_matching
from betterwork.foundation.ledger.trail import actions_known, actors_called
from betterwork.foundation.ledger.words import KIND_WORDS

_DATE = {"type": "date"}


class TrailForm(forms.Form):
    """Who did what, to what, when. What is not valid narrows nothing and says so beside the field."""

    who = forms.CharField(label=_("Who"), required=False, max_length=150, help_text=_("Part of a name, or an id."))
    subject = forms.CharField(
        label=_("To what"),
        required=False,
        max_length=250,
        help_text=_("As an entry writes it: “person p-1”. A * at the end stands for all that begin so."),
    )
    action = forms.ChoiceField(label=_("What was done"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *KIND_WORDS.items()])
    start = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=_DATE))
    end = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs=_DATE), help_text=_("That day too.")
    )

    def __init__(self, asked: Any) -> None:
        super().__init__(asked)
        action = self.fields["action"]
        assert isinstance(action, forms.ChoiceField)
        action.choices = [("", _("Everything")), *actions_known()]
        self.full_clean()

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return any(self.cleaned_data.get(name) for name in self.fields)

    def matching(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        """Those of ``rows`` that were asked for, newest first."""
        asked = self.cleaned_data
        actors: Sequence[str] | None = actors_called(asked["who"]) if asked.get("who") else None
        return entries_matching(
            rows,
            actors=actors,
            subject=asked.get("subject", ""),
            action=asked.get("action", ""),
            kind=asked.get("kind", ""),
            start=_midnight(asked.get("start")),
            end=_midnight(asked.get("end"), after=1),
        )

    def plain(self) -> dict[str, str]:
        """What was asked for, as an entry may keep it: ids in the place of names."""
        asked = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return asked | ({"who": " ".join(actors_called(asked["who"]))} if "who" in asked else {})


class ReasonForm(forms.Form):
    """Why personal values are opened."""

    reason = forms.CharField(
        label=_("Why do you need to read this?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: “Request of the person of 3 March”."),
    )


def _midnight(day: date | None, *, after: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=after), time(), UTC) if day and day.year < 9999 else None
