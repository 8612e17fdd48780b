"""The pages of all factories together: taking part, coverage, lists that are taken in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from betterwork.modules.registry.models import (
    Factory,
    FactoryImport,
    SectorTotal,
)
from betterwork.modules.registry.services import (
    factories_ensure,
    factory_enrol,
    factory_set,
    workforce_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A2")]


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def test_who_must_take_part_and_does_not_is_listed(cast, works, monkeypatch) -> None:
    from betterwork.core.dated import DatedValue
    from betterwork.foundation.contributions.registry import home_tasks
    from betterwork.foundation.doors.actor import Actor, Held
    from betterwork.modules.registry import today as today_of
    from betterwork.modules.registry.web import participation, views

    at, today = timezone.now(), timezone.localdate()
    made = factories_ensure(actor="p-1", wanted={("VN", "2"): "Small", ("VN", "3"): "Exempt"}, at=at)
    for factory, state in ((works, "exports"), (made["VN", "2"], "exports"), (made["VN", "3"], "exempt")):
        values = {"state": state, "source": "Ministry list"}
        factory_set(actor="p-1", factory=factory, what="exporting", values=values, since=today, at=at)
    factory_enrol(actor="p-1", factory=works, starts=today, at=at)
    client = cast.client("advisor")
    page = text(client.get("/factories/participation/"))
    assert "Taking part is voluntary" in page and "Takes part, need not" in page
    monkeypatch.setattr(views, "condition_of_export", lambda country, on: DatedValue("yes", on, None, "x"))
    monkeypatch.setattr(today_of, "condition_of_export", lambda country, on: DatedValue("yes", on, None, "x"))
    small = text(client.get(f"/factories/{made['VN', '2'].pk}/"))
    assert "Must take part and does not" in small and "It exports" in small and "no contact written down" in small
    assert "Must take part and does<" in text(client.get(f"/factories/{works.pk}/"))
    keeper = Actor("p-1", frozenset({Held("country-manager", "country:VN")}))
    tasks = [one for one in home_tasks(keeper, at) if "must take part" in str(one.title)]
    assert [str(one.title) for one in tasks] == ["1 factory must take part and does not"]
    assert cast.client("manager").get(tasks[0].url).status_code == 200
    adviser = Actor("p-2", frozenset({Held("advisor", "country:VN")}))
    assert not [one for one in home_tasks(adviser, at) if "must take part" in str(one.title)]
    rule = DatedValue("yes", date(2001, 1, 1), None, "Trade agreement, article 4")
    monkeypatch.setattr(participation, "condition_of_export", lambda country, on: rule)
    page = text(client.get("/factories/participation/?country=VN&duty=missing"))
    listed = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Small" in listed and "Exempt" not in listed and "Works" not in listed
    assert "Trade agreement, article 4" in page and "not said" in listed
    assert "?country=VN&amp;duty=missing" in page and "format=csv&amp;country=VN" in page
    first = text(client.get("/factories/participation/")).partition("<tbody>")[2].partition("</tbody>")[0]
    assert first == listed  # begins with those who are missing
    whole = text(client.get("/factories/participation/?country=VN&duty="))
    assert "Exempt" in whole and "Manager One" in whole and "Huế" in whole
    assert client.get("/factories/participation/?country=JO").status_code == 404
    rows = b"".join(client.get("/factories/participation/?format=csv").streaming_content).decode()
    assert "Must take part and does not" in rows and "Ministry list" in rows


@pytest.mark.capability("A6")
def test_coverage_is_shown_with_its_definition_and_taken_away(cast, works) -> None:
    at = timezone.now()
    factory_enrol(actor="p-1", factory=works, starts=date(2016, 1, 1), at=at)
    workforce_set(actor="p-1", factory=works, on=timezone.localdate() - timedelta(days=9), women=600, men=400, at=at)
    client = cast.client("manager")
    assert client.get("/factories/coverage/sector/?country=JO").status_code == 404
    given = {"on": "2016-01-01", "factories": "8", "workers": "4000", "source": "=Yearbook"}
    answer = client.post("/factories/coverage/sector/?country=VN", given)
    assert answer.url == "/factories/coverage/?country=VN" and SectorTotal.objects.get().workers == 4000
    page = text(client.get(answer.url))
    for words in ("of the 4,000 of the sector", "25 %", "3,000", "household", "=Yearbook"):
        assert words in page, words
    lines = text(client.get("/factories/coverage/?country=VN&format=csv")).splitlines()
    assert lines[-1].endswith("3000,'=Yearbook") and len(lines) == 1 + timezone.localdate().year - 2016 + 1
    assert cast.client("factory").get("/factories/coverage/").status_code == 404
    assert cast.client("advisor").get("/factories/coverage/?country=JO").status_code == 404


def test_a_list_is_given_looked_at_and_taken_by_its_pages(cast, works) -> None:
    client = cast.client("manager")
    head = text(client.get("/factories/lists/empty.csv")).strip("\ufeff\r\n")
    assert head.startswith("country,number,name")
    body = f"Country,Number,Name,Town\nVN,1,{works.name},Huế\nVN,2,=Two,Huế\nJO,3,Three,Irbid\n".encode()
    answer = client.post("/factories/lists/", {"file": SimpleUploadedFile("list.csv", body)})
    given = FactoryImport.objects.get()
    assert answer.url == f"/factories/lists/{given.pk}/"
    page = text(client.get(answer.url))
    assert "Take this list" in page and "not yours to write" in page and "=Two" in page
    assert cast.client("leader").get(answer.url).status_code == 404, "somebody else's list"
    assert client.post(answer.url).status_code == 302
    assert Factory.objects.filter(outside_id="2").exists() and not Factory.objects.filter(outside_id="3").exists()
    page = text(client.get(answer.url))
    assert "Take this list" not in page and "Taken on" in page
    assert "taken already" in text(client.post(answer.url, follow=True))
    for wrong in (b"shoe,size\n1,2\n", b"\x00\x01\x02", b"Country,Number,Name\n\xff\xfe,1,A\n"):
        page = text(client.post("/factories/lists/", {"file": SimpleUploadedFile("list.csv", wrong)}))
        assert "Not saved yet" in page
    assert FactoryImport.objects.count() == 1
