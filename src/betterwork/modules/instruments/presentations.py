"""How tools and drafts are shown, and to whom. What is sealed is shown from its document, which is public."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME, PUBLIC
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.countries.queries import country_title
from betterwork.modules.instruments.models import (
    DraftLineage,
    DraftQuestion,
    LegalReference,
    Tool,
    ToolDraft,
    ToolInForce,
    ToolVersion,
)

STATES = {
    "draft": (_("Being written"), "info"),
    "submitted": (_("Before the committee"), "wait"),
    "returned": (_("Returned"), "nc"),
    "approved": (_("Approved"), "ok"),
    "sealed": (_("Sealed"), "ok"),
    "dropped": (_("Given up"), "none"),
}
INSTRUMENTS = {
    "compliance": _("Compliance assessment"),
    "inspection": _("Safety inspection"),
    "self-diagnosis": _("Self-diagnosis by the committee"),
    "committee": _("Assessment of committees"),
    "other": _("Other instrument"),
}
RELATIONS = {
    "same": (_("The same"), "none"),
    "reworded": (_("Reworded"), "info"),
    "moved": (_("Moved"), "info"),
    "split": (_("Split"), "wait"),
    "merged": (_("Merged"), "wait"),
    "added": (_("Added"), "ok"),
    "withdrawn": (_("Withdrawn"), "nc"),
}


def country_words(code: str) -> str:
    """A country in words; empty is all of them."""
    try:
        return country_title(code) if code else str(_("All countries"))
    except KeyError:
        return code


_COUNTRY = Derived(("country",), lambda one: country_words(one.country))

TOOL_FOR_ALL = Presentation(
    "tool for all",
    model=Tool,
    audience=PUBLIC,
    fields=("code", "title", "instrument", "country", "about"),
    derived={
        "country_name": _COUNTRY,
        "kind": Derived(("instrument",), lambda one: str(INSTRUMENTS.get(one.instrument, one.instrument))),
    },
)
VERSION_FOR_ALL = Presentation(
    "tool version for all",
    model=ToolVersion,
    audience=PUBLIC,
    fields=("tool", "version", "in_force_from", "approval", "document__digest", "document__sealed_at"),
)
IN_FORCE_FOR_ALL = Presentation(
    "tool in force for all",
    model=ToolInForce,
    audience=PUBLIC,
    fields=("tool", "version", "country", "starts", "until", "decision"),
    derived={"country_name": _COUNTRY},
)
LAW_FOR_ALL = Presentation(
    "law for all",
    model=LegalReference,
    audience=PUBLIC,
    fields=(
        "key",
        "kind",
        "country",
        "instrument",
        "number",
        "article",
        "title",
        "link",
        "in_force_from",
        "in_force_until",
    ),
    derived={
        "country_name": _COUNTRY,
        "citation": Derived(
            ("number", "instrument", "article"),
            lambda one: ", ".join(part for part in (one.number or one.instrument, one.article) if part),
        ),
    },
)

_DRAFT = (
    *("key", "version", "country", "state", "in_force_from", "made_at", "submitted_at", "answer", "answered_at"),
    *("decision", "tool__code", "tool__title", "tool__country", "based_on__version", "sealed__version"),
)
_DRAFT_DERIVED = {
    "country_name": _COUNTRY,
    "state_word": Derived(("state",), lambda one: str(STATES[one.state][0])),
    "state_kind": Derived(("state",), lambda one: STATES[one.state][1]),
}
DRAFT_FOR_STAFF = Presentation(
    "tool draft for the programme",
    model=ToolDraft,
    audience=PROGRAMME,
    fields=(*_DRAFT, "revision", "made_by", "submitted_by"),
    derived=_DRAFT_DERIVED,
)
DRAFT_FOR_BODY = Presentation(
    "tool draft for the committee", model=ToolDraft, audience=COMMITTEE, fields=_DRAFT, derived=_DRAFT_DERIVED
)
_QUESTION = (
    *("code", "kind", "cluster_code", "cluster", "point_code", "point", "text", "guidance", "reporting_level"),
    *("publicly_reported", "zero_tolerance", "legal_basis", "noncompliant_answer", "tags"),
)
QUESTION_FOR_STAFF = Presentation(
    "draft question for the programme", model=DraftQuestion, audience=PROGRAMME, fields=(*_QUESTION, "revision")
)
QUESTION_FOR_BODY = Presentation(
    "draft question for the committee", model=DraftQuestion, audience=COMMITTEE, fields=_QUESTION
)
_LINK = ("predecessor", "successor", "relation", "reason")
_LINK_DERIVED = {
    "word": Derived(("relation",), lambda one: str(RELATIONS[one.relation][0])),
    "tag": Derived(("relation",), lambda one: RELATIONS[one.relation][1]),
}
LINK_FOR_STAFF = Presentation(
    "draft lineage for the programme", model=DraftLineage, audience=PROGRAMME, fields=_LINK, derived=_LINK_DERIVED
)
LINK_FOR_BODY = Presentation(
    "draft lineage for the committee", model=DraftLineage, audience=COMMITTEE, fields=_LINK, derived=_LINK_DERIVED
)
