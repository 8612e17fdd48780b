"""Who sees which committee, and who keeps its records.

Staff see the committees of their country; its manager, team leaders and global staff are their secretariat. Whoever
represents government, employers or workers in a country sees the committees in which they sit by that; a member of
another committee sees the one over which she was given the role, or the one of her factory or organisation.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import COMMITTEE
from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.foundation.files.subjects import attachment_rule_add
from betterwork.modules.bodies.kinds import kinds
from betterwork.modules.bodies.models import (
    OPEN,
    AgendaItem,
    Agreement,
    Body,
    Decision,
    FollowUp,
    Matter,
    Meeting,
    Member,
    Remark,
)

OF_THE_WORLD = (roles.GLOBAL_STAFF, roles.ANALYST, roles.AUDITOR)
OF_A_COUNTRY = (roles.ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR, roles.AUDITOR)
SECRETARIAT = (roles.COUNTRY_MANAGER, roles.TEAM_LEADER)
REPRESENTATIVES = (roles.GOVERNMENT, roles.EMPLOYERS, roles.WORKERS)
OF_COMMITTEES = (*REPRESENTATIVES, roles.COMMITTEE_MEMBER)
PAPERS = "committee-meeting"
"""What papers hang on: a meeting, by its id."""

_READ_WORDS = _("Staff of the committee's country, global staff, analysts and auditors.")
_KEEP_WORDS = _("The secretariat: global staff; in their country its manager and team leaders.")
_OWN_WORDS = _(
    "Representatives of government, employers and workers: committees of their country in which they sit; "
    "members: their own committee."
)


def _under(reach: Q | None, path: str) -> Q | None:
    """The same reach, for rows that lead to a committee by ``path``."""
    return None if reach is None else Q(**{f"{path}__in": Body.objects.filter(reach).values("pk")})


def countries_seen(actor: Actor) -> frozenset[str] | None:
    """The countries whose committees staff see; None for all of them."""
    return None if actor.in_world(*OF_THE_WORLD) else actor.keys("country", *OF_A_COUNTRY)


def _read(actor: Actor) -> Q | None:
    if actor.in_world(*OF_THE_WORLD):
        return Q()
    countries = actor.keys("country", *OF_A_COUNTRY)
    return Q(country__in=countries) if countries else None


def _keep(actor: Actor) -> Q | None:
    if actor.in_world(roles.GLOBAL_STAFF):
        return Q()
    countries = actor.keys("country", *SECRETARIAT)
    return Q(country__in=countries) if countries else None


def _own(actor: Actor) -> Q | None:
    reached: Q | None = None

    def also(more: Q) -> None:
        nonlocal reached
        reached = more if reached is None else reached | more

    if countries := actor.keys("country", *REPRESENTATIVES):
        also(Q(country__in=countries, kind__in=[one.name for one in kinds().values() if one.representatives]))
    if keys := actor.keys("committee", roles.COMMITTEE_MEMBER):
        also(Q(id__in=keys))
    if keys := actor.keys("factory", roles.COMMITTEE_MEMBER):
        also(Q(factory__in=[f"factory:{key}" for key in keys]))
    if keys := actor.keys("organisation", *REPRESENTATIVES):
        today = TruncDate(Now())
        now = Q(start__lte=today) & (Q(end__isnull=True) | Q(end__gte=today))
        also(Q(id__in=Member.objects.filter(now, organisation__in=keys).values("body")))
    return reached


@rule_over(Body, "bodies.read", _READ_WORDS)
def BODIES_READ(actor: Actor) -> Q | None:
    """The committees that staff see."""
    return _read(actor)


@rule_over(Body, "bodies.own", _OWN_WORDS)
def BODIES_OWN(actor: Actor) -> Q | None:
    """The committees that their members see."""
    return _own(actor)


@rule_over(Body, "bodies.keep", _KEEP_WORDS)
def BODIES_KEEP(actor: Actor) -> Q | None:
    """The committees for which one is the secretariat."""
    return _keep(actor)


@rule("bodies.found", _("Global staff, every committee; the manager of a country, those of her country."))
def BODIES_FOUND(actor: Actor) -> bool:
    """Who sets committees up; for which country is decided with each."""
    return actor.in_world(roles.GLOBAL_STAFF) or bool(actor.keys("country", roles.COUNTRY_MANAGER))


@rule_over(Body, "bodies.rules", _("Global staff; the manager of the committee's country."))
def BODIES_RULES(actor: Actor) -> Q | None:
    """The committees whose rules one may enter: those of a country."""
    if actor.in_world(roles.GLOBAL_STAFF):
        return ~Q(country="")
    countries = actor.keys("country", roles.COUNTRY_MANAGER)
    return Q(country__in=countries) if countries else None


@rule_over(Member, "bodies.members.read", _READ_WORDS)
def MEMBERS_READ(actor: Actor) -> Q | None:
    """The terms that staff see: of the committees that they see."""
    return _under(_read(actor), "body")


@rule_over(Member, "bodies.members.own", _OWN_WORDS)
def MEMBERS_OWN(actor: Actor) -> Q | None:
    """Who sits with one in a committee."""
    return _under(_own(actor), "body")


@rule_over(Member, "bodies.members.keep", _KEEP_WORDS)
def MEMBERS_KEEP(actor: Actor) -> Q | None:
    """The terms that the secretariat keeps."""
    return _under(_keep(actor), "body")


@rule_over(Meeting, "bodies.meetings.read", _READ_WORDS)
def MEETINGS_READ(actor: Actor) -> Q | None:
    """The meetings that staff see."""
    return _under(_read(actor), "body")


@rule_over(Meeting, "bodies.meetings.own", _OWN_WORDS)
def MEETINGS_OWN(actor: Actor) -> Q | None:
    """The meetings of one's own committees."""
    return _under(_own(actor), "body")


