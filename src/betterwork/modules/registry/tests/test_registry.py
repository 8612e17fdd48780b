"""The register: factories."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import simulated
from betterwork.modules.registry.rules import name_says_obsolete
from betterwork.modules.registry.services import factories_ensure

AT = datetime(2015, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "obsolete"),
    [("Works 11 (Obsolete)", True), ("Works (OBSOLETE) 2", True), ("Obsolete Works", False), ("Works 3", False)],
)
def test_only_the_bracketed_word_marks_a_retired_record(name: str, obsolete: bool) -> None:
    assert name_says_obsolete(name) is obsolete


@pytest.mark.django_db
def test_factories_are_known_by_country_and_id_and_keep_the_obsolete_mark() -> None:
    first = factories_ensure(actor="operator", at=AT, wanted={("KH", "1"): "One (Obsolete)", ("VN", "1"): "រោងចក្រ"})
    again = factories_ensure(actor="operator", at=AT, wanted={("KH", "1"): "One", ("KH", "2"): "=Two"})
    assert first["KH", "1"].pk == again["KH", "1"].pk
    assert Factory.objects.get(country="KH", outside_id="1").obsolete
    assert Factory.objects.get(country="KH", outside_id="1").name == "One"
    assert Factory.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.capability("P2")
def test_one_entry_says_how_many_factories_were_added_and_changed_and_none_where_nothing_was() -> None:
    factories_ensure(actor="p-1", at=AT, wanted={("KH", "1"): "One", ("VN", "1"): "Two"})
    factories_ensure(actor="p-1", at=AT, wanted={("KH", "1"): "One", ("VN", "1"): "Two"})
    factories_ensure(actor="p-2", at=AT, wanted={("KH", "1"): "One renamed", ("VN", "2"): "Three", ("VN", "1"): "Two"})
    newest, oldest = entries_search(action="factories.ensured").entries
    assert (oldest.actor, oldest.subject) == ("p-1", "factories 2")
    assert (oldest.content["added"], oldest.content["changed"]) == (2, 0)
    assert (newest.actor, newest.content["added"], newest.content["changed"]) == ("p-2", 1, 1)
    assert newest.content["digest"] != oldest.content["digest"]


def test_an_instance_says_it_is_simulated_only_when_it_is_marked(settings, tmp_path) -> None:
    settings.BETTERWORK_HOME = tmp_path
    assert not simulated()
    (tmp_path / "SIMULATED").write_text("All data here is simulated.\n", encoding="utf-8")
    assert simulated()
