"""Asking for everything that the platform gives to a person, in every form it gives it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import click
from conftest import EVERYTHING, HEAVY
from django.apps import apps
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import transaction

from betterwork.foundation.contributions import registry
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.commands import ACTOR, commands_under, policy_of
from betterwork.foundation.doors.policy import ThingPolicy
from tests.trust.reading import texts_in, texts_of_mail
from tests.trust.ways import NOW, Way
from tests.trust.world import ALIASES, KINDS, World, as_it_was

SEEN, UNSEEN = (6, 2) if EVERYTHING else (3, 1)
REFUSED = 1 if HEAVY else 4
"""Two worlds are asked for one in so many of the addresses that a door refuses, other ones as each person: what is
refused shows nothing but the frame. The matrix and the canaries ask for all of them."""
IN_THE_FRAME = 1
"""How many fields for words to search stand in the frame of every page."""
SEARCHED = "zq"
"""With what every planted word begins: a search for it finds whatever a search can reach."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody was given, and where."""

    to: str
    place: str
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    """Where the program failed, for an answer of 500."""
    holder: str = ""
    """Whose link was followed."""
    typed: str = ""
    """The address that was asked for: what stands in it is known to who asks."""

    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield from (value for _name, value in self.headers)
        yield from texts_in(self.body)


def ask(
    world: World, word: str, url: str, *, method: str = "get", place: str = "", holder: str = "", **headers: str
) -> Given:
    """Ask for one address as one person. What the request writes is undone."""
    faults: list[str] = []

    def note(sender: Any, **_: Any) -> None:
        import sys

        kind, error, trace = sys.exc_info()
        while trace and trace.tb_next:
            trace = trace.tb_next
        at = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        faults.append(f"{kind.__name__ if kind else '?'}: {error} at {at}")

    got_request_exception.connect(note)
    blocks = [transaction.atomic(using=alias) for alias in ALIASES]
    for block in blocks:
        block._from_testcase = True  # type: ignore[attr-defined]
        block.__enter__()
    cookies = world.client(word).cookies.copy()
    try:
        answer = getattr(world.client(word), method)(url, headers=headers or None)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = tuple(sorted((name, value) for name, value in answer.headers.items()))
        kind = "" if method == "get" else f"{method.upper()} "
        return Given(word, f"{kind}{place or url}", answer.status_code, body, told, "; ".join(faults), holder, url)
    finally:
        world.client(word).cookies = cookies
        for alias, block in zip(reversed(ALIASES), reversed(blocks), strict=True):
            transaction.set_rollback(True, using=alias)
            block.__exit__(None, None, None)
        got_request_exception.disconnect(note)


def asked_once(world: World, word: str, way: Way, method: str = "get") -> Given:
    """What somebody was answered in the world as it was built: asked for once, and known from then on.

    For those who look at the platform as it is. Whoever changes the world, or the program, asks anew.
    """
    key = (word, way.url, method)
    if key not in world.answers:
        with logs_kept() as logs:
            world.answers[key] = ask(world, word, way.url, method=method, place=str(way), holder=way.holder)
        world.logs.append(logs.getvalue())
    found: Given = world.answers[key]
    shown = f"{'' if method == 'get' else f'{method.upper()} '}{way}"
    return replace(found, place=shown, holder=way.holder)  # one address may be that of several operations


def page_given(
    world: World, word: str, way: Way, *, all_forms: bool = True, quick: bool = False, known: bool = False
) -> Iterator[Given]:
    """A page: whole; with ``all_forms`` also as a file, searched, and unless ``quick`` for htmx and its head alone."""

    def asked(what: str, url: str = way.url, method: str = "get", **headers: str) -> Given:
        return ask(world, word, url, method=method, place=f"{way}{what}", holder=way.holder, **headers)

    first = asked_once(world, word, way) if known else asked("")
    yield first
    if first.status != 200 or not all_forms:
        return
    if EVERYTHING or not quick:
        yield asked(" for htmx", **{"HX-Request": "true", "HX-Target": "main"})
        yield asked("", method="head")
    if b"format=csv" in first.body:
        yield asked(" as a file", f"{way.url}?format=csv")
    if first.body.count(b'name="q"') > IN_THE_FRAME or way.address.name == "search":
        yield asked(" searched", f"{way.url}?q={SEARCHED}")


