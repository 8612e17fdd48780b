"""Forms of committees: they read what was typed, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.modules.bodies.kinds import COUNTRY_LEVEL, WORLD_LEVEL, kinds
from betterwork.modules.bodies.models import DONE, DROPPED, ELECTED, NAMED_BY_UNION
from betterwork.modules.bodies.presentations import AGREEMENT_KINDS, CHOSEN
from betterwork.modules.bodies.rules import (
    ADVICE,
    BY_CONSENSUS,
    BY_MEMBER,
    BY_SIDE,
    MAJORITIES,
    MAJORITY,
    OUTCOMES,
    VOTES,
    WAYS,
    Composition,
    Side,
)

SEXES = (("", _("Not said")), ("f", _("Woman")), ("m", _("Man")))
LONG = 20_000


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, picked where the browser can."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def text_field(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 4) -> forms.CharField:
    """Some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONG, widget=widget)


def words_field(label: Any, help_text: Any = "", *, required: bool = True, most: int = 200) -> forms.CharField:
    """A line."""
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=most)


class FoundForm(forms.Form):
    """A new committee."""

    def __init__(self, *args: Any, countries: list[tuple[str, str]], world: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [one for one in kinds().values() if world or one.level != WORLD_LEVEL]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of committee"), choices=[(one.name, one.title) for one in offered], widget=forms.RadioSelect
        )
        self.fields["name"] = words_field(_("Name"), _("As its members call it."))
        first = [("", _("None: it is of the whole programme"))] if world else []
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"), required=False, choices=[*first, *countries], help_text=_("Of a country's committee.")
        )
        self.fields["factory"] = words_field(
            _("Factory"), _("Of a factory committee: its number, like VN/17."), required=False, most=80
        )
        self.fields["workers_chosen"] = forms.ChoiceField(
            label=_("Workers' members are"),
            required=False,
            choices=[("", _("Not a factory committee")), *((one, CHOSEN[one]) for one in (NAMED_BY_UNION, ELECTED))],
        )
        self.fields["start"] = day_field(_("First day"))

    def clean(self) -> dict[str, Any]:
        """A manager sets up committees of her own country only, a factory's among them."""
        given = super().clean() or self.cleaned_data
        kind = kinds().get(given.get("kind", ""))
        offered = {code for code, _words in self.fields["country"].choices}  # type: ignore[attr-defined]
        of_factory = given.get("factory", "").partition("/")[0]
        if kind is not None and kind.level == COUNTRY_LEVEL and not given.get("country"):
            self.add_error("country", _("Say of which country."))
        if of_factory and of_factory not in offered:
            self.add_error("factory", _("This factory is not of a country that is yours to work for."))
        return given


