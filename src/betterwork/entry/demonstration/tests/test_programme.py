"""The rooms of the demonstration besides its assessments: register, committees, staff, the draft of a tool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.entry.demonstration import people, programme
from betterwork.entry.demonstration.export import factories_of
from betterwork.entry.demonstration.names import SIMULATED_WORDS
from betterwork.entry.demonstration.organisations import organisations_make
from betterwork.entry.demonstration.plan import Plan, plan_for
from betterwork.entry.demonstration.register import cycles_of, register_fill, spelled_otherwise
from betterwork.foundation.ledger.models import Entry
from betterwork.modules.bodies.models import CALLED, MINUTED, Body, Decision, Meeting
from betterwork.modules.bodies.queries import quorum_at
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.searching import country_search
from betterwork.modules.instruments.drafts import draft_read
from betterwork.modules.instruments.life import draft_missing
from betterwork.modules.instruments.models import ToolDraft
from betterwork.modules.registry.covering import coverage_over_time
from betterwork.modules.registry.models import Enrolment, Exporting, Factory, Ownership, Site, Standing, Workforce
from betterwork.modules.staff.models import StaffFact

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = AT.date()


def small_plan(code: str, factories: int = 30) -> Plan:
    plan = plan_for("small")
    return replace(
        plan, countries=tuple(replace(one, factories=factories) for one in plan.countries if one.code == code)
    )


def imported(plan: Plan) -> None:
    """The factories as the import of the exports leaves them."""
    for country in plan.countries:
        factories, _visits, _closed = factories_of(plan, country)
        Factory.objects.bulk_create(
            Factory(country=country.code, outside_id=str(number), name=name, obsolete="(Obsolete)" in name)
            for number, name in zip(factories.outside_id.tolist(), factories.name, strict=True)
        )


@given(
    first=st.dates(date(2009, 1, 1), date(2015, 1, 1)),
    gaps=st.lists(st.integers(250, 900), max_size=5),
    stays=st.booleans(),
    after=st.integers(1, 3000),
)
def test_cycles_follow_one_another_without_a_day_between_or_twice(
    first: date, gaps: list[int], stays: bool, after: int
) -> None:
    begun = [(1, first)]
    for gap in gaps:
        begun.append((begun[-1][0] + 1, begun[-1][1] + timedelta(days=gap)))
    leaves = None if stays else begun[-1][1] + timedelta(days=after)
    found = cycles_of(begun, TODAY, leaves=leaves)
    assert [(one.cycle, one.starts) for one in found[: len(begun)]] == begun
    for one, following in pairwise(found):
        assert one.ends is not None
        assert (following.starts - one.ends).days == 1
        assert following.cycle == one.cycle + 1
    if stays:
        assert found[-1].ends is None
        assert found[-1].starts <= TODAY <= found[-1].starts + timedelta(days=365)
    else:
        assert found[-1].ends == leaves >= found[-1].starts


@pytest.mark.parametrize("way", range(4))
@pytest.mark.parametrize("name", ["Simulated Garments 1204", "Công ty May Mô Phỏng 1200", "নকল পোশাক কারখানা 1440"])
def test_a_name_spelled_otherwise_is_another_and_says_that_it_is_simulated(name: str, way: int) -> None:
    found = spelled_otherwise(name, way)
    assert found != name
    assert any(word.lower() in found.lower() for word in SIMULATED_WORDS)


@pytest.fixture
def organisations(db: None) -> None:
    organisations_make(AT)


@pytest.mark.usefixtures("organisations")
def test_every_factory_of_the_register_has_owner_place_cycles_and_a_headcount_of_each() -> None:
    plan = small_plan("VN")
    imported(plan)
    before = Entry.objects.filter(action="factories.filled").count()
    assert register_fill(plan, AT) == 30 + 5
    assert Entry.objects.filter(action="factories.filled").count() == before + 1
    for model in (Site, Ownership):
        assert set(Factory.objects.values_list("pk", flat=True)) == set(model.objects.values_list("factory", flat=True))
    assert Workforce.objects.count() == Enrolment.objects.count() > 30
    assert Workforce.objects.exclude(by_contract={}).exists()
    curve = coverage_over_time("VN", TODAY)
    assert len(curve) == TODAY.year - curve[0].day.year + 1
    assert 0 < curve[0].factories < max(one.factories for one in curve)
    assert all(one.workers for one in curve)
    assert all(0 < (one.share_of_workers or 0) < 1 for one in curve[1:])


@pytest.mark.usefixtures("organisations")
def test_some_exporters_stopped_taking_part_where_they_must_not() -> None:
    plan = small_plan("KH", 60)
    imported(plan)
    register_fill(plan, AT)
    takes_part = Enrolment.objects.filter(ends__isnull=True).values("factory")
    closed = Standing.objects.filter(state="closed").values("factory")
    left = Factory.objects.exclude(pk__in=takes_part).exclude(pk__in=closed).exclude(outside_id__startswith="900")
    assert Exporting.objects.filter(factory__in=left, state="exports").exists()
    assert left.count() < 10


@pytest.mark.usefixtures("organisations")
def test_the_same_plan_gives_the_same_register_whenever_it_is_made() -> None:
    plan = small_plan("HT", 20)

    def written(at: datetime) -> list[object]:
        with transaction.atomic():
            imported(plan)
            register_fill(plan, at)
            owners = Ownership.objects.order_by("factory__outside_id").values_list(
                "legal_name", "since", "organisation"
            )
            begun = Enrolment.objects.filter(starts__year__lte=2016).order_by("factory__outside_id", "cycle")
            counts = Workforce.objects.filter(on__year__lte=2016).order_by("factory__outside_id", "on")
            found = [*owners, *begun.values_list("cycle", "starts"), *counts.values_list("women", "men", "by_contract")]
            transaction.set_rollback(True)
        return found

    assert written(AT) == written(AT + timedelta(days=400)) != []


@pytest.mark.capability("A5")
@pytest.mark.usefixtures("organisations")
def test_what_was_entered_twice_is_found() -> None:
    plan = small_plan("VN", 60)
    imported(plan)
    register_fill(plan, AT)
    country_search(actor="operator", country="VN", at=AT)
    pairs = Pair.objects.filter(state=Pair.OPEN).select_related("left", "right")
    second = {one.right.outside_id for one in pairs if one.sure and one.right.outside_id.startswith("900")}
    assert second == set(Factory.objects.filter(outside_id__startswith="900").values_list("outside_id", flat=True))
    assert len(pairs) < 10


@pytest.fixture
def filled(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A demonstration without its assessments: the factories, its people, and the rooms."""
    imported(small_plan("VN"))
    for room in (people, programme):
        monkeypatch.setattr(room, "simulated", lambda: True)
    people.people_make(AT)
    programme.programme_fill(small_plan("VN"), AT)
    yield


