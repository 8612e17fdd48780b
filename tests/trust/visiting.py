"""How the rows of concerns, visits and what is captured on them come to be: through the rooms' services."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from betterwork.foundation.doors.actor import Actor
from tests.trust.filling import AT

if TYPE_CHECKING:
    from tests.trust.world import World

ON = AT.date()
NOBODY_BUT: frozenset[str] = frozenset()
"""For what lies in the vault: no audience, but the persons who open it."""
ADVISORS = ("advisor", "partner")
SECRET = "VN-OUTSIDE-20260001"
"""The second factory of the cast's factory manager and its committee: an unannounced visit of it is planned."""
TABLET, LAPTOP, TELEPHONE = "1a" * 16, "2b" * 16, "3c" * 16


def ids(world: World, *words: str) -> list[str]:
    """The opaque ids of persons of the cast."""
    return [world.cast.person(one).public_id for one in words]


def settings_of_visits(world: World) -> None:
    """In Viet Nam inspectors may come along; in Jordan one advisor makes an assessment."""
    from betterwork.modules.countries.models import CountrySetting
    from betterwork.modules.countries.services import setting_enter

    source = world.canaries.text(CountrySetting, "source")
    given = {"actor": ids(world, "global")[0], "first": date(2026, 1, 1), "source": source, "at": AT}
    setting_enter(country="VN", name="joint_visits", value="yes", **given)
    setting_enter(country="JO", name="advisors_per_visit", value="1", **given)


def concerns(world: World) -> None:
    """Concerns with words and steps: one that the advisor raised, one of which she knows nothing, one of Jordan.

    The manager and the leader are named in Viet Nam, a naming of the partner has ended; in Jordan nobody is.
    """
    from betterwork.modules.alerts import services as write
    from betterwork.modules.alerts.naming import named_confirm, named_end, named_enter

    manager, leader = ids(world, "manager", "leader")
    given: dict[str, Any] = {"actor": manager, "country": "VN", "first": ON, "at": AT}
    for word in ("manager", "leader", "partner"):
        naming = named_enter(person=ids(world, word)[0], **given)
        if word == "leader":
            named_confirm(actor=leader, naming=naming, at=AT)
    named_end(actor=manager, naming=naming, at=AT)
    hers = _raised(world, 1, "advisor", "VN", ("manager", "leader"))
    write.concern_take(actor=leader, concern=hers, at=AT, step_id="5" * 32)
    words = _opened_by(world, "words of a step of a concern", "manager", "leader")
    write.concern_note(actor=leader, concern=hers, words=words, at=AT, step_id="6" * 32)
    unknown = _raised(world, 2, "partner", "VN", ("manager", "leader"))
    write.concern_take(actor=manager, concern=unknown, at=AT, step_id="7" * 32)
    words = _opened_by(world, "words with which closing was asked for", "manager", "leader")
    write.closing_ask(actor=manager, concern=unknown, words=words, at=AT, step_id="8" * 32)
    _raised(world, 3, "abroad", "JO", ("global", "second"))
    _raised(world, 4, "advisor", "VN", ("manager",), set_aside_person=leader)


def _opened_by(world: World, what: str, *words: str) -> str:
    """A text for the vault, with a word that only these persons may read."""
    return world.canaries.loose_text(what, NOBODY_BUT, *ids(world, *words)) + ", in a sentence"


def _raised(world: World, number: int, by: str, country: str, told: tuple[str, ...], **more: Any) -> Any:
    from betterwork.modules.alerts.models import Concern
    from betterwork.modules.alerts.services import concern_raise

    factory = next(one for (of, _id), one in sorted(world.things["factories"].items()) if of == country)
    where = f"question:CHL-{number}-01"
    if number == 1:
        where = world.canaries.text(Concern, "where")
    return concern_raise(
        actor=ids(world, by)[0],
        concern_id=hashlib.sha256(f"concern {number}".encode()).hexdigest()[:32],
        country=country,
        factory=factory,
        kind="child-below-minimum-age",
        certainty="suspicion",
        words=_opened_by(world, "words of a concern", by, *told),
        where=where,
        made_on=ON,
        at=AT,
        **more,
    )


