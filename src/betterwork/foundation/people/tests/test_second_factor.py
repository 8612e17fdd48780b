"""A role that sees confidential data rests until there is a second step, and every page says what to do."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from betterwork.foundation.people.tests.test_signing_in import words

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A4")]


@pytest.fixture
def without(cast) -> Client:
    """An advisor who has no second step."""
    browser: Client = cast.client("advisor")
    Authenticator.objects.all().delete()
    return browser


@pytest.mark.parametrize("path", ["/", "/people/", "/trail/mine/", "/search/?q=x", "/factories/"])
def test_every_page_leads_to_the_set_up_which_says_why(without: Client, path: str) -> None:
    answer = without.get(path, follow=True)
    assert [one[0] for one in answer.redirect_chain] == ["/account/2fa/"]
    assert "a password alone is not enough" in words(answer)


@pytest.mark.parametrize("path", ["/account/2fa/", "/account/logout/", "/people/me/", "/help/", "/account/sessions/"])
def test_what_is_needed_for_it_and_what_is_her_own_stays_open(without: Client, path: str) -> None:
    assert without.get(path).status_code == 200


def test_parts_of_pages_and_programs_are_answered_in_their_own_way(without: Client) -> None:
    answer = without.get("/", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/account/2fa/")
    answer = without.get("/", headers={"accept": "application/json"})
    assert answer.status_code == 403 and "second step" in answer.json()["detail"]


def test_recovery_codes_alone_are_no_second_step(without: Client, cast) -> None:
    Authenticator.objects.create(user=cast.person("advisor"), type=Authenticator.Type.RECOVERY_CODES, data={})
    assert without.get("/").status_code == 302


def test_with_it_the_pages_open(cast) -> None:
    assert cast.client("advisor").get("/people/me/kept/").status_code == 200


def test_a_role_that_sees_nothing_confidential_needs_none(cast) -> None:
    browser = cast.client("buyer")
    Authenticator.objects.all().delete()
    assert browser.get("/people/me/kept/").status_code == 200
