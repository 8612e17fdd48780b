"""In which shape committees, meetings and decisions reach a page: for staff, and for their members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.foundation.files.models import Attachment
from betterwork.foundation.people.models import Person
from betterwork.modules.bodies.declaring import decision_title
from betterwork.modules.bodies.kinds import TITLES
from betterwork.modules.bodies.models import (
    CALLED,
    CANCELLED,
    COOPERATION,
    DECIDED,
    DONE,
    DROPPED,
    ELECTED,
    HELD,
    MEMORANDUM,
    MINUTED,
    NAMED,
    NAMED_BY_UNION,
    OPEN,
    WAITS,
    WITHDRAWN,
    AgendaItem,
    Agreement,
    Answer,
    Body,
    Decision,
    FollowUp,
    Matter,
    Meeting,
    Member,
    Remark,
)
from betterwork.modules.bodies.queries import country_words
from betterwork.modules.bodies.rules import OUTCOMES, SIDES, WAYS

MEETING_STATES: dict[str, tuple[Any, str]] = {
    CALLED: (_("Called"), "info"),
    HELD: (_("Held, minutes to come"), "wait"),
    MINUTED: (_("Minutes adopted"), "ok"),
    CANCELLED: (_("Cancelled"), "none"),
}
MATTER_STATES: dict[str, tuple[Any, str]] = {
    WAITS: (_("Waits to be decided"), "wait"),
    DECIDED: (_("Decided"), "ok"),
    WITHDRAWN: (_("Withdrawn"), "none"),
}
FOLLOW_UP_STATES: dict[str, tuple[Any, str]] = {
    OPEN: (pgettext_lazy("state", "Open"), "wait"),
    DONE: (_("Done"), "ok"),
    DROPPED: (_("Dropped"), "none"),
}
AGREEMENT_KINDS: dict[str, Any] = {
    COOPERATION: _("Agreement of Cooperation"),
    MEMORANDUM: _("Memorandum of understanding"),
}
CHOSEN: dict[str, Any] = {
    NAMED: _("Named"),
    NAMED_BY_UNION: _("Named by the union"),
    ELECTED: _("Elected"),
}
"""How a member came to her seat."""


def _states(name: str, words: Mapping[str, tuple[Any, str]]) -> dict[str, Derived]:
    def word(one: Any) -> str:
        return str(words.get(getattr(one, name), (getattr(one, name), ""))[0])

    def kind(one: Any) -> str:
        return words.get(getattr(one, name), ("", "none"))[1]

    return {f"{name}_word": Derived((name,), word), f"{name}_kind": Derived((name,), kind)}


def _side(one: Any) -> str:
    return str(SIDES[one.side][0]) if one.side in SIDES else str(one.side)


class Shown(dict[str, Presentation]):
    """One presentation for each audience that may see a model: staff, and members of committees."""

    def __init__(
        self,
        name: str,
        model: type[models.Model],
        fields: tuple[str, ...],
        derived: dict[str, Derived],
        staff: tuple[str, ...] = (),
    ) -> None:
        super().__init__(
            {
                PROGRAMME: Presentation(
                    f"{name} for the programme",
                    model=model,
                    audience=PROGRAMME,
                    fields=(*fields, *staff),
                    derived=derived,
                ),
                COMMITTEE: Presentation(
                    f"{name} for the committee", model=model, audience=COMMITTEE, fields=fields, derived=derived
                ),
            }
        )


def called(path: str = "person") -> Coalesce:
    """The name of a person as a column, or her address; nothing where she was erased."""
    found = Person.objects.filter(public_id=OuterRef(path)).exclude(state=Person.ERASED)
    words = Coalesce(NullIf("name", Value("")), F("email"), output_field=CharField())
    return Coalesce(Subquery(found.values(words=words)), Value(""), output_field=CharField())


def members_shown(rows: QuerySet[Member]) -> QuerySet[Any]:
    """Members with their names (``called``) and whom they stand in for (``stands_for``)."""
    return rows.annotate(called=called(), stands_for=called("alternate_for__person"))


def follow_ups_shown(rows: QuerySet[FollowUp]) -> QuerySet[Any]:
    """Follow-up with the name of who does it (``called``)."""
    return rows.annotate(called=called("owner"))


BODY = Shown(
    "committee",
    Body,
    ("id", "kind", "country", "name", "start", "end", "workers_chosen"),
    {
        "kind_title": Derived(("kind",), lambda one: str(TITLES.get(one.kind, one.kind))),
        "country_name": Derived(("country",), lambda one: country_words(one.country) or str(_("Whole programme"))),
        "chosen_word": Derived(("workers_chosen",), lambda one: str(CHOSEN.get(one.workers_chosen, ""))),
    },
)
MEMBER = Shown(
    "committee member",
    Member,
    ("id", "person", "side", "organisation", "nominator", "start", "end"),
    {
        "called": Derived(("person",), lambda one: one.called or str(_("A person who was erased"))),
        "stands_for": Derived(("alternate_for",), lambda one: one.stands_for if one.alternate_for_id else ""),
        "is_alternate": Derived(("alternate_for",), lambda one: one.alternate_for_id is not None),
        "side_title": Derived(("side",), _side),
        "chosen_word": Derived(("chosen",), lambda one: str(CHOSEN.get(one.chosen, one.chosen))),
    },
    staff=("sex",),
)
MEETING = Shown(
    "committee meeting",
    Meeting,
    ("id", "number", "day", "begins", "place", "remote", "written", "state", "adopted_on"),
    {
        "body_id": Derived(("body",), lambda one: one.body_id),
        "body_name": Derived(("body__name",), lambda one: one.body.name),
        **_states("state", MEETING_STATES),
    },
    staff=("why",),
)
ITEM = Shown(
    "agenda item",
    AgendaItem,
    ("id", "order", "title", "note"),
    {
        "matter_id": Derived(("matter",), lambda one: one.matter_id or ""),
        "matter_url": Derived(("matter__url",), lambda one: one.matter.url if one.matter else ""),
        "matter_state": Derived(("matter__state",), lambda one: one.matter.state if one.matter else ""),
    },
)
MATTER = Shown(
    "matter",
    Matter,
    ("id", "kind", "subject", "title", "url", "state", "brought_at"),
    {
        "kind_title": Derived(("kind",), lambda one: str(decision_title(one.kind))),
        "body_id": Derived(("body",), lambda one: one.body_id),
        "body_name": Derived(("body__name",), lambda one: one.body.name),
        **_states("state", MATTER_STATES),
    },
)
DECISION = Shown(
    "decision",
    Decision,
    ("id", "number", "day", "text", "outcome", "reasons", "conditions", "why"),
    {
        "body_id": Derived(("body",), lambda one: one.body_id),
        "body_name": Derived(("body__name",), lambda one: one.body.name),
        "meeting_id": Derived(("meeting",), lambda one: one.meeting_id),
        "item_id": Derived(("item",), lambda one: one.item_id or ""),
        "matter_title": Derived(("matter__title",), lambda one: one.matter.title if one.matter else ""),
        "way_word": Derived(("way",), lambda one: str(WAYS.get(one.way, one.way))),
        "supersedes_id": Derived(("supersedes",), lambda one: one.supersedes_id or ""),
        **_states("outcome", OUTCOMES),
    },
)
FOLLOW_UP = Shown(
    "follow-up",
    FollowUp,
    ("id", "what", "owner", "due", "state", "note", "closed_at"),
    {
        "called": Derived(("owner",), lambda one: one.called or str(_("A person who was erased"))),
        "decision_id": Derived(("decision",), lambda one: one.decision_id or ""),
        **_states("state", FOLLOW_UP_STATES),
    },
)
ANSWER = Shown("answer to advice", Answer, ("text", "in_name_of", "answered_at"), {})
PAPER = Shown("committee paper", Attachment, ("id", "name", "title", "at", "file__size"), {})
AGREEMENT = Presentation(
    "agreement for the programme",
    model=Agreement,
    audience=PROGRAMME,
    fields=("id", "kind", "title", "parties", "signed", "start", "end", "reference", "note"),
    derived={
        "kind_title": Derived(("kind",), lambda one: str(AGREEMENT_KINDS.get(one.kind, one.kind))),
        "country_name": Derived(("country",), lambda one: country_words(one.country) or str(_("Whole programme"))),
    },
)
REMARK = Presentation(
    "comment of the Governing Body",
    model=Remark,
    audience=PROGRAMME,
    fields=("id", "session", "day", "text", "reference"),
)
BODY_LISTED = Presentation(
    "committee in the list",
    model=Body,
    audience=PROGRAMME,
    fields=BODY[PROGRAMME].fields,
    derived={
        **BODY[PROGRAMME].derived,
        "sitting": Derived(("id",), lambda one: one.sitting),
        "waiting": Derived(("id",), lambda one: one.waiting),
        "next_day": Derived(("id",), lambda one: one.next_day),
    },
)
"""With what ``queries.bodies_listed`` counts beside each."""
BODY_ON_A_HOME = Presentation(
    "committee on a member's home",
    model=Body,
    audience=COMMITTEE,
    fields=("id", "name", "country"),
    derived={
        "country_name": BODY[COMMITTEE].derived["country_name"],
        "waiting": Derived(("id",), lambda one: one.waiting),
        "next_day": Derived(("id",), lambda one: one.next_day),
        "next_meeting": Derived(("id",), lambda one: one.next_meeting or ""),
    },
)
"""The same for whoever sits there."""
