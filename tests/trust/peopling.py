"""How the rows of the world come to be: through the rooms' services, with planted words in every text that is given."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from betterwork.foundation.audiences.names import ASSESSING_TEAM, EVERYBODY, FACTORY, OWN_PERSON, PROGRAMME, audiences
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.roles import FACTORY_MANAGER
from tests.plugins.cast import PASSWORD
from tests.trust import rooms, visiting
from tests.trust.filling import AT

if TYPE_CHECKING:
    from tests.trust.world import World

OUTSIDE = "VN-OUTSIDE-20260001"
"""How a country numbers one of its factories: long enough to be looked for as it stands."""
TRIAL = "trial"
"""A kind of thing that only the tests know: files hang on it, the vault takes it."""


def kinds_declared() -> list[str]:
    """Let files hang on factories, and let the vault take an interview, as rooms of the programme will."""
    from betterwork.foundation.files.subjects import RULES, attachment_rule_add
    from betterwork.foundation.vault.kinds import KINDS, vault_kind_add
    from betterwork.modules.registry.policy import FACTORIES_OWN, FACTORIES_READ

    before = [*RULES, *KINDS]

    def staffs(actor: Actor) -> Any:
        return [f"{one.country}/{one.outside_id}" for one in FACTORIES_READ.visible_to(actor)] or None

    def its_own(actor: Actor) -> Any:
        return [f"{one.country}/{one.outside_id}" for one in FACTORIES_OWN.visible_to(actor)] or None

    def its_managers(actor: Actor) -> Any:
        return its_own(actor) if actor.holds(FACTORY_MANAGER) else None

    attachment_rule_add(f"{TRIAL}-visit", staffs, audience=PROGRAMME)
    attachment_rule_add(f"{TRIAL}-plan", its_managers, audience=FACTORY, told=lambda actor, key: True)
    vault_kind_add(f"{TRIAL}-interview", audience=ASSESSING_TEAM, outside=("note",))
    rooms.kinds_declared()
    return before


def kinds_forgotten(before: list[str]) -> None:
    """Take the kinds of the tests away again."""
    from betterwork.foundation.files.subjects import RULES
    from betterwork.foundation.vault.kinds import KINDS

    for kinds in (RULES, KINDS):
        for kind in [one for one in kinds if one.startswith(TRIAL) and one not in before]:
            del kinds[kind]
    rooms.kinds_forgotten()


def _factories(world: World) -> None:
    from betterwork.modules.registry.models import Factory
    from betterwork.modules.registry.services import factories_ensure

    wanted = {("VN", "1"), ("VN", OUTSIDE), ("JO", "JO-OUTSIDE-20260002"), ("KH", "KH-OUTSIDE-20260003")}
    names = {key: world.canaries.text(Factory, "name") for key in sorted(wanted)}
    made = factories_ensure(wanted=names, actor=world.cast.person("global").public_id, at=AT)
    world.things["factories"] = made


def _tools(world: World) -> None:
    from betterwork.modules.instruments.models import NamedVersion
    from betterwork.modules.instruments.reference import TOOL
    from betterwork.modules.instruments.services import shipped_tool_seal, version_names_set

    shipped_tool_seal(at=AT)
    version = NamedVersion.objects.filter(tool=TOOL).first()
    assert version is not None
    name = world.canaries.text(NamedVersion, "name")
    version_names_set(actor="operator", tool=TOOL, names={("VN", name): version.version}, at=AT)


def _assessments(world: World) -> None:
    from betterwork.core.exports.layout import COLUMNS
    from betterwork.modules.assessments.services import assessments_import
    from betterwork.modules.assessments.tests.exports import some_rows

    text = io.StringIO(newline="")
    csv.writer(text).writerows([COLUMNS, *some_rows(3)])
    path = world.home / "trust-export.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    try:
        result = assessments_import(paths=[path], at=AT)
    finally:
        path.unlink()
    assert not result.total.refused, "the sample of the assessments was refused"


def _documents(world: World) -> None:
    from betterwork.foundation.documents.models import SealedDocument
    from betterwork.foundation.documents.services import document_seal

    sections = {
        one.replace(" ", "-"): {"words": world.canaries.loose_text(f"section of a document for {one}", audiences(one))}
        for one in sorted(EVERYBODY)
    }
    first = document_seal(kind=TRIAL, key="one of the trial", sections=sections, at=AT)
    reason = world.canaries.text(SealedDocument, "reason")
    document_seal(kind=TRIAL, key="one of the trial", sections=sections, at=AT, supersedes=first, reason=reason)


def _ledger(world: World) -> None:
    from betterwork.foundation.ledger.models import Entry
    from betterwork.foundation.ledger.personal import personal
    from betterwork.foundation.ledger.rules import AUDIT
    from betterwork.foundation.ledger.services import entry_append

    for word in ("advisor", "buyer", "nobody"):
        person = world.cast.person(word).public_id
        content = {
            "open": world.canaries.text(Entry, "content"),
            "hidden": personal(
                person,
                world.canaries.loose_text("a personal value in the ledger", audiences(PROGRAMME, OWN_PERSON), person),
            ),
        }
        subject = f"trial {world.canaries.text(Entry, 'subject')}"
        entry_append(kind=AUDIT, action="trial.tried", actor=person, subject=subject, content=content, at=AT)


def _translations(world: World) -> None:
    from betterwork.foundation.translations.models import Translation
    from betterwork.foundation.translations.rules import Source
    from betterwork.foundation.translations.services import (
        translation_approve,
        translation_propose,
        translation_review,
    )

    advisor, manager = world.cast.person("advisor").public_id, world.cast.person("manager").public_id
    text = world.canaries.text
    for number, last in enumerate(("draft", "reviewed", "approved")):
        source = Source(f"{TRIAL} {number}", "name", text(Translation, "source_text"), "en")
        one = translation_propose(actor=advisor, source=source, language="vi", text=text(Translation, "text"), at=AT)
        if last != "draft":
            one = translation_review(actor=manager, translation=one, source=source, at=AT)
        if last == "approved":
            translation_approve(actor=manager, translation=one, source=source, at=AT)


def _jobs(world: World) -> None:
    from datetime import timedelta

    from betterwork.foundation.jobs.context import Progress
    from betterwork.foundation.jobs.models import Job, Step
    from betterwork.foundation.jobs.schedules import SCHEDULES
    from betterwork.foundation.jobs.services import (
        Claim,
        job_beat,
        job_claim,
        job_done,
        job_enqueue,
        job_failed,
        schedules_enqueue,
        step_done,
    )

    task, text = next(iter(SCHEDULES.values())).task, world.canaries.text
    for word in ("analyst", "advisor", "global"):
        job_enqueue(
            task=task,
            at=AT,
            actor=world.cast.person(word).public_id,
            arguments={"words": text(Job, "arguments")},
            key=text(Job, "key"),
        )
    for end in ("failed", "done"):
        job = job_claim(worker="worker-20261122-0001", lease=timedelta(minutes=1), at=AT)
        assert job is not None
        claim = Claim(job.pk, job.worker, job.attempt)
        words = Progress(1, 2, text(Job, "progress_words"))
        until = AT + timedelta(minutes=2)
        step_done(claim=claim, name=text(Step, "name"), lease_until=until, progress=words, at=AT)
        job_beat(claim=claim, lease_until=until, progress=words)
        if end == "failed":
            job_failed(claim=claim, problem=text(Job, "problem"), again=None, at=AT)
        else:
            job_done(claim=claim, result={"words": text(Job, "result")}, progress=words, at=AT)
    schedules_enqueue(at=AT)
    Job.objects.filter(state="waiting").update(due_at=AT + timedelta(days=9))  # they stay as they are


def _files(world: World) -> None:
    from betterwork.foundation.files.models import Attachment, StoredFile
    from betterwork.foundation.files.services import attachment_add, attachment_remove, file_store
    from betterwork.foundation.files.tests.making import jpeg

    who, text = world.cast.person("advisor").public_id, world.canaries.text
    made = []
    for kind, audience in (("visit", PROGRAMME), ("plan", FACTORY)):
        for key in world.things["factories"]:
            words = world.canaries.loose_text(f"content of a file for {audience}", audiences(audience))
            file = file_store(content=f"what;words\n{kind};{words} of {key}\n".encode(), at=AT)
            made.append((f"{TRIAL}-{kind}", "/".join(key), file))
    picture = file_store(content=jpeg(world.canaries.loose_text("maker of a picture", frozenset())), at=AT)
    made.append((f"{TRIAL}-visit", "VN/1", picture))
    assert isinstance(picture, StoredFile)
    for kind, thing, file in made:
        one = attachment_add(
            actor=who,
            kind=kind,
            key=thing,
            file=file,
            name=text(Attachment, "name"),
            title=text(Attachment, "title"),
            at=AT,
        )
    attachment_remove(actor=who, attachment=one, at=AT)


def _vault(world: World) -> None:
    from betterwork.foundation.vault.models import VaultItem
    from betterwork.foundation.vault.services import vault_put

    advisor, partner = (world.cast.person(word).public_id for word in ("advisor", "partner"))
    words = world.canaries.loose_text("content of an interview", audiences(ASSESSING_TEAM))
    world.things["team"] = {advisor, partner}
    world.things["interview"] = vault_put(
        actor=advisor,
        kind=f"{TRIAL}-interview",
        subject=f"visit {world.canaries.text(VaultItem, 'subject')}",
        openers=[advisor, partner],
        content={"words": words},
        outside={"note": world.canaries.text(VaultItem, "outside")},
        at=AT,
    )


def _packages(world: World) -> None:
    """Rows that allauth and Django make when people sign in another way than the tests do."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from django.contrib.auth.models import Group, Permission

    words = world.canaries.loose_text("secret of a second factor", frozenset())
    for word in ("advisor", "buyer"):
        Authenticator.objects.filter(user=world.cast.person(word), type="totp").update(
            data={"secret": get_adapter().encrypt(words)}
        )
        RecoveryCodes.activate(world.cast.person(word))
    group = Group.objects.create(name=world.canaries.text(Group, "name"))
    group.permissions.add(*Permission.objects.all()[:1])