def visits(world: World) -> None:
    """Visits in every state, of every kind of team, known to more people or fewer."""
    from betterwork.modules.visits import services as write
    from betterwork.modules.visits.models import TimeSpent, Told, Visit, VisitMember

    text, advisor = world.canaries.text, ids(world, "advisor")[0]
    leader = ids(world, "leader")[0]
    places = _places_of_visits(world)
    under_way = planned(world, "under way", places["VN", "1"], ON, *ADVISORS)
    write.arrival_record(actor=advisor, visit=under_way, on=ON, at=AT)
    for minutes, word in enumerate(ADVISORS, 60):
        given = {"actor": ids(world, word)[0], "day": ON, "activity": "on-site", "at": AT}
        write.time_enter(visit=under_way, minutes=minutes, **given)
    assert TimeSpent.objects.count() == len(ADVISORS)
    secret = planned(world, "secret", places["VN", SECRET], ON + timedelta(days=9), *ADVISORS)
    write.visit_tell(actor=leader, visit=secret, person=ids(world, "analyst")[0], why=text(Told, "why"), at=AT)
    off = planned(world, "called off", places["VN", "visit-1"], ON + timedelta(days=16), *ADVISORS)
    write.visit_cancel(actor=leader, visit=off, reason=text(Visit, "cancelled_why"), at=AT)
    done = planned(world, "done", places["VN", "visit-2"], ON - timedelta(days=4), *ADVISORS)
    write.arrival_record(actor=advisor, visit=done, on=ON - timedelta(days=4), at=AT)
    write.visit_end(actor=advisor, visit=done, at=AT)
    planned(world, "joint", places["VN", "visit-3"], ON + timedelta(days=23), *ADVISORS, along="inspector", joint=True)
    without = planned(world, "without her", places["VN", "1"], ON + timedelta(days=3), "partner", kind="advice")
    team = _team(world, ("partner", "leader"))
    days = {"first_day": without.first_day, "last_day": without.last_day}
    write.visit_change(actor=leader, visit=without, team=team, reason=text(VisitMember, "left_why"), at=AT, **days)
    write.visit_change(actor=leader, visit=without, team=team[:1], reason=text(VisitMember, "left_why"), at=AT, **days)
    announced = {"kind": "advice", "unannounced": False}
    planned(world, "announced", places["VN", "1"], ON + timedelta(days=11), "advisor", **announced)
    abroad = next(one for (country, _id), one in places.items() if country == "JO")
    one = planned(world, "abroad", abroad, ON, "abroad")
    write.arrival_record(actor=ids(world, "abroad")[0], visit=one, on=ON, at=AT)


def _places_of_visits(world: World) -> dict[tuple[str, str], Any]:
    """The factories of the world, and some more of Viet Nam that take part."""
    from betterwork.modules.registry import models
    from betterwork.modules.registry.services import factories_ensure, factory_enrol

    boss, names = ids(world, "global")[0], {}
    for number in range(1, 6):
        names["VN", f"visit-{number}"] = world.canaries.text(models.Factory, "name")
    made = factories_ensure(actor=boss, wanted=names, at=AT)
    for one in made.values():
        factory_enrol(actor=boss, factory=one, starts=date(2025, 1, 1), cycle=1, at=AT)
    return {**world.things["factories"], **made}


def _team(world: World, words: tuple[str, ...], along: str = "") -> list[Any]:
    from betterwork.modules.visits.rules import INSPECTOR, LEAD, PARTNER, Place

    team = [Place(one, PARTNER if number else LEAD) for number, one in enumerate(ids(world, *words))]
    return [*team, Place(ids(world, along)[0], INSPECTOR)] if along else team


def planned(world: World, name: str, factory: Any, first: date, *words: str, along: str = "", **more: Any) -> Any:
    """A visit of two days that is agreed, the rules of the country overruled with a reason; kept under its name."""
    from betterwork.modules.visits.models import Visit
    from betterwork.modules.visits.services import visit_plan

    given: dict[str, Any] = {"kind": "assessment", "why": world.canaries.text(Visit, "overruled_why")} | more
    made = visit_plan(
        actor=ids(world, "leader")[0],
        factory=factory,
        first_day=first,
        last_day=first + timedelta(days=1),
        team=_team(world, words, along),
        at=AT,
        **given,
    )
    world.things[f"visit {name}"] = made
    return made


