"""The machinery is broken into on purpose: a field leaked into a page, a file, a mail, a log must be found, by name."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from betterwork.entry.urls import urlpatterns as ours
from betterwork.foundation.access.models import Grant
from betterwork.foundation.audiences import fields
from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC, audiences
from betterwork.foundation.doors.pages import page
from betterwork.foundation.doors.policy import SIGNED_IN
from betterwork.foundation.people.models import Person
from tests.trust.acting import everything_is_mailed, mailed_once, mails_to
from tests.trust.canaries import Canaries
from tests.trust.crawl import ask, logs_kept, mails_given, page_given, pages_given
from tests.trust.filling import fill_the_rest
from tests.trust.judging import Judge, Leak
from tests.trust.pairing import difference, vary
from tests.trust.planting import all_models, plant
from tests.trust.ways import Way, ways
from tests.trust.world import World, as_it_was

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.capability("P5")]


def some_ways(*names: str) -> list[Way]:
    """The ways to a few pages, by their names."""
    found = [way for way in ways() if way.address.name in names]
    assert found, f"no page is called {', '.join(names)} any more"
    return found


def found_by_canaries(world: World, word: str, *names: str) -> list[Leak]:
    return Judge(world).leaks(pages_given(world, word, some_ways(*names)))


def found_by_pairs(world: World, word: str, *names: str) -> list[str]:
    first = list(pages_given(world, word, some_ways(*names)))
    with as_it_was():
        vary(world, word)
        world.sights_anew()
        second = list(pages_given(world, word, some_ways(*names)))
    world.sights_anew()
    return [line for one, other in zip(first, second, strict=True) if (line := difference(one, other))]


def all_reasons() -> str:
    return " ".join(Grant.objects.exclude(reason="").order_by("pk").values_list("reason", flat=True))


def test_a_field_leaked_into_a_page_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame of every page shows why roles were given, past everything that looks at what pages are given."""
    from betterwork.entry.web import shell

    assert not found_by_canaries(world, "buyer", "search")
    monkeypatch.setattr(shell, "_name", lambda request, actor: all_reasons())
    leaks = found_by_canaries(world, "buyer", "search")
    assert {(one.what, one.place) for one in leaks} >= {("access.Grant.reason", "/search/ (search)")}
    assert "it is for programme" in leaks[0].why
    assert any("/search/ (search)" in line for line in found_by_pairs(world, "buyer", "search"))


def test_a_column_added_to_a_file_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from betterwork.foundation.console.listing import Listing

    lines = Listing._lines

    def with_hashes(self: Any, things: Any, audience: str) -> Iterator[str]:
        yield from lines(self, things, audience)
        yield from Person.objects.order_by("pk").values_list("password", flat=True)

    place = "/factories/ (registry:factories) as a file"
    assert not found_by_canaries(world, "analyst", "registry:factories")
    monkeypatch.setattr(Listing, "_lines", with_hashes)
    leaks = found_by_canaries(world, "analyst", "registry:factories")
    assert ("people.Person.password", place) in {(one.what, one.place) for one in leaks}
    assert any(line.startswith(place) for line in found_by_pairs(world, "analyst", "registry:factories"))


def test_a_reason_leaked_into_a_mail_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaks_in(sent: list[Any]) -> list[Leak]:
        judge = Judge(world)
        return [one for given, to in mails_given(sent) for one in judge.leaks_in_mail(given, to)]

    def mailed_anew() -> list[Any]:
        everything_is_mailed(world)
        return [*mail.outbox]

    assert not leaks_in(mailed_once(world))
    _leak_into_bodies(monkeypatch)
    with as_it_was():
        sent = mailed_anew()
    leaks = leaks_in(sent)
    assert "access.Grant.reason" in {one.what for one in leaks}
    assert any(one.place.startswith("the mail ") and "@" in one.to for one in leaks)
    hers = Person.objects.get(public_id="p-nobody").email
    with as_it_was():
        vary(world, "nobody")
        second = mails_to(hers, mailed_anew())
    assert any(difference(one, other) for one, other in zip(mails_to(hers, sent), second, strict=True))


def _leak_into_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.mail.backends.locmem import EmailBackend

    send = EmailBackend.send_messages

    def leaking(self: Any, messages: Any) -> int:
        for one in messages:
            one.body = f"{one.body}\n{all_reasons()}"
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", leaking)


def test_an_address_written_into_a_log_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from betterwork.entry.web import home

    def with_address(actor: Any, at: Any) -> list[Any]:
        logging.getLogger("betterwork.home").info("home of %s", Person.objects.get(public_id=actor.id).email)
        return []

    judge = Judge(world)
    with logs_kept() as quiet:
        ask(world, "buyer", "/")
    assert not judge.leaks_in_logs(quiet.getvalue())
    monkeypatch.setattr(home, "home_tasks", with_address)
    with logs_kept() as logs:
        ask(world, "buyer", "/")
    leaks = judge.leaks_in_logs(logs.getvalue())
    assert {one.what for one in leaks} == {"people.Person.email"}
    assert "home of" in leaks[0].place


@pytest.fixture
def secret_model() -> Iterator[type[models.Model]]:
    """A model that only this test knows, as a new room would bring it."""

    class Rumour(models.Model):
        words = models.CharField(max_length=200)

        class Meta:
            app_label = "registry"

        def __str__(self) -> str:
            return self.words

    fields.declare("registry.Rumour", id=audiences(PROGRAMME), words=audiences(PROGRAMME))
    with connection.cursor() as cursor:
        kind = "serial" if connection.vendor == "postgresql" else "integer"
        auto = "" if connection.vendor == "postgresql" else " autoincrement"
        cursor.execute(f"CREATE TABLE registry_rumour (id {kind} PRIMARY KEY{auto}, words varchar(200) NOT NULL)")
    yield Rumour
    del apps.all_models["registry"]["rumour"]
    del fields._DECLARED["registry.Rumour"]
    apps.clear_cache()


@page(SIGNED_IN, audience=PUBLIC)
def rumours(request: HttpRequest) -> HttpResponse:
    """A new page, which shows what only the programme may see."""
    found = apps.get_model("registry", "Rumour")._base_manager.values_list("words", flat=True)
    return HttpResponse("\n".join(found))


urlpatterns = [*ours, path("rumours/", rumours, name="rumours")]


def test_a_new_model_and_a_new_page_are_found_by_themselves(world: World, secret_model: type[models.Model]) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        assert secret_model in all_models()
        assert "rumours" in {way.address.name for way in ways()}
        canaries = Canaries()
        made, missing = fill_the_rest(canaries)
        assert made == ["registry.Rumour"]
        assert not missing
        secret_model._base_manager.update(words="A rumour of the tests")
        plant(world.canaries)
        try:
            way = next(one for one in ways() if one.address.name == "rumours")
            leaks = Judge(world).leaks(page_given(world, "buyer", way, all_forms=False))
            assert {(one.what, one.place) for one in leaks} == {("registry.Rumour.words", "/rumours/ (rumours)")}
            assert not Judge(world).leaks(page_given(world, "global", way, all_forms=False))
            assert any("/rumours/" in line for line in found_by_pairs(world, "buyer", "rumours"))
        finally:
            for word in [one for one, found in world.canaries.origins.items() if found[0].model is secret_model]:
                del world.canaries.origins[word]
