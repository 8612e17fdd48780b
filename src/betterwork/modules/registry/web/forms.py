"""Forms of the register: they read what was typed, services decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.modules.organisations.queries import organisation_choices
from betterwork.modules.organisations.rules import GROUP, OWNER
from betterwork.modules.registry.rules import CONTRACTS

BUYERS = (1, 2, 3)
OWNING = (OWNER, GROUP)
"""The kinds of organisation that may own factories or be a group of them."""
CONTRACT_WORDS = {
    "permanent": _("Permanent"),
    "fixed-term": _("Fixed-term"),
    "agency": _("Through an agency"),
    "apprentice": _("Apprentices"),
}
SOURCE_WORDS = {
    "registration": _("Registration form"),
    "factory": _("The factory itself"),
    "visit": _("A visit"),
    "import": _("A list or an import"),
}


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day as browsers ask for it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def words_field(label: Any, most: int, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    """A line of text."""
    return forms.CharField(label=label, max_length=most, help_text=help_text, required=required)


def reason_field(*, required: bool = True) -> forms.CharField:
    """Why."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=_("Why"), max_length=2000, required=required, widget=widget)


def organisation_field(label: Any) -> forms.ChoiceField:
    """One of the organisations that own factories or join them, or none of them."""
    choices = [("", _("None of them")), *organisation_choices(OWNING)]
    return forms.ChoiceField(label=label, choices=choices, required=False)


def count_field(label: Any, *, required: bool = True) -> forms.IntegerField:
    """A number of workers."""
    return forms.IntegerField(label=label, min_value=0, max_value=1_000_000, required=required)


class StepForm(forms.Form):
    """What holds from a day on: the fields of one kind of step, the day, and why."""

    NEEDS_REASON = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"] = day_field(_("From which day"), _("The first day on which it is so."))
        self.fields["reason"] = reason_field(required=self.NEEDS_REASON)

    def values(self) -> dict[str, Any]:
        """What the service wants besides the day and the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("since", "reason")}


class NameForm(StepForm):
    """Another name."""

    name = words_field(_("Name"), 500, required=True)


class SiteForm(StepForm):
    """Another place."""

    NEEDS_REASON = False
    lines = words_field(_("Street and number"), 300)
    town = words_field(_("Town"), 120, required=True)
    region = words_field(_("Province or region"), 120)
    postcode = words_field(_("Postcode"), 20)
    latitude = words_field(_("Latitude"), 12, _("In degrees, like 10.82302."))
    longitude = words_field(_("Longitude"), 12)


class OfficeForm(StepForm):
    """The second address."""

    NEEDS_REASON = False
    lines = words_field(_("Street and number"), 300)
    town = words_field(_("Town"), 120, required=True)
    region = words_field(_("Province or region"), 120)
    postcode = words_field(_("Postcode"), 20)
    land = words_field(_("Country"), 120)


class OwnershipForm(StepForm):
    """Another owner."""

    legal_name = words_field(_("Owner's legal name"), 300)
    headquarters = words_field(_("Headquarters of the owner"), 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = organisation_field(_("Or an organisation of the register"))
        self.order_fields(("legal_name", "headquarters", "organisation"))


class GroupForm(StepForm):
    """Another group of factories."""

    name = words_field(_("Group of factories"), 300, _("Empty: it belongs to none."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = organisation_field(_("Or a group among the organisations"))
        self.order_fields(("name", "organisation"))


class StandingForm(StepForm):
    """Closed, or open again."""

    state = forms.ChoiceField(
        label=_("From this day on the factory is"), choices=[("closed", _("Closed")), ("open", _("Open again"))]
    )


EXPORTING_WORDS = {
    "exports": _("It exports"),
    "does-not": _("It does not export"),
    "exempt": _("It exports and is exempt from taking part"),
}


class ExportingForm(StepForm):
    """Whether it exports."""

    NEEDS_REASON = False
    state = forms.ChoiceField(
        label=_("Does it export?"),
        choices=list(EXPORTING_WORDS.items()),
    )
    source = words_field(
        _("Where this is written"), 300, _("The ministry's list, the customs, the factory."), required=True
    )


class ProductsForm(StepForm):
    """Products and buyers: what the factory itself keeps up to date."""

    NEEDS_REASON = False
    product_1 = words_field(_("First main product, by sales"), 200)
    product_2 = words_field(_("Second main product, by sales"), 200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        since, reason = self.fields.pop("since"), self.fields.pop("reason")
        for number in BUYERS:
            words = {"number": number}
            self.fields[f"buyer_{number}"] = words_field(_("Main buyer %(number)s") % words, 200)
            self.fields[f"buyer_{number}_since"] = forms.IntegerField(
                label=_("Year since which buyer %(number)s buys") % words, required=False, min_value=1800
            )
        self.fields |= {"since": since, "reason": reason}

    def values(self) -> dict[str, Any]:
        """Buyers as a list."""
        found = super().values()
        pairs = [(found.pop(f"buyer_{one}"), found.pop(f"buyer_{one}_since")) for one in BUYERS]
        buyers = [{"name": name, "since_year": year} for name, year in pairs if name or year]
        return {**found, "buyers": buyers}


class AnswersForm(ProductsForm):
    """The rest of the registration form."""

    terms_signed_on = day_field(_("Terms signed on"), required=False)
    isic_section = words_field(_("ISIC section"), 1, _("One letter: C for manufacturing."))
    isic_division = words_field(_("ISIC division"), 4, _("14 for apparel, 15.2 for footwear."))
    began_year = forms.IntegerField(label=_("Year operations began"), required=False, min_value=1800)


def answers_initial(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a form of answers begins with."""
    found = {name: value for name, value in said.items() if name != "buyers"}
    for number, one in enumerate(said.get("buyers") or [], start=1):
        found |= {
            f"buyer_{number}": one.get("name") or one.get("organisation"),
            f"buyer_{number}_since": one["since_year"],
        }
    return found


