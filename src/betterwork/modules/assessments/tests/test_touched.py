"""What a change of law touches among what was found: counted from the latest assessments, for those who may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betterwork.foundation.doors.actor import OPERATOR_ACTOR
from betterwork.modules.assessments.models import Assessment
from betterwork.modules.assessments.policy import ASSESSMENTS_READ
from betterwork.modules.assessments.queries import findings_open
from betterwork.modules.assessments.tests.exports import SMALL, csv_file, imported, sample_rows
from betterwork.modules.instruments.law_touched import law_touches
from betterwork.modules.instruments.laws import legal_reference_add
from betterwork.modules.instruments.models import LegalReference, VersionLegal
from betterwork.modules.instruments.queries import tool_version
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.services import factory_close, factory_merge

pytestmark = [pytest.mark.django_db, pytest.mark.capability("B4")]
AT = datetime(2030, 1, 1, tzinfo=UTC)
ON = AT.date()


def convention(number: str = "C138") -> LegalReference:
    return LegalReference.objects.get(number=number)


def law_of(country: str = "") -> LegalReference:
    """A law on which every question of the tool rests."""
    made = legal_reference_add(
        actor="p", kind="law", country=country, texts={"instrument": "Labour Code", "article": "Art. 1"},
        in_force_from=None, at=AT,
    )  # fmt: skip
    VersionLegal.objects.bulk_create(
        VersionLegal(tool="garment", version=name, code=code, reference=made)
        for (_tool, name), codes in everything().items()
        for code in codes
    )
    return made


def open_by_hand(codes: dict[str, set[str]], country: str, on: date = ON) -> tuple[int, int]:
    """(findings, factories) of a country, read from the sample's own rows: the latest visit of each factory."""
    latest: dict[str, tuple[date, int]] = {}
    for row in sample_rows(SMALL):
        day = date(*map(int, reversed(row[4].split("/"))))
        if row[0] == country and day <= on:
            latest[row[1]] = max(latest.get(row[1], (day, 0)), (day, int(row[3])))
    found = {
        (row[1], row[9])
        for row in sample_rows(SMALL)
        if row[0] == country
        and int(row[3]) == latest.get(row[1], (ON, 0))[1]
        and row[11] != "FGW"
        and row[12] == "1"
        and any(row[9] in some for some in codes.values())
    }
    kept = {one.outside_id for one in Factory.objects.filter(obsolete=False)}
    found = {one for one in found if one[0] in kept}
    return len(found), len({factory for factory, _code in found})


def codes_citing(number: str) -> dict[str, set[str]]:
    found = {}
    for name in ("2009", "2014"):
        version, _links = tool_version("garment", name)
        found[name] = {one.code for one in version.questions if number in one.legal_basis}
    return found


def told(actor: Any, reference: LegalReference, on: date = ON) -> dict[str, tuple[int, str]]:
    return {str(one.title): (one.count, str(one.note)) for one in law_touches(reference, actor=actor, on=on).more}


def in_words(findings: int, factories: int) -> tuple[int, str]:
    each = "each at its" if factories != 1 else "at its"
    return findings, f"in {factories} factor{'ies' if factories != 1 else 'y'}, {each} latest assessment"


def test_the_open_findings_are_those_of_the_latest_assessments_as_the_export_says_them(cast) -> None:
    imported(SMALL)
    seen = 0
    for number in ("C138", "C182", "C155"):
        codes = codes_citing(number)
        found = told(cast.actor("global"), convention(number))
        for country, title in (("Cambodia", "Cambodia"), ("Viet Nam", "Viet Nam"), ("Jordan", "Jordan")):
            by_hand = open_by_hand(codes, country)
            assert found.get(f"Open findings in {title}") == (in_words(*by_hand) if by_hand[0] else None)
            seen += by_hand[0]
    assert seen, "the sample has none, so this shows nothing"


