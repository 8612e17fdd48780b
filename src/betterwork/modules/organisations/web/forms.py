"""Forms of organisations: they read what was typed, services decide."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.modules.countries.queries import CountryOptions
from betterwork.modules.organisations.importing import MOST_CHARACTERS
from betterwork.modules.organisations.models import KIND_WORDS
from betterwork.modules.organisations.rules import GLOBAL, LONGEST_NAME, NATIONAL
from betterwork.modules.organisations.services import LONGEST_SOURCE


def _day(label: Any, help_text: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class _PlaceForm(forms.Form):
    """What an organisation is and where it stands: a country, or the world."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_WORDS)

    def __init__(self, *args: Any, within: Collection[str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(code, name) for code, name in CountryOptions() if within is None or code in within]
        world = [("", _("The world: no country"))] if within is None else []
        # Required of who enters for her countries alone: left empty it would mean the world.
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"), choices=[*world, *options], required=within is not None
        )
        self.fields["mail"] = forms.EmailField(
            label=_("Mail address"),
            help_text=_("An address of the organisation for a task, such as its secretariat. Never a person's own."),
            required=False,
            max_length=254,
        )

    def place(self) -> dict[str, Any]:
        """What the service wants of it."""
        found = self.cleaned_data
        level = NATIONAL if found["country"] else GLOBAL
        return {"kind": found["kind"], "level": level, "country": found["country"], "mail": found["mail"]}


class AddForm(_PlaceForm):
    """An organisation that is not there yet."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"dir": "auto"}))
    field_order = ("name", "kind", "country", "mail")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"] = _day(_("Called so since"), _("Empty: for as long as is known."))
        self.order_fields((*self.field_order, "first"))


class ChangeForm(_PlaceForm):
    """What it is, where it stands, whether there still is it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last"] = _day(
            _("Last day"), _("Of an organisation that is no more: the last day on which it was. Else empty.")
        )
        self.fields["seen"] = forms.DateTimeField(widget=forms.HiddenInput)


class NameForm(forms.Form):
    """A name from a day on."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"dir": "auto"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"] = _day(
            _("Called so since"),
            _("The day of another name: that one is corrected. Empty: the one it had for as long as is known is."),
        )


class JoinForm(forms.Form):
    """The organisation in which this one lies."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"] = forms.ChoiceField(label=_("Lies in"), choices=[("", ""), *choices])
        self.fields["first"] = _day(_("First day"), _("Empty: for as long as is known."))
        self.fields["last"] = _day(_("Last day"), _("Empty: it still does."))
        self.fields["source"] = forms.CharField(
            label=_("Where it is written"),
            required=False,
            max_length=LONGEST_SOURCE,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class LeaveForm(forms.Form):
    """The last day in another organisation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last"] = _day(_("Last day"), "", required=True)


class ImportForm(forms.Form):
    """A file, or the text of one that was looked at."""

    file = forms.FileField(
        label=_("CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )
    text = forms.CharField(
        required=False,
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        """The text of the file, read as UTF-8."""
        given = super().clean() or self.cleaned_data
        file = given.pop("file", None)
        if file is not None:
            if file.size > 4 * MOST_CHARACTERS:
                raise forms.ValidationError(_("The file is too long: at most one million characters."))
            try:
                given["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("The file is no text in UTF-8: save it as CSV UTF-8.")) from error
        if not given.get("text"):
            raise forms.ValidationError(_("Choose a file."))
        return given
