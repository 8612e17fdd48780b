"""The four statements: what is withheld of them leaks nowhere, and what nobody can be asked about is said so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from betterwork.core.evidence.headline import (
    HeadlineFact,
    contracts_changed_of,
    full_compliance_of,
    no_case_left_of,
    safety_halved_of,
)
from betterwork.core.evidence.results import PairedCount
from betterwork.modules.reports import rules
from betterwork.modules.reports.content import glance
from betterwork.modules.reports.content.derived import with_derived
from betterwork.modules.reports.headlines import headlines, rests_on
from betterwork.modules.reports.services import report_files
from betterwork.modules.reports.tests import world
from betterwork.modules.reports.tests.reading import words_of
from betterwork.modules.reports.values import Headline, ReportData

pytestmark = [pytest.mark.capability("I3"), pytest.mark.capability("I4")]


def computed(
    *,
    safety: HeadlineFact | None = None,
    full: tuple[int, int] = (3, 30),
    contracts: PairedCount | None = None,
    case: tuple[int, int, int] = (28, 0, 60),
    two_years: int = 30,
) -> tuple[Headline, ...]:
    """The four statements from plain counts; contracts: 40 factories asked, 20 not compliant at first, 10 changed."""
    return headlines(
        safety=safety or safety_halved_of([PairedCount(40, 20, 8, 14, 2)], 40),
        full=full_compliance_of(*full),
        contracts=contracts_changed_of(contracts or PairedCount(40, 20, 12, 10, 2)),
        case=no_case_left_of(*case, issue="x", codes=("DIS-4-01",)),
        two_years=two_years,
    )


def data_with(found: tuple[Headline, ...], minimum: int = 5) -> ReportData:
    return replace(world.data(12, minimum=minimum), headlines=found)


def safe(found: tuple[Headline, ...], *, counted: int = 120, first: int = 20, minimum: int = 5) -> dict[str, Headline]:
    data = world.data(60, minimum=minimum)
    factories = replace(data.factories, counted=counted, first_assessments=first)
    report = rules.report_safe(replace(data, factories=factories, headlines=found))
    return {one.name: one for one in report.headlines}


def few(n: int, base: int, earlier: int) -> tuple[Headline, ...]:
    return computed(
        safety=safety_halved_of([PairedCount(base, base, n, base - n, 0)], base),
        full=(n, base),
        contracts=PairedCount(20, base, n, base - n, 0),
        case=(earlier, n, base),
    )


def test_worlds_that_differ_only_in_withheld_statements_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (
        report_files(report=with_derived(rules.report_safe(data_with(few(*counts)))))
        for counts in ((1, 3, 28), (2, 4, 31))
    )
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    texts = [text for fact in few(1, 3, 28) for text in (fact.base, rests_on(fact))] + ["28 earlier", "with one: 28"]
    for name, content in one.items():
        path = tmp_path / name.replace("/", "-")
        path.write_bytes(content)
        said = words_of(path)
        assert [text for text in texts if text in said] == [], name


def test_the_canary_of_those_statements_does_sing_when_nothing_is_withheld() -> None:
    shown = [with_derived(rules.report_safe(data_with(few(*counts), 1))) for counts in ((1, 3, 28), (2, 4, 31))]
    assert shown[0].tables["headline_facts"] != shown[1].tables["headline_facts"]


def test_values_that_go_for_a_withheld_point_take_the_text_of_the_base_with_them() -> None:
    gone = safe(world.headlines())["safety_halved"]
    assert gone.withheld == rules.ALSO and gone.base == "" and gone.values == ()


def test_what_was_found_before_is_said_where_the_statement_is_shown() -> None:
    found = safe(computed())["no_case_left"]
    assert found.earlier == 28
    assert rests_on(found) == "60 factories asked, none of them found with a case now; 28 earlier assessments found one"
    never = safe(computed(case=(0, 0, 60)))["no_case_left"]
    assert never.holds is None and rests_on(never).endswith("; no earlier assessment found one")


@pytest.mark.parametrize("earlier", [0, 2])
def test_what_too_few_factories_had_before_is_not_said_by_whether_the_statement_holds(earlier: int) -> None:
    found = safe(computed(case=(earlier, 0, 60)), counted=60, first=57)["no_case_left"]
    assert (found.holds, found.earlier, found.base) == (None, None, "")
    assert found.withheld == "withheld: fewer than 5 factories"
    none_before = safe(computed(case=(earlier, 0, 60)), counted=60, first=60)["no_case_left"]
    assert (none_before.holds, none_before.earlier, none_before.withheld) == (None, None, "")
    assert rests_on(none_before).endswith("none of them was assessed before")
    still = safe(computed(case=(earlier, 6, 60)), counted=60, first=57)["no_case_left"]
    assert (still.holds, still.earlier, still.withheld) == (False, None, "")


NOBODY = computed(safety=safety_halved_of([], 0), full=(0, 0), case=(0, 0, 0), two_years=0)


@pytest.mark.parametrize(
    ("name", "found", "reason"),
    [
        ("safety_halved", NOBODY, "No factory has been assessed twice."),
        ("full_compliance_after_two_years", NOBODY, "No factory has been in the programme for two years."),
        (
            "full_compliance_after_two_years",
            computed(full=(0, 0), two_years=9),
            "No factory of two years and more was asked about all three points.",
        ),
        (
            "contracts_changed",
            computed(contracts=PairedCount(5, 0, 0, 0, 0)),
            "No factory was out of compliance on contracts at first.",
        ),
        ("no_case_left", NOBODY, "No factory was asked about it."),
    ],
)
def test_a_base_of_nobody_hides_nothing_and_cannot_be_said(name: str, found: tuple[Headline, ...], reason: str) -> None:
    shown = safe(found)[name]
    assert shown.withheld == "" and shown.holds is None
    fact = glance._fact(shown)
    assert (fact.state, fact.detail) == ("Cannot be said", reason)


def test_nobody_assessed_twice_has_no_contracts_to_change() -> None:
    empty = headlines(
        safety=safety_halved_of([], 0),
        full=full_compliance_of(0, 0),
        contracts=contracts_changed_of(None),
        case=no_case_left_of(0, 0, 0, issue="x", codes=("A",)),
        two_years=0,
    )
    assert rests_on(safe(empty)["contracts_changed"]) == "no factory has been assessed twice"


def test_that_no_contracts_were_out_of_compliance_is_withheld_where_it_speaks_of_too_few() -> None:
    shown = safe(computed(contracts=PairedCount(4, 0, 0, 0, 0)))["contracts_changed"]
    assert glance._fact(shown).state == "Withheld"
    assert shown.base == "" and shown.withheld == "withheld: fewer than 5 factories"


@pytest.mark.parametrize(
    ("full", "said"),
    [
        ((0, 30), "30 factories of two years and more, none of them in full compliance"),
        ((3, 30), "30 factories of two years and more, 3 of them in full compliance"),
        ((30, 30), "30 factories of two years and more, all of them in full compliance"),
        ((0, 1), "1 factory of two years and more, not in full compliance"),
        ((1, 1), "1 factory of two years and more, in full compliance"),
    ],
)
def test_none_one_and_all_have_words_of_their_own(full: tuple[int, int], said: str) -> None:
    assert computed(full=full)[1].base == said
