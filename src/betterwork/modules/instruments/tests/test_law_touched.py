"""Law as dated data: its life, what a change of it touches, and who writes it down."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from betterwork.foundation.ledger.queries import entries_search
from betterwork.modules.instruments.draft_services import draft_laws_set
from betterwork.modules.instruments.law_touched import (
    EARLIER,
    PART,
    THIS,
    WHOLE,
    TouchedMore,
    law_life,
    law_state,
    law_touches,
    touched_add,
    touched_remove,
)
from betterwork.modules.instruments.laws import legal_reference_add, legal_reference_end
from betterwork.modules.instruments.models import LegalReference, VersionLegal
from betterwork.modules.instruments.queries import tool_version
from betterwork.modules.instruments.tests.worlds import AT, CODE, begun

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)


def law(article: str = "Art. 137", starts: date | None = date(2020, 1, 1), supersedes=None, **more) -> LegalReference:
    texts = {"instrument": "Labour Code", "number": "", "article": article, "source": "Gazette 1", **more}
    return legal_reference_add(
        actor="p-global", kind="law", country="VN", texts=texts, in_force_from=starts, supersedes=supersedes, at=AT
    )


def resting(draft, *references: LegalReference, code: str = CODE):
    return draft_laws_set(actor="p-manager", draft=draft, code=code, references=[one.key for one in references], at=AT)


@pytest.mark.capability("B4")
def test_each_question_that_cites_a_convention_is_touched_by_its_change_in_every_version(cast) -> None:
    touched = law_touches(LegalReference.objects.get(number="C138"), actor=cast.actor("workers"), on=ON)
    for one in touched.versions:
        version, _links = tool_version(one.tool, one.version)
        assert {q.code for q in one.questions} == {q.code for q in version.questions if "C138" in q.legal_basis}
        assert {q.cites for q in one.questions} == {THIS}
    assert {(one.version, one.in_force) for one in touched.versions} == {("2014", True), ("2009", False)}
    assert touched.questions == 7


def test_every_convention_that_the_shipped_tool_cites_is_in_the_register_and_linked() -> None:
    for name in ("2009", "2014"):
        version, _links = tool_version("garment", name)
        cited = {(q.code, law) for q in version.questions for law in q.legal_basis if law != "national law"}
        linked = VersionLegal.objects.filter(tool="garment", version=name)
        assert set(linked.values_list("code", "reference__number")) == cited


def test_what_was_in_force_on_an_earlier_day_is_told_for_that_day(cast) -> None:
    touched = law_touches(LegalReference.objects.get(number="C138"), actor=cast.actor("workers"), on=date(2010, 1, 1))
    assert [one.version for one in touched.versions if one.in_force] == ["2009"]


@pytest.mark.capability("B4")
def test_a_change_touches_what_cites_the_article_its_parts_its_whole_and_its_earlier_text(cast) -> None:
    old = law()
    part, whole, other = law("Art. 137(2)"), law(""), law("Art. 13")
    draft = begun()
    for code, reference in (("OSH-8-06", old), ("OSH-8-07", part), ("OSH-8-09", whole), ("OSH-8-01", other)):
        resting(draft, reference, code=code)
    new = law(starts=date(2027, 1, 1), supersedes=old)
    actor = cast.actor("manager")
    (found,) = law_touches(new, actor=actor, on=ON).drafts
    assert found.codes == ("OSH-8-06", "OSH-8-07", "OSH-8-09")
    for name, code, cites in (("2014", "OSH-8-06", EARLIER), ("2014", "OSH-8-07", PART), ("2014", "OSH-8-09", WHOLE)):
        reference = {EARLIER: old, PART: part, WHOLE: whole}[cites]
        VersionLegal.objects.create(tool="garment", version=name, code=code, reference=reference)
    (version,) = law_touches(new, actor=actor, on=ON).versions
    assert {(q.code, q.cites) for q in version.questions} == {
        ("OSH-8-06", EARLIER),
        ("OSH-8-07", PART),
        ("OSH-8-09", WHOLE),
    }


def test_the_same_article_of_another_country_or_instrument_is_not_touched(cast) -> None:
    mine = law()
    theirs = legal_reference_add(
        actor="p", kind="law", country="KH", texts={"instrument": "Labour Code", "article": "Art. 137"},
        in_force_from=None, at=AT,
    )  # fmt: skip
    resting(begun(), mine)
    assert law_touches(mine, actor=cast.actor("manager"), on=ON).drafts
    assert not law_touches(theirs, actor=cast.actor("manager"), on=ON).drafts


def test_drafts_that_one_may_not_read_are_not_told(cast) -> None:
    one = law()
    resting(begun(), one)
    for word, count in (("manager", 1), ("global", 1), ("abroad", 0), ("workers", 0), ("nobody", 0)):
        assert len(law_touches(one, actor=cast.actor(word), on=ON).drafts) == count, word
    shown = cast.client("workers").get(reverse("instruments:law_article", kwargs={"reference": one.key}))
    assert CODE not in shown.content.decode()


@pytest.mark.capability("B4")
def test_rooms_above_add_what_they_know_of_it(cast) -> None:
    asked = []

    def findings(actor, questions, country, on):
        asked.append((actor.id, dict(questions), country, on))
        yield TouchedMore("Open findings", 12, "in 3 factories", "/findings/")

    touched_add("tested", findings)
    try:
        convention = LegalReference.objects.get(number="C182")
        url = reverse("instruments:law_article", kwargs={"reference": convention.key})
        shown = cast.client("advisor").get(f"{url}?on=2026-06-01").content.decode()
    finally:
        touched_remove("tested")
    assert "Open findings" in shown and "in 3 factories" in shown
    ((actor, questions, country, on),) = asked
    assert actor == cast.person("advisor").public_id
    assert sorted(questions) == [("garment", "2009"), ("garment", "2014")]
    assert "CHL-2-01" in questions["garment", "2014"]
    assert (country, on) == ("", ON)


def test_the_life_of_a_provision_is_told_from_any_of_its_texts() -> None:
    first = law(starts=None)
    second = law(starts=date(2021, 5, 1), supersedes=first)
    third = law("Art. 140", starts=date(2027, 1, 1), supersedes=second)
    keys = [first.key, second.key, third.key]
    for one in LegalReference.objects.filter(key__in=keys):
        assert [text.key for text in law_life(one)] == keys
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.in_force_from, first.in_force_until) == (None, date(2021, 4, 30))
    assert law_state(first, superseded=True, on=ON) == "superseded"
    assert law_state(first, superseded=True, on=date(2021, 1, 1)) == "unknown"
    assert law_state(second, superseded=True, on=ON) == "holds"
    assert law_state(third, superseded=False, on=ON) == "later"
    ended = legal_reference_end(actor="p", reference=law("Art. 9"), until=date(2022, 1, 1), at=AT)
    assert law_state(ended, superseded=False, on=ON) == "repealed"


@pytest.mark.capability("B4")
def test_a_change_of_law_is_recorded_on_the_page_with_its_source(cast) -> None:
    old = law()
    client = cast.client("manager")
    url = reverse("instruments:law_change", kwargs={"reference": old.key})
    data = {
        "kind": "law", "country": "VN", "instrument": "Labour Code", "article": "Art. 137",
        "in_force_from": "2027-01-01", "source": "",
    }  # fmt: skip
    assert "This field is required" in client.post(url, data).content.decode()
    answer = client.post(url, {**data, "source": "Official Gazette 12, 3 May 2026"})
    assert answer.status_code == 302
    shown = client.get(answer.url).content.decode()
    assert "Official Gazette 12" in shown
    old.refresh_from_db()
    assert old.in_force_until == date(2026, 12, 31)
    assert entries_search(action="law.added").entries[0].content["after"]["source"] == "Official Gazette 12, 3 May 2026"
    again = client.post(url, {**data, "source": "x"}).content.decode()
    assert "superseded already" in again


def test_law_is_read_by_all_and_written_by_those_who_run_its_country(cast) -> None:
    one = law()
    convention = LegalReference.objects.get(number="C138")
    for word in ("workers", "buyer", "nobody", "inspector"):
        client = cast.client(word)
        assert client.get(reverse("instruments:law")).status_code == 200
        assert client.get(reverse("instruments:law_article", kwargs={"reference": one.key})).status_code == 200
        assert client.get(reverse("instruments:law_add")).status_code == 404
        assert client.get(reverse("instruments:law_change", kwargs={"reference": one.key})).status_code == 404
    assert cast.client("stranger").get(reverse("instruments:law")).status_code == 302
    manager = cast.client("manager")
    for name, reference, status in (
        ("law_change", one, 200),
        ("law_repeal", one, 200),
        ("law_change", convention, 404),
    ):
        assert manager.get(reverse(f"instruments:{name}", kwargs={"reference": reference.key})).status_code == status
    made = {"kind": "law", "country": "", "instrument": "Mine", "source": "me"}
    assert "countries you work for" in manager.post(reverse("instruments:law_add"), made).content.decode()
    made["country"] = "KH"
    assert "Select a valid choice" in manager.post(reverse("instruments:law_add"), made).content.decode()
    assert cast.client("global").post(reverse("instruments:law_add"), {**made, "country": ""}).status_code == 302
    assert LegalReference.objects.get(instrument="Mine").in_force_from is None


def test_a_day_that_is_none_is_said_to_be_none(cast) -> None:
    url = reverse("instruments:law_article", kwargs={"reference": LegalReference.objects.first().key})
    shown = cast.client("advisor").get(f"{url}?on=31.12.2026").content.decode()
    assert "That is no day" in shown


def test_the_list_of_law_is_searched_and_taken_away(cast) -> None:
    client = cast.client("workers")
    shown = client.get(reverse("instruments:law") + "?q=C138").content.decode()
    assert "Minimum Age" in shown and "Equal Remuneration" not in shown
    data = b"".join(client.get(reverse("instruments:law") + "?format=csv").streaming_content).decode()
    assert data.count("\n") == LegalReference.objects.count() + 1
