"""The pages of evidence, through their doors: what they show, whom they let in, what they never show."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from django.utils import timezone

from betterwork.foundation.jobs.models import Job
from betterwork.modules.evidence.csv_form import csv_text
from betterwork.modules.evidence.figures.reading import LATEST, SAFE, part_of
from betterwork.modules.evidence.figures.services import figures_make
from betterwork.modules.evidence.models import Asked, Figures
from betterwork.modules.evidence.policy import AGGREGATES_READ, ASKED_READ, FIGURES_READ
from betterwork.modules.evidence.services import store_build
from betterwork.modules.evidence.tests.pages_world import few
from betterwork.modules.evidence.tests.sample import made_up, seal
from betterwork.modules.evidence.web.book import formula_of

pytestmark = [pytest.mark.django_db, pytest.mark.capability("I1")]
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TABS = ("", "trend/", "improvement/", "years/", "headline/")


@pytest.fixture
def figures(settings: Any, tmp_path: Path) -> Figures:
    """Viet Nam and Jordan, counted; the figures of Viet Nam."""
    settings.BETTERWORK_HOME = tmp_path
    seal([*few("VN"), *few("JO")])
    store_build(at=AT)
    figures_make(at=AT)
    return Figures.objects.get(key="VN")


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.capability("I2")
def test_every_tab_has_a_chart_a_table_a_definition_and_its_snapshot(cast, figures):
    client = cast.client("advisor")
    for tab in TABS[:-1]:
        page = text(client.get(f"/evidence/VN/{tab}"))
        assert page.count("<h1>") == 1
        assert "<svg" in page and "<table" in page, tab
        assert "A factory is counted as not in compliance" in page
        assert figures.set_digest[:12] in page
        assert "Computed here from sealed assessments" in page


@pytest.mark.capability("I4")
def test_the_headline_facts_stand_with_what_they_rest_on(cast, figures):
    page = text(cast.client("advisor").get("/evidence/VN/headline/"))
    assert "safety non-compliance halved" in page
    assert "Holds" in page or "Does not hold" in page or "Cannot be said" in page


def test_the_numbers_of_the_page_are_those_of_the_table(cast, figures):
    rows = part_of(figures, LATEST).table("rates-point").records()
    page = text(cast.client("advisor").get("/evidence/VN/?of=Occupational+Safety+and+Health"))
    shown = [row for row in rows if row["cluster"] == "Occupational Safety and Health"]
    assert len(shown) == 3
    for row in shown:
        assert f"{row['noncompliant']}/{row['assessments']}" in page


def test_opening_a_point_shows_its_questions(cast, figures):
    rows = part_of(figures, LATEST).table("rates-question").records()
    row = next(one for one in rows if one["question_code"] == "CMP-1-02")
    url = "/evidence/VN/"
    page = cast.client("advisor").get(url, {"of": row["cluster"], "point": row["compliance_point"]})
    assert "CMP-1-02" in text(page) and "CMP-2-01" not in text(page)


def test_downloads_are_the_whole_table_the_workbook_and_a_drawing(cast, figures):
    client, expected = cast.client("advisor"), part_of(figures, LATEST).table("rates-cluster")
    answer = client.get("/evidence/VN/?format=csv")
    assert answer.content.decode() == csv_text(expected)
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/evidence/VN/?format=xlsx").content))
    values = [[cell.value for cell in row] for row in book["Table"].iter_rows()]
    assert values[0] == list(expected.columns)
    assert [row[4] for row in values[1:]] == [row[4] for row in expected.rows]
    assert any(figures.set_digest in str(cell.value) for row in book["About"].iter_rows() for cell in row)
    for tab in TABS[:-1]:
        drawing = client.get(f"/evidence/VN/{tab}?format=svg")
        assert drawing.headers["Content-Type"] == "image/svg+xml"
        root = ElementTree.fromstring(drawing.content)
        assert root.attrib["role"] == "img" and root[0].tag.endswith("title") and root[1].tag.endswith("desc")
    assert client.get("/evidence/VN/?format=png").headers["Content-Type"].startswith("text/html")


def test_nonsense_in_the_address_shows_the_whole_list(cast, figures):
    client = cast.client("advisor")
    for query in ("period=1999", "of=Nothing", "of=%00", "of=Compensation&point=x", "series=panel-99", "format=exe"):
        for tab in TABS:
            assert client.get(f"/evidence/VN/{tab}?{query}").status_code == 200


def test_who_sees_which_country(cast, figures):
    for word in ("global", "analyst"):
        assert cast.client(word).get("/evidence/JO/").status_code == 200
    for word in ("advisor", "manager", "leader"):
        assert cast.client(word).get("/evidence/VN/").status_code == 200
        assert cast.client(word).get("/evidence/JO/").status_code == 404
        assert "Jordan" not in text(cast.client(word).get("/evidence/"))
    for word in ("government", "employers", "workers", "donor", "buyer", "factory", "committee", "inspector", "nobody"):
        for url in ("/evidence/", "/evidence/VN/", "/evidence/VN/trend/", "/evidence/VN/ask/"):
            assert cast.client(word).get(url).status_code == 404, (word, url)
    assert cast.client("stranger").get("/evidence/VN/").status_code == 302


def test_both_answers_of_each_policy_agree(cast, figures):
    Asked.objects.create(country="JO", asked_by="p-global", asked_at=AT)
    for policy in (FIGURES_READ, AGGREGATES_READ, ASKED_READ):
        rows = list(policy.model._default_manager.all())
        for word in cast.everybody():
            actor = cast.actor(word)
            seen = set(policy.visible_to(actor))
            assert all(policy.may(actor, row) == (row in seen) for row in rows)
            assert policy.may(actor) or not seen


def test_constituents_read_aggregates_of_their_country_with_small_groups_withheld(cast, figures):
    assert figures.minimum_group == 5
    raw = part_of(figures, LATEST).table("rates-point").records()
    small = [row for row in raw if row["assessments"] < figures.minimum_group]
    assert [row["assessments"] for row in small] == [2]  # accommodation: two factories
    for word in ("government", "employers", "workers"):
        client = cast.client(word)
        assert client.get("/evidence/own/").headers["Location"] == "/evidence/aggregates/VN/"
        page = text(client.get("/evidence/aggregates/VN/?of=Occupational+Safety+and+Health"))
        assert "Withheld" in page and "/2<" not in page
        assert client.get("/evidence/aggregates/JO/").status_code == 404
    answer = cast.client("workers").get("/evidence/aggregates/VN/?of=Occupational+Safety+and+Health&format=csv")
    rows = {row["compliance_point"]: row for row in csv.DictReader(io.StringIO(text(answer)))}
    hidden = rows[small[0]["compliance_point"]]
    assert hidden["rate"] == hidden["noncompliant"] == hidden["assessments"] == ""
    assert hidden["withheld"].startswith("withheld: fewer than 5")
    names = {content["factory"]["name"] for content in few()}
    for tab in ("", "improvement/", "years/"):
        page = text(cast.client("workers").get(f"/evidence/aggregates/VN/{tab}"))
        assert "the latest of the period" in page
        assert not any(word in page for word in ("Quest.ID", "rate_low", "noncompliant:", "by lineage"))
        assert not any(name in page for name in names)
    for word in ("donor", "buyer", "inspector", "factory", "committee", "advisor", "nobody"):
        assert cast.client(word).get("/evidence/aggregates/VN/").status_code == 404, word


def test_a_stricter_rule_of_the_country_shuts_the_aggregates_until_they_are_made_again(cast, figures):
    assert "Working" in text(cast.client("workers").get("/evidence/aggregates/VN/")) or part_of(figures, SAFE)
    Figures.objects.filter(pk=figures.pk).update(minimum_group=3)
    page = text(cast.client("workers").get("/evidence/aggregates/VN/"))
    assert "No figures to show" in page and "Compensation" not in page


def test_the_page_says_that_it_is_old_and_what_happens(cast, figures):
    client = cast.client("analyst")
    assert "02:30 UTC" not in text(client.get("/evidence/VN/"))
    seal([made_up("VN", 900_001, "new", "2016-03-01", 1, "2014", {"CMP-1-01": 1})])
    page = text(client.get("/evidence/VN/"))
    assert "Assessments were sealed after these figures were made" in page and "02:30 UTC" in page
    assert "Bring them up to date now" in page
    assert "Bring them up to date now" not in text(cast.client("advisor").get("/evidence/VN/"))
    assert cast.client("advisor").post("/evidence/refresh/").status_code == 404
    for _twice in range(2):
        assert client.post("/evidence/refresh/").status_code == 302
    assert Job.objects.filter(task__endswith="figures_job").count() == 1


def test_files_that_are_gone_leave_a_page_that_says_so(cast, figures):
    Figures.objects.filter(pk=figures.pk).update(parts={"latest": "0" * 64}, digest="0" * 64)
    for tab in TABS:
        answer = cast.client("advisor").get(f"/evidence/VN/{tab}")
        assert answer.status_code == 200 and "No figures to show" in text(answer)
    Figures.objects.filter(pk=figures.pk).update(parts=["not", "what", "it", "was"])
    assert cast.client("advisor").get("/evidence/VN/").status_code == 200
    assert cast.client("advisor").get("/evidence/").status_code == 200


def test_without_any_figures_the_page_says_what_will_stand_there(cast, settings, tmp_path):
    settings.BETTERWORK_HOME = tmp_path
    assert "No figures yet" in text(cast.client("advisor").get("/evidence/"))
    assert "No figures yet" in text(cast.client("workers").get("/evidence/own/"))


def test_every_page_of_figures_leads_to_the_formula_of_what_it_shows(cast, figures):
    client = cast.client("advisor")
    of = "Occupational+Safety+and+Health"
    for address, formula in {
        "": "cluster-rate",
        f"?of={of}": "point-rate",
        f"?of={of}&point=OSH+Management+Systems": "question-rate",
        "trend/": "cluster-rate",
        f"trend/?of={of}": "point-rate",
        "improvement/": "improvement-and-mcnemar",
        "years/": "years-in-the-programme",
        "headline/": "headline-facts",
    }.items():
        link = f"/help/algorithms/{formula}/"
        assert f'href="{link}"' in text(client.get(f"/evidence/VN/{address}")), address
        assert client.get(link).status_code == 200
    assert formula_of("panel-3", "cluster") == "algorithms/balanced-panel"
    assert client.get("/help/algorithms/balanced-panel/").status_code == 200


def test_another_window_is_computed_by_a_job_and_then_shown(cast, figures):
    from betterwork.foundation.jobs.testing import jobs_run_all

    client = cast.client("advisor")
    assert client.post("/evidence/VN/ask/", {"starts": "2015-02-01", "ends": "2014-02-01"}).status_code == 422
    assert client.post("/evidence/VN/ask/", {}).status_code == 422
    answer = client.post("/evidence/VN/ask/", {"starts": "2014-02-01", "cycle": "1"})
    url = answer.headers["Location"]
    waiting = text(client.get(url))
    assert "hx-get" in waiting and "Waiting" in waiting
    assert "Waiting" in text(client.get(f"{url}now/"))
    assert cast.client("abroad").get(url).status_code == 404
    jobs_run_all(timezone.now)
    page = text(client.get(url))
    assert "Factories not in compliance" in page and "Cycle 1 only" in page
    assert "Show the tables" in text(client.get(f"{url}now/"))
    assert "Improvement" in text(client.get(f"{url}?tab=improvement"))
    assert client.get(f"{url}?format=csv").headers["Content-Type"].startswith("text/csv")


@pytest.mark.capability("I2")
def test_a_factory_page_shows_its_own_figures_to_staff_and_to_its_manager_only(cast, figures):
    from betterwork.modules.registry.models import Factory

    own = Factory.objects.get(country="VN", outside_id="1")
    other = Factory.objects.get(country="VN", outside_id="2")
    staff = text(cast.client("advisor").get(f"/factories/{own.pk}/"))
    assert "How the factory stands" in staff and "Not met at the latest assessment" in staff
    manager = cast.client("factory")
    page = text(manager.get(f"/factories/mine/{own.pk}/"))
    assert "How the factory stands" in page and "compliance points were not met" in page
    assert manager.get(f"/factories/mine/{other.pk}/").status_code == 404
    assert manager.get(f"/factories/{own.pk}/").status_code == 404


def test_pages_take_few_queries(cast, figures, django_assert_max_num_queries):
    for word, url in (
        ("global", "/evidence/"),
        ("advisor", "/evidence/VN/"),
        ("advisor", "/evidence/VN/trend/?of=Compensation"),
        ("workers", "/evidence/aggregates/VN/"),
    ):
        client = cast.client(word)
        client.get(url)
        with django_assert_max_num_queries(9):
            assert client.get(url).status_code == 200


HEAVY = ("ibis", "pyarrow", "duckdb", "altair", "vl_convert", "pandas", "typst", "scipy")
SMALL = f"""
import django, sys
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import betterwork.modules.evidence.web.urls, betterwork.modules.reports.web.urls
import betterwork.modules.evidence.jobs, betterwork.modules.evidence.schedule
found = [name for name in {HEAVY!r} if name in sys.modules]
sys.exit(", ".join(found) or 0)
"""


def test_a_web_worker_does_not_import_what_computes():
    done = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
