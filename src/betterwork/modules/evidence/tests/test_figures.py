"""Figures of the pages: the same to the digit as the commands, counted a second way, mended when broken."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from betterwork.core.errors import WrongUse
from betterwork.foundation.documents.queries import document_sections
from betterwork.foundation.ledger.models import Entry
from betterwork.modules.evidence.csv_form import csv_text
from betterwork.modules.evidence.figures.asking import window_ask
from betterwork.modules.evidence.figures.files import figures_folder, file_read, file_write, files_sweep
from betterwork.modules.evidence.figures.reading import (
    GLANCE,
    LATEST,
    TREND,
    factory_figures,
    is_old,
    part_asked,
    part_of,
    periods_of,
)
from betterwork.modules.evidence.figures.services import figures_make, window_make
from betterwork.modules.evidence.models import Asked, Figures
from betterwork.modules.evidence.services import snapshot_seal, store_build
from betterwork.modules.evidence.tests.pages_world import few
from betterwork.modules.evidence.tests.sample import contents_of_csv, made_up, seal

pytestmark = [pytest.mark.django_db, pytest.mark.capability("I1")]
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> dict[str, Figures]:
    """The small sample, sealed, built and counted."""
    settings.BETTERWORK_HOME = tmp_path
    seal(contents_of_csv())
    store_build(at=AT)
    return {one.country: one for one in figures_make(at=AT)}


@pytest.fixture
def one(settings: Any, tmp_path: Path) -> dict[str, Figures]:
    """One country with a handful of assessments: quick to count."""
    settings.BETTERWORK_HOME = tmp_path
    seal(few())
    store_build(at=AT)
    return {figures.country: figures for figures in figures_make(at=AT)}


def table(figures: Figures, part: str, name: str) -> Any:
    found = part_of(figures, part)
    assert found is not None
    return found.table(name)


def commanded(*words: str) -> str:
    from click.testing import CliRunner

    from betterwork.entry.command_line import main_group

    result = CliRunner().invoke(main_group, ["evidence", *words, "--format", "csv"], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.stdout


@pytest.mark.capability("I2")
def test_every_table_of_the_pages_is_what_the_command_gives_to_the_digit(made):
    compared = 0
    for country, figures in made.items():
        of = ("--country", country)
        for part, window in (
            (LATEST, ()),
            *((y, ("--from", f"{y}-01", "--to", f"{y}-12")) for y in periods_of(figures)[:1]),
        ):
            for name, words in (
                ("rates-cluster", ("rates", "--by", "cluster")),
                ("rates-point", ("rates", "--by", "point")),
                ("rates-question", ("rates", "--by", "question")),
                ("effort-point", ("effort", "--by", "point")),
                ("effort-cluster", ("effort", "--by", "cluster")),
                ("tenure-point", ("tenure", "--by", "point")),
            ):
                assert csv_text(table(figures, part, name)) == commanded(*words, *of, *window), (country, part, name)
                compared += 1
        found = part_of(figures, TREND)
        for name in found.content["tables"]:
            series, _, by = name.rpartition("-")
            over = ("--period", "year") if series == "year" else ("--panel", series.removeprefix("panel-"))
            assert csv_text(found.table(name)) == commanded("trend", "--by", by, *over, *of), (country, name)
            compared += 1
        assert csv_text(table(figures, GLANCE, "headline")) == commanded("headline", *of)
    assert compared > 20


def test_rates_of_points_are_what_plain_counting_gives(made):
    """A second way: the export's rows by hand, without store, engine or this room's formulas."""
    contents = contents_of_csv()
    for country, figures in made.items():
        latest: dict[str, dict[str, Any]] = {}
        for one in contents:
            if one["country"] == country and "(obsolete)" not in one["factory"]["name"].lower():
                key = (one["start"], one["cycle"], one["assessment"])
                held = latest.get(one["factory"]["id"])
                if held is None or key > (held["start"], held["cycle"], held["assessment"]):
                    latest[one["factory"]["id"]] = one
        for row in table(figures, LATEST, "rates-question").records():
            answers = [
                one["answers"][row["question_code"]]
                for one in latest.values()
                if row["question_code"] in one["answers"]
            ]
            asked = [one for one in answers if one in (0, 1)]
            if len(asked) == row["assessments"]:  # questions renamed between versions are joined by lineage elsewhere
                assert (sum(asked), sum(asked) / len(asked)) == (row["noncompliant"], row["rate"])
        assert part_of(figures, LATEST).counts["assessments"] == len(latest)


def test_a_factory_has_the_points_of_the_rates_by_factory(made):
    """Its own panel against the command's table, another query."""
    seen = 0
    for country, figures in made.items():
        for row in csv.DictReader(io.StringIO(commanded("rates", "--by", "factory", "--country", country))):
            own = factory_figures(figures, row["factory_id"])
            assert (own["assessments"][-1]["points"], own["assessments"][-1]["unmet"]) == (
                int(row["points"]),
                int(row["noncompliant"]),
            )
            seen += 1
    assert seen