def pages_given(
    world: World, word: str, all_ways: list[Way], *, quick: bool = False, known: bool = False, sparing: bool = False
) -> Iterator[Given]:
    """All pages as one person, of some things of each kind: with HEAVY=2 of all and in every form.

    Of the things of a page that she reaches ``SEEN`` are asked for, other ones by each person, the first in every
    form; of those that she does not reach ``UNSEEN``. ``quick``: fewer of them, and not for htmx.
    ``known``: what was given before in the world as it was built is not asked for again.
    ``sparing``: of what doors refuse one in ``REFUSED`` is asked for.
    """
    cache.clear()
    for place, ways_here in enumerate(_by_address(all_ways)):
        door = ways_here[0].address.door
        if door and "GET" not in door.methods:
            continue
        seen, unseen = ways_here, []
        if door and ways_here[0].row is not None and isinstance(door.policy, ThingPolicy):
            reached = world.sight(word).by_policy(door.policy)
            seen = [way for way in ways_here if way.row is not None and way.row.pk in reached]
            unseen = [way for way in ways_here if way not in seen]
        elif sparing and refused(world, word, ways_here[0]):
            seen, unseen = [], ways_here
        if sparing and not in_turn(place, word):
            unseen = []
        most = (SEEN - 1, UNSEEN) if quick else (SEEN, UNSEEN)
        for number, way in enumerate([*some(seen, most[0], word), *some(unseen, most[1], word)]):
            yield from page_given(world, word, way, all_forms=EVERYTHING or number == 0, quick=quick, known=known)


def refused(world: World, word: str, way: Way) -> bool:
    """Whether the door of an address refuses her, before anything is read."""
    door, sight = way.address.door, world.sight(word)
    if door is not None and way.row is not None and isinstance(door.policy, ThingPolicy):
        return way.row.pk not in sight.by_policy(door.policy)
    return door is not None and not door.policy.may(sight.actor)


def in_turn(place: int, word: str) -> bool:
    """Whether this person's turn has come to be refused at an address."""
    return (place + (KINDS.index(word) if word in KINDS else 0)) % REFUSED == 0


def _by_address(all_ways: list[Way]) -> list[list[Way]]:
    found: dict[str, list[Way]] = {}
    for way in all_ways:
        found.setdefault(f"{way.address.route} {way.address.name}", []).append(way)
    return list(found.values())


def some(found: list[Way], most: int, word: str) -> list[Way]:
    """Some of many (with HEAVY=2 all), spread evenly, beginning elsewhere for each person."""
    if EVERYTHING or len(found) <= most:
        return found
    step = len(found) / most
    begin = KINDS.index(word) if word in KINDS else 0
    return [found[(int(number * step) + begin) % len(found)] for number in range(most)]


def contributions_given(world: World, word: str) -> Iterator[Given]:
    """What rooms contribute: the tasks of a home, the hits of the search."""
    actor = world.sight(word).actor
    tasks = [repr(one) for one in registry.home_tasks(actor, NOW)]
    yield Given(word, "the tasks of her home", 200, "\n".join(tasks).encode())
    hits = [f"{one.title} {one.what} {one.url} {one.note}" for one in registry.search_hits(actor, SEARCHED, 1000)]
    yield Given(word, "the search", 200, "\n".join(hits).encode())


def handed_of_herself(world: World, word: str) -> Iterator[Given]:
    """What every room hands a person who asks what is kept of her."""
    actor = world.sight(word).actor
    for room, keeping in sorted(registry.KEEPINGS.items()) if actor.id else ():
        yield Given(word, f"what {room} hands her of herself", 200, repr(keeping.export(actor.id)).encode())


