"""Forms of concerns: they read what was typed, services decide. Nothing is offered again by a browser."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.modules.alerts.kinds import kinds
from betterwork.modules.alerts.presentations import CERTAINTY
from betterwork.modules.alerts.rules import LONGEST_WHERE, LONGEST_WORDS, SHORTEST_WORDS

_HEX = re.compile(r"[0-9a-f]{32}")


def _words_field(label: Any, rows: int = 6) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, min_length=SHORTEST_WORDS, max_length=LONGEST_WORDS, widget=widget)


def _id_field() -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), max_length=32)


def _day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class _OnceForm(forms.Form):
    """A form whose id is made with the page, so that it counts once however often it is sent."""

    once = _id_field()

    def clean_once(self) -> str:
        """The id as it was made."""
        found = str(self.cleaned_data["once"])
        if not _HEX.fullmatch(found):
            raise forms.ValidationError(_("Load the page again, then send it."))
        return found


class RaiseForm(_OnceForm):
    """A concern."""

    where = forms.RegexField(
        r"^[a-z-]+:[A-Za-z0-9./-]+( [a-z-]+:[A-Za-z0-9./-]+)*$",
        required=False,
        max_length=LONGEST_WHERE,
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, factories: list[tuple[str, str]], persons: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("What is it about?"),
            choices=[(one.name, one.title) for one in kinds()],
            widget=forms.RadioSelect,
        )
        self.fields["certainty"] = forms.ChoiceField(
            label=_("How sure are you?"),
            help_text=_("A suspicion is enough. It is looked into in the same way."),
            choices=list(CERTAINTY.items()),
            widget=forms.RadioSelect,
        )
        self.fields["factory"] = forms.ChoiceField(
            label=_("Which factory?"),
            required=False,
            choices=[("", _("None, or not in the register")), *factories],
        )
        self.fields["words"] = _words_field(_("What did you see, read or hear?"))
        self.fields["words"].help_text = _("No names of workers, unless somebody must be found to be helped.")
        self.fields["made_on"] = _day_field(_("On which day did you notice it?"))
        self.fields["set_aside_person"] = forms.ChoiceField(
            label=_("Is it about somebody who works for the programme?"),
            help_text=_("This person is not told and finds nothing of it here."),
            required=False,
            choices=[("", _("No, or not known")), *persons],
        )


class AgainForm(forms.Form):
    """The words of a concern that did not arrive."""

    words = _words_field(_("What did you see, read or hear?"))


class StepForm(_OnceForm):
    """A step without words."""


class WordsForm(_OnceForm):
    """A step with words."""

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"] = _words_field(label, rows=4)


class NamedForm(forms.Form):
    """Somebody to be named."""

    def __init__(self, *args: Any, persons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ChoiceField(label=_("Who"), choices=[("", _("Choose")), *persons])
        self.fields["first"] = _day_field(_("First day"))
        self.fields["last"] = _day_field(_("Last day"), _("Empty: until somebody ends it."), required=False)


class EndForm(forms.Form):
    """Until when somebody is named."""

    last_day = _day_field(_("Last day"), _("Empty: it ends now."), required=False)
