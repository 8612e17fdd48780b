"""How factories and what is kept of them are shown, and to whom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import FACTORY, PROGRAMME
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.countries.queries import country_title
from betterwork.modules.registry.changing import STEPS
from betterwork.modules.registry.models import (
    Contact,
    Enrolment,
    Factory,
    FactoryImport,
    ImportRow,
    Merge,
    OutsideId,
    SectorTotal,
    Split,
    Workforce,
)

ENROLLED, REGISTERED, ENDED, CLOSED, RETIRED = "enrolled", "registered", "ended", "closed", "retired"
STATES: dict[str, tuple[Any, str]] = {
    ENROLLED: (_("Takes part"), "ok"),
    REGISTERED: (_("Not enrolled yet"), "wait"),
    ENDED: (_("No longer takes part"), "none"),
    CLOSED: (_("Closed"), "none"),
    RETIRED: (_("Record retired"), "none"),
}
"""The state of a factory in a word, and the kind of its tag."""
DUTIES: dict[str, tuple[Any, str]] = {
    "missing": (_("Must take part and does not"), "nc"),
    "kept": (_("Must take part and does"), "ok"),
    "not-known": (_("Not known whether it exports"), "wait"),
    "voluntary": (_("Takes part, need not"), "info"),
    "free": (_("Need not take part"), "none"),
}
VERDICTS: dict[str, tuple[Any, str]] = {
    "added": (_("Added"), "info"),
    "changed": (_("Changed"), "wait"),
    "unchanged": (_("Unchanged"), "none"),
    "refused": (_("Refused"), "nc"),
}
IMPORT_STATES: dict[str, tuple[Any, str]] = {
    FactoryImport.READING: (_("Being read"), "info"),
    FactoryImport.READ: (_("Looked through, not taken"), "wait"),
    FactoryImport.TAKING: (_("Being taken"), "info"),
    FactoryImport.TAKEN: (_("Taken"), "ok"),
    FactoryImport.FAILED: (_("Not taken"), "nc"),
}


def _country(factory: Factory) -> str:
    return country_title(factory.country)


def _key(factory: Factory) -> str:
    return f"{factory.country}/{factory.outside_id}"


_FIELDS = ("id", "name", "outside_id", "obsolete", "country")
_DERIVED = {
    "country_name": Derived(("country",), _country),
    "key": Derived(("country", "outside_id"), _key),
}

FACTORY_FOR_STAFF = Presentation(
    "factory for the programme", model=Factory, audience=PROGRAMME, fields=_FIELDS, derived=_DERIVED
)
FACTORY_FOR_ITSELF = Presentation(
    "factory for itself", model=Factory, audience=FACTORY, fields=_FIELDS, derived=_DERIVED
)
_OF_LIST = {
    "workers": Derived(("id",), lambda one: one.workers_now),
    "cycle": Derived(("id",), lambda one: one.cycle_now),
    "state": Derived(("id", "obsolete"), lambda one: one.state_now),
    "state_word": Derived(("id", "obsolete"), lambda one: str(STATES[one.state_now][0])),
    "state_kind": Derived(("id", "obsolete"), lambda one: STATES[one.state_now][1]),
}
FACTORY_IN_LIST = Presentation(
    "factory in the list",
    model=Factory,
    audience=PROGRAMME,
    fields=_FIELDS,
    derived={**_DERIVED, **_OF_LIST},
)
_OF_DUTY = {
    "duty": Derived(("id",), lambda one: one.duty),
    "duty_word": Derived(("id",), lambda one: str(DUTIES[one.duty][0])),
    "duty_kind": Derived(("id",), lambda one: DUTIES[one.duty][1]),
    "source": Derived(("id",), lambda one: one.export_source or ""),
}
FACTORY_WITH_DUTY = Presentation(
    "factory and its duty to take part",
    model=Factory,
    audience=PROGRAMME,
    fields=_FIELDS,
    derived={**_DERIVED, **_OF_LIST, **_OF_DUTY},
)
FACTORY_TO_CALL = Presentation(
    "factory, its duty to take part and how it is reached",
    model=Factory,
    audience=PROGRAMME,
    fields=_FIELDS,
    derived={
        **_DERIVED,
        **_OF_LIST,
        **_OF_DUTY,
        "town": Derived(("id",), lambda one: one.town_now or ""),
        "contact": Derived(("id",), lambda one: one.contact_now or ""),
        "phone": Derived(("id",), lambda one: one.phone_now or ""),
        "email": Derived(("id",), lambda one: one.email_now or ""),
    },
)
"""Its first contact as ``CONTACT`` shows it to the same audience on the factory's own page."""

