"""Pages of the register of law: the list, one provision with its life and what it touches, recording a change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PUBLIC
from betterwork.foundation.audiences.presentations import Row
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.queries import CountryOptions, countries_known
from betterwork.modules.instruments.law_policy import LAW_CHANGE, LAW_READ
from betterwork.modules.instruments.law_showing import KINDS, LAW_ON_ITS_PAGE, STATES
from betterwork.modules.instruments.law_touched import law_life, law_state, law_touches
from betterwork.modules.instruments.laws import legal_reference_add, legal_reference_end
from betterwork.modules.instruments.models import LegalReference
from betterwork.modules.instruments.policy import may_write_for
from betterwork.modules.instruments.presentations import country_words


def _by_country(rows: QuerySet[LegalReference], code: str) -> QuerySet[LegalReference]:
    return rows.filter(country="" if code == "all" else code)


LIST = Listing(
    LAW_ON_ITS_PAGE,
    (
        Column("citation", gettext_lazy("Provision"), sort=("number", "instrument", "article")),
        Column("instrument", gettext_lazy("Instrument"), sort=("instrument", "article")),
        Column("country_name", gettext_lazy("Country"), sort=("country",)),
        Column("kind", gettext_lazy("Kind"), sort=("kind",)),
        Column("in_force_from", gettext_lazy("In force from"), sort=("in_force_from",)),
        Column("in_force_until", gettext_lazy("Until"), sort=("in_force_until",)),
    ),
    order=("country", "instrument", "article", "in_force_from", "id"),
    search=lambda text: Q(instrument__icontains=text) | Q(number__istartswith=text) | Q(title__icontains=text),
    choices=(
        Choice(
            "country",
            gettext_lazy("Country"),
            CountryOptions(("all", gettext_lazy("All countries"))),  # type: ignore[arg-type]
            _by_country,
        ),
        Choice("kind", gettext_lazy("Kind"), tuple(KINDS.items()), lambda rows, kind: rows.filter(kind=kind)),
    ),
)


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class LawForm(forms.Form):
    """A provision, or the text that takes its place."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=tuple(KINDS.items()), widget=forms.Select)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    instrument = forms.CharField(
        label=gettext_lazy("Instrument"),
        max_length=200,
        help_text=gettext_lazy("As it is called: Labour Code, 2019. A collective agreement may be one."),
    )
    number = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("How questions cite it, such as C138."),
    )
    article = forms.CharField(
        label=gettext_lazy("Article"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as Art. 137. Empty: the whole instrument."),
    )
    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=200, required=False)
    summary = forms.CharField(
        label=gettext_lazy("What it says, in your words"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    link = forms.URLField(
        label=gettext_lazy("Where it can be read"), required=False, max_length=500, assume_scheme="https"
    )
    in_force_from = _day(
        gettext_lazy("In force from"), gettext_lazy("Empty when nobody knows: a day is never guessed.")
    )
    source = forms.CharField(
        label=gettext_lazy("Where this is written"),
        max_length=500,
        help_text=gettext_lazy("The gazette with number and day, the decision, the page."),
    )

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes
        self.fields["country"].choices = [(code, country_words(code)) for code in codes]  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        """One of the countries one writes for; no country is all of them, and that too must be among these."""
        code = str(self.cleaned_data["country"])
        if code not in self.codes:
            raise forms.ValidationError(_("Choose one of the countries you work for."))
        return code


class RepealForm(forms.Form):
    """The last day of a provision that nothing takes the place of."""

    until = _day(gettext_lazy("Last day in force"), required=True)


@page(LAW_READ, audience=PUBLIC)
def law(request: HttpRequest) -> HttpResponseBase:
    """The law that questions rest on."""
    rows = LAW_READ.visible_to(actor_of_request(request))
    if request.GET.get("format") == "csv":
        return LIST.export(request, rows, "law")
    values = {"listing": LIST.shown(request, rows), "may_add": LAW_CHANGE.may(actor_of_request(request))}
    return page_render(request, "instruments/law.html", values)


@page(LAW_READ, audience=PUBLIC, thing=("reference", "key"))
def law_article(request: HttpRequest, reference: LegalReference) -> HttpResponse:
    """One provision: its life, and what a change of it touches on a day."""
    actor, today = actor_of_request(request), timezone.localdate()
    on, wrong = _day_asked(request, today)
    touched = law_touches(reference, actor=actor, on=on)
    life = law_life(reference)
    values = {
        "law": LAW_ON_ITS_PAGE.row(reference),
        "state": _state(reference, life, today),
        "life": [{"law": LAW_ON_ITS_PAGE.row(one), "state": _state(one, life, today)} for one in life],
        "on": on,
        "wrong_day": wrong,
        "touched": touched,
        "may_change": LAW_CHANGE.may(actor, reference) and life[-1].pk == reference.pk,
    }
    return page_render(request, "instruments/law_article.html", values)


def _day_asked(request: HttpRequest, today: date) -> tuple[date, bool]:
    asked = request.GET.get("on", "")
    try:
        return (date.fromisoformat(asked), False) if asked else (today, False)
    except ValueError:
        return today, True


def _state(one: LegalReference, life: list[LegalReference], on: date) -> dict[str, Any]:
    state = law_state(one, superseded=one.pk != life[-1].pk, on=on)
    return {"word": STATES[state][0], "kind": STATES[state][1]}


def _codes(request: HttpRequest) -> list[str]:
    actor = actor_of_request(request)
    return [code for code in ("", *(one.code for one in countries_known())) if may_write_for(actor, code)]


@page(LAW_CHANGE, audience=PUBLIC, methods=("GET", "POST"))
def law_add(request: HttpRequest) -> HttpResponse:
    """Add a provision to the register."""
    form = LawForm(request.POST if request.method == "POST" else None, codes=_codes(request))
    if form.is_valid() and (made := _added(request, form, None)) is not None:
        messages.success(request, _("Added. Questions can rest on it now."))
        return redirect("instruments:law_article", reference=made.key)
    return page_render(request, "instruments/law_form.html", {"form": form, "law": None})


@page(LAW_CHANGE, audience=PUBLIC, thing=("reference", "key"), methods=("GET", "POST"))
def law_change(request: HttpRequest, reference: LegalReference) -> HttpResponse:
    """Record that the law changed: a new text takes the place of this one from a day on."""
    said = ("kind", "country", "instrument", "number", "article", "title", "summary", "link")
    initial = {name: getattr(reference, name) for name in said}
    form = LawForm(request.POST if request.method == "POST" else None, initial=initial, codes=_codes(request))
    form.fields["in_force_from"].required = True
    form.fields["in_force_from"].help_text = _("The text before holds until the day before.")
    if form.is_valid() and (made := _added(request, form, reference)) is not None:
        messages.success(request, _("Recorded. Below is what the change touches."))
        return redirect("instruments:law_article", reference=made.key)
    return page_render(request, "instruments/law_form.html", {"form": form, "law": _shown(reference)})


@page(LAW_CHANGE, audience=PUBLIC, thing=("reference", "key"), methods=("GET", "POST"))
def law_repeal(request: HttpRequest, reference: LegalReference) -> HttpResponse:
    """Record that a provision no longer holds, and nothing took its place."""
    form = RepealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actor, until = actor_of_request(request).id, form.cleaned_data["until"]
            legal_reference_end(actor=actor, reference=reference, until=until, at=timezone.now())
        except BetterWorkError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, _("Recorded. Below is what it touches."))
            return redirect("instruments:law_article", reference=reference.key)
    return page_render(request, "instruments/law_repeal.html", {"form": form, "law": _shown(reference)})


def _shown(reference: LegalReference) -> Row:
    return LAW_ON_ITS_PAGE.row(reference)


def _added(request: HttpRequest, form: LawForm, supersedes: LegalReference | None) -> LegalReference | None:
    said = dict(form.cleaned_data)
    try:
        return legal_reference_add(
            actor=actor_of_request(request).id,
            kind=said.pop("kind"),
            country=said.pop("country"),
            in_force_from=said.pop("in_force_from"),
            texts=said,
            supersedes=supersedes,
            at=timezone.now(),
        )
    except BetterWorkError as error:
        form.add_error(None, str(error))
        return None
