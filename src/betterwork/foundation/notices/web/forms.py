"""How a person wants to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.notices.queries import Choice
from betterwork.foundation.notices.rules import APP, DAILY, NOW, WEEKLY

HOW: tuple[tuple[str, Any], ...] = (
    (NOW, _("At once")),
    (DAILY, _("In one mail a day, in the morning")),
    (WEEKLY, _("In one mail a week, on Monday")),
    (APP, _("Not by mail, only here")),
)


class PreferencesForm(forms.Form):
    """One choice for each kind that leaves one."""

    def __init__(self, choices: Sequence[Choice], data: Any = None) -> None:
        super().__init__(data)
        self.kinds = {_field(number): one for number, one in enumerate(choices) if not one.must}
        for name, one in self.kinds.items():
            self.fields[name] = forms.ChoiceField(label=one.title, choices=HOW, initial=one.how)

    def chosen(self) -> dict[str, str]:
        """Kind → how, of those that were changed."""
        given = {one.kind: (one.how, self.cleaned_data[name]) for name, one in self.kinds.items()}
        return {kind: new for kind, (old, new) in given.items() if new != old}


def _field(number: int) -> str:
    return f"kind-{number}"
