"""The pages and commands of organisations, through their doors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Grant
from betterwork.foundation.contributions.registry import search_hits
from betterwork.foundation.doors.actor import OPERATOR_ACTOR, Actor
from betterwork.foundation.doors.commands import ACTOR, NotAllowed
from betterwork.modules.organisations.commands import organisation
from betterwork.modules.organisations.models import Membership, Organisation, OrganisationName
from betterwork.modules.organisations.policy import (
    ORGANISATIONS_ADD,
    ORGANISATIONS_CHANGE,
    ORGANISATIONS_OF_BUYERS,
    ORGANISATIONS_OF_REPRESENTATIVES,
    ORGANISATIONS_READ,
)
from betterwork.modules.organisations.services import membership_enter, organisation_rename
from betterwork.modules.organisations.tests.test_services import AT, FILE, add

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A3")]
STAFF = {"global", "second", "analyst", "manager", "leader", "advisor", "partner", "abroad", "auditor"}


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def union() -> Organisation:
    return add(key="weavers")


@pytest.fixture
def buyer() -> Organisation:
    return add("Big Buyer", "buyer", "", key="buyer-1")


def speaks_for(cast, word: str, key: str) -> None:
    """Let her speak for an organisation, not for a country."""
    Grant.objects.filter(person=cast.person(word).public_id).update(scope=f"organisation:{key}")


def test_who_may_what(cast, union, buyer) -> None:
    def reach(policy, thing) -> set[str]:
        return {word for word in cast.everybody() if policy.may(cast.actor(word), thing)}

    speaks_for(cast, "workers", "weavers")
    jordan = add("Union of Jordan", country="JO")
    assert reach(ORGANISATIONS_READ, union) == reach(ORGANISATIONS_READ, buyer) == STAFF
    assert reach(ORGANISATIONS_CHANGE, union) == {"global", "second", "manager"}
    assert reach(ORGANISATIONS_CHANGE, buyer) == reach(ORGANISATIONS_CHANGE, jordan) == {"global", "second"}
    assert reach(ORGANISATIONS_OF_REPRESENTATIVES, union) == {"workers"}
    assert reach(ORGANISATIONS_OF_BUYERS, buyer) == {"buyer"}
    assert reach(ORGANISATIONS_OF_BUYERS, union) == reach(ORGANISATIONS_OF_REPRESENTATIVES, buyer) == set()
    assert {word for word in cast.everybody() if ORGANISATIONS_ADD.may(cast.actor(word))} == {
        "global",
        "second",
        "manager",
    }


def test_the_list_is_for_staff_and_finds_former_names(cast, union, buyer) -> None:
    organisation_rename(actor="p-global", organisation=union, name="Garment League", first=AT.date(), at=AT)
    client = cast.client("advisor")
    page = text(client.get("/organisations/?q=weavers"))
    assert "Garment League" in page and "Big Buyer" not in page and "Enter an organisation" not in page
    page = text(client.get("/organisations/?kind=buyer&level=global&state=current"))
    assert "Big Buyer" in page and "Garment League" not in page
    assert "Garment League" in text(client.get("/organisations/?country=VN"))
    assert "Nothing matches" in text(client.get("/organisations/?state=over"))
    rows = b"".join(client.get("/organisations/?format=csv").streaming_content).decode()
    assert rows.count("\n") == 3
    for word in ("buyer", "factory", "inspector", "donor", "workers", "nobody", "custodian"):
        for address in (
            "/organisations/",
            "/organisations/one/weavers/",
            "/organisations/add/",
            "/organisations/import/",
        ):
            assert cast.client(word).get(address).status_code == 404, (word, address)


def test_a_page_shows_names_groups_and_what_lies_in_it(cast, union) -> None:
    world = add("World Union", "global-union", "", key="world")
    membership_enter(actor=cast.person("global").public_id, member=union, group=world, source="statutes", at=AT)
    organisation_rename(actor="p-global", organisation=union, name="Garment League", first=AT.date(), at=AT)
    page = text(cast.client("advisor").get("/organisations/one/weavers/"))
    assert page.count("<h1>") == 1
    assert all(words in page for words in ("Union of Weavers", "Garment League", "World Union", "statutes"))
    assert "Global of the cast" in page and "Change it" not in page
    assert "Garment League" in text(cast.client("advisor").get("/organisations/one/world/"))
    assert cast.client("advisor").get("/organisations/one/nobody/").status_code == 404


def test_a_donor_reads_what_is_kept_of_her_own_organisation_on_her_home_and_its_page(cast, union, buyer) -> None:
    donor = cast.client("donor")
    assert "Nothing kept of it yet" in text(donor.get("/organisations/donor/"))
    add("Big Donor", "donor", "", key="donor-1", mail="office@donor.example")
    home = text(donor.get("/"))
    assert "Big Donor" in home and 'href="/organisations/donor/"' in home and "Nothing of the programme" not in home
    page = text(donor.get("/organisations/donor/"))
    assert "Big Donor" in page and "office@donor.example" in page and "Weavers" not in page
    for address in ("/organisations/", "/organisations/mine/", "/organisations/buyer/", "/organisations/one/donor-1/"):
        assert donor.get(address).status_code == 404
    for word in ("buyer", "workers", "advisor", "nobody"):
        assert cast.client(word).get("/organisations/donor/").status_code == 404
        assert "Big Donor" not in text(cast.client(word).get("/"))
    assert 'href="/organisations/buyer/"' in text(cast.client("buyer").get("/"))


def test_who_speaks_for_an_organisation_reads_that_one_and_not_who_entered_it(cast, union, buyer) -> None:
    speaks_for(cast, "workers", "weavers")
    cast.person("global")
    page = text(cast.client("workers").get("/organisations/mine/"))
    assert "Union of Weavers" in page and "Big Buyer" not in page and "Global of the cast" not in page
    page = text(cast.client("buyer").get("/organisations/buyer/"))
    assert "Big Buyer" in page and "Weavers" not in page
    assert cast.client("employers").get("/organisations/mine/").status_code == 404
    assert cast.client("workers").get("/organisations/one/weavers/").status_code == 404
    OrganisationName.objects.filter(organisation=buyer).delete()
    buyer.delete()
    assert "Nothing kept of it yet" in text(cast.client("buyer").get("/organisations/buyer/"))


def test_a_manager_enters_and_changes_organisations_of_her_country_alone(cast, union, buyer) -> None:
    client = cast.client("manager")
    page = text(client.get("/organisations/add/"))
    assert 'value="VN"' in page and 'value="JO"' not in page
    given = {"name": "Makers", "kind": "employers", "country": "VN", "mail": "", "first": ""}
    assert client.post("/organisations/add/", given).status_code == 302
    made = Organisation.objects.get(name="Makers")
    assert (made.level, made.entered_by) == ("national", "p-manager")
    assert "called so" in text(client.post("/organisations/add/", given))
    for country in ("JO", ""):
        assert "Not saved yet" in text(
            client.post("/organisations/add/", {**given, "name": "Other", "country": country})
        )
    assert client.post("/organisations/one/buyer-1/change/", given).status_code == 404
    assert client.post("/organisations/one/buyer-1/name/", {"name": "Mine"}).status_code == 404
    moved = {"kind": "workers", "country": "JO", "mail": "", "last": "", "seen": union.changed_at.isoformat()}
    assert "Not saved yet" in text(client.post("/organisations/one/weavers/change/", moved))
    assert Organisation.objects.get(pk="weavers").country == "VN"


def test_an_organisation_is_changed_renamed_joined_and_leaves(cast, union) -> None:
    client, here = cast.client("global"), "/organisations/one/weavers/"
    add("World Union", "global-union", "", key="world")
    page = text(client.get(f"{here}change/"))
    seen = page.split('name="seen" value="')[1].split('"')[0]
    given = {"kind": "workers", "country": "VN", "mail": "office@union.example", "last": "", "seen": seen}
    assert client.post(f"{here}change/", given).url == here
    assert "meanwhile" in text(client.post(f"{here}change/", given))
    text(client.get(f"{here}name/"))
    assert client.post(f"{here}name/", {"name": "Garment League", "first": "2015-01-01"}).url == here
    assert "already" in text(client.post(f"{here}name/", {"name": "Garment League", "first": "2015-01-01"}))
    page = text(client.get(f"{here}groups/"))
    assert 'value="world"' in page and 'value="weavers"' not in page
    joined = {"group": "world", "first": "2016-01-01", "last": "", "source": "statutes"}
    assert client.post(f"{here}groups/", joined).url == here
    assert "already" in text(client.post(f"{here}groups/", joined))
    end = f"{here}groups/{Membership.objects.get().id}/end/"
    assert end in text(client.get(here)) and "World Union" in text(client.get(end))
    assert cast.client("abroad").post(end, {"last": "2020-01-01"}).status_code == 404
    assert client.post(end.replace("weavers", "world"), {"last": "2020-01-01"}).status_code == 404
    assert "before it begins" in text(client.post(end, {"last": "2015-01-01"}))
    assert client.post(end, {"last": "2020-01-01"}).url == here
    assert client.post(end, {"last": "2021-01-01"}).status_code == 404
    assert Membership.objects.get().ended_by == "p-global"


def test_a_file_is_looked_at_then_entered(cast) -> None:
    client, address = cast.client("global"), "/organisations/import/"
    text(client.get(address))

    def file(content: bytes) -> dict[str, Any]:
        return {"file": SimpleUploadedFile("o.csv", content)}

    page = text(client.post(address, file(b"\xef\xbb\xbf" + FILE.encode())))
    assert "no kind of organisation" in page and "Union of Weavers" in page and "Enter them" in page
    assert not Organisation.objects.exists()
    assert client.post(address, {"text": FILE, "enter": "yes"}).url == "/organisations/"
    assert Organisation.objects.count() == 3
    assert "UTF-8" in text(client.post(address, file(b"kind,name\nbuyer,\xff\n")))
    assert "Choose a file" in text(client.post(address, {}))
    assert "first line" in text(client.post(address, file(b"a,b\n")))
    text(cast.client("manager").post(address, {"text": "kind,name\nbuyer,Big\n", "enter": "yes"}, follow=True))
    assert not Organisation.objects.filter(name="Big").exists()


def test_lists_of_3000_take_few_questions(cast, django_assert_max_num_queries) -> None:
    at = timezone.now()
    rows = [
        Organisation(
            key=f"o-{number}", name=f"Owner {number}", kind="owner", level="national", country="VN",
            entered_by="p-global", entered_at=at, changed_at=at,
        )
        for number in range(3000)
    ]  # fmt: skip
    Organisation.objects.bulk_create(rows)
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=one, name=one.name, entered_by="p-global", entered_at=at) for one in rows
    )
    Membership.objects.bulk_create(
        Membership(member=one, group=rows[0], entered_by="p-global", entered_at=at) for one in rows[1:]
    )
    client = cast.client("manager")
    for address in ("/organisations/?q=owner", "/organisations/one/o-0/", "/organisations/one/o-1/"):
        client.get(address)
        with django_assert_max_num_queries(13):  # who asks (4), what she oversees, name, notices; six for the page
            assert client.get(address).status_code == 200
    Grant.objects.bulk_create(
        Grant(
            person=f"p-{number}", role="workers-representative", scope=f"organisation:o-{number}", starts=at,
            given_by="p-global", given_at=at, confirmed_at=at, confirmed_by="p-global",
        )
        for number in range(300)
    )  # fmt: skip
    with django_assert_max_num_queries(13):
        page = text(client.get("/access/"))
    assert "Owner 29" in page, "who speaks for organisations of her country is overseen by its manager"


def test_the_search_finds_an_organisation_by_a_former_name(cast, union) -> None:
    organisation_rename(actor="p-global", organisation=union, name="Garment League", first=AT.date(), at=AT)
    hits = [(hit.title, hit.url) for hit in search_hits(cast.actor("advisor"), "weavers")]
    assert ("Garment League", "/organisations/one/weavers/") in hits
    assert not [hit for hit in search_hits(cast.actor("buyer"), "weavers") if "Garment" in str(hit.title)]


def run(*words: str, actor: Actor = OPERATOR_ACTOR) -> list[str]:
    """The lines that a command prints; what it raises is raised."""
    group: Any = organisation
    with CliRunner().isolation() as (out, *_rest):
        with group.make_context("organisation", list(words)) as context:
            context.meta[ACTOR] = actor
            group.invoke(context)
        return out.getvalue().decode().splitlines()


def test_the_commands_list_and_import(cast, union, buyer, tmp_path: Path) -> None:
    assert run("list", "--kind", "buyer") == ["buyer-1  buyer  world  Big Buyer"]
    assert run("list", "--country", "Vietnam") == ["weavers  workers  VN  Union of Weavers"]
    path = tmp_path / "o.csv"
    path.write_text("kind,name,country\nemployers,Makers,VN\nbuyer,Brand,\n", encoding="utf-8")
    assert run("import", str(path), "--dry-run") == ["2 rows: 2 would be entered, 0 there already, 0 refused"]
    with pytest.raises(SystemExit) as stopped:
        run("import", str(path), actor=cast.actor("manager"))
    assert stopped.value.code == 1 and Organisation.objects.filter(name="Makers").exists()
    assert run("import", str(path)) == ["2 rows: 1 entered, 1 there already, 0 refused"]
    with pytest.raises(NotAllowed):
        run("import", str(path), actor=cast.actor("advisor"))
    path.write_bytes(b"kind,name\nbuyer,\xff\n")
    with pytest.raises(WrongUse, match="UTF-8"):
        run("import", str(path))
