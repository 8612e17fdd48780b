"""How the rows of the programme's own rooms come to be: the register, committees, tools, staff, releases, reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from betterwork.foundation.audiences.names import COMMITTEE, PUBLIC, audiences
from tests.trust.filling import AT

if TYPE_CHECKING:
    from tests.trust.world import World

ON = AT.date()
SINCE, LAST = date(2026, 1, 1), date(2099, 12, 31)
TRIAL = "trial"
TOPIC, EVENT, DECIDED = "trial.happened", "trial.thing.happened", "trial.decide"


class _Happened:
    """What the events of the tests carry."""


def kinds_declared() -> None:
    """A topic that programs can be told of, something to be released, and something to be decided: of the tests."""
    from betterwork.foundation.doors.policy import STAFF_ONLY
    from betterwork.foundation.releases.kinds import release_kind_add
    from betterwork.foundation.webhooks.topics import webhook_topic_add
    from betterwork.modules.bodies.declaring import decision_kind_add

    webhook_topic_add(_Happened, TOPIC, "A trial", lambda one: {"thing": one["thing"]}, event=EVENT, policy=STAFF_ONLY)
    release_kind_add(TRIAL, title="Trial", url=lambda key: "/")
    decision_kind_add(DECIDED, title="Approve what is tried", body_kind="national-committee")


def kinds_forgotten() -> None:
    """Take them away again."""
    from betterwork.foundation.events.registry import SUBSCRIBERS
    from betterwork.foundation.releases.kinds import KINDS
    from betterwork.foundation.webhooks.topics import TOPICS
    from betterwork.modules.bodies.declaring import DECISION_KINDS

    TOPICS.pop(TOPIC, None)
    SUBSCRIBERS.pop((EVENT, f"webhooks.{TOPIC}"), None)
    KINDS.pop(TRIAL, None)
    DECISION_KINDS.pop(DECIDED, None)


def tokens(world: World) -> None:
    """Tokens of several persons, one of them ended."""
    from betterwork.foundation.tokens.models import Token
    from betterwork.foundation.tokens.services import token_end, token_make

    for word in ("global", "advisor", "factory", "auditor"):
        me = world.cast.person(word).public_id
        given = {"actor": me, "person": me, "scope": "world", "ends": AT + timedelta(days=90), "at": AT}
        token_make(title=world.canaries.text(Token, "title"), **given)
        one = token_make(title=world.canaries.text(Token, "title"), **given).token
    token_end(actor=me, token=one, at=AT)


def webhooks(world: World) -> None:
    """Endpoints of two persons, each with a message that was tried."""
    from betterwork.foundation.webhooks.calling import Called
    from betterwork.foundation.webhooks.models import Delivery, Endpoint, Try
    from betterwork.foundation.webhooks.services import endpoint_make, endpoint_test, try_record

    for word in ("global", "advisor"):
        me, text = world.cast.person(word).public_id, world.canaries.text
        url = f"https://planted.example/{world.canaries.word()}"
        made = endpoint_make(actor=me, title=text(Endpoint, "title"), url=url, topics=[TOPIC], at=AT)
        endpoint_test(actor=me, endpoint=made.endpoint, at=AT)
        owed = Delivery.objects.filter(endpoint=made.endpoint).latest("made_at")
        try_record(delivery=owed, called=Called(500, text(Try, "problem"), 12), at=AT)


def register(world: World) -> None:
    """What the register keeps of two factories of Viet Nam, and of one that is another record of the second."""
    from betterwork.modules.registry import models
    from betterwork.modules.registry import services as write

    text, boss = world.canaries.text, world.cast.person("global").public_id
    made = write.factories_ensure(
        actor=boss, at=AT, wanted={("VN", number): text(models.Factory, "name") for number in ("twin-1", "twin-2")}
    )
    for factory in (*world.things["factories"].values(), made["VN", "twin-1"]):
        given: dict[str, Any] = {"actor": boss, "factory": factory, "at": AT}
        for what, values in _answers(text).items():
            write.factory_set(what=what, values=values, since=SINCE, reason=text(models.FactoryName, "reason"), **given)
        workers = {"women": 800, "men": 200, "by_contract": {"permanent": [700, 150, 0], "fixed-term": [100, 50, 0]}}
        write.workforce_set(on=SINCE, **workers, **given)
        write.factory_enrol(starts=SINCE, cycle=1, **given)
        for place in (1, 2):
            said = {name: text(models.Contact, name) for name in ("name", "job_title", "phone")}
            write.contact_set(place=place, email=f"{world.canaries.word()}@planted.example", **said, **given)
        write.outside_id_add(system="portal", number=world.canaries.word(), **given)
    merge: dict[str, Any] = {"actor": boss, "at": AT, "reason": text(models.Merge, "reason")}
    world.things["merge"] = write.factory_merge(kept=made["VN", "twin-1"], gone=made["VN", "twin-2"], **merge)
    source = text(models.SectorTotal, "source")
    write.sector_total_set(actor=boss, country="VN", on=SINCE, factories=40, workers=4000, source=source, at=AT)
    _lists(world)
    _pairs(world)


def _answers(text: Any) -> dict[str, dict[str, Any]]:
    from betterwork.modules.registry import models

    buyers = [{"name": text(models.Registration, "buyers"), "organisation": "", "since_year": 2009}]
    return {
        "site": {name: text(models.Site, name) for name in ("lines", "town", "region", "postcode")},
        "office": {name: text(models.Office, name) for name in ("lines", "town", "region", "postcode", "land")},
        "ownership": {name: text(models.Ownership, name) for name in ("legal_name", "headquarters")},
        "group": {"name": text(models.Grouping, "name")},
        "exporting": {"state": "exports", "source": text(models.Exporting, "source")},
        "registration": {
            "isic_section": "C",
            "isic_division": "14",
            "began_year": 2001,
            "product_1": text(models.Registration, "product_1"),
            "product_2": text(models.Registration, "product_2"),
            "buyers": buyers,
        },
    }


def _lists(world: World) -> None:
    from betterwork.modules.registry.models import FactoryImport, ImportRow
    from betterwork.modules.registry.services import list_give

    changed, refused = (world.canaries.text(ImportRow, name) for name in ("changes", "reasons"))
    world.canaries.filed |= {text.split()[-1] for text in (changed, refused)}
    rows = ["Country,Number,Name", f"VN,1,{changed}", f"{refused},3,X"]
    for word, countries in (("manager", {"VN"}), ("global", None)):
        name = f"{world.canaries.text(FactoryImport, 'name')}.csv"
        me = world.cast.person(word).public_id
        list_give(actor=me, content="\n".join(rows).encode(), name=name, countries=countries, at=AT)


def _pairs(world: World) -> None:
    from betterwork.modules.duplicates.models import Pair
    from betterwork.modules.duplicates.services import NewPair, pair_refuse, pairs_keep
    from betterwork.modules.registry.models import Factory

    one, two, three = Factory.objects.filter(country="VN").order_by("pk")[:3]
    reasons = (("name.same", 3.0), ("owner.other", -4.0))
    found = [NewPair(one.pk, other.pk, 7.0, True, reasons, "facts of a pair") for other in (two, three)]
    pairs_keep(actor="operator", country="VN", found=found, at=AT)
    reason = world.canaries.text(Pair, "reason")
    pair = Pair.objects.order_by("pk")[1]
    pair_refuse(actor=world.cast.person("manager").public_id, pair=pair, reason=reason, at=AT)


def staff_facts(world: World) -> None:
    """What is known of two advisors, one fact of them withdrawn."""
    from betterwork.modules.staff.models import StaffFact
    from betterwork.modules.staff.services import fact_enter, fact_withdraw

    leader = world.cast.person("leader").public_id
    for word in ("advisor", "partner"):
        given: dict[str, Any] = {"person": world.cast.person(word).public_id, "starts": ON, "at": AT}
        note = world.canaries.text(StaffFact, "note")
        fact_enter(actor=leader, kind="competence", about="assessment", level="alone", note=note, **given)
        language = {"kind": "language", "about": "vi", "level": "first"}
        one = fact_enter(actor=leader, **language, note=world.canaries.text(StaffFact, "note"), **given)
    fact_withdraw(actor=leader, fact=one, reason=world.canaries.text(StaffFact, "withdrawn_why"), at=AT)


def committees(world: World) -> None:
    """The national committee of Viet Nam and of Jordan, and the committee of a factory."""
    from betterwork.modules.bodies import models
    from betterwork.modules.bodies import services as write

    text, boss = world.canaries.text, world.cast.person("global").public_id
    given: dict[str, Any] = {"actor": boss, "at": AT}
    sides = {"VN": ("government", "employers", "workers"), "JO": ("second",)}
    for country, words in sides.items():
        named = {"kind": "national-committee", "country": country, "start": SINCE}
        body = write.body_found(name=text(models.Body, "name"), **named, **given)
        seats = [_seated(world, body, word, word if country == "VN" else "government") for word in words]
        write.chair_name(body=body, member=seats[0], start=SINCE, end=LAST, **given)
        world.things[f"body {country}"], world.things[f"seats {country}"] = body, seats
    own = write.body_found(
        kind="factory-committee",
        name=text(models.Body, "name"),
        start=SINCE,
        country="VN",
        factory="factory:VN/1",
        workers_chosen="elected",
        **given,
    )
    _seated(world, own, "committee", "workers")
    _seated(world, own, "factory", "management")
    _meetings(world)
    _recorded(world)


def _seated(world: World, body: Any, word: str, side: str) -> Any:
    from betterwork.modules.bodies.models import Member
    from betterwork.modules.bodies.services import member_seat

    return member_seat(
        actor=world.cast.person("global").public_id,
        body=body,
        person=world.cast.person(word).public_id,
        side=side,
        start=SINCE,
        end=LAST,
        nominator=world.canaries.text(Member, "nominator"),
        sex="f",
        at=AT,
    )


def _meetings(world: World) -> None:
    from betterwork.modules.bodies import meeting as meetings
    from betterwork.modules.bodies import models
    from betterwork.modules.bodies import services as write
    from betterwork.modules.bodies.rules import APPROVED, BY_CONSENSUS, Ballot

    text, given = world.canaries.text, {"actor": world.cast.person("global").public_id, "at": AT}
    for country in ("VN", "JO"):
        body, seats = world.things[f"body {country}"], world.things[f"seats {country}"]
        meeting = meetings.meeting_call(body=body, day=ON, place=text(models.Meeting, "place"), **given)
        matter = write.matter_bring(
            kind=DECIDED,
            subject=f"trial-{country}",
            title=text(models.Matter, "title"),
            url="/",
            country=country,
            **given,
        )
        item = meetings.item_add(meeting=meeting, matter=matter, note=text(models.AgendaItem, "note"), **given)
        meetings.item_add(meeting=meeting, title=text(models.AgendaItem, "title"), **given)
        meetings.attendance_note(meeting=meeting, present=[one.id for one in seats], **given)
        meetings.minutes_write(meeting=meeting, text=text(models.Meeting, "minutes"), **given)
        if country == "VN":
            said = {name: text(models.Decision, name) for name in ("text", "reasons", "conditions")}
            world.things["decision"] = write.decision_take(
                meeting=meeting,
                outcome=APPROVED,
                ballot=Ballot(BY_CONSENSUS, {}),
                item=item,
                matter=matter,
                **said,
                **given,
            )


def _recorded(world: World) -> None:
    from betterwork.modules.bodies import models, recording
    from betterwork.modules.bodies import services as write
    from betterwork.modules.bodies.kinds import kinds

    text, given = world.canaries.text, {"actor": world.cast.person("global").public_id, "at": AT}
    for country in ("VN", "JO"):
        said = {name: text(models.Agreement, name) for name in ("title", "parties", "reference", "note")}
        recording.agreement_note(kind="memorandum", country=country, signed=SINCE, start=SINCE, **said, **given)
    said = {name: text(models.Remark, name) for name in ("text", "reference")}
    remark = recording.remark_note(session="GB.350", day=SINCE, **said, **given)
    manager = world.cast.person("manager").public_id
    for of in ({"decision": world.things["decision"]}, {"remark": remark}):
        recording.follow_up_add(what=text(models.FollowUp, "what"), owner=manager, due=LAST, **of, **given)
    rules = kinds()["national-committee"].shipped[-1].value
    source = text(models.BodyRule, "source")
    write.rules_set(kind="national-committee", country="VN", rules=rules, start=LAST, source=source, **given)


def law(world: World) -> None:
    """A provision of Viet Nam, and the one it took the place of."""
    from betterwork.modules.instruments.models import LegalReference
    from betterwork.modules.instruments.services import legal_reference_add

    before = None
    for first in (date(2020, 1, 1), ON):
        names = ("instrument", "number", "article", "title", "summary", "source")
        texts = {name: world.canaries.text(LegalReference, name) for name in names}
        texts["link"] = f"https://planted.example/{world.canaries.word()}"
        given: dict[str, Any] = {
            "actor": world.cast.person("global").public_id,
            "kind": "law",
            "country": "VN",
            "at": AT,
        }
        before = legal_reference_add(texts=texts, in_force_from=first, supersedes=before, **given)
    assert before is not None
    world.things["law"] = before


def drafts(world: World) -> None:
    """Small drafts: one of Viet Nam that is being written, one of Jordan, one before the committee of Viet Nam."""
    from betterwork.modules.instruments import models
    from betterwork.modules.instruments import services as write

    text = world.canaries.text
    boss = {"actor": world.cast.person("global").public_id, "at": AT}
    for country, version in (("VN", "trial-1"), ("JO", "trial-1"), ("VN", "trial-2")):
        about = {"title": text(models.Tool, "title"), "about": text(models.Tool, "about")}
        code = f"{TRIAL}-{country.lower()}-{version[-1]}"
        tool = write.tool_make(code=code, instrument="committee", country=country, **about, **boss)
        draft = write.draft_create(tool=tool, version=version, country=country, **boss)
        for number in (1, 2):
            draft = write.draft_question_add(draft=draft, question=_question(text, number), **boss)
        draft = write.draft_laws_set(draft=draft, code="TRY-1-01", references=[world.things["law"].key], **boss)
        draft = write.draft_settings_set(draft=draft, version=version, in_force_from=date(2027, 1, 1), **boss)
        if version == "trial-2":
            world.things["submitted"] = write.draft_submit(draft=draft, url="/tools/", **boss)


def _question(text: Any, number: int) -> Any:
    from betterwork.core.instrument import AnswerKind, Kind, Question
    from betterwork.modules.instruments.models import DraftQuestion

    words: dict[str, Any] = {name: text(DraftQuestion, name) for name in ("text", "guidance", "source")}
    if number == 1:
        words |= {"noncompliant_answer": "no"}
    else:
        words |= {"answer": AnswerKind.CHOICE, "choices": (text(DraftQuestion, "choices"), "other")}
    return Question(
        code=f"TRY-1-0{number}",
        kind=Kind.COMPLIANCE if number == 1 else Kind.FACT,
        cluster_code="TRY",
        cluster=TRIAL,
        point_code="TRY-1",
        point=TRIAL,
        tags=(text(DraftQuestion, "tags"),),
        legal_basis=(text(DraftQuestion, "legal_basis"),),
        **words,
    )


def releases(world: World) -> None:
    """What was given: to the committee of Viet Nam, to donors, to the staff; one of them withdrawn."""
    from betterwork.foundation.documents.services import document_seal
    from betterwork.foundation.releases.models import Release, Withdrawal
    from betterwork.foundation.releases.rules import Recipient
    from betterwork.foundation.releases.services import release_make, release_withdraw

    sections = {
        one: {"words": world.canaries.loose_text(f"section of a release for {one}", audiences(one))}
        for one in (COMMITTEE, PUBLIC)
    }
    paper = document_seal(kind=TRIAL, key="released", sections=sections, at=AT)
    recipients = (
        (Recipient(COMMITTEE, "country:VN"), COMMITTEE, "VN"),
        (Recipient(PUBLIC, role="donor"), PUBLIC, "JO"),
        (Recipient(COMMITTEE, "country:VN"), COMMITTEE, "VN"),
    )
    for number, (to, section, country) in enumerate(recipients):
        one = release_make(
            actor=world.cast.person("global").public_id,
            kind=TRIAL,
            key=f"released {number}",
            country=country,
            document=paper,
            section=section,
            to=to,
            at=AT,
            **{name: world.canaries.text(Release, name) for name in ("title", "authority", "rule")},
        )
    reason = world.canaries.text(Withdrawal, "reason")
    release_withdraw(actor=world.cast.person("manager").public_id, release=one, reason=reason, at=AT)


def reports(world: World) -> None:
    """Evidence of Viet Nam, and a report that was kept and brought before its committee. Its files are not set."""
    from betterwork.modules.evidence.services import store_build
    from betterwork.modules.evidence.tests.pages_world import few
    from betterwork.modules.evidence.tests.sample import seal
    from betterwork.modules.reports.asking import report_ask
    from betterwork.modules.reports.giving import report_bring
    from betterwork.modules.reports.keeping import report_keep

    boss = world.cast.person("global").public_id
    seal(few())
    store_build(at=AT)
    with _nothing_is_set():
        period = {"country": "VN", "starts": date(2014, 1, 1), "ends": date(2015, 12, 31), "snapshot": ""}
        asked = report_ask(actor=boss, **period, at=AT, by_job=False)
        report = report_keep(actor=boss, report=asked.pk, at=AT)
    report_bring(actor=boss, report=report, at=AT)


@contextmanager
def _nothing_is_set() -> Iterator[None]:
    """Files without drawing and typesetting: what stands in them is the business of the reports' own tests."""
    from betterwork.modules.reports import services

    real = services.report_files
    services.report_files = lambda *, report: {"index.html": b"<!doctype html><title>Report</title>", "a.csv": b"a\n"}
    try:
        yield
    finally:
        services.report_files = real


STEPS = [tokens, webhooks, register, staff_facts, committees, law, drafts, releases, reports]
"""In the order in which rooms stand on each other, after those of ``peopling``."""
