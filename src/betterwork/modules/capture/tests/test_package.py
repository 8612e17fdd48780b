"""What a device takes along: what was found before, languages, the country's rules; what is kept of a person."""

from __future__ import annotations

from datetime import date

import pytest

from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.modules.assessments.known import determinations_before
from betterwork.modules.capture import models
from betterwork.modules.capture.declaring import HISTORIES, history_of
from betterwork.modules.capture.settings_of import rules_of, rules_package
from betterwork.modules.capture.tests.making import AT, DAY, ONE, advisor, visit_made
from betterwork.modules.capture.tests.planting import capture_planted
from betterwork.modules.capture.tools import tool_on, tool_package
from betterwork.modules.countries.models import CountrySetting
from betterwork.modules.evidence.tests.pages_world import few
from betterwork.modules.evidence.tests.sample import seal
from betterwork.modules.registry.models import Factory

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.capability("C2")
def test_the_last_assessment_before_the_visit_is_told_and_no_later_one() -> None:
    seal(few("VN"))
    factory = Factory.objects.get(country="VN", outside_id="1")
    told = determinations_before(factory.pk, date(2015, 1, 1))
    assert {on for _code, _word, on in told} == {date(2014, 2, 11)}
    assert {word for _code, word, _on in told} <= {"compliant", "non-compliant"}
    assert len(told) == 6
    assert {on for _code, _word, on in determinations_before(factory.pk, DAY)} == {date(2015, 2, 11)}
    assert determinations_before(factory.pk, date(2014, 2, 11)) == []
    assert history_of(factory.pk, DAY) == sorted(determinations_before(factory.pk, DAY))


@pytest.mark.capability("C2")
def test_of_several_rooms_the_latest_word_on_a_question_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HISTORIES, "a", lambda _factory, _before: [("X-1", "compliant", date(2020, 1, 1))])
    monkeypatch.setitem(HISTORIES, "b", lambda _factory, _before: [("X-1", "non-compliant", date(2021, 1, 1))])
    assert history_of(0, DAY) == [("X-1", "non-compliant", date(2021, 1, 1))]


@pytest.mark.capability("C3")
def test_the_country_says_which_mix_of_sources_and_nonsense_leaves_the_shipped_rule() -> None:
    shipped = rules_package("VN", DAY)
    assert shipped["minimum_group"] == 5
    given = {"programme_id": "VN", "name": "source_mixes", "first": date(2020, 1, 1), "source": "SIMULATED"}
    more = {"entered_by": "operator", "entered_at": AT}
    row = CountrySetting.objects.create(value="non-compliant: 3, workers or union", **given, **more)
    assert rules_package("VN", DAY)["mixes"] == [
        {"determination": "non-compliant", "cluster": "", "kinds": 3, "one_of": [["workers", "union"]]}
    ]
    assert rules_of("VN", DAY).mixes[0].mix.kinds == 3
    CountrySetting.objects.filter(pk=row.pk).update(value="nonsense")
    assert rules_package("VN", DAY)["mixes"] == shipped["mixes"]


@pytest.mark.capability("C2")
def test_the_tool_goes_along_in_the_languages_that_are_asked_for() -> None:
    tool = tool_on("VN", DAY)
    packed = tool_package(tool, country="VN", languages=["en"])
    questions = [q for c in packed["clusters"] for p in c["points"] for q in p["questions"]]
    assert [one["code"] for one in questions] == [one.code for one in tool.version.questions]
    assert {tuple(one["texts"]) for one in questions} == {("en",)}
    assert any(one["legal"] for one in questions)


@pytest.mark.capability("P5")
def test_what_is_kept_of_a_person_is_handed_to_her_and_what_speaks_of_her_blanked() -> None:
    words = (f"SIMULATED word {number}" for number in range(100))
    capture = capture_planted(visit=visit_made().pk, actor=advisor(), text=lambda: next(words), at=AT)
    for model in models.MODELS:
        assert model._base_manager.exists(), model
    kept = KEEPINGS["capture"]
    exported = kept.export(ONE)
    assert len(exported["devices"]) == 2
    assert len(exported["written"]) == 6
    kept.erase(ONE, AT)
    kept.erase(ONE, AT)
    assert set(capture.devices.values_list("label", "forgotten_why")) == {("", "")}