def test_whose_country_it_is_is_told_of_it_alone_and_others_of_nothing(cast) -> None:
    imported(SMALL)
    law = law_of()
    whole = told(cast.actor("global"), law)
    assert len(whole) == 8
    for word in ("advisor", "leader", "manager"):
        mine = told(cast.actor(word), law)
        assert list(mine) == ["Open findings in Viet Nam"] and mine.items() <= whole.items()
    assert list(told(cast.actor("abroad"), law)) == ["Open findings in Jordan"]
    for word in ("auditor", "government", "workers", "factory", "committee", "buyer", "inspector", "donor", "nobody"):
        assert told(cast.actor(word), law) == {}, word
        assert not ASSESSMENTS_READ.visible_to(cast.actor(word)).exists(), word
    assert told(OPERATOR_ACTOR, law) == whole


def test_the_page_of_a_provision_says_so(cast) -> None:
    imported(SMALL)
    url = reverse("instruments:law_article", kwargs={"reference": law_of().key})
    page = cast.client("advisor").get(url).content.decode()
    assert "Open findings in Viet Nam" in page and "Jordan" not in page
    assert "Open findings" not in cast.client("workers").get(url).content.decode()


def test_law_of_one_country_touches_findings_there_and_nowhere_else(cast) -> None:
    imported(SMALL)
    assert list(told(cast.actor("global"), law_of("JO"))) == ["Open findings in Jordan"]


def counted(asked: dict[tuple[str, str], Iterable[str]], on: date = ON) -> dict[str, tuple[int, int]]:
    found = findings_open(Assessment.objects.all(), asked, on)  # type: ignore[arg-type]
    return {country: (one.findings, len(one.factories)) for country, one in found.items()}


def everything() -> dict[tuple[str, str], Iterable[str]]:
    return {("garment", name): tool_version("garment", name)[0].compliance_codes for name in ("2009", "2014")}


def visits(path: Path, *rows: tuple[str, str, str, str]) -> None:
    """Import assessments of Vietnamese factories: (factory, number, day, finding of one question)."""
    one = next(row for row in sample_rows(SMALL) if row[0] == "Viet Nam" and row[9] == "CHL-1-01")
    made = []
    for factory, number, day, finding in rows:
        made.append(list(one))
        made[-1][1:5] = factory, f"Works {factory}", number, day
        made[-1][5], made[-1][12] = number[-1], finding
    imported(csv_file(path, made))


def test_a_finding_is_open_until_a_later_assessment_says_otherwise(tmp_path: Path) -> None:
    visits(tmp_path / "a.csv", ("1", "11", "01/02/2015", "1"), ("1", "12", "01/02/2016", "0"))
    assert counted(everything(), date(2014, 12, 31)) == {}
    assert counted(everything(), date(2016, 1, 31)) == {"VN": (1, 1)}
    assert counted(everything(), date(2016, 2, 1)) == {}


def test_merged_records_are_one_factory_and_a_closed_one_has_nothing_open(tmp_path: Path) -> None:
    visits(
        tmp_path / "a.csv",
        ("1", "11", "01/02/2015", "1"),
        ("2", "21", "01/02/2016", "0"),
        ("3", "31", "01/02/2016", "1"),
    )
    assert counted(everything()) == {"VN": (2, 2)}
    one, two, three = Factory.objects.order_by("outside_id")
    factory_merge(actor="operator", kept=one, gone=two, reason="the same", at=AT)
    assert counted(everything()) == {"VN": (1, 1)}, "the later visit, of the other record, found it mended"
    factory_close(actor="operator", factory=three, since=date(2020, 1, 1), reason="bankrupt", at=AT)
    assert counted(everything()) == {}
    assert counted(everything(), date(2019, 12, 31)) == {"VN": (1, 1)}


def test_a_code_counts_for_the_version_by_which_was_assessed(tmp_path: Path) -> None:
    visits(tmp_path / "a.csv", ("1", "11", "01/02/2016", "1"))
    assert Assessment.objects.get().version == "2009"
    assert counted({("garment", "2009"): ("CHL-1-01",)}) == {"VN": (1, 1)}
    assert counted({("garment", "2014"): ("CHL-1-01",)}) == counted({("fire", "2009"): ("CHL-1-01",)}) == {}
    assert counted({("garment", "2009"): ("CHL-2-01",)}) == counted({}) == {}


def test_four_questions_are_asked_of_the_database_however_many_assessments_there_are() -> None:
    imported(SMALL)
    asked = everything()
    with CaptureQueriesContext(connection) as queries:
        assert len(counted(asked)) == 8
    assert len(queries) == 4
