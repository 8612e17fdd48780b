"""Forms of tools and drafts: they read what was typed, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from betterwork.core.instrument import AnswerKind, Kind, Known, Question, ReportingLevel
from betterwork.modules.countries.queries import countries_known
from betterwork.modules.instruments.models import Tool
from betterwork.modules.instruments.presentations import INSTRUMENTS, country_words

LEVELS = ((ReportingLevel.FACTORY, _("The factory")), (ReportingLevel.NATIONAL, _("The country’s law and practice")))
KNOWN = ((Known.UNKNOWN, _("Not known")), (Known.YES, _("Yes")), (Known.NO, _("No")))
AS_THE_TOOL = ((Known.UNKNOWN, _("As the tool says")), (Known.YES, _("Yes")), (Known.NO, _("No")))
ANSWERS = (
    (AnswerKind.FINDING, _("Not said yet")),
    (AnswerKind.YES_NO, _("Yes or no")),
    (AnswerKind.NUMBER, _("A number")),
    (AnswerKind.SHARE, _("A share in per cent")),
    (AnswerKind.DAY, _("A day")),
    (AnswerKind.TEXT, _("Words")),
    (AnswerKind.CHOICE, _("One of several")),
)
FINDS = (("", _("Not said")), ("yes", _("Yes")), ("no", _("No")))


def _words(label: Any, *, rows: int = 2, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


def _line(label: Any, *, most: int = 40, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, help_text=help_text)


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def countries_of(codes: frozenset[str] | None) -> list[tuple[str, str]]:
    """Countries to choose; None is all of them, with the choice of no single one."""
    known = [(one.code, country_words(one.code)) for one in countries_known() if codes is None or one.code in codes]
    return [*([("", country_words(""))] if codes is None else []), *known]


class ToolForm(forms.Form):
    """A new instrument."""

    code = _line(_("Short name"), help_text=_("As files and exports call it: letters, digits, hyphens."))
    title = _line(_("Title"), most=120)
    instrument = forms.ChoiceField(label=_("Kind"), choices=[(one, INSTRUMENTS[one]) for one in Tool.KINDS])
    about = _words(_("What it is for"), required=False)

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            label=_("For"),
            choices=countries,
            required=False,
            help_text=_("A tool for all countries can have national versions."),
        )


class DraftForm(forms.Form):
    """A new draft: its name, for whom, from what."""

    version = _line(_("Name of the version"), help_text=_("Short, for example 2026 or 2026-VN."))

    def __init__(
        self, *args: Any, countries: list[tuple[str, str]], bases: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(label=_("For"), choices=countries, required=False)
        self.fields["base"] = forms.ChoiceField(
            label=_("Begin from"), choices=[*bases, ("", _("Nothing"))], required=False
        )


class SettingsForm(forms.Form):
    """How a draft is called and from when it is to hold: without that day it is not submitted."""

    NEEDED_LATER = ("in_force_from",)
    version = _line(_("Name of the version"))
    in_force_from = _day(_("In force from"), _("The version before is asked until the day before."))


class SealForm(forms.Form):
    """From which day an approved version is in force."""

    in_force_from = _day(_("In force from"), _("The version before is asked until the day before."), required=True)


class ReasonForm(forms.Form):
    """Why something changed."""

    reason = _words(_("Why"), help_text=_("The committee reads it beside the change."))


class QuestionForm(forms.Form):
    """A question in place. ``seen`` is its revision when the form was opened."""

    NEEDED_LATER = ("reason",)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = _words(_("Question"), rows=3)
    guidance = _words(_("How to verify it"), rows=4, required=False)
    reporting_level = forms.ChoiceField(label=_("Whose conduct a finding speaks of"), choices=LEVELS)
    noncompliant_answer = forms.ChoiceField(label=_("Answer that is the finding"), choices=FINDS, required=False)
    publicly_reported = forms.BooleanField(label=_("Publicly reported"), required=False)
    zero_tolerance = forms.ChoiceField(label=_("Serious: raises an alert"), choices=KNOWN)
    only_where_it_applies = forms.BooleanField(
        label=_("Only where it applies"), required=False, help_text=_("The whole point may be missing, as housing may.")
    )
    tags = _line(_("Tags"), most=300, required=False, help_text=_("Separated by semicolons."))
    legal_basis = _line(_("Legal basis in words"), most=300, required=False, help_text=_("Separated by semicolons."))
    answer = forms.ChoiceField(label=_("What is written down"), choices=ANSWERS)
    unit = _line(_("Unit"), required=False)
    choices = _words(_("Choices"), required=False, help_text=_("One on each line."))
    least = _line(_("Smallest that can be right"), most=20, required=False)
    most = _line(_("Largest that can be right"), most=20, required=False)
    reason = _words(_("Why it changes"), required=False, help_text=_("Needed when its meaning, words or level change."))
    _FACT, _FINDING = ("answer", "unit", "choices", "least", "most"), ("noncompliant_answer", "zero_tolerance")

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._FINDING if question.kind is Kind.FACT else self._FACT:
            del self.fields[name]

    @staticmethod
    def of(question: Question, revision: int, reason: str) -> dict[str, Any]:
        """What the form shows of a question as it stands."""
        names = [name for name in QuestionForm.base_fields if hasattr(question, name)]
        given = {name: getattr(question, name) for name in names}
        joined = {"tags": "; ".join(question.tags), "legal_basis": "; ".join(question.legal_basis)}
        return {**given, **joined, "choices": "\n".join(question.choices), "seen": revision, "reason": reason}

    def changes(self) -> dict[str, Any]:
        """What the service wants: values of the types of ``core.instrument.Question``."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "reason")}
        kinds: dict[str, Any] = {
            "reporting_level": ReportingLevel,
            "zero_tolerance": Known,
            "answer": AnswerKind,
            "tags": lambda text: _parts(text, ";"),
            "legal_basis": lambda text: _parts(text, ";"),
            "choices": lambda text: _parts(text, "\n"),
            "text": lambda text: text.replace("\r\n", "\n").strip(),
            "guidance": lambda text: text.replace("\r\n", "\n").strip(),
        }
        return {name: kinds[name](value) if name in kinds else value for name, value in found.items()}


