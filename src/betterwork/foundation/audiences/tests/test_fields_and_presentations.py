"""Audiences of fields, and presentations that carry nothing else."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.access.models import Elevation, ElevationOwner, Grant
from betterwork.foundation.audiences import fields, presentations
from betterwork.foundation.audiences.checks import audiences_check
from betterwork.foundation.audiences.fields import (
    NotDeclared,
    audiences_of,
    declare,
    seen_by,
    stored_fields,
    undeclared,
)
from betterwork.foundation.audiences.names import (
    BUYER,
    EVERYBODY,
    FACTORY,
    NOBODY,
    OWN_PERSON,
    PROGRAMME,
    PUBLIC,
    audiences,
)
from betterwork.foundation.audiences.presentations import (
    PRESENTATIONS,
    Derived,
    Leak,
    Presentation,
    path_audiences,
    presentation_faults,
)
from betterwork.foundation.doors.checks import doors_required
from betterwork.foundation.people.models import Person

pytestmark = pytest.mark.capability("A4", "P5")


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch):
    """Whatever a test declares is forgotten after it."""
    monkeypatch.setattr(fields, "_DECLARED", {label: dict(named) for label, named in fields._DECLARED.items()})
    kept = dict(PRESENTATIONS)
    yield
    PRESENTATIONS.clear()
    PRESENTATIONS.update(kept)


def test_every_field_of_every_model_names_its_audiences():
    assert list(undeclared()) == []
    assert list(audiences_check()) == []


@pytest.mark.parametrize("label", ["access.Grant", "people.Person", "mfa.Authenticator", "ledger.Entry"])
def test_a_field_that_names_no_audiences_stops_the_start(label):
    field = sorted(fields._DECLARED[label])[0]
    del fields._DECLARED[label][field]
    with pytest.raises(ImproperlyConfigured, match=f"{label}.{field} names no audiences"):
        doors_required()
    assert [message.id for message in audiences_check()] == ["audiences.E001"] or audiences_check()


def test_a_model_that_declares_nothing_stops_the_start():
    del fields._DECLARED["access.Elevation"]
    lines = list(undeclared())
    assert len(lines) == len(stored_fields(Elevation))
    with pytest.raises(ImproperlyConfigured):
        doors_required()


def test_a_name_that_is_no_field_stops_the_start_too():
    """A field that was renamed must not leave its audiences behind."""
    fields._DECLARED["access.Grant"]["rolle"] = EVERYBODY
    assert list(undeclared()) == ["access.Grant has no field rolle, which @seen_by names"]


def test_keys_of_relations_and_primary_keys_are_fields_like_any_other():
    names = {field.name for field in stored_fields(ElevationOwner)}
    assert names == {"id", "elevation", "person"}
    with pytest.raises(NotDeclared):
        audiences_of(ElevationOwner, "elevation_id")


@pytest.mark.parametrize("wrong", ["programme", ["programme"], {"programme"}, frozenset({"everyone"}), None])
def test_audiences_are_sets_of_known_words(wrong):
    with pytest.raises(ValueError, match="write a set of audiences"):
        declare("access.Grant", role=wrong)
    with pytest.raises(ValueError, match="write a set of audiences"):
        seen_by(role=wrong)(Grant)
    with pytest.raises(ValueError, match="no audience is called"):
        audiences("everyone")


def test_a_presentation_that_carries_a_forbidden_field_stops_the_start():
    Presentation("leaks a reason", model=Grant, audience=OWN_PERSON, fields=("role", "reason"))
    assert presentation_faults() == ["presentation leaks a reason is for own person, which may not see reason"]
    with pytest.raises(ImproperlyConfigured, match="leaks a reason"):
        doors_required()


@pytest.mark.parametrize(
    "given",
    [
        {"fields": ("password",)},
        {"fields": ("no_such_field",)},
        {"derived": {"x": Derived(("name", "password"), lambda person: "x")}},
        {"derived": {"x": Derived(("no_such_field",), lambda person: "x")}},
        {"fields": ("name__email",)},
        {"fields": ("authenticator",)},
        {"fields": ("emailaddress__email",)},
    ],
    ids=["forbidden", "unknown", "derived of forbidden", "derived of unknown", "no relation", "back", "back and on"],
)
def test_whatever_a_presentation_must_not_carry_is_a_fault(given):
    shown = Presentation("at fault", model=Person, audience=PROGRAMME, **given)
    assert len(shown.faults()) == 1
    with pytest.raises(Leak):
        shown.row(Person(name="SECRET"))


def test_a_path_is_seen_by_those_who_may_see_every_step():
    assert path_audiences(ElevationOwner, "elevation__reason") == audiences_of(
        ElevationOwner, "elevation"
    ) & audiences_of(Elevation, "reason")
    fields._DECLARED["access.ElevationOwner"]["elevation"] = NOBODY
    assert path_audiences(ElevationOwner, "elevation__reason") == NOBODY


@given(st.data())
def test_a_presentation_is_sound_exactly_when_every_field_names_its_audience(data):
    names = sorted(field.name for field in stored_fields(Person))
    chosen = tuple(data.draw(st.lists(st.sampled_from(names), unique=True, max_size=4)))
    audience = data.draw(st.sampled_from(sorted(EVERYBODY)))
    declared = {name: frozenset(data.draw(st.sets(st.sampled_from(sorted(EVERYBODY))))) for name in names}
    before = fields._DECLARED["people.Person"]
    try:
        fields._DECLARED["people.Person"] = declared
        PRESENTATIONS.pop("made up", None)
        shown = Presentation("made up", model=Person, audience=audience, fields=chosen)
        assert (shown.faults() == []) == all(audience in declared[name] for name in chosen)
    finally:
        fields._DECLARED["people.Person"] = before


def test_a_presentation_made_after_the_checks_is_looked_at_when_it_is_first_used():
    shown = Presentation("made later", model=Person, audience=BUYER, fields=("name",))
    with pytest.raises(Leak, match="may not see name"):
        shown.row(Person(name="SECRET"))


def test_a_second_presentation_of_a_name_does_not_hide_the_first():
    Presentation("twice", model=Person, audience=BUYER, fields=("password",))
    with pytest.raises(ValueError, match="two presentations"):
        Presentation("twice", model=Person, audience=PROGRAMME, fields=("name",))
    assert any("twice" in line for line in presentation_faults())


def test_a_row_carries_its_fields_and_nothing_else_and_does_not_change():
    shown = Presentation("a few", model=Person, audience=PROGRAMME, fields=("name", "state"))
    row = shown.row(Person(name="Advisor One", email="one@cast.example", state="active"))
    assert row.as_dict() == {"name": "Advisor One", "state": "active"}
    for name in ("email", "password", "pk", "save", "objects", "thing", "model"):
        with pytest.raises(AttributeError):
            getattr(row, name)
    with pytest.raises(TypeError):
        row.name = "another"
    row.as_dict()["name"] = "another"
    assert row.name == "Advisor One"


def test_a_row_keeps_its_own_audience_whatever_its_fields_are_called():
    with pytest.raises(ValueError, match="has its own audience"):
        Presentation("called so", model=Person, audience=PUBLIC, derived={"audience": Derived(("name",), str)})


def derived(make, *sources, thing=None):
    shown = Presentation("derived", model=Person, audience=PROGRAMME, derived={"value": Derived(sources, make)})
    PRESENTATIONS.pop("derived")
    person = thing or Person(name="Advisor One", email="one@cast.example", state="active", public_id="p-1")
    return shown.row(person).value


def test_a_derived_value_reads_its_sources():
    assert derived(lambda person: person.name.upper(), "name") == "ADVISOR ONE"
    assert derived(lambda person: person.state == person.ACTIVE, "state") is True
    assert derived(str, "public_id") == "p-1"


@pytest.mark.parametrize(
    "make",
    [
        lambda person: person.email,
        lambda person: str(person),
        lambda person: person.pk,
        lambda person: person.emailaddress_set.all(),
        lambda person: person.get_username(),
    ],
    ids=["a field", "through str", "the key", "a relation back", "through a method"],
)
def test_a_derived_value_reads_nothing_else(make):
    with pytest.raises(Leak):
        derived(make, "name")


def test_a_derived_value_takes_what_a_query_counted_but_no_other_row():
    person = Person(name="Advisor One")
    person.roles = 3
    assert derived(lambda one: one.roles, "name", thing=person) == 3
    person.other = Person(name="SECRET")
    with pytest.raises(Leak):
        derived(lambda one: one.other, "name", thing=person)
    with pytest.raises(AttributeError):
        derived(lambda one: one.nothing, "name", thing=person)
    assert derived(lambda one: getattr(one, "nothing", 0), "name", thing=person) == 0


def test_a_derived_value_reaches_over_a_relation_only_what_it_names():
    owner = ElevationOwner(elevation=Elevation(role="advisor", reason="SECRET"), person="p-1")

    def value(make, *sources):
        shown = Presentation("over", model=ElevationOwner, audience=PROGRAMME, derived={"v": Derived(sources, make)})
        PRESENTATIONS.pop("over")
        return shown.row(owner).v

    assert value(lambda one: one.elevation.role, "elevation__role") == "advisor"
    for make in (lambda one: one.elevation.reason, lambda one: str(one.elevation), lambda one: one.elevation.pk):
        with pytest.raises(Leak):
            value(make, "elevation__role")


def test_a_derived_value_names_its_sources():
    with pytest.raises(ValueError, match="names the fields"):
        Derived((), lambda thing: "x")


def test_a_presentation_that_leads_to_a_row_is_caught_by_the_page():
    from betterwork.foundation.doors.leaks import refuse_leaks

    shown = Presentation("with a row", model=ElevationOwner, audience=PROGRAMME, fields=("elevation",))
    row = shown.row(ElevationOwner(elevation=Elevation(reason="SECRET"), person="p-1"))
    with pytest.raises(Leak):
        refuse_leaks(row, audience=PROGRAMME)


def test_all_presentations_of_the_platform_are_sound():
    assert len(PRESENTATIONS) >= 3 and presentation_faults() == []
    for shown in PRESENTATIONS.values():
        assert issubclass(shown.model, models.Model) and shown.audience in EVERYBODY
    assert presentations.PRESENTATIONS is PRESENTATIONS
    assert FACTORY in EVERYBODY
