"""Homes count who takes part as the page of coverage does, and how many there are as the list of factories does."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from betterwork.modules.registry.covering import coverage_of_day
from betterwork.modules.registry.models import Enrolment, Factory
from betterwork.modules.registry.services import (
    enrolment_end,
    factories_ensure,
    factory_close,
    factory_enrol,
    factory_merge,
    factory_reopen,
)
from betterwork.modules.registry.today import factories_by_country, taking_part_on

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A6")]
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
A: dict[str, Any] = {"actor": "operator", "at": AT}


def factories(country: str, count: int) -> list[Factory]:
    factories_ensure(wanted={(country, str(n)): f"Works {n}" for n in range(count)}, **A)
    return list(Factory.objects.filter(country=country).order_by("pk"))


def mixed(country: str = "VN") -> list[Factory]:
    """One that is only registered, one whose cycle ended, closed, retired, merged with its cycle, two that joined."""
    found = factories(country, 9)
    for one in found[1:]:
        factory_enrol(factory=one, starts=date(2026, 1, 1), **A)
    enrolment_end(enrolment=Enrolment.objects.get(factory=found[1]), ends=date(2026, 6, 30), reason="left", **A)
    factory_close(factory=found[2], since=date(2026, 7, 1), reason="bankrupt", **A)
    factory_close(factory=found[3], since=date(2026, 7, 1), reason="strike", **A)
    factory_reopen(factory=found[3], since=date(2026, 8, 1), reason="over", **A)
    factories_ensure(wanted={(country, found[4].outside_id): "OBSOLETE Works 4"}, **A)
    factory_merge(kept=found[0], gone=found[5], reason="the same", **A)
    factory_merge(kept=found[6], gone=found[7], reason="joined", joined_on=date(2026, 9, 1), **A)
    return found


def test_a_home_counts_who_takes_part_as_the_page_of_coverage_does(cast) -> None:
    mixed()
    for day in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 15), date(2026, 8, 15), date(2026, 11, 22)):
        assert taking_part_on(["VN", "JO"], day) == {"VN": coverage_of_day("VN", day).factories, "JO": 0}, day
    assert coverage_of_day("VN", date(2026, 11, 22)).factories == 5
    client, today = cast.client("advisor"), timezone.localdate()
    shown = client.get("/factories/coverage/?country=VN").context["now"]["factories"]
    (panel,) = [one for one in client.get("/").context["panels"] if one.template == "registry/home_counts.html"]
    assert [one.taking_part for one in panel.values["counts"]] == [shown] == [coverage_of_day("VN", today).factories]


def test_a_home_counts_how_many_there_are_as_the_list_of_factories_does(cast) -> None:
    mixed(), mixed("JO")
    (vietnam,) = factories_by_country(Factory.objects.filter(country="VN"), AT.date())
    assert (vietnam.code, vietnam.registered, vietnam.taking_part) == ("VN", 7, 5)
    listing = cast.client("advisor").get("/factories/?country=VN").context["listing"]
    assert vietnam.registered == listing.total


def test_few_questions_are_asked_for_many_countries() -> None:
    mixed(), mixed("JO"), mixed("KH")
    with CaptureQueriesContext(connection) as asked:
        assert len(factories_by_country(Factory.objects.all(), AT.date())) == 3
    assert len(asked) <= 6


@given(st.data())
def test_whatever_happened_both_say_the_same(data: st.DataObject) -> None:
    from django.db import transaction

    with transaction.atomic():
        found = factories("VN", 4)
        days = st.dates(date(2020, 1, 1), date(2025, 12, 31))
        for one in found:
            if data.draw(st.booleans()):
                row = factory_enrol(factory=one, starts=data.draw(days), **A)
                if data.draw(st.booleans()):
                    enrolment_end(enrolment=row, ends=max(row.starts, data.draw(days)), reason="left", **A)
            if data.draw(st.booleans()):
                factory_close(factory=one, since=data.draw(days), reason="shut", **A)
        for kept, gone in data.draw(
            st.sampled_from([[], [(0, 1)], [(0, 1), (2, 3)], [(1, 2), (0, 1)], [(0, 3), (0, 2)]])
        ):
            on = data.draw(st.none() | days)
            factory_merge(kept=found[kept], gone=found[gone], reason="x", joined_on=on, **A)
        for day in data.draw(st.lists(days, min_size=1, max_size=3)):
            assert taking_part_on(["VN"], day)["VN"] == coverage_of_day("VN", day).factories
        transaction.set_rollback(True)