@pytest.mark.usefixtures("filled")
def test_each_country_has_its_committee_and_viet_nams_has_decided_and_meets_again() -> None:
    national = Body.objects.filter(kind="national-committee")
    assert national.count() == 8
    held = Meeting.objects.get(body__country="VN", state=MINUTED)
    assert quorum_at(held).reached
    assert Decision.objects.get(meeting=held).outcome == "approved"
    following = Meeting.objects.get(body__country="VN", body__kind="national-committee", state=CALLED)
    assert following.day > TODAY
    kinds = set(Body.objects.values_list("kind", flat=True))
    assert kinds == {"national-committee", "management-group", "advisory-committee", "factory-committee"}


@pytest.mark.usefixtures("filled")
def test_the_draft_lacks_nothing_but_its_day() -> None:
    draft = ToolDraft.objects.get(country="VN")
    relations = sorted(link.relation for link in draft_read(draft).links)
    assert relations == ["added", "reworded", "split", "split"]
    blocking = [one.words for one in draft_missing(draft) if one.blocks]
    assert blocking == ["Say from which day it is to be in force."]


@pytest.mark.usefixtures("filled")
def test_of_staff_every_kind_of_fact_is_there() -> None:
    assert set(StaffFact.objects.values_list("kind", flat=True)) == {"competence", "language", "leave", "conflict"}


@pytest.mark.usefixtures("filled")
def test_the_rooms_are_not_filled_twice_and_a_second_try_leaves_nothing_behind() -> None:
    before = (Entry.objects.count(), Body.objects.count(), StaffFact.objects.count())
    with pytest.raises(WrongUse, match="stands already"):
        programme.programme_fill(small_plan("VN"), AT)
    assert (Entry.objects.count(), Body.objects.count(), StaffFact.objects.count()) == before


@pytest.mark.django_db
def test_rooms_of_a_real_instance_are_never_filled() -> None:
    with pytest.raises(WrongUse, match="demonstration only"):
        programme.programme_fill(small_plan("VN"), AT)
    assert not Body.objects.exists()


@pytest.mark.django_db
def test_without_its_people_nothing_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme, "simulated", lambda: True)
    with pytest.raises(WrongUse, match="not here yet"):
        programme.programme_fill(small_plan("VN"), AT)
