"""The pages of committees, through their doors: a meeting from the call to the printed minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from betterwork.foundation.access.models import Grant
from betterwork.modules.bodies.kinds import ADVISORY, FACTORY
from betterwork.modules.bodies.meeting import attendance_note, meeting_call
from betterwork.modules.bodies.models import Body, Decision, FollowUp, Matter, Meeting, Member
from betterwork.modules.bodies.recording import agreement_note, follow_up_add, remark_note
from betterwork.modules.bodies.rules import ADVICE
from betterwork.modules.bodies.services import body_found, member_end
from betterwork.modules.bodies.tasks import tasks_of_committees
from betterwork.modules.bodies.tests.worlds import AT, FIRST, approved, brought, committee, meeting_of, seated

pytestmark = [pytest.mark.django_db, pytest.mark.capability("L1")]


def text(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def today():
    return timezone.localdate()


def test_staff_set_up_a_committee_seat_its_sides_and_name_the_chair(cast):
    client, first = cast.client("manager"), f"{today().year}-01-01"
    for word in ("government", "employers", "workers"):
        cast.person(word)
    given = {"kind": "national-committee", "name": "PAC of the tests", "country": "VN", "start": first}
    answer = client.post("/committees/new/", given)
    body = Body.objects.get()
    assert answer.url == f"/committees/{body.id}/" and body.id.startswith("vn-")
    page = text(client.get(answer.url))
    assert "Nobody chairs this committee" in page and "3 seats empty" in page and "Nobody sits here yet" in page
    for word in ("government", "employers", "workers"):
        seat = {"email": f"{word}@cast.example", "side": word, "start": first, "chosen": "named", "sex": "f"}
        assert client.post(f"/committees/{body.id}/seat/", seat).status_code == 302
    refused = text(client.post(f"/committees/{body.id}/seat/", seat))
    assert "sits in the committee on one of these days already" in refused
    chair = {"member": Member.objects.get(side="government").id, "start": first}
    assert client.post(f"/committees/{body.id}/chair/", chair).status_code == 302
    page = text(client.get(answer.url))
    assert "100 % (3/3)" in page and "2 seats empty" in page and "GB.320/POL/6" in page
    assert "There is one already" in text(client.post("/committees/new/", given))


def test_a_manager_sets_up_nothing_abroad_or_for_the_world(cast):
    client = cast.client("manager")
    for given in ({"kind": "national-committee", "country": "JO"}, {"kind": "management-group"}):
        answer = client.post("/committees/new/", {"name": "No", "start": str(FIRST), **given})
        assert answer.status_code == 200 and not Body.objects.exists()
    given = {"kind": "factory-committee", "name": "No", "factory": "JO/1", "workers_chosen": "elected"}
    assert "not of a country that is yours" in text(client.post("/committees/new/", {**given, "start": str(FIRST)}))


def test_a_meeting_is_run_from_its_page(cast):
    body, seats = committee(cast)
    matter = brought()
    client = cast.client("leader")
    assert "Of a written procedure" not in text(client.get(f"/committees/{body.id}/call/")), "it knows none"
    answer = client.post(f"/committees/{body.id}/call/", {"day": str(today()), "place": "Ministry", "begins": "09:00"})
    meeting = Meeting.objects.get()
    url = f"/committees/meetings/{meeting.id}/"
    assert answer.url == url
    client.post(f"{url}item/", {"matter": matter.id, "title": "", "note": "See the paper"})
    item = meeting.items.get()
    page = text(client.get(url))
    assert "Without a quorum nothing can be decided." in page and "There is no quorum" not in page
    assert "How many of each side are heard" not in page, "nothing is noted yet"
    agenda = text(client.get(f"{url}minutes/"))
    assert "<title>Agenda" in agenda and "Approve trial one" in agenda and "See the paper" in agenda
    assert "not adopted" not in agenda and "Nobody has been noted" not in agenda
    decision = {"outcome": "approved", "text": "The tool is approved.", "way": "consensus"}
    refused = text(client.post(f"{url}decide/?item={item.id}", decision))
    assert "Note first who is present" in refused and "The tool is approved." in refused
    assert "Not done" in refused and "Not saved yet" not in refused

    client.post(f"{url}present/", {"side-government": seats["government"].id, "side-employers": seats["employers"].id})
    page = text(client.get(url))
    assert "How many of each side are heard" in page
    assert "There is no quorum" in page and "No member of the workers&#x27; side is present." in page
    refused = text(client.post(f"{url}decide/?item={item.id}", decision))
    assert "This cannot be decided, there is no quorum. No member of the workers&#x27; side is present." in refused
    assert not Decision.objects.exists()

    client.post(f"{url}present/", {f"side-{side}": one.id for side, one in seats.items()})
    assert "There is a quorum" in text(client.get(url))
    assert client.post(f"{url}decide/?item={item.id}", decision).url == url
    made = Decision.objects.get()
    assert made.matter == matter and Matter.objects.get().state == "decided"
    assert client.post(f"{url}decide/?item={item.id}", decision).status_code == 200, "decided twice"

    draft = text(client.get(f"{url}minutes/write/"))
    assert "Decision 1: The tool is approved." in draft
    client.post(f"{url}minutes/write/", {"text": "They met and approved."})
    assert "Draft, seen by the secretariat only" in text(client.get(url))
    assert "They met and approved" not in text(cast.client("workers").get(f"/committees/mine/meetings/{meeting.id}/"))
    assert client.post(f"{url}minutes/adopt/", {"day": str(today())}).status_code == 302
    member = cast.client("workers")
    assert "They met and approved." in text(member.get(f"/committees/mine/meetings/{meeting.id}/minutes/"))
    client.post(f"{url}minutes/write/", {"text": "They met, and approved.", "reason": "A comma"})
    printed = text(client.get(f"{url}minutes/"))
    assert "They met, and approved." in printed and "Corrected: A comma" in printed and "Workers of the cast" in printed


def test_votes_of_members_are_shown_with_the_decision(cast):
    body, seats = committee(cast)
    meeting = meeting_of(body, *seats.values(), day=today())
    url = f"/committees/meetings/{meeting.id}/decide/"
    client = cast.client("global")
    votes = {f"vote-{one.id}": "yes" for one in seats.values()}
    client.post(url, {"outcome": "approved", "text": "Yes.", "way": "members", **votes})
    made = Decision.objects.get()
    for address in (f"/committees/decisions/{made.id}/", f"/committees/mine/decisions/{made.id}/"):
        word = "workers" if "mine" in address else "manager"
        page = text(cast.client(word).get(address))
        assert "Workers of the cast" in page and "3 of 3 members were heard" in page
    again = {"outcome": "approved", "text": "Yes, decree 2.", "way": "consensus", "why": "Wrong decree"}
    assert client.post(f"{url}?anew={made.id}", again).status_code == 302
    assert "has taken the place" in text(client.get(f"/committees/decisions/{made.id}/"))


def test_papers_are_for_members_and_staff_of_the_committee_only(cast):
    body, _seats = committee(cast)
    meeting = meeting_call(actor="operator", body=body, day=today() + timedelta(days=3), place="Ministry", at=AT)
    client = cast.client("manager")
    paper = SimpleUploadedFile("draft.txt", b"The draft tool", content_type="text/plain")
    given = {"file": paper, "title": "Draft tool"}
    assert client.post(f"/committees/meetings/{meeting.id}/paper/", given).status_code == 302
    for word, url in (("manager", "meetings"), ("employers", "mine/meetings")):
        page = text(cast.client(word).get(f"/committees/{url}/{meeting.id}/"))
        assert "Draft tool" in page
        download = page.partition('href="/files/')[2].partition('"')[0]
        assert cast.client(word).get(f"/files/{download}").status_code == 200
    for word in ("abroad", "factory", "buyer", "nobody"):
        assert cast.client(word).get(f"/files/{download}").status_code == 404


SEEN = {
    "staff": {"global", "second", "analyst", "manager", "leader", "advisor", "partner", "auditor"},
    "own": {"government", "employers", "workers"},
    "keep": {"global", "second", "manager", "leader"},
}


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/committees/", "staff+abroad"),
        ("/committees/mine/", "own+committee"),
        ("/committees/{body}/", "staff"),
        ("/committees/mine/{body}/", "own"),
        ("/committees/meetings/{meeting}/", "staff"),
        ("/committees/mine/meetings/{meeting}/", "own"),
        ("/committees/meetings/{meeting}/minutes/", "staff"),
        ("/committees/mine/meetings/{meeting}/minutes/", "own"),
        ("/committees/decisions/{decision}/", "staff"),
        ("/committees/mine/decisions/{decision}/", "own"),
        ("/committees/{body}/seat/", "keep"),
        ("/committees/{body}/call/", "keep"),
        ("/committees/meetings/{meeting}/decide/", "keep"),
        ("/committees/meetings/{meeting}/paper/", "keep"),
    ],
)
def test_each_page_opens_for_whom_it_is_and_for_nobody_else(cast, path, who):
    body, seats = committee(cast)
    meeting = meeting_of(body, *seats.values(), day=today())
    decision = approved(meeting, at=timezone.now())
    url = path.format(body=body.id, meeting=meeting.id, decision=decision.id)
    name, _plus, more = who.partition("+")
    allowed = SEEN[name] | ({more} if more else set())
    for word in (one for one in cast.everybody() if one != "stranger"):
        expected = 200 if word in allowed else 404
        assert cast.client(word).get(url).status_code == expected, word
    assert cast.client("stranger").get(url).status_code == 302


def test_representatives_see_the_committee_of_their_country_only(cast):
    body, _seats = committee(cast)
    given = {"kind": "national-committee", "name": "Committee in Jordan", "start": FIRST, "country": "JO"}
    abroad = body_found(actor="operator", at=AT, **given)
    page = text(cast.client("workers").get("/committees/mine/"))
    assert body.name in page and abroad.name not in page
    assert cast.client("workers").get(f"/committees/mine/{abroad.id}/").status_code == 404


def test_a_role_over_a_committee_opens_that_committee_alone(cast):
    group = body_found(actor="operator", kind=ADVISORY, name="Advisory Committee", start=FIRST, at=AT)
    body, _seats = committee(cast)
    person = cast.person("nobody")
    Grant.objects.create(
        person=person.public_id,
        role="committee-member",
        scope=f"committee:{group.id}",
        starts=AT - timedelta(days=900),
        given_by="operator",
        given_at=AT,
        confirmed_by="operator",
        confirmed_at=AT - timedelta(days=900),
    )
    client = cast.client("nobody")
    assert client.get(f"/committees/mine/{group.id}/").status_code == 200
    assert client.get(f"/committees/mine/{body.id}/").status_code == 404
    assert client.get("/committees/").status_code == 404


def test_members_of_a_factory_committee_see_theirs(cast, monkeypatch):
    from betterwork.foundation.access import scopes

    monkeypatch.setitem(scopes.EXISTS, "factory", lambda scope: True)
    body = body_found(
        actor="operator",
        kind=FACTORY,
        name="PICC",
        start=FIRST,
        factory="factory:VN/1",
        workers_chosen="elected",
        at=AT,
    )
    assert "Elected" in text(cast.client("committee").get(f"/committees/mine/{body.id}/"))
    for word in ("workers", "government", "factory"):
        assert cast.client(word).get(f"/committees/mine/{body.id}/").status_code == 404


def test_what_to_do_stands_on_the_homes_of_those_who_do_it(cast):
    body, seats = committee(cast)
    brought()
    at = timezone.now()

    def titles(word):
        return [str(one.title) for one in tasks_of_committees(cast.actor(word), at)]

    assert "Put on an agenda: Approve trial one" in titles("manager")
    assert not any("agenda" in one for one in titles("advisor") + titles("abroad") + titles("workers"))
    meeting = meeting_call(actor="operator", body=body, day=today(), place="Ministry", at=AT)
    assert any("Run the meeting" in one for one in titles("leader"))
    assert any("Trial committee, meeting 1" in one for one in titles("workers"))
    attendance_note(actor="operator", meeting=meeting, present=[one.id for one in seats.values()], at=at)
    assert not any("meeting 1" in one for one in titles("workers")), "held: nothing is left to come to"
    assert any("Write the minutes" in one for one in titles("leader"))
    member_end(actor="operator", member=seats["workers"], end=today() + timedelta(days=30), reason="moves", at=at)
    assert any("the term of 1 member ends soon" in one for one in titles("manager"))
    decision = approved(meeting, at=at)
    one = follow_up_add(actor="operator", decision=decision, what="Publish it", owner="p-workers", due=today(), at=at)
    assert "Publish it" in titles("workers") and "Publish it" not in titles("employers")
    closing = f"/committees/follow-up/{one.id}/"
    assert cast.client("employers").get(closing).status_code == 404
    assert cast.client("workers").post(closing, {"state": "done", "note": "It is out"}).status_code == 302
    assert FollowUp.objects.get().state == "done"
    assert cast.client("workers").get(closing).status_code == 404


def test_advice_waits_for_its_answer(cast):
    body = body_found(actor="operator", kind=ADVISORY, name="Advisory Committee", start=FIRST, at=AT)
    seats = [seated(cast, body, "employers", "employers"), seated(cast, body, "workers", "workers")]
    meeting = meeting_call(actor="operator", body=body, day=today(), remote=True, at=AT)
    attendance_note(actor="operator", meeting=meeting, present=[one.id for one in seats], at=timezone.now())
    advice = approved(meeting, outcome=ADVICE, text="Publish more.", at=timezone.now())
    client = cast.client("global")
    assert any(
        "Answer the advice" in str(one.title) for one in tasks_of_committees(cast.actor("global"), timezone.now())
    )
    assert "has not been answered yet" in text(client.get(f"/committees/decisions/{advice.id}/"))
    client.post(f"/committees/decisions/{advice.id}/answer/", {"text": "From May.", "in_name_of": "Management Group"})
    assert "From May." in text(client.get(f"/committees/decisions/{advice.id}/"))
    assert cast.client("manager").get(f"/committees/decisions/{advice.id}/").status_code == 404


def test_agreements_and_comments_are_kept_with_what_followed(cast):
    agreement_note(
        actor="operator",
        kind="cooperation",
        title="Agreement of Cooperation",
        parties="ILO and IFC",
        signed=FIRST,
        start=FIRST,
        reference="GB.320/POL/6, paragraph 10",
        at=AT,
    )
    for word in ("global", "manager", "advisor", "auditor"):
        assert "ILO and IFC" in text(cast.client(word).get("/committees/agreements/"))
    for word in ("workers", "buyer", "factory", "nobody"):
        assert cast.client(word).get("/committees/agreements/").status_code == 404
    client = cast.client("global")
    given = {
        "kind": "memorandum",
        "title": "MoU",
        "parties": "ILO, ministry",
        "signed": str(FIRST),
        "start": str(FIRST),
    }
    assert (
        client.post("/committees/agreements/new/", {**given, "reference": "File 1", "country": "JO"}).status_code == 302
    )
    assert "MoU" not in text(cast.client("manager").get("/committees/agreements/"))
    assert "MoU" in text(cast.client("abroad").get("/committees/agreements/"))
    remark = remark_note(actor="operator", session="GB.320", day=FIRST, text="Take account of costs.", at=AT)
    todo = {"what": "Report on costs", "owner": "p-global", "due": str(today())}
    assert client.post(f"/committees/governing-body/{remark.id}/follow/", todo).status_code == 302
    assert "Report on costs" in text(client.get("/committees/governing-body/"))
    assert cast.client("manager").get("/committees/governing-body/").status_code == 404


def test_a_country_sets_its_rules_on_a_page(cast):
    body, _seats = committee(cast)
    client = cast.client("manager")
    url = f"/committees/{body.id}/rules/"
    assert "Must be present: Workers" in text(client.get(url))
    sides = {
        f"{name}-{side}": value
        for side in ("government", "employers", "workers")
        for name, value in (("seats", 4), ("least", 2))
    }
    given = {**sides, "chair_side": "government", "quorum_chair": "on", "decides": "on", "women_percent": 40}
    given |= {"term_months": 24, "quorum_percent": 60, "majority": "each-side", "start": str(today())}
    assert "This field is required" in text(client.post(url, given))
    assert client.post(url, {**given, "source": "Decision 12 of the ministry"}).status_code == 302
    page = text(client.get(f"/committees/{body.id}/"))
    assert "Decision 12 of the ministry" in page and "60 % of the members" in page and "Majority of each side" in page
    assert cast.client("leader").get(url).status_code == 404


def test_the_list_takes_few_queries_whatever_its_length(cast, django_assert_max_num_queries):
    Body.objects.bulk_create(
        Body(
            id=f"vn-{number}",
            kind="round-table",
            country="VN",
            name=f"PICC {number}",
            start=FIRST,
            founded_by="operator",
            founded_at=AT,
        )
        for number in range(3_000)
    )
    client = cast.client("manager")
    with django_assert_max_num_queries(9):  # two of them the list's own, the others those of every page
        text(client.get("/committees/?q=PICC&order=-waiting"))
    lines = b"".join(client.get("/committees/?format=csv").streaming_content).decode().splitlines()
    assert len(lines) == 3_001


def test_what_the_pages_write_is_somebody_elses_to_try_in_vain(cast):
    body, seats = committee(cast)
    meeting = meeting_of(body, day=today())
    for word in ("workers", "advisor", "abroad", "auditor", "analyst"):
        client = cast.client(word)
        for url in (
            f"/committees/meetings/{meeting.id}/present/",
            f"/committees/meetings/{meeting.id}/item/",
            f"/committees/meetings/{meeting.id}/decide/",
            f"/committees/{body.id}/seat/",
            f"/committees/{body.id}/rules/",
            f"/committees/members/{seats['workers'].id}/end/",
        ):
            assert client.post(url, {"outcome": "approved", "text": "x", "way": "consensus"}).status_code == 404
    assert not Decision.objects.exists()


def test_a_members_home_shows_her_committees_their_next_meeting_and_what_waits(cast, django_assert_max_num_queries):
    body, _seats = committee(cast)
    home = text(cast.client("government").get("/"))
    assert "Trial committee" in home and "None called" in home and "Waits for your committees" not in home
    assert "Nothing of the programme is open to you yet" not in home
    matter, coming = (
        brought(),
        meeting_call(actor="operator", body=body, day=today() + timedelta(days=9), place="Ministry", at=AT),
    )
    meeting_call(actor="operator", body=body, day=today() + timedelta(days=30), place="Ministry", at=AT)
    client = cast.client("government")
    home = text(client.get("/"))
    assert f"/committees/mine/{body.id}/" in home and f"/committees/mine/meetings/{coming.id}/" in home
    assert "Waits for your committees to decide" in home and matter.title in home
    for word, sees in (("workers", True), ("committee", False), ("advisor", False), ("buyer", False)):
        page = text(cast.client(word).get("/"))
        assert (f"/committees/mine/{body.id}/" in page) is sees, word
        assert (matter.title in page) is sees, word
    assert "Your committee stands here once" in text(cast.client("committee").get("/"))
    with django_assert_max_num_queries(25):
        client.get("/")