def _people(world: World) -> None:
    from betterwork.foundation.people.models import Person, Registration
    from betterwork.foundation.people.services import person_invite, person_join, person_leave, person_name_set

    text, word = world.canaries.text, world.canaries.word
    boss = world.cast.person("global").public_id
    for one in Person.objects.order_by("pk"):
        person_name_set(actor=boss, person=one, name=text(Person, "name"), at=AT)
    invited = person_invite(actor=boss, email=f"{word()}@planted.example", name=text(Person, "name"), at=AT)
    left = person_invite(actor=boss, email=f"{word()}@planted.example", name=text(Person, "name"), at=AT)
    left = person_join(actor=left.public_id, person=left, password=PASSWORD, name=text(Person, "name"), at=AT)
    world.things |= {"invited": invited, "left": person_leave(actor=boss, person=left, at=AT)}
    Registration.objects.create(
        id="r-20261122000000000000000000000001",
        country="VN",
        factory=text(Registration, "factory"),
        name=text(Registration, "name"),
        email=f"{word()}@planted.example",
        asked_at=AT,
    )


def _access(world: World) -> None:
    from betterwork.foundation.access.models import Elevation, ElevationOwner, Grant
    from betterwork.foundation.access.services import grant_end, grant_give
    from betterwork.foundation.access.taking import elevation_end, elevation_take

    text, boss = world.canaries.text, world.cast.person("global").public_id
    for one in Grant.objects.filter(reason=""):
        Grant.objects.filter(pk=one.pk).update(reason=text(Grant, "reason"))
    for word in ("factory", "committee"):
        own = Grant.objects.get(person=world.cast.person(word).public_id)
        own.pk, own.scope, own.reason = f"{own.pk[:-1]}x", f"factory:VN/{OUTSIDE}", text(Grant, "reason")
        own.save(force_insert=True)
    nobody, invited = world.cast.person("nobody").public_id, world.things["invited"].public_id
    given = {"actor": boss, "at": AT}
    ended = grant_give(person=nobody, role="buyer", scope="organisation:2", reason=text(Grant, "reason"), **given)
    grant_end(actor=boss, grant=ended, reason=text(Grant, "end_reason"), at=AT)
    grant_give(person=invited, role="advisor", scope="country:JO", reason=text(Grant, "reason"), **given)
    grant_give(person=invited, role="country-manager", scope="country:VN", reason=text(Grant, "reason"), **given)
    for country in ("country:JO", "country:VN"):
        taken = {"role": "advisor", "scope": country, "minutes": 60, "at": AT}
        one = elevation_take(actor=boss, reason=text(Elevation, "reason"), **taken)
    elevation_end(actor=boss, elevation=one, at=AT)
    for owner in ("custodian", "leader"):  # as of something in the vault that was opened without them
        ElevationOwner.objects.create(elevation=one, person=world.cast.person(owner).public_id)