@rule_over(Meeting, "bodies.meetings.keep", _KEEP_WORDS)
def MEETINGS_KEEP(actor: Actor) -> Q | None:
    """The meetings that the secretariat runs."""
    return _under(_keep(actor), "body")


@rule_over(AgendaItem, "bodies.items.read", _READ_WORDS)
def ITEMS_READ(actor: Actor) -> Q | None:
    """The points of agendas that staff see."""
    return _under(_read(actor), "meeting__body")


@rule_over(AgendaItem, "bodies.items.own", _OWN_WORDS)
def ITEMS_OWN(actor: Actor) -> Q | None:
    """The points of the agendas of one's own committees."""
    return _under(_own(actor), "meeting__body")


@rule_over(AgendaItem, "bodies.items.keep", _KEEP_WORDS)
def ITEMS_KEEP(actor: Actor) -> Q | None:
    """The points of agendas that the secretariat keeps."""
    return _under(_keep(actor), "meeting__body")


@rule_over(Matter, "bodies.matters.read", _READ_WORDS)
def MATTERS_READ(actor: Actor) -> Q | None:
    """The matters that staff see."""
    return _under(_read(actor), "body")


@rule_over(Matter, "bodies.matters.own", _OWN_WORDS)
def MATTERS_OWN(actor: Actor) -> Q | None:
    """The matters put before one's own committees."""
    return _under(_own(actor), "body")


@rule_over(Decision, "bodies.decisions.read", _READ_WORDS)
def DECISIONS_READ(actor: Actor) -> Q | None:
    """The decisions that staff see."""
    return _under(_read(actor), "body")


@rule_over(Decision, "bodies.decisions.own", _OWN_WORDS)
def DECISIONS_OWN(actor: Actor) -> Q | None:
    """The decisions of one's own committees."""
    return _under(_own(actor), "body")


@rule_over(Decision, "bodies.decisions.keep", _KEEP_WORDS)
def DECISIONS_KEEP(actor: Actor) -> Q | None:
    """The decisions to which the secretariat adds follow-up and answers."""
    return _under(_keep(actor), "body")


@rule_over(
    FollowUp,
    "bodies.follow-ups.read",
    _("Of a committee: staff of its country. Of the Governing Body's comments: global staff, analysts and auditors."),
)
def FOLLOW_UPS_READ(actor: Actor) -> Q | None:
    """What staff see to be done: after decisions, and after comments of the Governing Body."""
    reached = _under(_read(actor), "body")
    return reached if reached is None or not actor.in_world(*OF_THE_WORLD) else reached | Q(remark__isnull=False)


@rule_over(FollowUp, "bodies.follow-ups.own", _OWN_WORDS)
def FOLLOW_UPS_OWN(actor: Actor) -> Q | None:
    """What is to be done after decisions of one's own committees."""
    return _under(_own(actor), "body")


@rule_over(
    FollowUp, "bodies.follow-ups.close", _("Who is to do it, and the secretariat of the committee."), operator=False
)
def FOLLOW_UPS_CLOSE(actor: Actor) -> Q | None:
    """The open follow-up that one may close. Its owner holds some role of the programme or of a committee."""
    if not actor.holds(*OF_THE_WORLD, *OF_A_COUNTRY, *OF_COMMITTEES):
        return None
    mine = Q(owner=actor.id)
    kept = _under(_keep(actor), "body")
    if kept is not None:
        mine |= kept
    if actor.in_world(roles.GLOBAL_STAFF):
        mine |= Q(remark__isnull=False)
    return mine & Q(state=OPEN)


@rule_over(
    Agreement,
    "agreements.read",
    _("Staff of the country, global staff, analysts and auditors; of the whole programme, all staff."),
)
def AGREEMENTS_READ(actor: Actor) -> Q | None:
    """Agreements of the whole programme and of one's own country."""
    if actor.in_world(*OF_THE_WORLD):
        return Q()
    countries = actor.keys("country", *OF_A_COUNTRY)
    return Q(country__in=[*countries, ""]) if countries else None


@rule("agreements.keep", _("Global staff."))
def AGREEMENTS_KEEP(actor: Actor) -> bool:
    """Who enters agreements and comments of the Governing Body."""
    return actor.in_world(roles.GLOBAL_STAFF)


@rule_over(Agreement, "agreements.end", _("Global staff."))
def AGREEMENTS_END(actor: Actor) -> Q | None:
    """Agreements of which one may say that they end."""
    return Q() if actor.in_world(roles.GLOBAL_STAFF) else None


@rule_over(Remark, "remarks.read", _("Global staff, analysts and auditors."))
def REMARKS_READ(actor: Actor) -> Q | None:
    """Comments of the Governing Body."""
    return Q() if actor.in_world(*OF_THE_WORLD) else None


@rule_over(Remark, "remarks.keep", _("Global staff."))
def REMARKS_KEEP(actor: Actor) -> Q | None:
    """Comments to which one adds follow-up."""
    return Q() if actor.in_world(roles.GLOBAL_STAFF) else None


def _papers(actor: Actor) -> Any:
    """The meetings whose papers somebody may have: those that she sees, as staff or as a member."""
    reached = [one for one in (_under(_read(actor), "body"), _under(_own(actor), "body")) if one is not None]
    if not reached:
        return None
    wanted = reached[0] if len(reached) == 1 else reached[0] | reached[1]
    return Meeting.objects.filter(wanted).values("pk")


attachment_rule_add(PAPERS, _papers, audience=COMMITTEE, told=lambda actor, key: False)