STEP_FOR_STAFF = {
    word: Presentation(
        f"{word} of a factory for the programme",
        model=model,
        audience=PROGRAMME,
        fields=("id", "since", "reason", "written_by", "written_at", *model.OWN),
    )
    for word, model in STEPS.items()
}
STEP_FOR_ITSELF = {
    word: Presentation(
        f"{word} of a factory for itself",
        model=model,
        audience=FACTORY,
        fields=("id", "since", *(() if word in ("name", "site") else ("written_at",)), *model.OWN),
    )
    for word, model in STEPS.items()
}
_HEADCOUNT = ("id", "on", "women", "men", "not_said", "workers", "by_contract", "source")
_CYCLE = ("id", "cycle", "starts", "ends")
_CONTACT = ("id", "place", "name", "job_title", "phone", "email")
WORKFORCE = {
    audience: Presentation(f"headcount for {audience}", model=Workforce, audience=audience, fields=_HEADCOUNT)
    for audience in (PROGRAMME, FACTORY)
}
ENROLMENT = {
    PROGRAMME: Presentation(
        "cycle for the programme",
        model=Enrolment,
        audience=PROGRAMME,
        fields=(*_CYCLE, "end_reason", "written_by", "ended_by"),
    ),
    FACTORY: Presentation("cycle for the factory", model=Enrolment, audience=FACTORY, fields=_CYCLE),
}
CONTACT = {
    audience: Presentation(f"contact for {audience}", model=Contact, audience=audience, fields=_CONTACT)
    for audience in (PROGRAMME, FACTORY)
}
OUTSIDE_ID = {
    audience: Presentation(
        f"outside number for {audience}", model=OutsideId, audience=audience, fields=("id", "system", "number")
    )
    for audience in (PROGRAMME, FACTORY)
}
MERGE = Presentation(
    "merge of two records",
    model=Merge,
    audience=PROGRAMME,
    fields=(
        *("id", "kind", "since", "reason", "merged_by", "merged_at", "undone_by", "undone_at", "undo_reason"),
        *("kept__id", "kept__name", "kept__outside_id", "gone__id", "gone__name", "gone__outside_id"),
    ),
)
SPLIT = Presentation(
    "split of a factory",
    model=Split,
    audience=PROGRAMME,
    fields=(
        *("id", "on", "reason", "written_by", "written_at"),
        *("factory__id", "factory__name", "factory__outside_id", "source__id", "source__name", "source__outside_id"),
    ),
)
SECTOR_TOTAL = Presentation(
    "total of a sector",
    model=SectorTotal,
    audience=PROGRAMME,
    fields=("id", "country", "on", "factories", "workers", "source"),
)
IMPORT = Presentation(
    "list to import",
    model=FactoryImport,
    audience=PROGRAMME,
    fields=(
        *("id", "name", "state", "added", "changed", "unchanged", "refused", "problem", "made_by", "made_at"),
        "taken_at",
    ),
    derived={
        "state_word": Derived(("state",), lambda one: str(IMPORT_STATES[one.state][0])),
        "state_kind": Derived(("state",), lambda one: IMPORT_STATES[one.state][1]),
    },
)
IMPORT_ROW = Presentation(
    "row of a list to import",
    model=ImportRow,
    audience=PROGRAMME,
    fields=("id", "number", "verdict", "country", "outside_id", "name", "changes", "reasons"),
    derived={
        "verdict_word": Derived(("verdict",), lambda one: str(VERDICTS[one.verdict][0])),
        "verdict_kind": Derived(("verdict",), lambda one: VERDICTS[one.verdict][1]),
        "why": Derived(("reasons", "changes"), lambda one: _why(one.reasons, one.changes)),
    },
)


def _why(reasons: list[str], changes: list[list[str]]) -> str:
    return "; ".join([*reasons, *(f"{field}: {before or '–'} → {after}" for field, before, after in changes)])
