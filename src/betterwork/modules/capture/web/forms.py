"""Forms of captures: they read what was typed, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.modules.capture.showing import ConflictShown, ValueShown


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class DecideForm(forms.Form):
    """Which of the values counts. ``seen`` says what stood when the page was made."""

    about = forms.CharField(max_length=80, widget=forms.HiddenInput)
    field = forms.CharField(max_length=80, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=4000, widget=forms.HiddenInput)
    chosen = forms.ChoiceField(label=_("Which one counts"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, shown: ConflictShown | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if shown is not None:
            self.fields["chosen"].choices = [(one.id, _of_whom(one)) for one in shown.values]  # type: ignore[attr-defined]


def _of_whom(value: ValueShown) -> str:
    """A value and who wrote it, each kept apart from the other where one runs the other way."""
    return f"\u2068{value.words}\u2069 (\u2068{value.by}\u2069)"