def test_what_changed_since_is_counted_on_points_asked_both_times(settings, tmp_path):
    settings.BETTERWORK_HOME = tmp_path
    codes = ["CMP-1-01", "CMP-2-01", "OSH-1-01"]
    first = made_up("VN", 1, "7", "2014-03-01", 1, "2014", dict(zip(codes, (1, 1, 0), strict=True)))
    then = made_up("VN", 2, "7", "2015-03-01", 2, "2014", dict(zip(codes, (0, 1, 1), strict=True)))
    seal([then, first])
    store_build(at=AT)
    [figures] = figures_make(at=AT)
    own = factory_figures(figures, "7")
    assert [one["cycle"] for one in own["assessments"]] == [1, 2]
    since = own["since"]
    assert (since["both"], since["before"], since["now"]) == (3, 2, 2)
    assert (len(since["fixed"]), len(since["relapsed"])) == (1, 1)
    assert {one[2] for one in own["open"]} == {"CMP-2-01", "OSH-1-01"}
    assert factory_figures(figures, "8") is None


def test_made_again_nothing_is_counted_again_and_the_digests_stay(one, monkeypatch):
    from betterwork.modules.evidence.figures import content

    def never(*args: Any) -> None:
        raise AssertionError("counted again")

    monkeypatch.setattr(content, "figures_parts", never)
    again = figures_make(at=AT)
    assert {one.country: one.digest for one in again} == {country: figures.digest for country, figures in one.items()}


def test_the_same_documents_give_the_same_digests_anew(one):
    before = {figures.country: (figures.digest, figures.parts) for figures in one.values()}
    Figures.objects.all().delete()
    for path in figures_folder().glob("*/*.z"):
        path.unlink()
    assert {one.country: (one.digest, one.parts) for one in figures_make(at=AT)} == before


def test_a_file_that_was_changed_or_is_gone_is_not_shown_and_is_made_again(one):
    figures = next(iter(one.values()))
    for damage in (lambda path: path.write_bytes(b"nothing"), lambda path: path.unlink()):
        name = figures.parts[LATEST]
        path = figures_folder() / name[:2] / f"{name}.z"
        from betterwork.modules.evidence.figures import files

        files._read.cache_clear()
        damage(path)
        assert part_of(figures, LATEST) is None
        path.unlink(missing_ok=True)
        figures_make(at=AT)
        assert part_of(figures, LATEST) is not None


def test_a_name_that_is_no_digest_leads_to_no_file(made):
    for name in ("../../keys/secret", "x" * 64, "", "A" * 64):
        assert file_read(name) is None


def test_assessments_sealed_since_make_figures_old_and_a_build_makes_them_new(one):
    figures = one[sorted(one)[0]]
    assert not is_old(figures)
    seal([made_up("VN", 900_001, "new", "2016-03-01", 1, "2014", {"CMP-1-01": 1})])
    assert is_old(figures)
    store_build(at=AT)
    assert not any(is_old(one) for one in figures_make(at=AT))


@pytest.mark.capability("I3")
def test_a_snapshot_names_the_digests_of_the_figures(one):
    from betterwork.modules.evidence.services import store_current

    sealed = snapshot_seal(name="with-figures", build=store_current(), at=AT)
    content = document_sections(sealed.body)["programme"]
    assert content["figures"] == {country: figures.digest for country, figures in one.items()}
    of_snapshot = figures_make(at=AT, snapshot="with-figures")
    assert {one.key for one in of_snapshot} == {f"{country}@with-figures" for country in one}
    assert {one.country: one.digest for one in of_snapshot} == content["figures"]


def test_making_figures_is_told_in_the_ledger(one):
    subjects = Entry.objects.filter(action="evidence.figures.made").values_list("subject", flat=True)
    assert set(subjects) == {f"figures {country}" for country in one}


def test_a_window_asked_for_is_what_the_command_gives(one):
    country = sorted(one)[0]
    start = datetime(2014, 2, 3).date()
    asked = window_ask(actor="p-advisor", country=country, starts=start, ends=None, cycle=1, at=AT)
    assert part_asked(asked) is None
    done = window_make(asked=asked.pk, at=AT)
    expected = commanded("rates", "--by", "point", "--country", country, "--from", "2014-02-03", "--cycle", "1")
    assert csv_text(part_asked(done).table("rates-point")) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": None, "ends": None, "cycle": None},
        {"starts": AT.date(), "ends": datetime(2020, 1, 1).date(), "cycle": None},
        {"starts": None, "ends": None, "cycle": 0},
    ],
)
def test_a_window_that_asks_for_nothing_sensible_is_refused(wrong):
    with pytest.raises(WrongUse):
        window_ask(actor="p-advisor", country="VN", at=AT, **wrong)
    assert not Asked.objects.exists()


def test_files_that_nobody_names_go_after_a_day(one):
    import os

    name = file_write({"nobody": "names it"})
    path = figures_folder() / name[:2] / f"{name}.z"
    assert files_sweep(set()) == 0
    os.utime(path, (0, 0))
    kept = {digest for figures in one.values() for digest in figures.parts.values()}
    assert files_sweep(kept) == 1
    assert not path.exists()
