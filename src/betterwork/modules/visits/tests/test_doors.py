"""Visits by the API and on the command line, what is exported and erased, the settings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from betterwork.core.errors import WrongUse
from betterwork.core.planning.values import Because, Broken, Cause, Rule
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, Actor
from betterwork.foundation.doors.commands import ACTOR, NotAllowed
from betterwork.modules.visits.commands import visit as visit_group
from betterwork.modules.visits.jobs import plan_make
from betterwork.modules.visits.models import Plan
from betterwork.modules.visits.queries import visits_export
from betterwork.modules.visits.services import arrival_record, time_enter
from betterwork.modules.visits.settings_of import mix_meant, rules_of
from betterwork.modules.visits.tests.making import MONDAY, NOW, TODAY, WHY, a_factory, agreed
from betterwork.modules.visits.words import RULES, TO_DO, broken_words, reason_words, unplaced_words

pytestmark = [pytest.mark.django_db, pytest.mark.capability("C1")]


def test_the_api_lists_reads_records_arrival_and_time(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    client = cast.client("advisor")
    listed = client.get("/api/v1/visits?country=VN&state=planned").json()
    assert [one["id"] for one in listed["items"]] == [visit.pk]
    assert client.get("/api/v1/visits?state=done").json()["items"] == []
    assert client.get(f"/api/v1/visits/{visit.pk}").json()["secret"] is True
    team = client.get(f"/api/v1/visits/{visit.pk}/team").json()["items"]
    assert {(one["person"], one["part"]) for one in team} == {("p-advisor", "lead"), ("p-partner", "partner")}
    wrong = client.post(f"/api/v1/visits/{visit.pk}/arrival", {"on": "2020-01-01"}, "application/json")
    assert wrong.status_code == 422
    done = client.post(f"/api/v1/visits/{visit.pk}/arrival", {"on": TODAY.isoformat()}, "application/json")
    assert (done.status_code, done.json()["state"]) == (201, "under-way")
    spent = {"day": TODAY.isoformat(), "activity": "on-site", "minutes": 90}
    assert client.post(f"/api/v1/visits/{visit.pk}/time", spent, "application/json").status_code == 201
    assert [one["minutes"] for one in client.get(f"/api/v1/visits/{visit.pk}/time").json()["items"]] == [90]
    assert cast.client("partner").get(f"/api/v1/visits/{visit.pk}/time").json()["items"] == []
    assert cast.client("leader").get(f"/api/v1/visits/{visit.pk}/time").status_code == 404


def test_the_api_tells_who_is_due_to_those_who_plan(cast: Any) -> None:
    a_factory()
    (one,) = cast.client("leader").get("/api/v1/visits/due/VN").json()
    assert (one["key"], one["state"], one["visit"]) == ("VN/1", "overdue", "")
    assert cast.client("leader").get("/api/v1/visits/due/JO").status_code == 404
    assert cast.client("advisor").get("/api/v1/visits/due/VN").status_code == 404
    assert cast.client("stranger").get("/api/v1/visits/due/VN").status_code == 401


def run(*words: str, actor: Actor = OPERATOR_ACTOR) -> str:
    """What a command prints; what it raises is raised."""
    group: Any = visit_group
    with CliRunner().isolation() as (out, *_rest):
        with group.make_context("visit", list(words)) as context:
            context.meta[ACTOR] = actor
            group.invoke(context)
        return str(out.getvalue().decode())


def test_the_command_line_lists_what_is_due_and_asks_for_a_plan(cast: Any) -> None:
    a_factory()
    assert "VN/1\t" in run("due", "Viet Nam", "--overdue")
    on = TODAY - timedelta(days=390)
    assert "later" in run("due", "VN", "--on", on.isoformat())
    asked = run("plan", "VN", "--from", MONDAY.isoformat(), "--until", (MONDAY + timedelta(70)).isoformat())
    assert Plan.objects.get().pk in asked
    agreed(cast, a_factory("2"))
    assert "planned\tassessment" in run("list", "--country", "VN", "--state", "planned")
    assert run("list", "--kind", "training") == ""


def test_the_command_line_shows_a_person_what_is_hers(cast: Any) -> None:
    visit = agreed(cast)
    assert visit.pk in run("list", actor=cast.actor("advisor"))
    assert visit.pk not in run("list", actor=cast.actor("analyst"))
    with pytest.raises(WrongUse, match="plan no visits"):
        run("due", "JO", actor=cast.actor("leader"))
    with pytest.raises(NotAllowed):
        run("due", "VN", actor=cast.actor("advisor"))


def test_what_is_kept_of_a_person_is_exported_and_words_about_her_are_erased(cast: Any) -> None:
    visit = agreed(cast, first=TODAY, why=WHY)
    arrival_record(actor="p-advisor", visit=visit, on=TODAY, at=NOW)
    time_enter(actor="p-advisor", visit=visit, day=TODAY, activity="travel", minutes=5, at=NOW)
    found = visits_export("p-advisor")
    assert [one["visit"] for one in found["visits"]] == [visit.pk]
    assert found["time"][0]["minutes"] == 5
    for _again in range(2):
        KEEPINGS["visits"].erase("p-advisor", NOW)
    assert not visit.members.exclude(left_why="").exists()


def test_the_rules_of_a_country_are_its_dated_settings_with_a_source() -> None:
    rules = rules_of("VN", date(2026, 1, 1))
    assert (rules.months, rules.advisors, rules.days, rules.advice_days, rules.joint) == (12, 2, 2, 100, False)
    assert rules.languages == {"vi"}
    assert rules_of("JO", date(2026, 1, 1)).joint and rules_of("HT", date(2026, 1, 1)).joint
    assert mix_meant("VN", date(2026, 1, 1)) == {"assessment": 30, "advice": 50, "training": 20}


NAMES = {"a": "Ann", "b": "Bo"}


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_of_the_planner_is_a_sentence(cause: Cause) -> None:
    weeks = ("2026-12-07", "2026-11-30")
    detail = {"advisors": ["a"], "languages": ["my"], "competences": ["assessment"], "weeks": list(weeks), "needed": 2}
    said = unplaced_words({"rule": "language", "cause": str(cause), "detail": detail}, NAMES)
    assert said.endswith(".") and "%" not in said
    assert unplaced_words({"rule": "language", "cause": str(cause), "detail": {}}, {}).endswith(".")


def test_a_language_that_nobody_is_free_for_is_named_with_its_weeks() -> None:
    detail = {"advisors": ["a"], "languages": ["my"], "weeks": ["2026-11-30", "2026-12-07"]}
    one = {"rule": "language", "cause": "nobody-left-interviews", "detail": detail}
    expected = "Nobody who leads interviews in Burmese is free between 30 Nov 2026 and 7 Dec 2026. Who does: Ann."
    assert unplaced_words(one, NAMES) == expected


@pytest.mark.parametrize(
    ("because", "detail", "says"),
    [
        (Because.OVERDUE, {"since": "2026-01-28", "weeks": 3}, "3 weeks overdue"),
        (Because.DUE, {"since": "2026-01-28"}, "28 Jan 2026"),
        (Because.LANGUAGES, {"my": ["a", "b"]}, "Interviews in Burmese: Ann and Bo."),
        (Because.COMPETENCES, {"assessment": ["b"]}, "Assessment: Bo."),
        (Because.OTHERS_THAN_LAST, {"last": ["a"]}, "Others than the last time (Ann)."),
        (Because.AGAIN, {"advisors": ["a"]}, "Ann comes again"),
        (Because.SAME_PLACE, {"place": "hanoi", "factories": ["1", "2"], "advisors": []}, "2 more factories in Hanoi"),
        (Because.LOAD, {"a": 2}, "Ann: visit 2 of the plan."),
    ],
)
def test_every_reason_of_the_planner_is_a_sentence(because: Because, detail: dict[str, Any], says: str) -> None:
    assert says in reason_words({"because": str(because), "detail": detail}, NAMES)


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_words_and_something_to_do(rule: Rule) -> None:
    detail = {"visits": 2, "most": 1, "language": "my", "competence": "assessment"}
    assert broken_words(Broken(rule, "1", ("a",), detail), NAMES).endswith(".")
    assert RULES[rule] and TO_DO[rule]


def test_the_solver_is_not_loaded_where_pages_are_made() -> None:
    import subprocess
    import sys

    look = (
        "import django; django.setup(); import betterwork.modules.visits.web.urls, betterwork.modules.visits.api, "
        "betterwork.modules.visits.jobs, sys; sys.exit('scipy' in sys.modules or 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", look], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert plan_make.title