def plans(world: World) -> None:
    """A plan that proposes visits of Viet Nam and leaves factories out, one put aside, one that failed."""
    from betterwork.core.planning.solving import plan as solve
    from betterwork.modules.visits import planning as write
    from betterwork.modules.visits.models import Plan
    from betterwork.modules.visits.problem import problem_of

    text, manager = world.canaries.text, ids(world, "manager")[0]
    first, last = date(2027, 1, 4), date(2027, 1, 17)
    given: dict[str, Any] = {"actor": manager, "country": "VN", "first_day": first, "last_day": last, "at": AT}
    write.plan_put_aside(actor=manager, plan=write.plan_ask(**given), reason=text(Plan, "aside_why"), at=AT)
    made = write.plan_ask(**given)
    asked = problem_of("VN", first, last, AT)
    world.things["plan"] = write.plan_store(actor=manager, plan=made, asked=asked, found=solve(asked.problem), at=AT)
    failed = write.plan_ask(**{**given, "actor": ids(world, "global")[0], "country": "JO"})
    write.plan_fail(actor=ids(world, "global")[0], plan=failed, trouble=text(Plan, "trouble"), at=AT)


def captures(world: World) -> None:
    """What is captured: of the visit under way, of a secret one before arrival, of one handed over, of one abroad."""
    from betterwork.modules.capture.models import Capture
    from betterwork.modules.capture.services import capture_hand_over, capture_reopen

    advisor, partner = (world.cast.actor(one, AT) for one in ADVISORS)
    _captured(world, "under way", advisor, partner, conflict=True)
    _captured(world, "secret", advisor, partner)
    _captured(world, "abroad", world.cast.actor("abroad", AT), None)
    done = _captured(world, "done", advisor, partner)
    capture_hand_over(actor=partner, capture=done, at=AT)
    reason = world.canaries.text(Capture, "reopened_why")
    done = capture_reopen(actor=partner.id, capture=Capture.objects.get(pk=done.pk), reason=reason, at=AT)
    world.things["capture done"] = capture_hand_over(actor=partner, capture=done, at=AT)


def _captured(world: World, name: str, one: Actor, other: Actor | None, *, conflict: bool = False) -> Any:
    """A visit on two devices: answers, notes, facts, a photo, something refused, an interview of each advisor."""
    from betterwork.modules.capture.models import CaptureDevice
    from betterwork.modules.capture.of_visits import visit_of
    from betterwork.modules.capture.services import capture_confirm, capture_take, device_forget, operations_take

    text, visit = world.canaries.text, visit_of(world.things[f"visit {name}"].pk)
    assert visit is not None
    shift = 10_000 * len([key for key in world.things if key.startswith("capture ")])
    devices = [(one, TABLET), (other or one, LAPTOP), (one, TELEPHONE)]
    for actor, device in devices:
        label = text(CaptureDevice, "label")
        capture = capture_take(actor=actor, visit=visit, device=device, label=label, at=AT)
    world.things[f"capture {name}"] = capture
    sent: dict[str, Any] = {"capture": capture, "after": 0, "interviews_after": 0, "at": AT}
    openers = frozenset({one.id, (other or one).id})
    hers = [*_written(world, shift), *heard(world, shift, TABLET, *openers)]
    operations_take(actor=one, device=TABLET, operations=hers, **sent)
    theirs = [*_of_a_colleague(world, shift, conflict), *heard(world, shift + 5_000, LAPTOP, *openers)]
    operations_take(actor=other or one, device=LAPTOP, operations=theirs, **sent)
    _uploads(world, one, capture)
    lost = CaptureDevice.objects.get(capture=capture, device=TELEPHONE)
    device_forget(actor=one.id, device=lost, reason=text(CaptureDevice, "forgotten_why"), at=AT)
    wrote = [each["id"] for each in theirs]
    digest = hashlib.sha256("".join(f"{each}\n" for each in sorted(wrote)).encode()).hexdigest()
    said = {"count": len(wrote), "digest": digest, "files": []}
    complete, _missing = capture_confirm(actor=other or one, capture=capture, device=LAPTOP, at=AT, **said)
    assert complete, "the device that sent everything was not told so"
    return capture


