"""Pages on which something of a factory is written down, ended, taken back, merged or split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.audiences.names import FACTORY, PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.policy import ThingPolicy
from betterwork.modules.registry import services
from betterwork.modules.registry.changing import steps_standing
from betterwork.modules.registry.contacting import FIELDS, contacts_standing
from betterwork.modules.registry.models import Enrolment, Factory, Workforce
from betterwork.modules.registry.policy import FACTORIES_KEEP, FACTORIES_OWN, FACTORIES_UPDATE
from betterwork.modules.registry.presentations import FACTORY_FOR_ITSELF, FACTORY_FOR_STAFF
from betterwork.modules.registry.rules import held_on
from betterwork.modules.registry.web import forms as ours

BOTH = ("GET", "POST")
CONFIDENTIAL = gettext_lazy("Seen by the programme's staff of the country and by the factory's managers.")
OPEN = gettext_lazy("Name and place of a factory are open: anybody may see them.")


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: its words and its form."""

    what: str
    title: Any
    lead: Any
    button: Any
    form: type[ours.StepForm]
    who: Any = CONFIDENTIAL


CHANGES = {
    one.what: one
    for one in (
        Change(
            "name",
            gettext_lazy("Rename the factory"),
            gettext_lazy("The old name stays in its history."),
            gettext_lazy("Rename"),
            ours.NameForm,
            OPEN,
        ),
        Change(
            "site",
            gettext_lazy("Where the factory works"),
            gettext_lazy("When it moves, the old place stays in its history."),
            gettext_lazy("Write this place down"),
            ours.SiteForm,
            OPEN,
        ),
        Change(
            "office",
            gettext_lazy("Second address"),
            gettext_lazy("Where letters go."),
            gettext_lazy("Write this address down"),
            ours.OfficeForm,
        ),
        Change(
            "ownership",
            gettext_lazy("Who owns the factory"),
            gettext_lazy("An organisation of the register, or a legal name with its headquarters."),
            gettext_lazy("Write this owner down"),
            ours.OwnershipForm,
        ),
        Change(
            "group",
            gettext_lazy("Group of factories"),
            gettext_lazy("Factories of one group may have one owner, one address or one name, and are several."),
            gettext_lazy("Write this group down"),
            ours.GroupForm,
        ),
        Change(
            "standing",
            gettext_lazy("Close the factory, or open it again"),
            gettext_lazy("A closed factory stays in the register, and takes part no longer."),
            gettext_lazy("Write this down"),
            ours.StandingForm,
        ),
        Change(
            "exporting",
            gettext_lazy("Whether the factory exports"),
            gettext_lazy("Where taking part is a condition of export, its duty follows from this."),
            gettext_lazy("Write this down"),
            ours.ExportingForm,
        ),
        Change(
            "registration",
            gettext_lazy("Answers of the registration form"),
            gettext_lazy("Kind of industry, first year, products, buyers."),
            gettext_lazy("Write these answers down"),
            ours.AnswersForm,
        ),
    )
}


def _stepped(change: Change, policy: ThingPolicy, audience: str, back: str) -> Callable[..., HttpResponseBase]:
    """The page of one kind of change, for staff or for the factory itself."""

    @page(policy, audience=audience, thing=("factory", "pk"), methods=BOTH)
    def view(request: HttpRequest, factory: Factory) -> HttpResponseBase:
        """What holds now, and what shall hold from a day on."""
        at = timezone.now()
        steps = list(steps_standing(factory, change.what))
        held = held_on(steps, at.date())
        said = held.said() if held is not None else {}
        if change.what == "name":
            said = {"name": factory.name}
        initial = {**ours.answers_initial(said), "since": at.date()}
        form = change.form(request.POST if request.method == "POST" else None, initial=initial)

        def write() -> None:
            services.factory_set(
                actor=actor_of_request(request).id,
                factory=factory,
                what=change.what,
                values={**said, **form.values()},
                since=form.cleaned_data["since"],
                reason=form.cleaned_data["reason"],
                at=at,
            )

        return asked(request, factory, form, change, write, audience=audience, back=back)

    return view


def asked(
    request: HttpRequest,
    factory: Factory,
    form: forms.Form,
    words: Change,
    write: Callable[[], object],
    *,
    audience: str = PROGRAMME,
    back: str = "registry:factory",
    template: str = "registry/form.html",
    more: dict[str, Any] | None = None,
    said: str = "",
) -> HttpResponseBase:
    """Ask with a form; when it is filled, do it and go back with what happened in a sentence."""
    if request.method == "POST" and form.is_valid():
        try:
            write()
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said or _("Written down. It stands in the factory's history."))
            return redirect(back, factory=factory.pk)
    shown = FACTORY_FOR_STAFF if audience == PROGRAMME else FACTORY_FOR_ITSELF
    values = {
        "factory": shown.row(factory),
        "form": form,
        "title": words.title,
        "lead": words.lead,
        "button": words.button,
        "who": words.who,
        "back": reverse(back, kwargs={"factory": factory.pk}),
        **(more or {}),
    }
    return page_render(request, template, values)


def words_of(title: Any, lead: Any, button: Any) -> Change:
    """The words of a page that is no step."""
    return Change("", title, lead, button, ours.StepForm)