class SeatForm(forms.Form):
    """A member, or the alternate of one."""

    email = forms.EmailField(
        label=_("Who"),
        max_length=254,
        help_text=_("The address with which the person signs in. Who has no account is invited first."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    start = day_field(_("First day"))
    end = day_field(_("Last day"), _("Empty: as long as a term is by the rules."), required=False)
    nominator = words_field(_("Named by"), _("Empty: as the rules of the committee say."), required=False)
    chosen = forms.ChoiceField(label=_("How she came to the seat"), choices=list(CHOSEN.items()))
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=SEXES,
        required=False,
        help_text=_("For the share of women, which is shown as one number. Ask her; leave it out if she would rather."),
    )
    field_order = ("email", "side", "alternate_for", "organisation", "nominator", "chosen", "start", "end", "sex")

    def __init__(
        self,
        *args: Any,
        rules: Composition,
        members: list[tuple[str, str]],
        organisations: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"] = forms.ChoiceField(label=_("Side"), choices=[(one.name, one.title) for one in rules.sides])
        self.fields["organisation"] = forms.ChoiceField(
            label=_("Organisation she speaks for"),
            choices=[("", _("None entered here")), *organisations],
            required=False,
        )
        if rules.alternates and members:
            choices = [("", _("Nobody: she is a member herself")), *members]
            self.fields["alternate_for"] = forms.ChoiceField(label=_("Alternate for"), choices=choices, required=False)
        self.order_fields(self.field_order)


class EndForm(forms.Form):
    """The end of a term, a committee, an agreement."""

    end = day_field(_("Last day"))
    reason = text_field(_("Why"), rows=3)


class DayForm(forms.Form):
    """A day alone."""

    day = day_field(_("Day"))


class ChairForm(forms.Form):
    """Who chairs from a day on."""

    start = day_field(_("From"))

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"] = forms.ChoiceField(label=_("Who chairs"), choices=members)
        self.order_fields(("member", "start"))


class CallForm(forms.Form):
    """A meeting to come, or one to be recorded."""

    day = day_field(_("Day"))
    begins = forms.TimeField(
        label=_("Begins at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = words_field(_("Place"), required=False)
    remote = forms.BooleanField(label=_("People can take part remotely"), required=False)

    def __init__(self, *args: Any, written: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if written:
            self.fields["day"].help_text = _("Of a written procedure: the last day on which answers count.")
            self.fields["written"] = forms.BooleanField(
                label=_("Written procedure: nobody meets, each member answers"), required=False
            )


class ItemForm(forms.Form):
    """A point of the agenda."""

    title = words_field(_("What about"), _("Empty: the title of the matter."), required=False, most=300)
    note = text_field(_("Note"), required=False, rows=2)

    def __init__(self, *args: Any, matters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if matters:
            choices = [("", _("No matter that waits")), *matters]
            self.fields["matter"] = forms.ChoiceField(label=_("Matter that waits"), choices=choices, required=False)
            self.order_fields(("matter", "title", "note"))


class Boxes(forms.MultipleChoiceField):
    """Boxes of which none need be ticked, without the word "optional" beside them: nobody is there by choice."""

    def validate(self, value: Any) -> None:
        """Only what is offered."""
        if value:
            super().validate(value)


class PresentForm(forms.Form):
    """Who is present: one group of boxes for each side."""

    def __init__(self, *args: Any, sides: list[tuple[str, Any, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, title, persons in sides:
            self.fields[f"side-{name}"] = Boxes(label=title, choices=persons, widget=forms.CheckboxSelectMultiple)

    def present(self) -> list[str]:
        """The terms of those who are."""
        return [one for chosen in self.cleaned_data.values() for one in chosen]


class DecideForm(forms.Form):
    """A decision: its words, and how it was reached."""

    def __init__(
        self, *args: Any, rules: Composition, speakers: list[tuple[str, str]], written: bool, anew: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [(one, words[0]) for one, words in OUTCOMES.items() if (one == ADVICE) != rules.decides]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("What was decided"), choices=outcomes, widget=forms.RadioSelect
        )
        self.fields["text"] = text_field(_("The decision"), _("In sentences that can stand alone."))
        self.fields["reasons"] = text_field(
            _("Reasons"), _("Needed where it is returned or refused."), required=False, rows=3
        )
        self.fields["conditions"] = text_field(_("Conditions"), required=False, rows=2)
        if anew:
            self.fields["why"] = text_field(_("Why the earlier decision is superseded"), rows=2)
        ways = [BY_CONSENSUS, BY_MEMBER] if rules.majority == MAJORITY else [BY_CONSENSUS, BY_MEMBER, BY_SIDE]
        ways = [BY_MEMBER] if written else ways
        self.fields["way"] = forms.ChoiceField(
            label=_("How"), choices=[(one, WAYS[one]) for one in ways], widget=forms.RadioSelect, initial=ways[0]
        )
        votes = [("", _("No vote")), *VOTES.items()]
        for key, name in speakers:
            self.fields[f"vote-{key}"] = forms.ChoiceField(label=name, choices=votes, required=False)
        if BY_SIDE in ways:
            for side in rules.sides:
                self.fields[f"side-{side.name}"] = forms.ChoiceField(label=side.title, choices=votes, required=False)
        self.speakers, self.sides = speakers, [one.name for one in rules.sides]

    def votes(self) -> dict[str, str]:
        """The votes that belong to the way that was chosen."""
        if self.cleaned_data["way"] == BY_CONSENSUS:
            return {}
        prefix = "vote-" if self.cleaned_data["way"] == BY_MEMBER else "side-"
        found = {name.removeprefix(prefix): vote for name, vote in self.cleaned_data.items() if name.startswith(prefix)}
        return {name: vote for name, vote in found.items() if vote}


class MinutesForm(forms.Form):
    """Minutes, or their correction."""

    text = text_field(
        _("Minutes"),
        _("What was said by which side, and what was agreed. Leave out what could harm somebody who is not here."),
        rows=18,
    )


class CorrectForm(MinutesForm):
    """A correction says why."""

    reason = text_field(_("Why they are corrected"), rows=2)


class PaperForm(forms.Form):
    """A paper for a meeting."""

    file = forms.FileField(label=_("File"))
    title = words_field(_("What it is"), required=False)


class FollowUpForm(forms.Form):
    """Something to be done."""

    what = text_field(_("What is to be done"), rows=3)
    due = day_field(_("By when"))

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = forms.ChoiceField(label=_("Who does it"), choices=owners)
        self.order_fields(("what", "owner", "due"))


class CloseForm(forms.Form):
    """The end of a follow-up."""

    state = forms.ChoiceField(
        label=_("How it ended"), choices=((DONE, _("Done")), (DROPPED, _("Dropped"))), widget=forms.RadioSelect
    )
    note = text_field(_("What came of it"), rows=3)


class AnswerForm(forms.Form):
    """The answer to a piece of advice."""

    text = text_field(_("Answer"))
    in_name_of = words_field(_("In whose name"), _("The Management Group, the country programme, …"))


class ReasonForm(forms.Form):
    """Why."""

    reason = text_field(_("Why"), rows=3)


class AgreementForm(forms.Form):
    """An agreement or memorandum."""

    kind = forms.ChoiceField(label=_("What it is"), choices=list(AGREEMENT_KINDS.items()))
    title = words_field(_("Title"), most=300)
    parties = words_field(_("Between"), most=300)
    signed = day_field(_("Signed on"))
    start = day_field(_("In force from"))
    end = day_field(_("In force until"), _("Empty: no end."), required=False)
    reference = words_field(_("Where its text is"), most=300)
    note = text_field(_("Note"), required=False, rows=2)

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None: it is of the whole programme")), *countries]
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=choices, required=False)


class RemarkForm(forms.Form):
    """A comment of the Governing Body."""

    session = words_field(_("Session"), _("Like GB.320."), most=40)
    day = day_field(_("Day"))
    text = text_field(_("What was said"))
    reference = words_field(_("Where it is written"), required=False, most=300)


class RulesForm(forms.Form):
    """The rules of a kind of committee in a country."""

    def __init__(self, *args: Any, rules: Composition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side in rules.sides:
            title = side.title
            self.fields[f"seats-{side.name}"] = forms.IntegerField(
                label=_("Seats: %(side)s") % {"side": title}, initial=side.seats, min_value=1, max_value=50
            )
            self.fields[f"least-{side.name}"] = forms.IntegerField(
                label=_("Must be present: %(side)s") % {"side": title}, initial=side.least, min_value=0, max_value=50
            )
            self.fields[f"nominator-{side.name}"] = words_field(
                _("Named by: %(side)s") % {"side": title}, required=False
            )
            self.fields[f"nominator-{side.name}"].initial = side.nominator
        sides = [("", _("Any side")), *((one.name, one.title) for one in rules.sides)]
        self.fields["chair_side"] = forms.ChoiceField(
            label=_("Which side chairs"), choices=sides, required=False, initial=rules.chair_side
        )
        for name, label in _YES_NO.items():
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=getattr(rules, name))
        self.fields["women_percent"] = forms.IntegerField(
            label=_("Share of women wanted, in per cent"), initial=rules.women_percent, min_value=0, max_value=100
        )
        self.fields["term_months"] = forms.IntegerField(
            label=_("Length of a term in months; 0 for no fixed length"),
            initial=rules.term_months,
            min_value=0,
            max_value=240,
        )
        self.fields["quorum_percent"] = forms.IntegerField(
            label=_("Share of members that must be present, in per cent"),
            initial=rules.quorum_percent,
            min_value=0,
            max_value=100,
        )
        self.fields["majority"] = forms.ChoiceField(
            label=_("How it decides"), choices=list(MAJORITIES.items()), initial=rules.majority
        )
        self.fields["start"] = day_field(_("From"))
        self.fields["source"] = text_field(
            _("Where this is written"),
            _("The law, the agreement, the rules of procedure, with article and date."),
            rows=2,
        )
        self.before = rules

    def composition(self) -> Composition:
        """The rules as typed."""
        given = self.cleaned_data
        sides = tuple(
            Side(one.name, given[f"seats-{one.name}"], given[f"least-{one.name}"], given[f"nominator-{one.name}"])
            for one in self.before.sides
        )
        names = ("chair_side", *_YES_NO, "women_percent", "term_months", "quorum_percent", "majority")
        return Composition(sides=sides, **{name: given[name] for name in names})


_YES_NO: dict[str, Any] = {
    "quorum_chair": _("The chair must be present"),
    "alternates": _("Members have alternates"),
    "alternate_chairs": _("The chair's alternate may chair in her place"),
    "decides": _("It decides; otherwise it gives advice"),
    "written": _("It may decide by written procedure"),
}
