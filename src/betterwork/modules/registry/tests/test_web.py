"""The pages of the register, through their doors."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from betterwork.modules.organisations.rules import GLOBAL, OWNER
from betterwork.modules.organisations.services import organisation_add
from betterwork.modules.registry.models import (
    Contact,
    Enrolment,
    Factory,
    FactoryName,
    Merge,
    Registration,
    Site,
    Standing,
    Workforce,
)
from betterwork.modules.registry.services import (
    Cycle,
    Filling,
    Headcount,
    contact_set,
    factories_ensure,
    factories_fill,
    factory_enrol,
    factory_merge,
    factory_set,
    workforce_set,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A2")]


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def test_the_list_shows_workers_cycle_and_state_and_narrows_by_them(cast, works) -> None:
    at, today = timezone.now(), timezone.localdate()
    made = factories_ensure(
        actor="p-1", wanted={("VN", "2"): "Small", ("VN", "3"): "Twin", ("JO", "4"): "Abroad"}, at=at
    )
    factory_enrol(actor="p-1", factory=works, starts=date(2016, 2, 1), cycle=4, at=at)
    workforce_set(actor="p-1", factory=made["VN", "2"], on=today, women=10, men=5, at=at)
    factory_merge(actor="p-1", kept=works, gone=made["VN", "3"], reason="same gate", at=at)
    page = text(cast.client("advisor").get("/factories/"))
    assert "&lt;b&gt;Works&lt;/b&gt; One" in page and "1,000" in page and "Takes part" in page
    assert "Twin" not in page and "Abroad" not in page and "Register a factory" not in page
    client = cast.client("manager")
    assert "Register a factory" in text(client.get("/factories/"))
    for query, there, away in (
        ("state=enrolled", "Works", "Small"),
        ("state=registered", "Small", "Works"),
        ("size=500-1999", "Works", "Small"),
        ("size=0-499", "Small", "Works"),
        ("q=sma", "Small", "Works"),
        ("order=-workers&country=VN", "Works", "Abroad"),
        ("order=cycle", "Small", "Abroad"),
        ("order=state_word", "Small", "Abroad"),
    ):
        page = text(client.get(f"/factories/?{query}"))
        assert "Jordan" not in page.partition('id="narrow-country"')[2].partition("</select>")[0]
        listed = page.partition("<tbody>")[2].partition("</tbody>")[0]
        assert there in listed and away not in listed, query


def test_a_list_of_many_takes_few_queries(cast, django_assert_max_num_queries) -> None:
    wanted = {("VN", str(n)): f"Works {n:04}" for n in range(600)}
    made = factories_ensure(actor="p-1", wanted=wanted, at=timezone.now())
    fillings = [
        Filling(one, workforce=[Headcount(date(2020, 1, 1), 5, 5)], cycles=[Cycle(1, date(2019, 1, 1))])
        for one in made.values()
    ]
    factories_fill(actor="p-1", fillings=fillings, reason="SIMULATED", at=timezone.now())
    client = cast.client("manager")
    client.get("/factories/")
    # session, person, roles, notices, programmes; and of the list itself: count, rows (DESIGN 4: eight at most).
    for url in (
        "/factories/",
        "/factories/?q=Works&order=-name&page=3",
        "/factories/?order=-workers&state=enrolled&size=0-499&country=VN&page=3",
        "/factories/participation/?country=VN",
        "/factories/participation/?country=VN&duty=voluntary&order=-workers&page=3",
    ):
        client.get(url)
        with django_assert_max_num_queries(8):
            assert client.get(url).status_code == 200
    with django_assert_max_num_queries(11):
        client.get("/factories/coverage/?country=VN")


def test_the_page_of_a_factory_asks_no_more_however_long_its_history(cast, works) -> None:
    client, counts, at = cast.client("manager"), [], timezone.now()
    owner = organisation_add(actor="p-1", name="Owners United", kind=OWNER, level=GLOBAL, at=at)
    for year in range(2016, 2024):
        values = {"organisation": owner.key, "legal_name": "", "headquarters": f"Town {year}"}
        given = {"what": "ownership", "values": values, "since": date(year, 5, 1), "reason": "Sold", "at": at}
        factory_set(actor="p-1", factory=works, **given)
        client.get(f"/factories/{works.pk}/")
        with CaptureQueriesContext(connection) as asked:
            assert "Owners United" in text(client.get(f"/factories/{works.pk}/"))
        counts.append(len(asked))
    assert counts[0] == counts[-1] <= 26


def test_strangers_to_a_factory_get_nothing(cast, works) -> None:
    for word in ("abroad", "buyer", "committee", "government", "donor", "inspector", "nobody", "researcher"):
        for path in ("", "name/", "workforce/", "contacts/", "merge/", "undo/"):
            assert cast.client(word).get(f"/factories/{works.pk}/{path}").status_code == 404, (word, path)
    for word, path in (("advisor", "name/"), ("advisor", "merge/"), ("factory", ""), ("analyst", "workforce/")):
        assert cast.client(word).get(f"/factories/{works.pk}/{path}").status_code == 404, (word, path)
    for word in ("factory", "committee", "advisor"):
        for path in ("register/", "lists/", "coverage/sector/?country=VN"):
            assert cast.client(word).get(f"/factories/{path}").status_code == 404, (word, path)
    assert cast.client("factory").get("/factories/participation/").status_code == 404


def test_one_factory_says_all_to_staff_and_its_own_to_its_managers(cast, works) -> None:
    page = text(cast.client("advisor").get(f"/factories/{works.pk}/"))
    for words in ("Secret Holdings", "Manager One", "Buyer X", "Shirts", "70 % women", "Registered as", "Huế"):
        assert words in page, words
    assert f"/factories/{works.pk}/name/" not in page and f"/factories/{works.pk}/workforce/" in page
    page = text(cast.client("factory").get(f"/factories/mine/{works.pk}/"))
    for words in ("Secret Holdings", "Manager One", "Buyer X", "Registered as"):
        assert words in page, words
    assert "of the cast" not in page.partition("<main")[2].partition("What happened")[2]


def test_a_newcomer_registers_a_factory_with_its_form(cast) -> None:
    client = cast.client("manager")
    page = text(client.get("/factories/register/"))
    assert "Viet Nam" in page and "Jordan" not in page.partition('name="country"')[2].partition("</select>")[0]
    given = {
        "country": "VN",
        "outside_id": "2026-1",
        "name": "=Nine Dragons",
        "since": "2026-01-01",
        "site-town": "Cần Thơ",
        "ownership-legal_name": "Nine Ltd",
        "registration-isic_section": "C",
        "registration-isic_division": "15.2",
        "registration-buyer_1": "Buyer One",
        "registration-buyer_1_since": "2012",
        "contacts-name_1": "Manager One",
        "contacts-email_1": "one@factory.example",
        "count-women": "300",
        "count-men": "100",
        "count-on": "2026-01-01",
    }
    wrong = client.post("/factories/register/", {**given, "registration-isic_division": "15.2.1"})
    assert wrong.status_code == 200 and not Factory.objects.exists()
    wrong = client.post("/factories/register/", {**given, "contacts-email_1": ""})
    assert "a telephone or an e-mail" in text(wrong) and not Factory.objects.exists()
    wrong = client.post("/factories/register/", {**given, "country": "JO"})
    assert wrong.status_code == 200 and not Factory.objects.exists()
    answer = client.post("/factories/register/", given)
    made = Factory.objects.get()
    assert answer.url == f"/factories/{made.pk}/"
    assert (Site.objects.get().town, Contact.objects.get().place, Workforce.objects.get().workers) == (
        "Cần Thơ",
        1,
        400,
    )
    assert Registration.objects.get().buyers == [{"name": "Buyer One", "organisation": "", "since_year": 2012}]
    page = text(client.get(answer.url))
    assert "Begin a cycle" in page and "Registered. Begin its first cycle" in page
    assert "is =Nine Dragons already" in text(client.post("/factories/register/", given))


def test_each_change_is_written_down_and_taken_back(cast, works) -> None:
    client, base = cast.client("manager"), f"/factories/{works.pk}"
    day = timezone.localdate().isoformat()
    for path, given, there in (
        ("name", {"name": "Works Two"}, lambda: FactoryName.objects.filter(name="Works Two").exists()),
        ("site", {"town": "Hội An"}, lambda: Site.objects.filter(town="Hội An").exists()),
        ("office", {"town": "Taipei"}, None),
        ("ownership", {"legal_name": "New Ltd"}, None),
        ("group", {"name": "Group One"}, None),
        ("exporting", {"state": "exports", "source": "Ministry"}, None),
        ("registration", {"isic_section": "C", "product_1": "Coats"}, None),
        ("standing", {"state": "closed"}, lambda: Standing.objects.exists()),
    ):
        assert client.get(f"{base}/{path}/").status_code == 200
        answer = client.post(f"{base}/{path}/", {**given, "since": day, "reason": "seen on a visit"})
        assert answer.status_code == 302, text(answer)
        assert there is None or there(), path
        again = client.post(f"{base}/{path}/", {**given, "since": day, "reason": "seen on a visit"})
        assert again.status_code == 200 and "nothing to change" in text(again), path
    works.refresh_from_db()
    assert works.name == "Works Two"
    page = text(client.get(base + "/"))
    for words in ("Renamed", "Moved to Hội An", "Changed hands: owned by New Ltd", "Closed", "seen on a visit"):
        assert words in page, words
    step = FactoryName.objects.get(name="Works Two")
    page = text(client.get(f"{base}/undo/"))
    assert f"name:{step.pk}" in page and "Headcount of 1 Jan 2016: 1,000" in page
    assert client.post(f"{base}/undo/", {"change": f"name:{step.pk}", "reason": "a mistake"}).status_code == 302
    works.refresh_from_db()
    assert works.name == "<b>Works</b> One"
    answer = client.post(f"{base}/undo/", {"change": f"name:{step.pk}", "reason": "twice"})
    assert answer.status_code == 200
    count = Workforce.objects.get()
    client.post(f"{base}/undo/", {"change": f"workforce:{count.pk}", "reason": "a mistake"})
    assert not Workforce.objects.filter(withdrawn_at__isnull=True).exists()


def test_nobody_takes_back_a_change_of_another_factory(cast, works) -> None:
    at = timezone.now()
    other = factories_ensure(actor="p-1", wanted={("JO", "1"): "Abroad"}, at=at)["JO", "1"]
    step = factory_set(actor="p-1", factory=other, what="site", values={"town": "Irbid"}, since=at.date(), at=at)
    answer = cast.client("manager").post(f"/factories/{works.pk}/undo/", {"change": f"site:{step.pk}", "reason": "x"})
    assert answer.status_code == 200
    step.refresh_from_db()
    assert step.withdrawn_at is None


def test_headcounts_contacts_cycles_and_numbers_by_their_pages(cast, works) -> None:
    client, base = cast.client("manager"), f"/factories/{works.pk}"
    day = timezone.localdate()
    given = {"on": day.isoformat(), "women": "10", "men": "5", "permanent_women": "9", "permanent_men": "5"}
    assert "do not add up" in text(client.post(f"{base}/workforce/", given))
    assert f"{base}/workforce/?on=2016-01-01" in text(client.get(f"{base}/"))
    corrected = text(client.get(f"{base}/workforce/?on=2016-01-01"))
    assert 'value="2016-01-01"' in corrected and 'value="700"' in corrected and "Sex not said" in corrected
    assert client.get(f"{base}/workforce/?on=nonsense").status_code == 200
    assert client.post(f"{base}/workforce/", {**given, "permanent_women": "10"}).status_code == 302
    assert Workforce.objects.get(on=day).by_contract == {"permanent": [10, 5, 0]}
    assert "Manager One" in text(client.get(f"{base}/contacts/"))
    client.post(f"{base}/contacts/", {"name_2": "Manager Two", "phone_2": "2"})
    assert [one.name for one in Contact.objects.order_by("pk")] == ["", "Manager Two"]
    assert client.post(f"{base}/enrol/", {"starts": day.isoformat(), "cycle": ""}).status_code == 302
    assert Enrolment.objects.get().cycle == 1
    assert client.post(f"{base}/end/", {"ends": day.isoformat(), "reason": "left"}).status_code == 302
    assert "No cycle runs" in text(client.post(f"{base}/end/", {"ends": day.isoformat(), "reason": "left"}))
    assert client.post(f"{base}/number/", {"system": "Customs", "number": "7"}).status_code == 302
    assert "customs" in text(client.get(f"{base}/"))


def test_a_factorys_managers_write_what_is_theirs_and_keep_the_rest(cast, works) -> None:
    client, base = cast.client("factory"), f"/factories/mine/{works.pk}"
    day = timezone.localdate().isoformat()
    given = {"product_1": "Trousers", "buyer_1": "Buyer Y", "buyer_1_since": "2020", "since": day, "reason": ""}
    assert client.get(f"{base}/products/").status_code == 200
    assert client.post(f"{base}/products/", given).status_code == 302
    form = Registration.objects.latest("pk")
    assert (form.product_1, form.isic_division, form.buyers[0]["name"]) == ("Trousers", "14", "Buyer Y")
    assert client.post(f"{base}/workforce/", {"on": day, "women": "1", "men": "2"}).status_code == 302
    assert Workforce.objects.latest("pk").source == "factory"
    assert client.post(f"{base}/contacts/", {"name_1": "New", "phone_1": "1"}).status_code == 302
    assert client.post(f"{base}/office/", {"town": "Taipei", "since": day, "reason": ""}).status_code == 302
    for path in ("name/", "ownership/", "standing/", "undo/"):
        assert client.get(f"/factories/{works.pk}/{path}").status_code == 404
    other = factories_ensure(actor="p-1", wanted={("VN", "2"): "Other"}, at=timezone.now())["VN", "2"]
    for path in ("", "products/", "workforce/", "contacts/"):
        assert client.get(f"/factories/mine/{other.pk}/{path}").status_code == 404


@pytest.mark.capability("A5")
def test_records_are_merged_and_unmerged_by_their_pages(cast, works) -> None:
    at = timezone.now()
    twin = factories_ensure(actor="p-1", wanted={("VN", "2"): "Twin", ("JO", "3"): "Abroad"}, at=at)["VN", "2"]
    client = cast.client("leader")
    for into, why in (("3", "no factory here"), ("2", "one record already"), ("9", "no factory here")):
        answer = client.post(f"/factories/{twin.pk}/merge/", {"into": into, "reason": "same gate"})
        assert why in text(answer), into
    answer = client.post(f"/factories/{twin.pk}/merge/", {"into": "1", "reason": "same gate"})
    assert answer.status_code == 302
    merge = Merge.objects.get()
    page = text(client.get(f"/factories/{twin.pk}/"))
    assert "merged into another" in page and f"/factories/merges/{merge.pk}/undo/" in page
    assert "merged into" in text(client.get(f"/factories/{works.pk}/"))
    assert cast.client("advisor").get(f"/factories/merges/{merge.pk}/undo/").status_code == 404
    assert cast.client("abroad").get(f"/factories/merges/{merge.pk}/undo/").status_code == 404
    assert client.get(f"/factories/merges/{merge.pk}/undo/").status_code == 200
    assert client.post(f"/factories/merges/{merge.pk}/undo/", {"reason": "two gates"}).status_code == 302
    assert client.get(f"/factories/merges/{merge.pk}/undo/").status_code == 404
    page = text(client.get(f"/factories/{twin.pk}/"))
    assert "Merge with" in page and "undone" in page


def test_a_split_is_made_by_its_page(cast, works) -> None:
    client = cast.client("manager")
    given = {"name": "Unit 2", "outside_id": "1b", "on": timezone.localdate().isoformat(), "reason": "own licence"}
    assert client.post(f"/factories/{works.pk}/split/", given).status_code == 302
    made = Factory.objects.get(outside_id="1b")
    assert "Came of a part of" in text(client.get(f"/factories/{made.pk}/"))
    assert "a factory of its own" in text(client.get(f"/factories/{works.pk}/"))


def test_a_contact_who_is_erased_stands_on_no_page(cast, works) -> None:
    contact_set(actor="p-1", factory=works, place=1, name="Manager Nine", phone="1", at=timezone.now())
    page = text(cast.client("advisor").get(f"/factories/{works.pk}/"))
    assert "Manager Nine" in page and "Manager One" not in page
