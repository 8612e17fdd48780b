"""The country programmes: which there are, how they are spelled, their dated settings as others read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.foundation.languages.calendar import weekend_of, working_days_add
from betterwork.modules.countries import declaring, queries
from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState
from betterwork.modules.countries.queries import (
    CountryOptions,
    countries,
    countries_by_spelling,
    countries_known,
    country_named,
    country_of_code,
    country_required,
    country_says,
    country_title,
    setting,
    setting_number,
    setting_parts,
    setting_yes,
    settings_held,
)
from betterwork.modules.countries.rules import spelling_key
from betterwork.modules.countries.services import programme_add, programmes_ensure, setting_enter
from betterwork.modules.countries.shipped import shipped_rows, shipped_settings

AT = datetime(2026, 3, 1, tzinfo=UTC)
DAY = date(2026, 3, 1)
SOURCE = "a decision made up for these tests"


def enter(country: str = "JO", name: str = "report_release_days", value: str | None = "21", **more) -> CountrySetting:
    given = {"first": DAY, "source": SOURCE, "at": AT, "actor": "p-global", **more}
    return setting_enter(country=country, name=name, value=value, **given)


def test_eight_country_programmes_are_shipped() -> None:
    assert [country.name for country in countries()] == [
        "Bangladesh", "Cambodia", "Haiti", "Indonesia", "Jordan", "Lesotho", "Nicaragua", "Viet Nam",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Viet Nam", "Vietnam", "VNM", " vn ", "viet  nam", "Việt Nam"])
def test_every_spelling_of_a_country_means_it(text: str) -> None:
    country = country_named(text)
    assert country is not None
    assert country.code == "VN"


@pytest.mark.django_db
def test_an_unknown_country_is_refused_with_the_known_names() -> None:
    with pytest.raises(WrongUse, match=r"Atlantis.*Bangladesh.*Viet Nam"):
        country_required("Atlantis")


@given(st.sampled_from(sorted(countries_by_spelling())), st.sampled_from(["", " ", "\t"]))
def test_spellings_ignore_capitals_and_spaces(spelling: str, padding: str) -> None:
    assert countries_by_spelling()[spelling_key(padding + spelling.upper() + padding)]


@pytest.mark.django_db
@pytest.mark.capability("A1")
def test_the_shipped_programmes_are_rows_after_every_migration_and_put_in_once() -> None:
    assert set(Programme.objects.values_list("code", flat=True)) == {one.code for one in countries()}
    cambodia = ProgrammeState.objects.get(programme="KH")
    assert (cambodia.state, cambodia.first, cambodia.entered_by) == ("running", date(2000, 1, 1), "")
    assert "GB.320" in cambodia.source and "only the year is known" in cambodia.source
    assert programmes_ensure() == 0
    ProgrammeState.objects.filter(programme="LS").delete()
    Programme.objects.filter(pk="LS").delete()
    assert programmes_ensure() == 1
    assert ProgrammeState.objects.filter(programme="LS").count() == 1


@pytest.mark.django_db
@pytest.mark.capability("A1")
def test_a_country_that_is_added_is_known_everywhere_by_name_code_and_title() -> None:
    programme_add(
        actor="p-global", code="eg", name="Egypt", state="candidate", first=date(2016, 1, 1), source=SOURCE, at=AT
    )
    assert country_named("egypt") == country_named("EG") == country_of_code("EG")
    assert country_title("EG") == "Egypt" and country_of_code("EG").starts == 2016
    assert [one.code for one in countries_known()][2:4] == ["EG", "HT"]
    assert ("EG", "Egypt") in list(CountryOptions())
    assert setting("EG", "minimum_group", DAY).value == "5", "the programme's rules hold in it"
    for again in ({"code": "EG", "name": "Misr"}, {"code": "SD", "name": " EGYPT"}, {"code": "XX", "name": "Nowhere"}):
        with pytest.raises(WrongUse):
            programme_add(actor="p-global", state="candidate", first=DAY, source=SOURCE, at=AT, **again)


@pytest.mark.django_db
def test_a_setting_comes_with_its_source() -> None:
    found = setting("VN", "minimum_group", date(2015, 2, 28))
    assert found.value == "5"
    assert found.source


@pytest.mark.django_db
def test_a_setting_nobody_made_is_an_error() -> None:
    for name, on in (("no such setting", DAY), ("minimum_group", date(1999, 12, 31)), ("closed_days", DAY)):
        with pytest.raises(KeyError):
            setting("VN", name, on)


@pytest.mark.django_db
@pytest.mark.capability("A1")
def test_a_countrys_own_value_goes_before_the_programmes_from_its_day_on_until_it_is_taken_away() -> None:
    assert setting_number("JO", "report_release_days", DAY) == 28
    enter(first=date(2026, 3, 1))
    enter(value=None, first=date(2026, 6, 1))
    assert setting("JO", "report_release_days", date(2026, 2, 28)) == DatedValue(
        "28", date(2000, 1, 1), date(2026, 2, 28), setting("VN", "report_release_days", DAY).source
    )
    assert setting("JO", "report_release_days", DAY) == DatedValue("21", DAY, date(2026, 5, 31), SOURCE)
    assert setting_number("JO", "report_release_days", date(2026, 6, 1)) == 28
    assert setting_number("VN", "report_release_days", DAY) == 28
    enter(country="", value="35", first=date(2026, 5, 1))
    assert setting_number("JO", "report_release_days", DAY) == 21
    assert setting_number("JO", "report_release_days", date(2026, 6, 1)) == 35
    assert setting("VN", "report_release_days", date(2026, 6, 1)).start == date(2026, 5, 1)


@pytest.mark.django_db
def test_a_setting_is_one_query_and_many_of_them_are_one_where_the_book_is_open(django_assert_num_queries) -> None:
    enter()
    with django_assert_num_queries(1):
        assert setting_number("JO", "report_release_days", DAY) == 21
    with django_assert_num_queries(1), settings_held():
        assert [setting_number(one.code, "report_release_days", DAY) for one in countries()].count(28) == 7
        assert setting_yes("KH", "participation_condition_of_export", DAY)
        with settings_held():
            assert setting_parts("JO", "weekend", DAY) == ("fri", "sat")
    enter(value="22")
    assert setting_number("JO", "report_release_days", DAY) == 22, "nothing is kept after the book is closed"


@pytest.mark.django_db
def test_what_is_written_while_the_book_is_open_is_read_at_once() -> None:
    with settings_held():
        assert setting_number("JO", "report_release_days", DAY) == 28
        enter()
        assert setting_number("JO", "report_release_days", DAY) == 21


@pytest.mark.django_db
def test_every_page_reads_the_settings_anew(cast) -> None:
    client = cast.client("global")
    assert "21 days" not in client.get("/countries/JO/").content.decode()
    enter()
    assert "21 days" in client.get("/countries/JO/").content.decode()


@pytest.mark.django_db
def test_no_country_lets_factories_register_themselves_unless_its_setting_says_so() -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    assert queries.countries_open(at) == []
    enter("JO", "factories_may_register", "yes", first=date(2026, 1, 1))
    assert queries.countries_open(at) == [("JO", "Jordan")]
    assert queries.countries_open(datetime(2025, 12, 31, tzinfo=UTC)) == []


@pytest.mark.django_db
@pytest.mark.capability("A1")
def test_the_calendar_of_a_country_is_what_its_settings_say() -> None:
    for one in countries():
        assert country_says(one.code, DAY).weekend == weekend_of(one.code), one
    thursday = date(2026, 3, 5)
    assert working_days_add("VN", thursday, 1, says=country_says("VN", DAY)) == date(2026, 3, 6)
    enter("VN", "closed_days", "2026-03-06, 2026-03-09", first=date(2026, 1, 1), last=date(2026, 12, 31))
    enter("VN", "closed_days", "2027-03-08", first=date(2027, 1, 1))
    enter("VN", "opened_days", "2026-03-07", first=date(2026, 1, 1))
    says = country_says("VN", DAY)
    assert says.closed == {date(2026, 3, 6), date(2026, 3, 9), date(2027, 3, 8)}
    assert working_days_add("VN", thursday, 1, says=says) == date(2026, 3, 7), "a Saturday that is worked"
    assert working_days_add("VN", thursday, 2, says=says) == date(2026, 3, 10)
    enter("VN", "closed_days", "none", first=date(2026, 3, 9), last=date(2026, 3, 9))
    assert date(2026, 3, 9) not in country_says("VN", DAY).closed, "each day counts by what holds on it"


@pytest.mark.django_db
def test_every_shipped_setting_reads_and_names_its_source() -> None:
    assert len(declaring.SETTINGS) >= 18
    assert set(shipped_settings()) <= set(declaring.SETTINGS), "rows of a setting that no room declares"
    for one in declaring.SETTINGS.values():
        for owner, values in {"": one.shipped, **one.shipped_of}.items():
            assert not owner or country_of_code(owner)
            assert all(value.source and one.cleaned(value.value) == value.value for value in values), one.name
    assert setting_number("VN", "report_release_days", DAY) == 28
    assert "help desk" in setting("VN", "report_release_days", DAY).source
    assert setting("KH", "currency", DAY).value == "KHR"
    assert setting_parts("HT", "disclosure_rules", DAY) == ("portal", "named-tables")
    assert not setting_yes("LS", "participation_condition_of_export", DAY)


def test_the_reference_names_every_setting_of_this_room_with_what_is_shipped() -> None:
    page = (Path(__file__).parents[5] / "docs" / "reference" / "country-settings.md").read_text(encoding="utf-8")
    listed = {
        cells[1].strip(" `"): cells[3].strip()
        for line in page.splitlines()
        if line.startswith("| `") and (cells := line.split("|"))
    }
    of_this_room = {row["name"] for row in shipped_rows("country_settings.csv")} | {
        "closed_days",
        "opened_days",
    }
    assert set(listed) == of_this_room
    for name in of_this_room:
        shipped = declaring.SETTINGS[name].shipped
        assert listed[name] == (shipped[-1].value if shipped else "nothing"), name