def _countries(world: World) -> None:
    from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState
    from betterwork.modules.countries.services import setting_enter, state_enter, state_withdraw

    text, boss = world.canaries.text, world.cast.person("global").public_id
    for country in ("", "VN", "JO"):
        given = {"actor": boss, "country": country, "first": AT.date(), "at": AT}
        setting_enter(name="visit_days", value="2", source=text(CountrySetting, "source"), **given)
    for code in ("VN", "JO"):
        programme = Programme.objects.get(pk=code)
        source = text(ProgrammeState, "source")
        state = state_enter(actor=boss, programme=programme, state="closed", first=AT.date(), source=source, at=AT)
        state_withdraw(actor=boss, state=state, reason=text(ProgrammeState, "withdrawn_reason"), at=AT)


def _organisations(world: World) -> None:
    from betterwork.modules.organisations.models import Membership, Organisation
    from betterwork.modules.organisations.services import membership_enter, organisation_add, organisation_rename

    text, boss = world.canaries.text, world.cast.person("global").public_id
    made = {}
    for key, kind, country in (("buyer-1", "buyer", ""), ("donor-1", "donor", ""), ("2", "workers", "JO")):
        place = {"kind": kind, "level": "national" if country else "global", "country": country}
        given = {**place, "key": key, "mail": f"{world.canaries.word()}@planted.example", "actor": boss, "at": AT}
        made[key] = organisation_add(name=text(Organisation, "name"), **given)
    organisation_rename(actor=boss, organisation=made["2"], name=text(Organisation, "name"), first=AT.date(), at=AT)
    membership_enter(actor=boss, member=made["2"], group=made["donor-1"], source=text(Membership, "source"), at=AT)


STEPS = [
    _people,
    _countries,
    _organisations,
    _access,
    _factories,
    _tools,
    _assessments,
    _documents,
    _ledger,
    _translations,
    _jobs,
    _files,
    _vault,
    *rooms.STEPS,
    *visiting.STEPS,
    _packages,
]
"""In the order in which rooms stand on each other. What none of them makes, ``filling`` makes up."""
