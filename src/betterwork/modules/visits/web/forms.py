"""Forms of visits: they read what was typed, services decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from betterwork.modules.visits.rules import (
    ACTIVITIES,
    ASSESSMENT,
    INSPECTOR,
    INTERPRETER,
    KINDS,
    LEAD,
    OBSERVER,
    PARTNER,
    SHORTEST_REASON,
    Place,
)

Choices = list[tuple[str, str]]


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day as browsers ask for it."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def reason_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """Why, in a sentence."""
    widget = forms.Textarea(attrs={"rows": 2})
    least = SHORTEST_REASON if required else None
    return forms.CharField(
        label=label, help_text=help_text, required=required, min_length=least, max_length=1000, widget=widget
    )


class TeamForm(forms.Form):
    """The days of a visit and who goes. ``partners`` are as many as the country's rule says beside who leads."""

    def __init__(
        self,
        *args: Any,
        sent: Choices,
        along: Choices,
        inspectors: Choices,
        partners: int,
        joint: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        nobody = [("", _("Nobody"))]
        self._partners = [f"partner_{number}" for number in range(1, partners + 1)]
        self.fields["first_day"] = day_field(_("First day"))
        self.fields["last_day"] = day_field(_("Last day"), _("Both days are inside."))
        self.fields["lead"] = forms.ChoiceField(label=_("Who leads"), choices=sent)
        for name in self._partners:
            self.fields[name] = forms.ChoiceField(label=_("Who goes along"), choices=[*nobody, *sent], required=False)
        self.fields["interpreter"] = forms.ChoiceField(
            label=_("Interpreter"), choices=[*nobody, *along], required=False
        )
        self.fields["observer"] = forms.ChoiceField(label=_("Observer"), choices=[*nobody, *along], required=False)
        if joint:
            self.fields["inspector"] = forms.ChoiceField(
                label=_("Labour inspector"),
                choices=[*nobody, *inspectors],
                required=False,
                help_text=_("Named here, the inspector knows of the visit before arrival."),
            )

    def team(self) -> list[Place]:
        """Who goes, as what."""
        given = self.cleaned_data
        parts = {
            "lead": LEAD,
            **dict.fromkeys(self._partners, PARTNER),
            "interpreter": INTERPRETER,
            "observer": OBSERVER,
            "inspector": INSPECTOR,
        }
        return [Place(given[name], part) for name, part in parts.items() if given.get(name)]

    @staticmethod
    def of_team(team: list[Place]) -> dict[str, str]:
        """What the form begins with for a team."""
        found: dict[str, str] = {}
        partner = 0
        for one in team:
            if one.part == PARTNER:
                partner += 1
                found[f"partner_{partner}"] = one.person
            else:
                found[one.part] = one.person
        return found


class ChangeForm(TeamForm):
    """Another team or other days, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(_("Why it is changed"), _("Kept with the visit."))
        label = _("Overrule what stands above, for this reason")
        self.fields["overrule"] = forms.BooleanField(label=label, required=False, widget=forms.HiddenInput)
        if self.data.get("overrule", "") not in ("", "False"):
            self.overruling_ask()

    def overruling_ask(self) -> None:
        """Offer to overrule, now that it can be read which rules are broken."""
        self.fields["overrule"].widget = forms.CheckboxInput()


class NewForm(TeamForm):
    """A visit that somebody plans by hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = {
            "kind": forms.ChoiceField(label=_("What for"), choices=list(KINDS.items()), initial=ASSESSMENT),
            "announced": forms.BooleanField(
                label=_("The factory is told before"),
                required=False,
                help_text=_("Assessments are never announced. What is announced, the factory sees at once."),
            ),
        }
        reason = reason_field(
            _("Why a rule is not kept"), _("Only where the page says that one is broken."), required=False
        )
        self.fields = {**first, **self.fields, "why": reason}


class FactoryForm(forms.Form):
    """For which factory."""

    factory = forms.CharField(
        label=_("Factory"), help_text=_("Its country and number, as on its page: VN/2014-7."), max_length=70
    )


class PlanForm(forms.Form):
    """For which country and days a plan is asked."""

    def __init__(self, *args: Any, countries: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=countries)
        self.fields["first_day"] = day_field(_("First day"))
        self.fields["last_day"] = day_field(_("Last day"), _("A year at most."))


class ReasonForm(forms.Form):
    """Why."""

    reason = reason_field(_("Why"))


class TellForm(forms.Form):
    """Who needs to know, and why."""

    def __init__(self, *args: Any, persons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ChoiceField(label=_("Who"), choices=persons)
        self.fields["why"] = reason_field(_("Why she needs to know before arrival"))


class ArrivalForm(forms.Form):
    """On which day the team arrived."""

    on = day_field(_("Day of arrival"))


class TimeForm(forms.Form):
    """Time of one day with one activity."""

    day = day_field(_("Day"))
    activity = forms.ChoiceField(label=_("What for"), choices=list(ACTIVITIES.items()))
    hours = forms.IntegerField(label=_("Hours"), min_value=0, max_value=24, initial=0)
    minutes = forms.IntegerField(label=pgettext_lazy("of an hour", "Minutes"), min_value=0, max_value=59, initial=0)

    def whole(self) -> int:
        """All of it in minutes."""
        return int(self.cleaned_data["hours"]) * 60 + int(self.cleaned_data["minutes"])


def initial_days(first: date, last: date) -> dict[str, date]:
    """What the days of a form begin with."""
    return {"first_day": first, "last_day": last}