def headcount_initial(one: Any) -> dict[str, Any]:
    """What the form begins with where a headcount is corrected."""
    found = {"on": one.on, "women": one.women, "men": one.men, "not_said": one.not_said}
    for kind, numbers in one.by_contract.items():
        found |= {f"{kind}_{sex}": count for sex, count in zip(("women", "men", "not_said"), numbers, strict=False)}
    return found


class WorkforceForm(forms.Form):
    """A headcount."""

    on = day_field(_("Counted on"))
    women = count_field(_("Women, full time"))
    men = count_field(_("Men, full time"))
    not_said = count_field(_("Sex not said"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in CONTRACTS:
            for sex, words in (("women", _("women")), ("men", _("men")), ("not_said", _("not said"))):
                label = _("%(kind)s: %(sex)s") % {"kind": CONTRACT_WORDS[kind], "sex": words}
                self.fields[f"{kind}_{sex}"] = count_field(label, required=False)

    def values(self) -> dict[str, Any]:
        """What the service wants. Kinds of contract are told apart where one of their boxes was filled."""
        found = self.cleaned_data
        parts = {
            kind: [found.get(f"{kind}_{sex}") or 0 for sex in ("women", "men", "not_said")]
            for kind in CONTRACTS
            if any(found.get(f"{kind}_{sex}") for sex in ("women", "men", "not_said"))
        }
        return {
            "on": found["on"],
            "women": found["women"],
            "men": found["men"],
            "not_said": found.get("not_said") or 0,
            "by_contract": parts,
        }


class EnrolForm(forms.Form):
    """The next cycle."""

    starts = day_field(_("First day of the cycle"))
    cycle = forms.IntegerField(
        label=_("Number of the cycle"),
        required=False,
        min_value=1,
        help_text=_("Empty: the next one. Another number where it took part before the register knew it."),
    )


class EndForm(forms.Form):
    """The end of a cycle."""

    ends = day_field(_("Last day"))
    reason = reason_field()


class ContactsForm(forms.Form):
    """The two contacts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in (1, 2):
            self.fields[f"name_{place}"] = words_field(_("Name"), 200)
            self.fields[f"job_title_{place}"] = words_field(_("Job title"), 200)
            self.fields[f"phone_{place}"] = words_field(_("Telephone"), 60)
            self.fields[f"email_{place}"] = forms.EmailField(label=_("E-mail"), max_length=254, required=False)

    def of(self, place: int) -> dict[str, str]:
        """What was typed of one of them."""
        return {name: self.cleaned_data.get(f"{name}_{place}", "") for name in ("name", "job_title", "phone", "email")}

    def boxes(self, place: int) -> list[Any]:
        """The fields of one of them, for the page."""
        return [self[f"{name}_{place}"] for name in ("name", "job_title", "phone", "email")]


class RegisterForm(forms.Form):
    """The registration form of a factory, all at once."""

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {
            "country": forms.ChoiceField(label=_("Country"), choices=countries),
            "outside_id": words_field(_("Number in its country's programme"), 64, required=True),
            "name": words_field(_("Supplier name"), 500, required=True),
            "since": day_field(_("From which day")),
        }
        self.fields |= own
        self.parts: dict[str, StepForm | ContactsForm] = {
            "site": SiteForm(*args, prefix="site"),
            "office": OfficeForm(*args, prefix="office"),
            "ownership": OwnershipForm(*args, prefix="ownership"),
            "registration": AnswersForm(*args, prefix="registration"),
        }
        for part in self.parts.values():
            for name in ("since", "reason"):
                del part.fields[name]
            for box in part.fields.values():
                box.required = False
        self.contacts = ContactsForm(*args, prefix="contacts")
        self.count = WorkforceForm(*args, prefix="count")
        for box in self.count.fields.values():
            box.required = False

    def whole_is_valid(self) -> bool:
        """Whether each part was filled as it can be."""
        parts = [self, *self.parts.values(), self.contacts, self.count]
        return not [one for one in parts if not one.is_valid()]  # each is asked, so that each says what is wrong


class NumberForm(forms.Form):
    """A number in another system."""

    system = words_field(_("System"), 40, _("In a word: customs, open-supply-hub, portal."), required=True)
    number = words_field(_("Its number there"), 100, required=True)


class ReasonForm(forms.Form):
    """Why."""

    reason = reason_field()


class UndoForm(forms.Form):
    """Which change was wrong."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"] = forms.ChoiceField(label=_("What was wrong"), choices=choices, widget=forms.RadioSelect)
        self.fields["reason"] = reason_field()


class MergeForm(forms.Form):
    """Into which other record."""

    into = words_field(_("Number of the record that is kept"), 64, required=True)
    joined_on = day_field(
        _("Day on which two factories became one"),
        _("Empty: they are two records of one factory, at all times."),
        required=False,
    )
    reason = reason_field()


class SplitForm(forms.Form):
    """The new factory."""

    name = words_field(_("Name of the new factory"), 500, required=True)
    outside_id = words_field(_("Its number in its country's programme"), 64, required=True)
    on = day_field(_("Day of the split"))
    reason = reason_field()


class SectorForm(forms.Form):
    """How large the sector is."""

    on = day_field(_("From which day"))
    factories = forms.IntegerField(label=_("Factories of the sector"), required=False, min_value=1)
    workers = forms.IntegerField(label=_("Workers of the sector"), required=False, min_value=1)
    source = words_field(_("Where this is written"), 500, required=True)


class ListForm(forms.Form):
    """A list of factories."""

    file = forms.FileField(label=_("File"), help_text=_("CSV in UTF-8, or a workbook (XLSX). 20,000 rows at most."))
