"""The register: spellings, dated settings, factories."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import (
    countries,
    countries_by_spelling,
    country_named,
    country_required,
    setting,
    simulated,
)
from betterwork.modules.registry.rules import name_says_obsolete, spelling_key
from betterwork.modules.registry.services import factories_ensure

AT = datetime(2015, 3, 1, tzinfo=UTC)


def test_eight_country_programmes_are_shipped() -> None:
    assert [country.name for country in countries()] == [
        "Bangladesh", "Cambodia", "Haiti", "Indonesia", "Jordan", "Lesotho", "Nicaragua", "Viet Nam",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Viet Nam", "Vietnam", "VNM", " vn ", "viet  nam", "Việt Nam"])
def test_every_spelling_of_a_country_means_it(text: str) -> None:
    country = country_named(text)
    assert country is not None
    assert country.code == "VN"


def test_an_unknown_country_is_refused_with_the_known_names() -> None:
    with pytest.raises(WrongUse, match=r"Atlantis.*Bangladesh.*Viet Nam"):
        country_required("Atlantis")


@given(st.sampled_from(sorted(countries_by_spelling())), st.sampled_from(["", " ", "\t"]))
def test_spellings_ignore_capitals_and_spaces(spelling: str, padding: str) -> None:
    assert countries_by_spelling()[spelling_key(padding + spelling.upper() + padding)]


def test_a_setting_comes_with_its_source() -> None:
    found = setting("VN", "minimum_group", date(2015, 2, 28))
    assert found.value == "5"
    assert found.source


def test_a_setting_nobody_made_is_an_error() -> None:
    with pytest.raises(KeyError):
        setting("VN", "no such setting", date(2015, 1, 1))


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


def test_no_country_lets_factories_register_themselves_unless_its_setting_says_so(monkeypatch) -> None:
    from datetime import UTC, date, datetime

    from betterwork.core.dated import DatedValue
    from betterwork.modules.registry import queries

    at = datetime(2026, 1, 5, tzinfo=UTC)
    assert queries.countries_open(at) == []
    opened = DatedValue(value="yes", start=date(2026, 1, 1), end=None, source="made up for this test")
    known = queries._dated_settings()
    monkeypatch.setattr(queries, "_dated_settings", lambda: known | {("JO", "factories_may_register"): (opened,)})
    assert queries.countries_open(at) == [("JO", "Jordan")]
    assert queries.countries_open(datetime(2025, 12, 31, tzinfo=UTC)) == []