def _written(world: World, shift: int) -> list[dict[str, Any]]:
    """What one device wrote of questions and of the visit; two operations of it are refused."""
    from betterwork.modules.capture.models import CaptureOperation, RefusedOperation
    from betterwork.modules.capture.tests.making import codes, identifier, operation

    def text(of: type[Any] = CaptureOperation, field: str = "value") -> str:
        return world.canaries.text(of, field)

    first, second, third = codes()[:3]
    fact = codes("fact")[0]
    content = photo(world, shift)
    name = hashlib.sha256(content).hexdigest()
    said = {"name": text(), "type": "text/csv", "size": len(content), "caption": text()}
    fields: list[tuple[str, str, Any]] = [
        (f"question:{first}", "determination", "non-compliant"),
        (f"question:{first}", "reason", text()),
        (f"question:{first}", "source.workers", True),
        (f"question:{first}", "note.workers", text()),
        (f"question:{first}", "note.observation", text()),
        (f"question:{first}", "sample.documents", {"looked": 3, "of": 40}),
        (f"question:{first}", "affected", 12),
        (f"question:{first}", "cause_note", text()),
        (f"question:{first}", f"file.{name}", said),
        (f"question:{second}", "reason", text()),
        (f"question:{second}", "later", True),
        (f"question:{third}", "determination", "compliant"),
        (f"question:{third}", "reason", text()),
        (f"question:{fact}", "note.managers", text()),
        ("visit", "access", "delayed"),
        ("visit", "documents_on_time", False),
        *(
            ("visit", one, text())
            for one in ("access_note", "integrity_note", "managers_met", "not_covered", "summary")
        ),
    ]
    made = [
        operation(shift + number, value, about=about, field=field, device=TABLET)
        for number, (about, field, value) in enumerate(fields, 1)
    ]
    made.append(
        operation(
            shift + 50, text(), about=f"question:{first}", field="reason", bases=(identifier(shift + 2),), device=TABLET
        )
    )
    refused = [operation(shift + number, text(RefusedOperation, "content"), device=TABLET) for number in (60, 61)]
    return [*made, {**refused[0], "field": "no-such-field"}, {**refused[1], "about": "question:NOT-1-01"}]


def _of_a_colleague(world: World, shift: int, conflict: bool) -> list[dict[str, Any]]:
    """What the other device wrote; with ``conflict`` another finding and reason for the same question."""
    from betterwork.modules.capture.models import CaptureOperation
    from betterwork.modules.capture.tests.making import codes, operation

    of, text = f"question:{codes()[3]}", world.canaries.text
    fields = [(of, "determination", "compliant"), (of, "reason", text(CaptureOperation, "value"))]
    if conflict:
        against = f"question:{codes()[0]}"
        fields += [(against, "determination", "compliant"), (against, "reason", text(CaptureOperation, "value"))]
    return [
        operation(shift + 100 + number, value, about=about, field=field, device=LAPTOP)
        for number, (about, field, value) in enumerate(fields)
    ]


def heard(world: World, shift: int, device: str, *openers: str) -> list[dict[str, Any]]:
    """An interview: what was said is for who opens it alone."""
    from betterwork.modules.capture.tests.making import interview

    words = world.canaries.loose_text("words of an interview", NOBODY_BUT, *openers)
    fields = {"source": "workers", "women": 6, "method": "group", "day": ON.isoformat(), "words": words}
    return [
        interview(shift + 200 + number, value, of=shift + 1, field=field, device=device)
        for number, (field, value) in enumerate(fields.items())
    ]


def photo(world: World, shift: int) -> bytes:
    """A file with a planted word in it, for the team alone; the same again when asked for again."""
    key = f"photo {shift}"
    if key not in world.things:
        words = world.canaries.loose_text("content of a captured file", NOBODY_BUT, *ids(world, *ADVISORS, "abroad"))
        world.canaries.filed.add(words.split()[-1])
        world.things[key] = f"what;words\nseen;{words}\n".encode()
    found: bytes = world.things[key]
    return found


def _uploads(world: World, actor: Actor, capture: Any) -> None:
    """The file that an operation names, one of which half has come, and one that was refused."""
    from betterwork.foundation.files.refusals import FileRefused
    from betterwork.modules.capture.uploading import file_chunk_take

    shift = 10_000 * (len([key for key in world.things if key.startswith("capture ")]) - 1)
    given: dict[str, Any] = {"actor": actor.id, "capture": capture, "offset": 0, "device": TABLET, "at": AT}
    whole = photo(world, shift)
    name = hashlib.sha256(whole).hexdigest()
    file_chunk_take(sha256=name, size=len(whole), data=whole, **given)
    half = photo(world, shift + 1)
    name = hashlib.sha256(half + b"more").hexdigest()
    file_chunk_take(sha256=name, size=len(half) + 4, data=half, **given)
    other = photo(world, shift + 2)
    try:
        file_chunk_take(sha256="0" * 64, size=len(other), data=other, **given)
    except FileRefused:
        return
    raise AssertionError("a file that is not what it was said to be was taken")


STEPS = [settings_of_visits, concerns, visits, plans, captures]
"""In the order in which rooms stand on each other, after those of ``rooms``."""
