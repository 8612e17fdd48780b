"""Writing country programmes: what is refused, what the ledger keeps, who came first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from betterwork.core.dated import DatedValue
from betterwork.core.errors import WrongUse
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.events.models import Event
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.countries import declaring
from betterwork.modules.countries.declaring import declared, setting_declare
from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState
from betterwork.modules.countries.queries import country_state, setting, setting_newest
from betterwork.modules.countries.services import programme_add, state_enter, state_withdraw
from betterwork.modules.countries.tests.test_countries import AT, DAY, SOURCE, enter

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A1")]


def jordan() -> Programme:
    return Programme.objects.get(pk="JO")


def live(state: str, first: date, programme: Programme | None = None) -> ProgrammeState:
    return state_enter(
        actor="p-global", programme=programme or jordan(), state=state, first=first, source=SOURCE, at=AT
    )


def test_a_programme_lives_from_candidate_to_closed_and_any_day_can_be_asked_for() -> None:
    egypt = programme_add(
        actor="p-global", code="EG", name="Egypt", state="candidate", first=date(2016, 1, 1), source=SOURCE, at=AT
    )
    live("forthcoming", date(2017, 1, 1), egypt)
    live("running", date(2018, 7, 1), egypt)
    live("closed", date(2027, 1, 1), egypt)
    on = {date(2015, 12, 31): "", date(2016, 6, 1): "candidate", date(2018, 6, 30): "forthcoming"}
    on |= {date(2018, 7, 1): "running", date(2026, 12, 31): "running", date(2027, 1, 1): "closed"}
    assert {day: country_state("EG", day) for day in on} == on
    with pytest.raises(WrongUse, match="what can come: candidate, forthcoming"):
        live("running", date(2028, 1, 1), egypt)
    entry = entries_search(action="country.state.entered").entries[0]
    assert (entry.actor, entry.subject, entry.content["before"]) == ("p-global", "country-programme EG", None)
    assert entry.content["after"]["state"] == "closed" and entry.content["after"]["first"] == "2027-01-01"
    assert Event.objects.filter(name="countries.state.changed").count() == 4


def test_a_state_entered_by_mistake_is_withdrawn_and_stays_to_be_seen() -> None:
    mistake = live("closed", date(2020, 1, 1))
    assert country_state("JO", DAY) == "closed"
    with pytest.raises(WrongUse, match="Say why"):
        state_withdraw(actor="p-global", state=mistake, reason="  ", at=AT)
    state_withdraw(actor="p-global", state=mistake, reason="another country was meant", at=AT)
    assert country_state("JO", DAY) == "running"
    with pytest.raises(WrongUse, match="Only the last"):
        state_withdraw(actor="p-global", state=mistake, reason="again", at=AT)
    mistake.refresh_from_db()
    assert mistake.withdrawn_reason == "another country was meant"
    with pytest.raises(WrongUse, match="only state"):
        state_withdraw(actor="p-global", state=jordan().states.get(state="running"), reason="no", at=AT)
    live("closed", date(2020, 1, 1))
    with pytest.raises(WrongUse, match="Only the last"):
        state_withdraw(actor="p-global", state=jordan().states.get(state="running"), reason="no", at=AT)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "no_such_rule"}, "no setting is called 'no_such_rule'; there are: advice_before"),
        ({"name": "no_such_rule", "value": None}, "no setting is called"),
        ({"value": "soon"}, "report_release_days: 'soon' is no whole number"),
        ({"value": "-1"}, "no number of days"),
        ({"name": "disclosure_rules", "value": "shame"}, "none of the answers"),
        ({"source": "  "}, "where the rule is written"),
        ({"source": "x" * 1001}, "at most 1000"),
        ({"last": DAY - timedelta(days=1)}, "ends before it begins"),
        ({"country": "ZW"}, "no programme of ZW"),
        ({"country": "", "value": None}, "cannot be taken away"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line_and_nothing_is_written(given, words) -> None:
    with pytest.raises(WrongUse, match=words) as refused:
        enter(**given)
    assert "\n" not in str(refused.value)
    assert not CountrySetting.objects.exists() and not entries_search(action="country.setting.entered").entries


def test_who_decided_on_what_another_changed_meanwhile_is_asked_to_look_again() -> None:
    assert setting_newest("JO", "report_release_days") == ""
    first = enter(seen="")
    with pytest.raises(WrongUse, match="meanwhile"):
        enter(value="25", seen="")
    enter(value="25", seen=first.id)
    assert setting("JO", "report_release_days", DAY).value == "25"
    enter(country="", value="30", seen="")
    assert setting("VN", "report_release_days", DAY).value == "30"


def test_the_same_entered_twice_stands_twice_and_holds_once() -> None:
    enter(), enter()
    assert CountrySetting.objects.count() == 2
    assert setting("JO", "report_release_days", DAY).start == DAY


def test_the_entry_keeps_value_and_days_and_the_source_under_the_key_of_who_wrote_it() -> None:
    enter(last=date(2026, 12, 31))
    (entry,) = entries_search(action="country.setting.entered").entries
    assert entry.subject == "country-setting JO/report_release_days"
    assert entry.content["after"] | {"source": ""} == {
        "country": "JO", "name": "report_release_days", "value": "21",
        "first": "2026-03-01", "last": "2026-12-31", "source": "",
    }  # fmt: skip
    assert SOURCE not in str(entry.content)
    (event,) = Event.objects.filter(name="countries.setting.changed")
    assert SOURCE not in event.content


def test_a_person_is_told_what_she_entered_and_her_reasons_go_with_her() -> None:
    enter(), live("closed", date(2027, 1, 1))
    last = ProgrammeState.objects.get(programme="JO", state="closed")
    state_withdraw(actor="p-second", state=last, reason="she called in sick", at=AT)
    keeping = KEEPINGS["countries"]
    assert keeping.export("p-global")["rules"][0]["name"] == "report_release_days"
    assert keeping.export("p-second")["states"][0]["withdrawn"] == "she called in sick"
    assert keeping.export("p-nobody") == {"programmes_added": [], "states": [], "rules": []}
    for _again in range(2):
        keeping.erase("p-second", datetime(2026, 4, 1, tzinfo=UTC))
    assert "sick" not in str(keeping.export("p-second"))


def test_a_room_above_declares_what_it_reads_and_a_wrong_declaration_stops_the_start(monkeypatch) -> None:
    monkeypatch.setattr(declaring, "SETTINGS", dict(declaring.SETTINGS))
    since = DatedValue("national-committee", date(2000, 1, 1), None, "design choice")
    for _twice in range(2):
        one = setting_declare("decision.trial.body", title="Who approves", shipped=(since,))
    assert declared("decision.trial.body") is declaring.SETTINGS[one.name]
    for name, wrong in {
        "Report Days": {},
        "x": {"kind": "colour"},
        "y": {"choices": ("a",)},
        "z": {"kind": "choice"},
        "days": {"kind": "days", "shipped": (DatedValue("soon", DAY, None, "s"),)},
        "w": {"kind": "days", "shipped": (DatedValue("07", DAY, None, "s"),)},
        "twice": {"shipped": (since, since)},
        "minimum_group": {"kind": "text"},
    }.items():
        with pytest.raises(ValueError):
            setting_declare(name, title="wrong", **wrong)
