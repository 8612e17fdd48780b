"""Writing the register: forms, changes and taking them back, headcounts, cycles, contacts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from betterwork.core.errors import WrongUse
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.events.models import Event
from betterwork.foundation.ledger.models import Entry, PersonKey
from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.countries.queries import countries
from betterwork.modules.registry.changing import STEPS
from betterwork.modules.registry.models import (
    Contact,
    Enrolment,
    Factory,
    FactoryName,
    Merge,
    Registration,
    Site,
    Workforce,
)
from betterwork.modules.registry.queries import with_duty, with_figures
from betterwork.modules.registry.rules import MUST, NEED_NOT, NOT_KNOWN, duty, held_on
from betterwork.modules.registry.services import (
    Answers,
    Cycle,
    Filling,
    Headcount,
    contact_erase,
    contact_set,
    enrolment_end,
    enrolment_withdraw,
    factories_ensure,
    factories_fill,
    factory_close,
    factory_enrol,
    factory_merge,
    factory_register,
    factory_rename,
    factory_reopen,
    factory_set,
    factory_split,
    outside_id_add,
    outside_id_withdraw,
    sector_total_set,
    step_withdraw,
    workforce_set,
)
from betterwork.modules.registry.settings_of import condition_of_export

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A2")]
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = AT.date()
ANSWERS = Answers(
    site={"lines": "Lot 4, Road 2", "town": "Biên Hòa", "region": "Đồng Nai", "latitude": "10.957413"},
    office={"lines": "12 High Street", "town": "Taipei", "land": "Taiwan"},
    ownership={"legal_name": "Example Holdings Ltd", "headquarters": "Taipei"},
    registration={
        "isic_section": "c",
        "isic_division": "14",
        "began_year": 2004,
        "product_1": "Knitted shirts",
        "buyers": [{"name": "Buyer One", "since_year": 2009}],
    },
    contacts=[{"name": "Manager One", "email": "one@factory.example"}, {"name": "Manager Two", "phone": "+84 1"}],
    headcount=Headcount(date(2026, 1, 31), 800, 200, 0, {"permanent": [700, 150, 0], "agency": [100, 50, 0]}),
)


def registered(outside_id="1", name="Works One", country="VN", **more) -> Factory:
    given = {"since": date(2020, 1, 1), **more}
    return factory_register(actor="p-1", country=country, outside_id=outside_id, name=name, at=AT, **given)


def test_a_factory_is_registered_with_its_whole_form_or_not_at_all() -> None:
    factory = registered(answers=ANSWERS)
    assert Site.objects.get(factory=factory).town == "Biên Hòa"
    assert str(Site.objects.get(factory=factory).latitude) == "10.95741"
    form = Registration.objects.get(factory=factory)
    assert (form.isic_section, form.isic_division, form.buyers[0]["since_year"]) == ("C", "14", 2009)
    assert [one.name for one in Contact.objects.order_by("place")] == ["Manager One", "Manager Two"]
    assert Workforce.objects.get().workers == 1000
    assert Event.objects.filter(name="registry.factory.registered").count() == 1
    bad = Answers(registration={"isic_division": "fourteen"})
    with pytest.raises(WrongUse, match=r"division of ISIC"):
        registered("2", answers=bad)
    assert not Factory.objects.filter(outside_id="2").exists()
    for wrong in ({"outside_id": "1"}, {"outside_id": " "}, {"outside_id": "9", "country": "XX"}):
        with pytest.raises(WrongUse):
            registered(**wrong)


def test_the_ledger_names_no_contact_and_no_owner_in_plain() -> None:
    registered(answers=ANSWERS)
    told = b"".join(bytes(one.content) for one in Entry.objects.all()).decode()
    for secret in ("Manager One", "one@factory.example", "Manager Two", "Example Holdings"):
        assert secret not in told
    assert "Works One" in told


@pytest.mark.capability("P5")
def test_a_contact_is_erased_with_her_key_when_another_is_named_and_when_she_asks() -> None:
    factory = registered(answers=ANSWERS)
    first = Contact.objects.get(place=1)
    assert PersonKey.objects.filter(person=first.key).exists()
    contact_set(actor="p-1", factory=factory, place=1, name="Manager Three", email="three@factory.example", at=AT)
    first.refresh_from_db()
    assert (first.name, first.email, bool(first.withdrawn_at)) == ("", "", True)
    assert not PersonKey.objects.filter(person=first.key).exists()
    second = contact_erase(actor="p-1", contact=Contact.objects.get(place=2), at=AT)
    contact_erase(actor="p-1", contact=second, at=AT)
    assert not Contact.objects.filter(withdrawn_at__isnull=True, place=2).exists()
    for wrong in ({"name": ""}, {"name": "A"}, {"name": "A", "email": "no address"}, {"name": "A\x00", "phone": "1"}):
        with pytest.raises(WrongUse):
            contact_set(actor="p-1", factory=factory, place=2, at=AT, **wrong)


@pytest.mark.capability("P5")
def test_who_has_an_account_finds_herself_as_a_contact_and_takes_it_with_her(cast) -> None:
    person = cast.person("factory")
    contact_set(actor="p-1", factory=registered(), place=1, name="She", email=person.email.upper(), at=AT)
    keeping = KEEPINGS["registry"]
    assert keeping.export(person.public_id)["contacts"][0]["name"] == "She"
    keeping.erase(person.public_id, AT), keeping.erase(person.public_id, AT)
    assert keeping.export(person.public_id)["contacts"] == []
    assert not Contact.objects.exclude(name="").exists()


def test_a_rename_keeps_the_old_name_and_taking_it_back_restores_it() -> None:
    factory = registered()
    step = factory_rename(actor="p-1", factory=factory, name="Works Two", since=TODAY, reason="sold", at=AT)
    factory.refresh_from_db()
    assert factory.name == "Works Two"
    names = list(FactoryName.objects.filter(factory=factory))
    assert held_on(names, date(2026, 11, 21)).name == "Works One"
    step_withdraw(actor="p-1", step=step, reason="a mistake", at=AT)
    factory.refresh_from_db()
    assert factory.name == "Works One"
    with pytest.raises(WrongUse, match="already"):
        step_withdraw(actor="p-1", step=step, reason="a mistake", at=AT)
    with pytest.raises(WrongUse, match="only name"):
        step_withdraw(actor="p-1", step=names[0], reason="a mistake", at=AT)
    earlier = factory_rename(actor="p-1", factory=factory, name="First", since=date(2010, 1, 1), reason="paper", at=AT)
    factory.refresh_from_db()
    assert factory.name == "Works One", "a name of an earlier time changes nothing of today"
    assert earlier.since == date(2010, 1, 1)


@pytest.mark.parametrize(
    ("what", "values", "since", "reason"),
    [
        ("name", {"name": "Works One"}, TODAY, "same"),
        ("name", {"name": " "}, TODAY, "empty"),
        ("name", {"name": "Other"}, TODAY, " "),
        ("name", {"name": "Other"}, date(2026, 11, 23), "to come"),
        ("name", {"name": "x" * 501}, TODAY, "long"),
        ("name", {"nom": "Other"}, TODAY, "no such field"),
        ("shape", {}, TODAY, "no such thing"),
        ("site", {}, TODAY, ""),
        ("site", {"town": "A", "latitude": "north"}, TODAY, ""),
        ("site", {"town": "A", "longitude": "181"}, TODAY, ""),
        ("ownership", {"headquarters": "Taipei"}, TODAY, "nobody"),
        ("ownership", {"organisation": "nobody-here"}, TODAY, "no such organisation"),
        ("standing", {"state": "gone"}, TODAY, "no word"),
        ("standing", {"state": "closed"}, None, "no day"),
        ("exporting", {"state": "exports"}, TODAY, ""),
        ("registration", {"began_year": 2027}, TODAY, ""),
        ("registration", {"buyers": [{"name": str(n)} for n in range(4)]}, TODAY, ""),
        ("registration", {"buyers": [{"since_year": 2004}]}, TODAY, ""),
        ("registration", {"isic_section": "1"}, TODAY, ""),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_written(what, values, since, reason) -> None:
    factory = registered()
    entries = Entry.objects.count()
    with pytest.raises(WrongUse):
        factory_set(actor="p-1", factory=factory, what=what, values=values, since=since, reason=reason, at=AT)
    assert Entry.objects.count() == entries


def test_a_factory_closes_works_again_and_its_state_follows() -> None:
    factory = registered()

    def state(on=TODAY):
        return with_figures(Factory.objects.all(), on).get(pk=factory.pk).state_now

    assert state() == "registered"
    enrolment = factory_enrol(actor="p-1", factory=factory, starts=date(2025, 1, 1), at=AT)
    assert (state(), state(date(2024, 12, 31))) == ("enrolled", "registered")
    with pytest.raises(WrongUse, match="never closed"):
        factory_reopen(actor="p-1", factory=factory, since=TODAY, reason="works", at=AT)
    factory_close(actor="p-1", factory=factory, since=date(2026, 3, 1), reason="bankrupt", at=AT)
    assert (state(), state(date(2026, 2, 28))) == ("closed", "enrolled")
    factory_reopen(actor="p-1", factory=factory, since=date(2026, 6, 1), reason="bought", at=AT)
    enrolment_end(actor="p-1", enrolment=enrolment, ends=date(2026, 7, 1), reason="left", at=AT)
    assert (state(date(2026, 5, 31)), state(date(2026, 7, 1)), state(date(2026, 7, 2))) == (
        "closed",
        "enrolled",
        "ended",
    )


def test_headcounts_of_a_day_replace_each_other_and_add_up() -> None:
    factory = registered()
    workforce_set(actor="p-1", factory=factory, on=TODAY, women=5, men=5, at=AT)
    workforce_set(actor="p-1", factory=factory, on=TODAY, women=6, men=5, at=AT)
    assert Workforce.objects.get(withdrawn_at__isnull=True).workers == 11
    assert Workforce.objects.count() == 2
    for wrong in (
        {"women": 6, "men": 5},
        {"women": -1, "men": 5},
        {"women": 1, "men": 1, "on": date(2027, 1, 1)},
        {"women": 2, "men": 1, "by_contract": {"permanent": [1, 1, 0]}},
        {"women": 1, "men": 1, "by_contract": {"slave": [1, 1, 0]}},
        {"women": 1, "men": 1, "source": "rumour"},
    ):
        with pytest.raises(WrongUse):
            workforce_set(**{"actor": "p-1", "factory": factory, "on": TODAY, "at": AT, **wrong})


def test_cycles_count_on_end_each_other_and_are_taken_back_whole() -> None:
    factory = registered()
    first = factory_enrol(actor="p-1", factory=factory, starts=date(2024, 3, 1), cycle=3, at=AT)
    before = Enrolment.objects.values().get(pk=first.pk)
    second = factory_enrol(actor="p-1", factory=factory, starts=date(2025, 3, 1), at=AT)
    first.refresh_from_db()
    assert (second.cycle, first.ends) == (4, date(2025, 2, 28))
    for wrong in ({"starts": date(2025, 2, 1)}, {"starts": date(2026, 1, 1), "cycle": 4}, {"starts": date(2029, 1, 1)}):
        with pytest.raises(WrongUse):
            factory_enrol(actor="p-1", factory=factory, at=AT, **wrong)
    with pytest.raises(WrongUse, match="last"):
        enrolment_withdraw(actor="p-1", enrolment=first, reason="wrong", at=AT)
    enrolment_withdraw(actor="p-1", enrolment=second, reason="wrong", at=AT)
    assert Enrolment.objects.values().get(pk=first.pk) == before


def test_a_number_of_another_system_belongs_to_one_factory() -> None:
    one, two = registered(), registered("2", "Works Two")
    row = outside_id_add(actor="p-1", factory=one, system="Customs", number="77", at=AT)
    with pytest.raises(WrongUse, match="Another factory"):
        outside_id_add(actor="p-1", factory=two, system="customs", number="77", at=AT)
    outside_id_withdraw(actor="p-1", outside_id=row, reason="wrong", at=AT)
    outside_id_add(actor="p-1", factory=two, system="customs", number="77", at=AT)


def test_an_import_that_calls_a_factory_otherwise_keeps_the_old_name() -> None:
    key = ("VN", "1")
    for name in ("Alpha", "Beta", "Beta", "Gamma"):
        factory = factories_ensure(actor="p-1", wanted={key: name}, at=AT)[key]
    assert factory.name == "Gamma"
    assert [one.name for one in FactoryName.objects.order_by("pk")] == ["Alpha", "Beta", "Gamma"]
    Factory.objects.create(country="VN", outside_id="old", name="Stored without steps")
    factories_ensure(actor="p-1", wanted={("VN", "old"): "New"}, at=AT)
    assert [one.name for one in FactoryName.objects.filter(factory__outside_id="old").order_by("pk")] == [
        "Stored without steps",
        "New",
    ]


def test_ensuring_many_factories_takes_few_queries(django_assert_max_num_queries) -> None:
    wanted = {("VN", str(n)): f"Works {n}" for n in range(400)}
    with django_assert_max_num_queries(20):
        factories_ensure(actor="p-1", wanted=wanted, at=AT)
    with django_assert_max_num_queries(20):
        factories_ensure(actor="p-1", wanted={key: f"{name} new" for key, name in wanted.items()}, at=AT)
    with django_assert_max_num_queries(3):
        factories_ensure(actor="p-1", wanted={key: f"{name} new" for key, name in wanted.items()}, at=AT)


def test_much_is_written_at_once_with_one_entry_and_by_the_same_rules() -> None:
    made = factories_ensure(actor="p-1", wanted={("VN", str(n)): f"Works {n}" for n in range(50)}, at=AT)
    entries = Entry.objects.count()

    def filling(factory):
        return Filling(
            factory,
            steps=[("site", date(2015, 1, 1), {"town": "Huế"}), ("registration", None, {"isic_division": "14"})],
            workforce=[Headcount(date(year, 12, 31), 100, year - 2000) for year in range(2015, 2025)],
            cycles=[Cycle(1, date(2015, 3, 1), date(2016, 2, 29)), Cycle(2, date(2016, 3, 1))],
        )

    count = factories_fill(actor="p-1", fillings=map(filling, made.values()), reason="SIMULATED", at=AT)
    assert (count, Entry.objects.count() - entries) == (50, 1)
    assert (Site.objects.count(), Workforce.objects.count(), Enrolment.objects.count()) == (50, 500, 100)
    assert entries_search(action="factories.filled").entries[0].content["rows"]["workforce"] == 500
    one = made["VN", "7"]
    again = Filling(one, workforce=[Headcount(date(2024, 12, 31), 5, 5)], cycles=[Cycle(2, date(2020, 1, 1))])
    with pytest.raises(WrongUse, match=r"VN/7: .*Cycle 2"):
        factories_fill(actor="p-1", fillings=[again], reason="SIMULATED", at=AT)
    again.cycles = []
    factories_fill(actor="p-1", fillings=[again], reason="SIMULATED", at=AT)
    standing = Workforce.objects.filter(factory=one, on=date(2024, 12, 31), withdrawn_at__isnull=True)
    assert standing.get().workers == 10
    factory_merge(actor="p-1", kept=made["VN", "8"], gone=one, reason="same", at=AT)
    with pytest.raises(WrongUse, match="merged"):
        factories_fill(actor="p-1", fillings=[again], reason="SIMULATED", at=AT)


def test_a_part_of_a_factory_becomes_one_of_its_own() -> None:
    source = registered()
    split = factory_split(
        actor="p-1", source=source, outside_id="1b", name="Works One, Unit 2", on=TODAY, reason="own licence", at=AT
    )
    assert (split.factory.country, split.factory.outside_id, split.source) == ("VN", "1b", source)
    with pytest.raises(WrongUse, match="number"):
        factory_split(actor="p-1", source=source, outside_id="1b", name="X", on=TODAY, reason="again", at=AT)


def test_a_record_merged_away_is_not_changed_by_anybody() -> None:
    kept, gone = registered(), registered("2", "Works 1")
    factory_enrol(actor="p-1", factory=gone, starts=TODAY, at=AT)
    merge = factory_merge(actor="p-1", kept=kept, gone=gone, reason="the same gate", at=AT)
    with pytest.raises(WrongUse, match=r"merged into Works One \(1\)"):
        factory_rename(actor="p-1", factory=gone, name="Other", since=TODAY, reason="x", at=AT)
    with pytest.raises(WrongUse, match="merged"):
        workforce_set(actor="p-1", factory=gone, on=TODAY, women=1, men=1, at=AT)
    with pytest.raises(WrongUse, match="merged"):
        contact_set(actor="p-1", factory=gone, place=1, name="A", phone="1", at=AT)
    for kept_now, gone_now in ((gone, kept), (kept, gone), (kept, kept), (kept, registered("1", country="JO"))):
        with pytest.raises(WrongUse):
            factory_merge(actor="p-1", kept=kept_now, gone=gone_now, reason="again", at=AT)
    assert Merge.objects.get() == merge


@pytest.mark.capability("A6")
def test_a_total_of_the_sector_needs_a_source_and_replaces_one_of_its_day() -> None:
    given = {"actor": "p-1", "country": "VN", "on": date(2024, 1, 1), "at": AT}
    sector_total_set(**given, factories=6000, workers=2_500_000, source="Statistics office, yearbook")
    later = sector_total_set(**given, factories=6100, workers=None, source="Statistics office, corrected")
    assert later.workers is None
    for wrong in ({"source": ""}, {"factories": None}, {"on": date(2030, 1, 1)}, {"country": "XX"}):
        with pytest.raises(WrongUse):
            sector_total_set(**{**given, "factories": 1, "workers": None, "source": "s", **wrong})


def test_every_step_names_all_it_says() -> None:
    for model in STEPS.values():
        own = {one.name for one in model._meta.local_concrete_fields if one.model is model}
        shared = {"id", "factory", "since", "reason", "written_by", "written_at", "withdrawn_by", "withdrawn_at"}
        assert own - shared == set(model.OWN)


def test_the_list_of_who_must_take_part_says_what_the_rule_says() -> None:
    words = {"kept": MUST, "missing": MUST, "not-known": NOT_KNOWN, "free": NEED_NOT, "voluntary": None}
    number = 0
    for exporting in ("", "exports", "does-not", "exempt"):
        for closed in (False, True):
            for takes in (False, True):
                number += 1
                one = registered(str(number), f"Works {number}")
                if exporting:
                    values = {"state": exporting, "source": "Ministry list"}
                    factory_set(
                        actor="p-1", factory=one, what="exporting", values=values, since=date(2021, 1, 1), at=AT
                    )
                if takes:
                    factory_enrol(actor="p-1", factory=one, starts=date(2021, 1, 1), at=AT)
                if closed:
                    factory_close(actor="p-1", factory=one, since=date(2022, 1, 1), reason="bankrupt", at=AT)
                for condition in (False, True):
                    row = with_duty(Factory.objects.filter(pk=one.pk), TODAY, condition=condition).get()
                    wanted = duty(condition=condition, works=not closed, exporting=exporting)
                    assert words[row.duty] in (wanted, None)
                    if takes and not closed:
                        assert row.duty == ("kept" if wanted == MUST else "voluntary")


def test_taking_part_is_a_condition_of_export_where_a_source_says_so_and_nowhere_else() -> None:
    rules = {one.code: condition_of_export(one.code, TODAY) for one in countries()}
    assert {code for code, rule in rules.items() if rule.value == "yes"} == {"KH", "HT", "JO"}
    assert "GB.320/POL/6 (2014), ¶2" in rules["KH"].source and "HOPE II" in rules["HT"].source
    assert "not verified" in rules["JO"].source, "nobody is led to believe that there is a source"
    others = {rule.source for code, rule in rules.items() if rule.value == "no"}
    assert len(rules) == 8 and len(others) == 1 and "design choice" in others.pop()
    before = condition_of_export("JO", date(2009, 12, 31))
    assert before.value == "no"