def all_commands() -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words to type. A room whose commands cannot be loaded is left to a test of its own."""
    from betterwork.entry.command_line import main_group

    found = []
    for name in main_group.list_commands(click.Context(main_group)):
        try:
            group = main_group.get_command(click.Context(main_group), name)
        except (ImportError, AttributeError):
            continue
        if group is not None:
            found += list(commands_under(group, (name,)))
    return found


WORK_LONG = {("evidence", "build"), ("duplicates", "find"), ("duplicates", "measure")}
"""Commands that reckon for seconds. Whoever asks for everything many times over leaves them out, unless HEAVY=2."""


def commands_given(world: World, word: str, *, quick: bool = False, asked: bool = False) -> Iterator[Given]:
    """What commands print that need no argument, run with ``--as`` this person; ``quick``: without ``WORK_LONG``.

    ``asked``: also those that need arguments, with what ``typed_for`` finds for them.
    """
    actor = world.sight(word).actor
    if not actor.signed_in:
        return
    for words, command in all_commands():
        policy = policy_of(command)
        needs = [one for one in command.params if one.required]
        if policy is None or not policy.may(actor) or (quick and words in WORK_LONG) or (needs and not asked):
            continue
        for typed in typed_for(words, needs) if needs else [()]:
            said = " ".join([*words, *typed])
            yield Given(word, f"the command {said}", 200, command_run(actor, words, command, typed), typed=said)


TYPED = {"key": ["VN/1", "JO/JO-OUTSIDE-20260002"], "country": ["VN", "JO"], "version": ["2009"], "older": ["2009"]}
TYPED |= {
    "newer": ["2014"],
    "tool": ["garment"],
    "start": ["2026-01-01"],
    "end": ["2026-06-30"],
    "reason": ["A reason"],
}
"""What is typed for arguments that neither a list of choices nor the rows of a model explain."""


def typed_for(words: tuple[str, ...], needs: list[click.Parameter]) -> list[tuple[str, ...]]:
    """What is typed behind a command that needs arguments: a choice, the keys of what an argument is called after.

    For what nothing explains a word that names nothing. No files are typed: such commands read and write outside.
    """
    if any(isinstance(one.type, click.Path | click.File) or one.name == "file" for one in needs):
        return []
    found = [[typed for value in _values(words, one) for typed in [_option(one, value)]] for one in needs]
    return [sum((one[number % len(one)] for one in found), ()) for number in range(max(map(len, found)))]


def _values(words: tuple[str, ...], one: click.Parameter) -> list[str]:
    name = str(one.name)
    if isinstance(one.type, click.Choice):
        return [str(choice) for choice in one.type.choices][:2]
    if name in TYPED:
        return TYPED[name]
    called = {name.removesuffix("_id"), words[-2]} if name in {"id_", "body_id", "meeting_id", "which"} else {name}
    models = [model for model in apps.get_models() if model._meta.model_name in called]
    keys = [str(row) for model in models[:1] for row in model._base_manager.order_by("pk").values_list("pk", flat=True)]
    return keys[:2] or ["no-such"]


def _option(one: click.Parameter, value: str) -> tuple[str, ...]:
    return (one.opts[-1], value) if isinstance(one, click.Option) else (value,)


def command_run(actor: Actor, words: tuple[str, ...], command: click.Command, typed: tuple[str, ...] = ()) -> bytes:
    """What a command prints for an actor; what it writes is undone."""
    from click.testing import CliRunner

    root = click.Context(click.Group("betterwork"))
    root.meta[ACTOR] = actor
    with CliRunner().isolation() as (out, err, *_rest), as_it_was():
        try:
            with command.make_context(words[-1], [*typed], parent=root) as context:
                command.invoke(context)
        except (click.exceptions.Exit, SystemExit):
            pass
        except Exception as error:  # noqa: BLE001 - what an error says is printed too
            click.echo(error)
    return bytes(out.getvalue()) + bytes(err.getvalue() if err else b"")


def mails_given(sent: list[Any]) -> Iterator[tuple[Given, list[str]]]:
    """Mails that were sent: what each says, and to which addresses it went."""
    for message in sent:
        body = "\n".join(texts_of_mail(message)).encode()
        yield Given("", f"the mail {message.subject!r}", 200, body), message.recipients()


@contextmanager
def logs_kept() -> Iterator[io.StringIO]:
    """What is written to the logs meanwhile, in the form in which a server writes it."""
    from betterwork.entry.web.logs import JsonLines

    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonLines())
    root, own = logging.getLogger(), logging.getLogger("betterwork")
    quiet = [logging.getLogger(name) for name in ("django.request", "django.security", "django.server")]
    levels = [(one, one.level) for one in (own, *quiet)]
    own.setLevel(logging.DEBUG)
    for one in quiet:
        one.setLevel(logging.CRITICAL)  # as in entry.web.logs
    root.addHandler(handler)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        for one, level in levels:
            one.setLevel(level)


def files_kept(world: World) -> Iterator[Given]:
    """Every file under BETTERWORK_HOME but the databases."""
    for path in sorted(world.home.rglob("*")):
        if path.is_file() and ".sqlite3" not in path.name:
            yield Given("", f"the file {path.relative_to(world.home)}", 200, path.read_bytes())
