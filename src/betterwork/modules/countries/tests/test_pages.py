"""The pages and commands of the country programmes, through their doors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.contributions.registry import search_hits
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, Actor
from betterwork.foundation.doors.commands import ACTOR, NotAllowed
from betterwork.modules.countries.commands import country
from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState
from betterwork.modules.countries.policy import (
    LIFE_ENTER,
    PROGRAMME_RULES_READ,
    PROGRAMMES_OF_COMMITTEE,
    PROGRAMMES_READ,
    PROGRAMMES_RUN,
    RULES_ENTER,
)
from betterwork.modules.countries.queries import country_state, setting
from betterwork.modules.countries.tests.test_countries import SOURCE, enter

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A1")]
STAFF = {"global", "second", "analyst", "manager", "leader", "advisor", "partner", "abroad", "auditor"}
COMMITTEE = {"government", "employers", "workers"}


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def reach(policy, cast, code: str) -> set[str]:
    programme = Programme.objects.get(pk=code)
    return {word for word in cast.everybody() if policy.may(cast.actor(word), programme)}


def test_who_may_what(cast) -> None:
    assert reach(PROGRAMMES_READ, cast, "VN") == reach(PROGRAMMES_READ, cast, "JO") == STAFF
    assert reach(PROGRAMMES_OF_COMMITTEE, cast, "VN") == COMMITTEE
    assert reach(PROGRAMMES_OF_COMMITTEE, cast, "JO") == set()
    assert reach(RULES_ENTER, cast, "VN") == {"global", "second", "manager"}
    assert reach(RULES_ENTER, cast, "JO") == reach(LIFE_ENTER, cast, "VN") == {"global", "second"}
    assert {word for word in cast.everybody() if PROGRAMMES_RUN.may(cast.actor(word))} == {"global", "second"}
    assert {word for word in cast.everybody() if PROGRAMME_RULES_READ.may(cast.actor(word))} == STAFF


def test_strangers_to_a_page_get_404_and_the_list_shows_how_each_stands(cast) -> None:
    page = text(cast.client("advisor").get("/countries/"))
    assert "Viet Nam" in page and "Running" in page and "1 Jan 2009" in page and "Add a country" not in page
    assert "Add a country" in text(cast.client("global").get("/countries/"))
    for word in ("buyer", "factory", "inspector", "donor", "researcher", "government", "nobody"):
        for address in ("/countries/", "/countries/VN/", "/countries/all/", "/countries/VN/rules/currency/"):
            assert cast.client(word).get(address).status_code == 404, (word, address)
    assert cast.client("stranger").get("/countries/").status_code == 302
    assert text(cast.client("global").get("/countries/?q=Vietnam&state=running")).count('scope="row"') == 1
    assert "Nothing matches" in text(cast.client("global").get("/countries/?state=closed"))
    rows = b"".join(cast.client("global").get("/countries/?format=csv").streaming_content).decode()
    assert rows.count("\n") == 9 and "Comes next" in rows


def test_a_country_shows_its_life_and_what_holds_by_group(cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    enter("VN", first=tomorrow, actor=cast.person("manager").public_id)
    page = text(cast.client("advisor").get("/countries/VN/"))
    assert "28 days" in page and "21 days" in page and "help desk" in page and "Its own" in page
    assert page.count("<h1>") == 1 and "Public holidays of" in page and "Enter its next state" not in page
    rule = text(cast.client("advisor").get("/countries/VN/rules/report_release_days/"))
    assert "Will hold" in rule and "Holds" in rule and "Manager of the cast" in rule and "Enter a value" not in rule
    assert cast.client("advisor").get("/countries/VN/rules/no_such_rule/").status_code == 404
    assert cast.client("advisor").get("/countries/ZW/").status_code == 404


def test_the_committee_reads_the_rules_of_its_country_and_not_who_typed_them(cast) -> None:
    enter("VN", actor=cast.person("manager").public_id, first=date(2026, 1, 1))
    client = cast.client("workers")
    assert client.get("/countries/mine/").url == "/countries/mine/VN/"
    page = text(client.get("/countries/mine/VN/"))
    assert "21 days" in page and SOURCE in page and "Manager of the cast" not in page and "/countries/VN/" not in page
    assert client.get("/countries/mine/JO/").status_code == 404
    assert cast.client("manager").get("/countries/mine/VN/").status_code == 404


def test_the_manager_enters_a_rule_of_her_country_and_of_no_other(cast) -> None:
    client = cast.client("manager")
    address = "/countries/VN/rules/report_release_days/enter/"
    assert "Today holds" in text(client.get(address))
    given = {"value": "21", "first": "2026-01-01", "last": "", "source": SOURCE, "seen": ""}
    answer = client.post(address, given)
    assert answer.status_code == 302 and answer.url == "/countries/VN/rules/report_release_days/"
    found = CountrySetting.objects.get()
    assert (found.value, found.entered_by, found.programme_id) == ("21", "p-manager", "VN")
    assert "Somebody entered another value meanwhile" in text(client.post(address, given))
    for other in ("/countries/JO/rules/report_release_days/enter/", "/countries/all/rules/report_release_days/enter/"):
        assert client.post(other, given).status_code == 404
    for other in ("advisor", "leader", "analyst", "auditor", "workers"):
        assert cast.client(other).post(address, given).status_code == 404
    assert CountrySetting.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("factories_may_register", "yes", "yes"),
        ("weekend", ["sun", "fri"], "fri,sun"),
        ("weekend", [], "none"),
        ("currency", "EUR", "EUR"),
        ("closed_days", "2026-02-17\n2026-02-18", "2026-02-17,2026-02-18"),
    ],
)
def test_each_kind_of_rule_has_a_form_that_fits(cast, name, value, stored) -> None:
    client, address = cast.client("global"), f"/countries/VN/rules/{name}/enter/"
    text(client.get(address))
    given = {"value": value, "first": "2026-01-01", "last": "2026-12-31", "source": SOURCE, "seen": ""}
    assert client.post(address, given).status_code == 302
    assert CountrySetting.objects.get().value == stored
    text(client.get(f"/countries/VN/rules/{name}/"))
    text(client.get(address))


def test_what_does_not_fit_is_said_on_the_form(cast) -> None:
    client, address = cast.client("global"), "/countries/VN/rules/visit_days/enter/"
    given = {"value": "two", "first": "2026-01-01", "source": SOURCE, "seen": ""}
    assert "no whole number" in text(client.post(address, given))
    assert "Not saved yet" in text(client.post(address, {**given, "value": "2", "source": ""}))
    assert "one of the available" in text(client.post("/countries/VN/rules/currency/enter/", {**given, "value": "ZZZ"}))
    assert not CountrySetting.objects.exists()
    assert client.post(address, {**given, "cleared": "on"}).status_code == 302
    assert CountrySetting.objects.get().cleared


def test_global_staff_enter_a_rule_for_every_country(cast) -> None:
    client = cast.client("global")
    assert "Rules for every country" in text(client.get("/countries/all/"))
    given = {"value": "6", "first": "2026-01-01", "source": SOURCE, "seen": ""}
    assert client.post("/countries/all/rules/minimum_group/enter/", given).status_code == 302
    assert setting("LS", "minimum_group", date(2026, 1, 1)).value == "6"
    assert "Global of the cast" in text(client.get("/countries/all/rules/minimum_group/"))
    assert "Enter a value" not in text(cast.client("manager").get("/countries/all/rules/minimum_group/"))


def test_a_programme_is_added_lives_and_a_mistake_is_withdrawn(cast) -> None:
    client = cast.client("global")
    text(client.get("/countries/add/"))
    given = {"code": "EG", "name": "", "state": "forthcoming", "first": "2016-01-01", "source": SOURCE}
    assert "one of the available" in text(client.post("/countries/add/", {**given, "code": "VN"}))
    assert client.post("/countries/add/", given).url == "/countries/EG/"
    page = text(client.get("/countries/EG/state/"))
    assert 'value="running"' in page and 'value="forthcoming"' not in page
    made = {"state": "running", "first": "2015-01-01", "source": SOURCE}
    assert "on a later day" in text(client.post("/countries/EG/state/", made))
    assert client.post("/countries/EG/state/", {**made, "first": "2017-01-01"}).status_code == 302
    state = ProgrammeState.objects.get(programme="EG", state="running")
    withdraw = f"/countries/EG/state/{state.id}/withdraw/"
    assert withdraw in text(client.get("/countries/EG/"))
    assert "What will happen" in text(client.get(withdraw))
    assert cast.client("manager").post(withdraw, {"reason": "mine"}).status_code == 404
    assert client.post(withdraw.replace("EG", "VN"), {"reason": "elsewhere"}).status_code == 404
    assert client.post(withdraw, {"reason": "one year later"}).status_code == 302
    assert country_state("EG", date(2020, 1, 1)) == "forthcoming"
    assert "one year later" in text(client.get("/countries/EG/")) and client.get(withdraw).status_code == 404
    assert cast.client("manager").get("/countries/add/").status_code == 404


def test_a_country_of_many_rules_takes_few_questions(cast, django_assert_max_num_queries) -> None:
    client, today = cast.client("advisor"), timezone.localdate()
    CountrySetting.objects.bulk_create(
        CountrySetting(
            programme_id=code,
            name="report_release_days",
            value=str(number % 300),
            first=today - timedelta(days=1000 - number),
            source=SOURCE,
            entered_by="p-global",
            entered_at=timezone.now(),
        )
        for number in range(1000)
        for code in ("VN", "JO")
    )
    for address, most in {
        "/countries/": 12,
        "/countries/VN/": 14,
        "/countries/VN/rules/report_release_days/": 14,
    }.items():
        client.get(address)
        with django_assert_max_num_queries(most):  # who asks (4), name, notices; the rest is the page
            assert client.get(address).status_code == 200


def test_the_search_finds_a_programme_by_any_of_its_names(cast) -> None:
    for words in ("Vietnam", "vn", "Viet"):
        titles = [(str(hit.title), hit.url) for hit in search_hits(cast.actor("advisor"), words)]
        assert ("Viet Nam", "/countries/VN/") in titles
    own = [hit.url for hit in search_hits(cast.actor("workers"), "Viet Nam")]
    assert own == ["/countries/mine/VN/"]
    assert not search_hits(cast.actor("workers"), "Jordan") and not search_hits(cast.actor("buyer"), "Viet Nam")


def run(*words: str, actor: Actor = OPERATOR_ACTOR) -> list[str]:
    """The lines that a command prints; what it raises is raised."""
    group: Any = country
    with CliRunner().isolation() as (out, *_rest):
        with group.make_context("country", list(words)) as context:
            context.meta[ACTOR] = actor
            group.invoke(context)
        return out.getvalue().decode().splitlines()


def test_the_commands_list_show_and_enter(cast) -> None:
    assert "VN  Viet Nam  running  since 2009-01-01" in run("list")
    shown = run("show", "Vietnam", "--on", "2015-06-30")
    assert shown[:2] == ["VN  Viet Nam", "  running from 2009-01-01"]
    assert any(
        line.startswith("report_release_days: 28  (the programme's; 2000-01-01 to further notice;") for line in shown
    )
    words = ("setting", "VN", "report_release_days", "21", "--from", "2026-01-01", "--source", SOURCE)
    assert run(*words, actor=cast.actor("manager")) == ["VN  report_release_days  21  from 2026-01-01"]
    with pytest.raises(NotAllowed):
        run("setting", "JO", *words[2:], actor=cast.actor("manager"))
    with pytest.raises(NotAllowed):
        run("setting", "all", *words[2:], actor=cast.actor("manager"))
    with pytest.raises(NotAllowed):
        run(*words, actor=cast.actor("advisor"))
    with pytest.raises(NotAllowed):
        run("list", actor=cast.actor("buyer"))
    with pytest.raises(WrongUse, match="or --own-no-more"):
        run(*words, "--own-no-more")
    assert run("setting", "VN", "report_release_days", "--own-no-more", *words[4:]) == [
        "VN  report_release_days  the programme rule  from 2026-01-01"
    ]
    assert run("setting", "all", *words[2:])[0].startswith("all  report_release_days  21")
    assert any("21" in line for line in run("show", "all") if line.startswith("report_release_days"))


def test_the_command_for_states_begins_a_programme_and_refuses_what_may_not_follow(cast) -> None:
    words = ("--from", "2026-01-01", "--source", SOURCE)
    assert run("state", "EG", "candidate", *words)[0].endswith("added as candidate from 2026-01-01")
    with pytest.raises(WrongUse, match="what can come"):
        run("state", "EG", "running", *words)
    assert run("state", "Lesotho", "closed", *words) == ["LS  Lesotho  closed from 2026-01-01"]
    with pytest.raises(WrongUse, match="no country programme is called"):
        run("state", "Atlantis", "running", *words)
