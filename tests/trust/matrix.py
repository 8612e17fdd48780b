"""Who gets in where: every URL, operation of the API and command, asked for by every kind of person, as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conftest import EVERYTHING
from django.utils import translation

from betterwork.foundation.doors.actor import OPERATOR_ACTOR
from betterwork.foundation.doors.checks import Address, addresses
from betterwork.foundation.doors.commands import policy_of
from betterwork.foundation.doors.operations import Operation, operations
from betterwork.foundation.doors.policy import POLICIES, Policy, ThingPolicy
from betterwork.foundation.doors.roles import ROLES
from tests.plugins.cast import CAST
from tests.trust.crawl import Given, all_commands, asked_once, some
from tests.trust.owners import persons_of
from tests.trust.ways import NoArgument, Way, operation_route, ways_of
from tests.trust.world import KINDS, World

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "access-matrix.md"
YES, OWN, SOME, NO, SIGN_IN, NONE = "yes", "own only", "some", "404", "sign in", "none here"
MARKS = {YES: "●", OWN: "○", SOME: "◐", NO: "·", SIGN_IN: "→", NONE: "∅"}
MEANINGS = {
    YES: "gets in; of things, to every one",
    SOME: "gets in, to some of the things: those of her country, her factory, her organisation",
    OWN: "gets in, to what is her own",
    NO: "is told that there is nothing (404)",
    SIGN_IN: "is asked to sign in (the API answers 401)",
    NONE: "would get in; for her there is nothing behind it in the world of the tests",
}
ABROAD = "Enterprise advisor of another country"
OTHERS = {"stranger": "Not signed in", "nobody": "Signed in, no role", "abroad": ABROAD, "operator": "Operator"}


SAYS_NO_ITSELF = {
    "metrics": "It asks for a token besides.",
    "help_page": "There are pages of help, and words that are none.",
    "files:picture": "Only what is a picture is shown as one.",
    "account_signup": "Nobody makes an account for herself.",
    "mfa_view_recovery_codes": "Only who made recovery codes has some.",
    "mfa_download_recovery_codes": "Only who made recovery codes has some.",
    "people:register": "No country of the world of the tests lets factories ask for an account.",
    "mfa_edit_webauthn": "Only a passkey is called by a name.",
    "mfa_remove_webauthn": "Only a passkey is taken away here.",
    "registry:sector": "Of which country is asked behind the question mark.",
    "alerts:step": "Who raised it takes none but the last; and there are words that are no step.",
    "capture:refused": "It is there for the visit's team; its policy is over what was refused, not over the visit.",
    "instruments:draft_put": "It leads on to the draft, for those whom another policy lets read it.",
}
"""URLs that a policy opens and that say 404 on their own account, each with its reason."""
INSIDE, OUTSIDE, SAMPLES = (4, 2, 4) if EVERYTHING else (2, 1, 3)
"""Of how many things that she reaches, and does not reach, each page is asked for; with HEAVY=2 of all."""


class Failed(AssertionError):
    """A page answered something that no door answers: 403, 405, 500."""


@dataclass
class Line:
    """One URL, operation or command: its policy, and what each kind of person was answered."""

    room: str
    name: str
    shown: str
    policy: Policy
    got: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)


def kind_title(word: str) -> str:
    """How a kind of person is called on the page."""
    return OTHERS.get(word) or str(ROLES[CAST[word][0]].title)


def lines_of_urls(world: World) -> Iterator[Line]:
    """Every URL × every kind of person: really asked for, and what the policy says."""
    for address in addresses():
        door = address.door
        if door is None or address.name.startswith("api:"):
            continue
        method = "get" if "GET" in door.methods else "post"
        shown = f"{'' if method == 'get' else 'POST '}{shown_route(address)}"
        line = Line(room_of(address.view, address.name), address.name, shown, door.policy)
        try:
            found = list(ways_of(address))
        except NoArgument:
            continue
        for word in KINDS:
            line.got[word] = _got(world, word, found, method, door.policy)
            line.expected[word] = _expected(world, word, found, door.policy)
        yield line


def lines_of_operations(world: World) -> Iterator[Line]:
    """Every operation of the API."""
    by_route = [one for one in addresses() if one.name.startswith("api")]
    for one in operations():
        address = _address_of(one, by_route)
        if one.door is None or address is None:
            continue
        line = Line(room_of(one.function, ""), one.route, f"{one.method} {address.route}", one.door.policy)
        found = list(ways_of(address))
        for word in KINDS:
            line.got[word] = _got(world, word, found, one.method.lower(), one.door.policy)
            line.expected[word] = _expected(world, word, found, one.door.policy)
        yield line


def lines_of_commands(world: World) -> Iterator[Line]:
    """Every command, by the policy it declares; whoever operates the machine stands in a column of her own."""
    for words, command in all_commands():
        policy = policy_of(command)
        if policy is None:
            continue
        line = Line("commands", " ".join(words), f"betterwork {' '.join(words)}", policy)
        for word in KINDS:
            line.got[word] = YES if word != "stranger" and policy.may(world.sight(word).actor) else NO
        line.got["operator"] = YES if policy.may(OPERATOR_ACTOR) else NO
        line.expected = dict(line.got)
        yield line


def _got(world: World, word: str, found: list[Way], method: str, policy: Policy) -> str:
    """What she was answered. Of many things some are asked for; where one answer is another than said, that one."""
    inside = [way for way in found if _said(world, word, way, policy)]
    outside = [way for way in found if way not in inside]
    things = any(way.row is not None for way in found)
    asked = [*some(inside, INSIDE if things else SAMPLES, word), *some(outside, OUTSIDE, word)]
    answers = [(way, word_of(asked_once(world, word, way, method))) for way in asked]
    if not things:
        words = {got for _way, got in answers}
        return YES if YES in words else next(iter(sorted(words)), NONE)
    for way, got in answers:
        if (got == YES) != (way in inside) and not (got == NO and way.address.name in SAYS_NO_ITSELF):
            return f"{got} for {way}"
    if not inside:
        return answers[0][1] if answers else NONE
    if not outside:
        return YES
    return OWN if all(_is_hers(world, word, way) for way in inside) else SOME


def _is_hers(world: World, word: str, way: Way) -> bool:
    return way.row is not None and world.sight(word).actor.id in persons_of(way.row)


def word_of(given: Given) -> str:
    """What an answer means. Raises :class:`Failed` for what no door answers."""
    headers = dict(given.headers)
    if given.status in {301, 302, 303}:
        return SIGN_IN if headers.get("Location", "").startswith("/account/login/?next=") else YES
    if given.status == 401:
        return SIGN_IN
    if given.status == 404:
        return NO
    if given.status in {403, 405} or given.status >= 500:
        raise Failed(f"{given.place} answered {given.status} to {given.to}: {given.fault}")
    return YES  # also 400, 409, 410 and 422: she was let in, and what she sent was refused


def _expected(world: World, word: str, found: list[Way], policy: Policy) -> str:
    actor = world.sight(word).actor
    if not actor.signed_in and not policy.open_to_strangers:
        return SIGN_IN
    if not isinstance(policy, ThingPolicy) or not any(way.row is not None for way in found):
        return YES if policy.may(actor) else NO
    inside = [way for way in found if _said(world, word, way, policy)]
    for way in some(found, INSIDE + OUTSIDE, word):
        assert (way in inside) == policy.may(actor, way.row), f"{policy.name}: may and visible_to disagree for {word}"
    if not inside:
        return NO
    if len(inside) == len(found):
        return YES
    return OWN if all(_is_hers(world, word, way) for way in inside) else SOME


def _said(world: World, word: str, way: Way, policy: Policy) -> bool:
    """Whether the policy lets her in there, as it answers for many."""
    if way.row is not None and isinstance(policy, ThingPolicy):
        return way.row.pk in world.sight(word).by_policy(policy)
    return policy.may(world.sight(word).actor)


def shown_route(address: Address) -> str:
    """A route as a person reads it."""
    import re

    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", address.route)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", route).replace("\\", "")


def room_of(view: Any, name: str) -> str:
    """The room that a view belongs to, by where it is written."""
    module = getattr(view, "__module__", "")
    parts = module.split(".")
    if parts[0] == "betterwork":
        return parts[2] if parts[1] in {"foundation", "modules"} else "shell"
    return "people: account"


def _address_of(one: Operation, by_route: list[Address]) -> Address | None:
    import re

    for address in by_route:
        if re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", address.route).strip("/") == operation_route(one):
            return address
    return None


def all_lines(world: World) -> list[Line]:
    """The whole matrix."""
    return [*lines_of_urls(world), *lines_of_operations(world), *lines_of_commands(world)]


def page_of(lines: list[Line]) -> str:
    """The page of the documentation."""
    with translation.override("en"):
        return "\n".join([*_head(), *_rooms(lines), *_roles_in_nothing(lines), *_policies(lines)]) + "\n"


def _head() -> Iterator[str]:
    yield "# Access matrix"
    yield ""
    yield "Made by the tests, which ask for everything as every kind of person; not by hand. After a change of who may:"
    yield "`python -m tests.trust`."
    yield ""
    yield "A test fails when this page is not what the run says, or when an answer is not what the policy says."
    yield "[How secrets are tested](../explanation/how-secrets-are-tested.md) says what else is looked at."
    yield ""
    yield "| sign | she |"
    yield "|---|---|"
    yield from (f"| {MARKS[word]} | {meaning} |" for word, meaning in MEANINGS.items())
    yield ""
    yield "The columns, by number:"
    yield ""
    for number, word in enumerate(KINDS, 1):
        yield f"{number}. {kind_title(word)}"
    yield ""
    yield "Commands have one column more, **op**: whoever operates the machine. The others run a command with `--as`."


def _rooms(lines: list[Line]) -> Iterator[str]:
    for room in sorted({line.room for line in lines}, key=lambda one: (one == "commands", one)):
        here = [line for line in lines if line.room == room]
        columns = [*KINDS, *(["operator"] if room == "commands" else [])]
        yield ""
        yield f"## {room.capitalize()}"
        yield ""
        heads = [*map(str, range(1, len(KINDS) + 1)), *(["op"] if room == "commands" else [])]
        yield f"| what | policy | {' | '.join(heads)} |"
        yield f"|---|---|{'---|' * len(columns)}"
        for line in sorted(here, key=lambda one: one.shown):
            marks = " | ".join(MARKS.get(line.got[word], "!") for word in columns)
            yield f"| `{line.shown}` | {line.policy.name} | {marks} |"


def _roles_in_nothing(lines: list[Line]) -> Iterator[str]:
    """Which roles get in nowhere but where everybody signed in does."""
    plain = [line for line in lines if line.policy.name not in {"everybody", "signed-in"}]
    yield ""
    yield "## Roles with nothing of their own"
    yield ""
    bare = [
        word
        for word in KINDS
        if word not in {"stranger", "nobody"}
        and all(line.got[word] in {NO, SIGN_IN, OWN, line.got["nobody"]} for line in plain)
    ]
    if bare:
        yield "These get in nowhere yet but to what is their own, and where everybody does who is signed in. What"
        yield "is for them is still to come:"
        yield ""
        yield from (f"- {kind_title(word)}" for word in bare)
    else:
        yield "None: every role gets in somewhere where who holds none does not."


def _policies(lines: list[Line]) -> Iterator[str]:
    yield ""
    yield "## Policies"
    yield ""
    yield "| policy | who may |"
    yield "|---|---|"
    used = {line.policy.name for line in lines}
    for name in sorted(POLICIES):
        if name in used:
            yield f"| {name} | {str(POLICIES[name].says).replace('|', '/')} |"
