"""Writing organisations: what is refused, what stays to be seen, what the ledger keeps; importing a file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.scopes import lineage, scope_check, scope_choices, scope_words
from betterwork.foundation.access.services import grant_give
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.events.models import Event
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.organisations.models import Membership, Organisation, OrganisationName
from betterwork.modules.organisations.queries import (
    organisation_called,
    organisation_choices,
    organisation_groups_on,
    organisation_name_on,
    organisation_names,
)
from betterwork.modules.organisations.services import (
    membership_end,
    membership_enter,
    organisation_add,
    organisation_change,
    organisation_rename,
    organisations_import,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A3")]
AT = datetime(2026, 3, 1, tzinfo=UTC)
DAY = AT.date()


def add(name: str = "Union of Weavers", kind: str = "workers", country: str = "VN", **more) -> Organisation:
    given = {"actor": "p-global", "at": AT, "level": "national" if country else "global", **more}
    return organisation_add(name=name, kind=kind, country=country, **given)


def change(organisation: Organisation, **more) -> Organisation:
    names = ("kind", "level", "country", "mail", "last")
    given = {name: getattr(organisation, name) for name in names} | more
    return organisation_change(actor="p-global", organisation=organisation, at=AT + timedelta(hours=1), **given)


def test_an_organisation_is_found_by_its_key_and_under_each_name_it_had() -> None:
    one = add(first=None, key="weavers")
    organisation_rename(
        actor="p-global", organisation=one, name="Union of Garment Workers", first=date(2015, 1, 1), at=AT
    )
    organisation_rename(actor="p-global", organisation=one, name="Weavers' League", first=date(2010, 1, 1), at=AT)
    assert organisation_called("weavers").name == "Union of Garment Workers"
    on = {date(1990, 1, 1): "Union of Weavers", date(2012, 1, 1): "Weavers' League", DAY: "Union of Garment Workers"}
    assert {day: organisation_name_on("weavers", day) for day in on} == on
    assert organisation_names(["weavers", "nobody"]) == {"weavers": "Union of Garment Workers"}
    with pytest.raises(WrongUse, match="weaver"):
        organisation_called("weaver")
    assert organisation_name_on("weaver", DAY) == ""


def test_a_mistaken_name_is_corrected_and_stays_to_be_seen() -> None:
    one = add("Unoin")
    organisation_rename(actor="p-second", organisation=one, name="Union", at=AT)
    assert organisation_called(one.key).name == "Union"
    assert OrganisationName.objects.filter(corrected_at__isnull=False).get().name == "Unoin"
    for name, first in (("Union", None), ("", DAY), ("Tomorrow", DAY + timedelta(days=1))):
        with pytest.raises(WrongUse):
            organisation_rename(actor="p-second", organisation=one, name=name, first=first, at=AT)
    assert add("Unoin").name == "Unoin", "a name that was a mistake is free again"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "party"}, "no kind"),
        ({"kind": "global-union"}, "is: global"),
        ({"level": "global"}, "names no country"),
        ({"country": "", "level": "national"}, "names its country"),
        ({"country": "ZW"}, "no programme of ZW"),
        ({"name": " "}, "one line"),
        ({"key": "A B"}, "small letters"),
        ({"key": "taken", "name": "Another"}, "is taken"),
        ({"name": "union  OF weavers"}, "is or was called so: Union of Weavers"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(given, words) -> None:
    add(key="taken")
    with pytest.raises(WrongUse, match=words):
        add(**{"name": "Union of Dyers", **given})
    assert Organisation.objects.count() == 1 and OrganisationName.objects.count() == 1


def test_the_same_name_is_free_in_another_country_and_for_another_kind() -> None:
    add(), add(country="KH"), add(kind="employers")
    other = add("Weavers United")
    with pytest.raises(WrongUse, match="called so"):
        organisation_rename(actor="p-global", organisation=other, name="Union of Weavers", at=AT)
    with pytest.raises(WrongUse, match="called so"):
        change(Organisation.objects.get(country="KH"), country="VN")


def test_who_changed_what_another_changed_meanwhile_is_asked_to_look_again() -> None:
    one = add()
    before = one.changed_at
    change(one, mail="secretariat@union.example", seen=before)
    with pytest.raises(WrongUse, match="meanwhile"):
        change(one, mail="office@union.example", seen=before)
    found = organisation_called(one.key)
    assert found.mail == "secretariat@union.example" and found.changed_at > before
    (entry,) = entries_search(action="organisation.changed").entries
    assert entry.content["before"]["mail"] == "" and entry.content["after"]["mail"] == "secretariat@union.example"
    change(found, last=DAY)
    assert organisation_choices(["workers"], on=DAY + timedelta(days=1)) == []
    assert organisation_choices(["workers"], on=DAY) == [(one.key, "Union of Weavers")]


def test_organisations_lie_in_each_other_on_days_and_never_in_a_circle() -> None:
    union, federation, world = add(), add("Federation"), add("World Union", "global-union", "")
    inside = membership_enter(actor="p-global", member=union, group=federation, source="statutes", at=AT)
    membership_enter(actor="p-global", member=federation, group=world, first=date(2012, 1, 1), at=AT)
    assert organisation_groups_on(union.key, DAY) == {federation.key, world.key}
    assert organisation_groups_on(union.key, date(2011, 12, 31)) == {federation.key}
    with pytest.raises(WrongUse, match="lies in this one"):
        membership_enter(actor="p-global", member=world, group=union, at=AT)
    with pytest.raises(WrongUse, match="already"):
        membership_enter(actor="p-global", member=union, group=federation, first=DAY, at=AT)
    membership_end(actor="p-second", membership=inside, last=date(2020, 12, 31), at=AT)
    with pytest.raises(WrongUse, match="ended already"):
        membership_end(actor="p-second", membership=inside, last=DAY, at=AT)
    assert organisation_groups_on(union.key, DAY) == frozenset()
    membership_enter(actor="p-global", member=world, group=union, first=date(2021, 1, 1), at=AT)
    assert [one.subject for one in entries_search(action="organisation.joined").entries] == [
        f"organisation {world.key}", f"organisation {federation.key}", f"organisation {union.key}",
    ]  # fmt: skip
    assert Event.objects.filter(name="organisations.changed").count() == 7
    exported = KEEPINGS["organisations"].export("p-global")
    assert len(exported["organisations"]) == 3 and len(exported["groups"]) == 3
    assert KEEPINGS["organisations"].export("p-second")["groups"][0]["source"] == ""


@pytest.mark.capability("A4")
def test_a_role_is_given_over_an_organisation_there_is_and_its_country_oversees_it(cast) -> None:
    add(key="weavers"), add("Big Buyer", "buyer", "", key="big")
    assert scope_words("organisation:weavers") == "Union of Weavers (Viet Nam)"
    assert scope_words("organisation:big") == "Big Buyer" and scope_words("organisation:gone") == "organisation:gone"
    assert lineage("organisation:weavers") == {"world", "country:VN", "organisation:weavers"}
    assert lineage("organisation:big") == {"world", "organisation:big"}
    for gone in (scope_check, lineage):
        with pytest.raises(WrongUse, match="nothing called"):
            gone("organisation:gone")
    for word in ("manager", "global", "nobody"):
        cast.person(word)
    assert scope_choices(cast.actor("manager"), {"organisation"}) == [
        ("organisation:weavers", "Union of Weavers (Viet Nam)")
    ]
    assert [scope for scope, _words in scope_choices(cast.actor("global"), {"organisation"})] == [
        "organisation:big", "organisation:weavers",
    ]  # fmt: skip
    at = datetime.now(UTC)
    given = {"actor": "p-manager", "person": "p-nobody", "role": "workers-representative", "at": at}
    assert grant_give(scope="organisation:weavers", **given)
    with pytest.raises(WrongUse):
        grant_give(scope="organisation:big", **given | {"role": "buyer"})


FILE = """kind,name,country,level,group,mail,key
global-union,World Union,,,,,world-union
workers,Union of Weavers,Vietnam,,World Union,office@union.example,
employers,Makers,Cambodia,national,,,
workers,union of  weavers,VN,,,,
party,Reds,VN,,,,
buyer,=Brand,Atlantis,,,,
buyer,Brand,,national,,,
owner,Owner,KH,,Nobody,,
buyer,Mail,,,,not a mail,
buyer,Key,,,,,Not A Key
buyer,Taken,,,,,world-union
buyer,Short
"""


def test_each_row_of_a_file_is_judged_alone_and_a_dry_run_writes_nothing() -> None:
    dry = organisations_import(actor="p-global", text=FILE, at=AT, dry_run=True)
    assert not Organisation.objects.exists() and not entries_search(action="organisations.imported").entries
    assert (len(dry.rows), dry.taken, dry.known, len(dry.refused)) == (12, 3, 1, 8)
    reasons = {row.line: row.problem for row in dry.refused}
    words = {6: "no kind", 7: "Atlantis", 8: "names its country", 9: "called Nobody", 10: "no mail", 11: "A key is"}
    words |= {12: "is taken", 13: "more or fewer cells"}
    assert all(words[line] in reason for line, reason in reasons.items()) and set(words) == set(reasons)
    done = organisations_import(actor="p-global", text=FILE, at=AT)
    assert [one.name for one in done.rows if one.taken] == ["World Union", "Union of Weavers", "Makers"]
    weavers = Organisation.objects.get(name="Union of Weavers")
    assert (weavers.country, weavers.level, weavers.mail) == ("VN", "national", "office@union.example")
    assert Membership.objects.get().group_id == "world-union" and Membership.objects.get().member_id == weavers.key
    (entry,) = entries_search(action="organisations.imported").entries
    assert entry.content["added"] == 3 and "Weavers" not in str(entry.content)
    again = organisations_import(actor="p-global", text=FILE, at=AT)
    assert (again.taken, again.known, len(again.refused)) == (0, 4, 8) and Organisation.objects.count() == 3


def test_a_file_of_a_country_manager_enters_her_country_alone() -> None:
    judged = organisations_import(actor="p-manager", text=FILE, at=AT, within={"KH"})
    assert [one.name for one in judged.rows if one.taken] == ["Makers"]
    assert all("outside" in row.problem for row in judged.refused if row.line in {2, 3, 5})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "first line names the columns"),
        ("kind;name\nbuyer;B\n", "first line"),
        ("kind,name,phone\nbuyer,B,1\n", "phone"),
        ("kind,name,name\nbuyer,B,C\n", "first line"),
        ('kind,name\nbuyer,"B\n', "no CSV"),
        ("kind,name\n" + "buyer,B\n" * 2001, "too many rows"),
        ("x" * 1_000_001, "too long"),
    ],
)
def test_what_is_no_file_of_organisations_is_refused_as_a_whole(text: str, words: str) -> None:
    with pytest.raises(WrongUse, match=words):
        organisations_import(actor="p-global", text=text, at=AT)


def test_a_file_of_2000_rows_takes_few_queries(django_assert_max_num_queries) -> None:
    text = "kind,name,country\n" + "".join(f"owner,Owner {number},VN\n" for number in range(2000))
    with django_assert_max_num_queries(5):
        assert organisations_import(actor="p-global", text=text, at=AT, dry_run=True).taken == 2000
    assert organisations_import(actor="p-global", text=text, at=AT).taken == Organisation.objects.count() == 2000


class AnyText(TestCase):
    databases = {"default", "vault"}

    @given(st.text(max_size=200), st.text(max_size=40))
    def test_any_text_is_a_refusal_or_rows_that_add_up(self, body: str, cell: str) -> None:
        for text in (body, f"kind,name,country\nbuyer,{cell},\n{body}"):
            try:
                judged = organisations_import(actor="p-global", text=text, at=AT)
            except WrongUse:
                continue
            assert len(judged.rows) == judged.taken + judged.known + len(judged.refused)
            names = {one.name for one in judged.rows if one.taken}
            assert Organisation.objects.filter(name__in=names).count() >= len(names)
