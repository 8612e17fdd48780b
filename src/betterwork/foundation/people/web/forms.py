"""Forms of people: they read what was typed, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.languages.known import LANGUAGES
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.rules import name_cleaned


def password_rules() -> str:
    """The rules of passwords in words, from the settings that hold them."""
    return " ".join(str(one) for one in password_validators_help_texts())


def _name_field(**more: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}), **more
    )


def _language_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, help_text=_("Of pages and mails. It can be changed at any time.")
    )


class _WithName(forms.Form):
    def clean_name(self) -> str:
        """A name without odd signs."""
        given = str(self.cleaned_data.get("name", "")).strip()
        if not given and not self.fields["name"].required:
            return ""
        try:
            return name_cleaned(given)
        except ValueError as error:
            raise forms.ValidationError(_("Write the name as people say it, without links in it.")) from error


class InviteForm(_WithName):
    """Who is invited."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Her own address at work, not one that several people read."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = _name_field(required=False, help_text=_("She can write it herself."))
    language = _language_field()


class AccountForm(_WithName):
    """What a person says of herself."""

    name = _name_field(help_text=_("As others in the programme should call you."))
    language = _language_field()


class JoinForm(AccountForm):
    """The last step of an invitation."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        help_text=lazy(password_rules, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("name", "language", "password", "again")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean(self) -> dict[str, Any]:
        """Both the same, and as the rules of passwords want it for this person."""
        given = super().clean() or self.cleaned_data
        password = given.get("password", "")
        if password and given.get("again") and password != given["again"]:
            self.add_error("again", _("This is not the same password."))
        if password:
            like_her = Person(email=self._person.email, name=given.get("name", ""))
            try:
                validate_password(password, like_her)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


class RegisterForm(_WithName):
    """A factory asks for an account."""

    country = forms.ChoiceField(label=_("Country"))
    factory = forms.CharField(
        label=_("Name of the factory"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    name = _name_field()
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    language = _language_field()

    def __init__(self, *args: Any, countries: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries  # type: ignore[attr-defined]

    def clean_factory(self) -> str:
        """A name without odd signs."""
        try:
            return name_cleaned(self.cleaned_data["factory"])
        except ValueError as error:
            raise forms.ValidationError(_("Write the name as it stands on the door, without links in it.")) from error
