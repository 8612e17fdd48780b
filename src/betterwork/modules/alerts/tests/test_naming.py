"""Who is named, told, confirmed, ended; and what homes say of concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.contributions.registry import home_tasks
from betterwork.foundation.notices.models import Notice
from betterwork.modules.alerts.naming import named_confirm, named_end, named_enter
from betterwork.modules.alerts.queries import countries_short
from betterwork.modules.alerts.tests.concerns import AT, LATER, SINCE, name, raised

pytestmark = [pytest.mark.django_db, pytest.mark.capability("H1")]


@pytest.fixture
def two(cast: Any) -> Any:
    """A country with two named persons."""
    name(cast, "leader", "partner")
    cast.person("advisor")
    return cast


def test_naming_is_dated_told_confirmed_and_ends(two: Any) -> None:
    manager = two.person("manager").public_id
    with pytest.raises(WrongUse, match="already"):
        name(two, "leader")
    two.person("abroad"), two.person("buyer")
    for person in ("p-abroad", "p-buyer", "p-none"):
        with pytest.raises(WrongUse, match="works in this country"):
            named_enter(actor=manager, country="VN", person=person, first=SINCE, at=AT)
    (naming,) = name(two, "global")
    assert Notice.objects.filter(kind="alerts.named", person="p-global").exists()
    with pytest.raises(WrongUse, match="Only she"):
        named_confirm(actor=manager, naming=naming, at=AT)
    assert named_confirm(actor="p-global", naming=naming, at=LATER).confirmed_at == LATER
    assert named_confirm(actor="p-global", naming=naming, at=LATER + timedelta(1)).confirmed_at == LATER
    with pytest.raises(WrongUse, match="before the first"):
        named_end(actor=manager, naming=naming, at=LATER, last_day=SINCE - timedelta(days=1))
    naming = named_end(actor=manager, naming=naming, at=LATER, last_day=LATER.date() + timedelta(days=9))
    naming = named_end(actor=manager, naming=naming, at=LATER)
    with pytest.raises(WrongUse, match="ended already"):
        named_end(actor=manager, naming=naming, at=LATER)


def test_the_home_of_the_manager_warns_while_fewer_than_two_are_named(cast: Any) -> None:
    now = timezone.now()
    manager = cast.actor("manager")

    def warned() -> list[str]:
        return [str(one.state) for one in home_tasks(manager, now) if "Name who" in str(one.title)]

    assert warned() == ["Nobody named"]
    name(cast, "leader")
    assert warned() == ["One named"]
    name(cast, "partner")
    assert warned() == []
    assert countries_short(["VN", "JO"], now) == {"JO": 0}


def test_the_home_of_who_answers_has_the_concern_with_its_clock_first(two: Any) -> None:
    concern = raised(two, at=timezone.now() - timedelta(hours=50), made_on=timezone.now().date())
    first = home_tasks(two.actor("leader"), timezone.now())[0]
    assert first.url == f"/concerns/{concern.id}/"
    assert first.state_kind == "nc"
    assert "Overdue by 2 hours" in str(first.why)
    assert "child" not in f"{first.title} {first.why}"
    assert not [one for one in home_tasks(two.actor("advisor"), timezone.now()) if concern.id in one.url]