KEPT = {
    what: _stepped(CHANGES[what], FACTORIES_KEEP, PROGRAMME, "registry:factory")
    for what in ("name", "site", "ownership", "group", "standing", "exporting")
}
UPDATED = {
    what: _stepped(CHANGES[what], FACTORIES_UPDATE, PROGRAMME, "registry:factory")
    for what in ("office", "registration")
}
PRODUCTS = Change(
    "registration",
    gettext_lazy("Products and buyers"),
    gettext_lazy("Your two main products and three main buyers, by sales."),
    gettext_lazy("Write this down"),
    ours.ProductsForm,
)
OWN = {
    "products": _stepped(PRODUCTS, FACTORIES_OWN, FACTORY, "registry:factory_own"),
    "office": _stepped(CHANGES["office"], FACTORIES_OWN, FACTORY, "registry:factory_own"),
}


def _headcount_of(factory: Factory, day: str) -> Workforce | None:
    """The headcount of a day that is to be corrected, where there is one."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    return Workforce.objects.filter(factory=factory, on=on, withdrawn_at__isnull=True).first()


def _counted(policy: ThingPolicy, audience: str, back: str, source: str) -> Callable[..., HttpResponseBase]:
    @page(policy, audience=audience, thing=("factory", "pk"), methods=BOTH)
    def view(request: HttpRequest, factory: Factory) -> HttpResponseBase:
        """A headcount of one day."""
        at = timezone.now()
        data = request.POST if request.method == "POST" else None
        asked_for = _headcount_of(factory, request.GET.get("on", ""))
        initial = ours.headcount_initial(asked_for) if asked_for else {"on": at.date(), "not_said": 0}
        form = ours.WorkforceForm(data, initial=initial)
        words = words_of(
            _("Write a headcount"),
            _("Full-time workers on one day, by sex. A headcount of the same day takes the place of the old one."),
            _("Write this headcount down"),
        )
        actor = actor_of_request(request).id

        def write() -> None:
            services.workforce_set(actor=actor, factory=factory, source=source, at=at, **form.values())

        return asked(
            request, factory, form, words, write, audience=audience, back=back, template="registry/workforce.html"
        )

    return view


workforce = _counted(FACTORIES_UPDATE, PROGRAMME, "registry:factory", "visit")
workforce_own = _counted(FACTORIES_OWN, FACTORY, "registry:factory_own", "factory")


def _contacted(policy: ThingPolicy, audience: str, back: str) -> Callable[..., HttpResponseBase]:
    @page(policy, audience=audience, thing=("factory", "pk"), methods=BOTH)
    def view(request: HttpRequest, factory: Factory) -> HttpResponseBase:
        """The two contacts; a name that is emptied is erased."""
        at, actor = timezone.now(), actor_of_request(request).id
        stand = {one.place: one for one in contacts_standing(factory)}
        initial = {f"{name}_{place}": getattr(one, name) for place, one in stand.items() for name in FIELDS}
        form = ours.ContactsForm(request.POST if request.method == "POST" else None, initial=initial)

        def write() -> None:
            changed = 0
            for place in (1, 2):
                given, before = form.of(place), stand.get(place)
                if before is not None and not any(given.values()):
                    services.contact_erase(actor=actor, contact=before, at=at)
                elif any(given.values()) and (before is None or given != {n: getattr(before, n) for n in FIELDS}):
                    services.contact_set(actor=actor, factory=factory, place=place, at=at, **given)
                else:
                    continue
                changed += 1
            if not changed:
                raise WrongUse(_("That is how it stands already: nothing to change."))

        words = words_of(
            _("Contacts of the factory"),
            _("Two persons whom the programme can reach. Empty all boxes of one to erase her."),
            _("Write these contacts down"),
        )
        more = {"first": form.boxes(1), "second": form.boxes(2)}
        template = "registry/contacts.html"
        return asked(request, factory, form, words, write, audience=audience, back=back, template=template, more=more)

    return view


contacts = _contacted(FACTORIES_UPDATE, PROGRAMME, "registry:factory")
contacts_own = _contacted(FACTORIES_OWN, FACTORY, "registry:factory_own")


@page(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"), methods=BOTH)
def enrol(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """The next cycle of a factory."""
    at, actor = timezone.now(), actor_of_request(request).id
    form = ours.EnrolForm(request.POST if request.method == "POST" else None, initial={"starts": at.date()})
    words = words_of(
        _("Begin a cycle"),
        _("The factory takes part from the first day of the cycle. A cycle that runs ends on the day before."),
        _("Begin this cycle"),
    )

    def write() -> None:
        services.factory_enrol(actor=actor, factory=factory, at=at, **form.cleaned_data)

    return asked(request, factory, form, words, write)


@page(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"), methods=BOTH)
def end(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """The end of the cycle that runs, without another."""
    at, actor = timezone.now(), actor_of_request(request).id
    form = ours.EndForm(request.POST if request.method == "POST" else None, initial={"ends": at.date()})
    words = words_of(
        _("End taking part"),
        _("The cycle that runs ends on this day, and no other begins."),
        _("End taking part"),
    )

    def write() -> None:
        runs = Enrolment.objects.filter(factory=factory, withdrawn_at__isnull=True, ends__isnull=True).first()
        if runs is None:
            raise WrongUse(_("No cycle runs."))
        services.enrolment_end(actor=actor, enrolment=runs, at=at, **form.cleaned_data)

    return asked(request, factory, form, words, write)


@page(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"), methods=BOTH)
def number(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """A number in another system."""
    at, actor = timezone.now(), actor_of_request(request).id
    form = ours.NumberForm(request.POST if request.method == "POST" else None)
    words = words_of(
        _("Number in another system"),
        _("By this number the factory is found again when that system speaks of it."),
        _("Write this number down"),
    )

    def write() -> None:
        services.outside_id_add(actor=actor, factory=factory, at=at, **form.cleaned_data)

    return asked(request, factory, form, words, write)
