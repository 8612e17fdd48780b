"""Who raises concerns, who answers them, who says who is named. To everybody else there is no concern at all."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import CONCERN_CIRCLE
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.foundation.doors.roles import WORLD
from betterwork.foundation.vault.kinds import vault_kind_add
from betterwork.foundation.vault.rules import ItemFacts
from betterwork.modules.alerts.models import Concern, NamedPerson
from betterwork.modules.alerts.queries import OF_A_COUNTRY, named_for, others_named

VAULT_KIND = "concern"


def countries_of(actor: Actor) -> frozenset[str] | None:
    """The countries for which somebody raises concerns; None for every country."""
    return None if actor.in_world(roles.GLOBAL_STAFF) else actor.keys("country", *OF_A_COUNTRY)


def _works(actor: Actor) -> bool:
    return countries_of(actor) is None or bool(countries_of(actor))


def _within(actor: Actor) -> Q:
    """What a token of one scope narrows: what is hers by her id alone."""
    return Q() if actor.within == WORLD else Q(country=actor.within.removeprefix("country:"))


@rule(
    "concerns.raise",
    _("Advisors, team leaders and managers, in their country; global staff, in every country."),
    operator=False,
)
def CONCERNS_RAISE(actor: Actor) -> bool:
    """Who raises concerns at all; for which country is decided with each."""
    return _works(actor)


def _own(actor: Actor) -> Q | None:
    return Q(raised_by=actor.id) & _within(actor) if _works(actor) else None


def _answered(actor: Actor) -> Q | None:
    if not _works(actor):
        return None
    answers = Q(named_for(actor.id))
    if actor.in_world(roles.GLOBAL_STAFF):
        answers |= ~Q(others_named())
    elif managed := actor.keys("country", roles.COUNTRY_MANAGER):
        answers |= Q(country__in=sorted(managed)) & ~Q(others_named())
    return answers & ~Q(set_aside_person=actor.id) & _within(actor)


@rule_over(
    Concern,
    "concerns.own",
    _("Whoever raised it, while she works for the programme: that it stands, and how."),
    operator=False,
)
def CONCERNS_OWN(actor: Actor) -> Q | None:
    """What somebody raised herself."""
    return _own(actor)


@rule_over(
    Concern,
    "concerns.work",
    _(
        "Who is named for concerns of the country now. Where nobody else is: its managers and global staff. "
        "Never somebody whom it is said to be about."
    ),
    operator=False,
)
def CONCERNS_WORK(actor: Actor) -> Q | None:
    """The concerns that somebody answers."""
    return _answered(actor)


@rule_over(Concern, "concerns.read", _("Whoever raised it, and who answers it."), operator=False)
def CONCERNS_READ(actor: Actor) -> Q | None:
    """The concerns of which somebody knows."""
    own, answered = _own(actor), _answered(actor)
    return None if own is None or answered is None else own | answered


@rule_over(
    NamedPerson,
    "concerns.named.read",
    _("Whoever raises concerns in the country: she sees who is told."),
)
def NAMED_READ(actor: Actor) -> Q | None:
    """Who is named, for those who may raise."""
    if not _works(actor):
        return None
    countries = countries_of(actor)
    return Q() if countries is None else Q(country__in=sorted(countries))


@rule_over(
    NamedPerson,
    "concerns.named.keep",
    _("The manager of the country, and global staff."),
)
def NAMED_KEEP(actor: Actor) -> Q | None:
    """The namings that somebody enters and ends."""
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", roles.COUNTRY_MANAGER)
    return Q(country__in=sorted(countries)) if countries else None


@rule_over(NamedPerson, "concerns.named.own", _("Who is named: that she is."), operator=False)
def NAMED_OWN(actor: Actor) -> Q | None:
    """What one is named for oneself."""
    return Q(person=actor.id) & _within(actor) if _works(actor) else None


def countries_kept(actor: Actor) -> frozenset[str] | None:
    """The countries for which somebody says who is named; None for every country."""
    if actor.is_operator or actor.in_world(roles.GLOBAL_STAFF):
        return None
    return actor.keys("country", roles.COUNTRY_MANAGER)


def concern_opens(actor: Actor, item: ItemFacts) -> bool:
    """Who opens words: whoever answers the concern now, and she who raised it what she wrote herself."""
    concern = Concern.objects.filter(pk=item.subject.removeprefix("concern ")).first()
    if concern is None:
        return False
    if item.made_by == actor.id == concern.raised_by:
        return CONCERNS_OWN.may(actor, concern)
    return CONCERNS_WORK.may(actor, concern)


def concern_owners(item: ItemFacts) -> tuple[str, ...]:
    """Who is told of each opening: she who raised it. Who answers it sees the openings on its page."""
    return (item.made_by,) if item.subject == f"concern {item.id}" else ()


vault_kind_add(
    VAULT_KIND,
    audience=CONCERN_CIRCLE,
    opens=concern_opens,
    owners=concern_owners,
)