def _parts(text: str, sign: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(sign) if part.strip())


class AddForm(forms.Form):
    """A new question under a point of the draft, or under a new one."""

    code = _line(_("Code"), help_text=_("For good: it is never given to another question."))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=((Kind.COMPLIANCE, _("Compliance question")), (Kind.FACT, _("Fact")))
    )
    text = _words(_("Question"), rows=3)
    legal_basis = _line(_("Legal basis in words"), most=300, required=False, help_text=_("Separated by semicolons."))
    reason = _words(_("Why it is asked"), help_text=_("The committee reads it beside the change."))

    def __init__(self, *args: Any, points: list[tuple[str, str]], new_points: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*points, *([("", _("A new point, named below"))] if new_points else [])]
        self.fields["point"] = forms.ChoiceField(label=_("Under which point"), choices=choices, required=not new_points)
        if new_points:
            for name, label in (
                ("cluster_code", _("Code of the cluster")),
                ("cluster", _("Cluster")),
                ("point_code", _("Code of the new point")),
                ("point_title", _("New point")),
            ):
                self.fields[name] = _line(label, most=20 if "code" in name else 200, required=False)


class SplitForm(forms.Form):
    """A question asked as several."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code_1, text_1 = _line(_("Code of the first part")), _words(_("First part"))
    code_2, text_2 = _line(_("Code of the second part")), _words(_("Second part"))
    code_3, text_3 = _line(_("Code of the third part"), required=False), _words(_("Third part"), required=False)
    reason = _words(_("Why"), help_text=_("The committee reads it beside the change."))

    def parts(self) -> list[tuple[str, str]]:
        """Code and text of each part that was written."""
        found = self.cleaned_data
        return [(found[f"code_{n}"], found[f"text_{n}"]) for n in (1, 2, 3) if found[f"code_{n}"]]


class MergeForm(forms.Form):
    """Several questions asked as one."""

    others = _line(_("Codes of the others"), most=300, help_text=_("Separated by commas."))
    successor = _line(_("Code of the merged question"), help_text=_("One of theirs, or a new one."))
    text = _words(_("Question"), rows=3)
    reason = _words(_("Why"), help_text=_("The committee reads it beside the change."))


class MoveForm(forms.Form):
    """Another point, or another place in it."""

    reason = _words(_("Why"), required=False, help_text=_("Needed when it is moved under another point."))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = forms.ChoiceField(label=_("Where"), choices=places)
        self.order_fields(("place", "reason"))


class LawForm(forms.Form):
    """The references of the register that a question rests on."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["references"] = forms.MultipleChoiceField(
            label=_("Rests on"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )


class MarkForm(forms.Form):
    """How a country marks a question."""

    publicly_reported = forms.ChoiceField(label=_("Publicly reported"), choices=AS_THE_TOOL)
    zero_tolerance = forms.ChoiceField(label=_("Serious: raises an alert"), choices=AS_THE_TOOL)

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=countries)
        self.order_fields(("country",))


class TranslationForm(forms.Form):
    """A translation of one text."""

    field = forms.ChoiceField(
        label=_("Which text"), choices=(("text", _("Question")), ("guidance", _("How to verify it")))
    )
    text = _words(_("Translation"), rows=3)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=languages)
        self.order_fields(("language", "field", "text"))


class LabelForm(forms.Form):
    """What a cluster or point is called."""

    label = _line(_("What it is called"), most=200)
