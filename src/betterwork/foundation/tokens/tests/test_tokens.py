"""Tokens: what they reach, when they stop, what is kept of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.models import Grant
from betterwork.foundation.doors.actor import Held
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.people.services import person_leave
from betterwork.foundation.tokens.models import Token
from betterwork.foundation.tokens.rules import held_within, looks_like_token, token_digest
from betterwork.foundation.tokens.services import token_end, token_make

pytestmark = pytest.mark.capability("P1")


def made(cast, word: str, **more):
    at = timezone.now()
    given_ = {"title": "a program", "scope": "world", "ends": at + timedelta(days=30), "at": at, **more}
    person = cast.person(word).public_id
    return token_make(actor=given_.pop("actor", person), person=person, **given_)


def ask(secret: str, path: str = "/api/v1/me", **more):
    return Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"}).get(path, **more)


@pytest.mark.django_db
def test_a_program_with_a_token_is_its_person_within_the_scope(cast) -> None:
    whole, elsewhere = made(cast, "advisor"), made(cast, "analyst", scope="country:VN")
    assert ask(whole.secret).json()["roles"] == [{"role": "advisor", "scope": "country:VN", "elevated": False}]
    assert ask(elsewhere.secret).json()["roles"] == [{"role": "analyst", "scope": "country:VN", "elevated": False}]
    with pytest.raises(WrongUse, match="no role that counts"):
        made(cast, "advisor", scope="country:JO")


@pytest.mark.django_db
def test_what_ends_for_the_person_ends_for_the_token_with_the_next_request(cast) -> None:
    token = made(cast, "advisor")
    Grant.objects.filter(person="p-advisor").update(ended_at=timezone.now(), ended_by="operator")
    assert ask(token.secret).json()["roles"] == []


@pytest.mark.django_db
def test_who_leaves_has_no_token_at_once(cast) -> None:
    token, she = made(cast, "advisor"), cast.person("advisor")
    person_leave(actor="operator", person=she, at=timezone.now())
    assert ask(token.secret).status_code == 401
    assert Token.objects.get(pk=token.token.pk).ended_at is not None


@pytest.mark.django_db
def test_without_a_second_factor_no_token_is_made_and_none_counts(cast) -> None:
    from allauth.mfa.models import Authenticator

    token = made(cast, "nobody")
    Authenticator.objects.filter(user=cast.person("nobody")).delete()
    assert ask(token.secret).status_code == 401
    with pytest.raises(WrongUse, match="second step"):
        made(cast, "nobody")


@pytest.mark.django_db
def test_a_token_is_kept_as_a_digest_and_nowhere_else(cast) -> None:
    token = made(cast, "advisor")
    assert looks_like_token(token.secret)
    assert token.token.digest == token_digest(token.secret)
    rest = token.secret[len(token.token.prefix) :]
    for entry in Entry.objects.all():
        assert rest.encode() not in bytes(entry.content) and token.token.digest.encode() not in bytes(entry.content)
        assert b"a program" not in bytes(entry.content)


@pytest.mark.django_db
def test_an_ended_unknown_or_late_token_is_refused_though_a_cookie_would_do(cast) -> None:
    token = made(cast, "advisor")
    token_end(actor="p-advisor", token=token.token, at=timezone.now())
    late = made(cast, "advisor")
    Token.objects.filter(pk=late.token.pk).update(
        made_at=timezone.now() - timedelta(days=2), ends=timezone.now() - timedelta(days=1)
    )
    client = cast.client("advisor")
    for shown in (token.secret, late.secret, "bw_" + "x" * 43, "", "no token at all"):
        answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {shown}"})
        assert answer.status_code == 401, shown
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/me", headers={"authorization": "Basic YTpi"}).status_code == 401


@pytest.mark.django_db
def test_a_token_opens_no_page(cast) -> None:
    token = made(cast, "advisor")
    assert ask(token.secret, "/people/me/").status_code == 302


@pytest.mark.django_db
def test_what_reads_only_changes_nothing(cast) -> None:
    token = made(cast, "advisor")
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token.secret}"})
    answer = client.post("/api/v1/me", data="{}", content_type="application/json")
    assert answer.status_code == 403
    assert "reads only" in json.loads(answer.content)["detail"]


@pytest.mark.django_db
def test_the_day_of_the_last_use_is_kept_and_written_once_a_day(cast, django_assert_num_queries) -> None:
    token = made(cast, "advisor")
    ask(token.secret)
    assert Token.objects.get(pk=token.token.pk).last_used == timezone.now().date()
    with django_assert_num_queries(4):  # the token, its person, her roles with her second factor, and that once more
        ask(token.secret)


@pytest.mark.django_db
def test_nobody_makes_or_ends_a_token_of_another(cast) -> None:
    with pytest.raises(WrongUse, match="herself"):
        made(cast, "advisor", actor=cast.person("global").public_id)
    token = made(cast, "advisor")
    with pytest.raises(WrongUse, match="not yours"):
        token_end(actor="p-global", token=token.token, at=timezone.now())
    token_end(actor="operator", token=token.token, at=timezone.now())
    with pytest.raises(WrongUse, match="over already"):
        token_end(actor="p-advisor", token=token.token, at=timezone.now())


@pytest.mark.django_db
def test_a_token_that_counts_for_ever_or_one_too_many_is_refused(cast) -> None:
    at = timezone.now()
    with pytest.raises(WrongUse, match="a year"):
        made(cast, "advisor", ends=at + timedelta(days=400))
    with pytest.raises(WrongUse, match="over already"):
        made(cast, "advisor", ends=at - timedelta(days=1))
    with pytest.raises(WrongUse, match="name"):
        made(cast, "advisor", title=" ")
    for _number in range(20):
        made(cast, "advisor")
    with pytest.raises(WrongUse, match="20 tokens"):
        made(cast, "advisor")


@pytest.mark.django_db
def test_what_was_taken_for_a_while_is_out_of_a_tokens_reach() -> None:
    held = {Held("advisor", "country:VN", elevated=True), Held("advisor", "country:JO")}
    assert held_within(held, "world", lambda one: frozenset({"world", one})) == {Held("advisor", "country:JO")}


SCOPES = st.sampled_from(["world", "country:VN", "country:JO", "factory:VN/1", "factory:JO/2", "organisation:a"])
PARENTS = {"factory:VN/1": "country:VN", "factory:JO/2": "country:JO"}


def lineage(scope: str) -> frozenset[str]:
    return frozenset({"world", scope, PARENTS.get(scope, "world")})


@given(st.frozensets(st.builds(Held, st.sampled_from(sorted(ROLES)), SCOPES, st.booleans())), SCOPES)
def test_a_token_never_reaches_more_than_its_person_nor_beyond_its_scope(held, scope) -> None:
    for one in held_within(held, scope, lineage):
        assert not one.elevated
        assert scope in lineage(one.scope)
        assert any(mine.role == one.role and mine.scope in lineage(one.scope) for mine in held if not mine.elevated)


@pytest.mark.django_db
def test_the_page_shows_a_new_token_once_and_ends_it(cast) -> None:
    client = cast.client("advisor")
    assert "No token" in client.get("/tokens/").content.decode()
    day = (timezone.now() + timedelta(days=10)).date().isoformat()
    sent = {"title": "export", "scope": "country:VN", "writes": "", "last_day": day}
    answer = client.post("/tokens/make/", sent)
    token = Token.objects.get()
    text = answer.content.decode()
    assert text.count(token.prefix) >= 1 and "bw_" in text
    secret = text.partition("<code>")[2].partition("</code>")[0]
    assert ask(secret).json()["id"] == "p-advisor"
    page = client.get("/tokens/").content.decode()
    assert token.prefix in page and secret not in page
    assert cast.client("partner").get(f"/tokens/{token.id}/end/").status_code == 404
    assert client.post(f"/tokens/{token.id}/end/").status_code == 302
    assert ask(secret).status_code == 401
    assert client.post("/tokens/make/", {**sent, "last_day": "2000-01-01"}).status_code == 200
    assert client.post("/tokens/make/", {**sent, "scope": "country:JO"}).status_code == 200
    assert Token.objects.count() == 1


@pytest.mark.django_db
def test_commands_make_list_and_end(cast) -> None:
    from click.testing import CliRunner

    from betterwork.foundation.tokens.commands import token

    cast.person("advisor")
    runner = CliRunner()
    answer = runner.invoke(token, ["make", "export", "--for", "advisor@cast.example"])
    assert answer.exit_code == 0, answer.output
    found = Token.objects.get()
    listed = runner.invoke(token, ["list"]).output
    assert found.prefix in listed and "never used" in listed
    assert runner.invoke(token, ["revoke", found.prefix]).exit_code == 0
    assert runner.invoke(token, ["list"]).output == ""
    assert runner.invoke(token, ["make", "export"]).exit_code == 1
