"""Signing in: the second step from an app, a passkey, an invitation, sessions."""

from __future__ import annotations

import re

import pytest

from betterwork.entry.demonstration.sign_ins import DOMAIN, PASS_PHRASE
from tests.stories.conftest import Visit, fresh_code, shown
from tests.stories.instance import Instance

pytestmark = pytest.mark.capability("A4")


def test_a_lead_signs_in_with_a_code_from_her_app_and_a_code_counts_once(visit: Visit, instance: Instance) -> None:
    page = visit()
    page.goto("/factories/")
    assert "/account/login/" in page.url
    page.fill("input[name=login]", f"geneva@{DOMAIN}")
    page.fill("input[name=password]", PASS_PHRASE)
    page.click("main form button[type=submit] >> nth=0")
    assert "/2fa/authenticate" in page.url
    page.fill("input[name=code]", "000000")
    page.click("main form button[type=submit] >> nth=0")
    assert page.locator("main [role=alert], main .field-wrong, main .errorlist").count() > 0
    code = fresh_code(page, instance, "geneva")
    page.fill("input[name=code]", code)
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url("**/factories/")
    assert "SIMULATED Works" in shown(page)

    again = visit()
    again.goto("/account/login/")
    again.fill("input[name=login]", f"geneva@{DOMAIN}")
    again.fill("input[name=password]", PASS_PHRASE)
    again.click("main form button[type=submit] >> nth=0")
    again.fill("input[name=code]", code)
    again.click("main form button[type=submit] >> nth=0")
    assert "/2fa/authenticate" in again.url, "a code that was used must not sign in anybody again"


def test_signing_in_works_without_scripts(visit: Visit) -> None:
    page = visit("factory", scripts=False)
    page.click("nav.side a[href='/factories/mine/']")
    assert "SIMULATED Works VN" in shown(page)
    assert page.goto("/factories/").status == 404


def test_who_needs_a_second_step_is_led_to_it_and_a_passkey_does(visit: Visit, instance: Instance) -> None:
    page = visit("auditor")
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", PASS_PHRASE)
        page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url("**/webauthn/add/")
    page.fill("input[name=name]", "Laptop of the story")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile(r"/2fa/(webauthn/|recovery-codes/)?$"))
    page.goto("/account/2fa/webauthn/")
    assert "Laptop of the story" in shown(page)

    # The same browser, its authenticator kept: signed out, and in again with the passkey alone.
    page.goto("/account/logout/")
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url("**/account/login/")
    page.locator("button:has-text('passkey')").first.click()
    page.wait_for_url(f"{instance.url}/")
    page.goto("/trail/")
    assert page.locator("h1").count() == 1


def test_an_invited_person_joins_and_the_link_works_once(visit: Visit, instance: Instance) -> None:
    lead = visit("geneva.second")
    lead.goto("/people/invite/")
    lead.fill("input[name=email]", "new.advisor@demo.example")
    lead.fill("input[name=name]", "Invited in the Story")
    lead.click("main form button[type=submit] >> nth=0")
    lead.wait_for_url(re.compile(r"/people/p-"))
    link = instance.link_in_mail("/people/join/")

    page = visit()
    page.goto(link)
    page.fill("input[name=password]", "short")
    page.fill("input[name=again]", "short")
    page.click("main form button[type=submit] >> nth=0")
    assert "12" in shown(page), "the rule of the length is told beside the field"
    page.fill("input[name=password]", "nine herons stand in a row")
    page.fill("input[name=again]", "nine herons stand in a row")
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url("**/account/login/")
    page.fill("input[name=login]", "new.advisor@demo.example")
    page.fill("input[name=password]", "nine herons stand in a row")
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url(f"{instance.url}/")

    other = visit()
    answer = other.goto(link)
    assert answer.status == 410
    assert other.locator("input[name=password]").count() == 0


def test_a_person_ends_her_other_sessions(visit: Visit, instance: Instance) -> None:
    first, second = visit("donor"), visit("donor")
    first.goto("/account/sessions/")
    first.locator("main form button[type=submit]").first.click()
    second.goto("/people/me/")
    assert "/account/login" in second.url
    first.goto("/people/me/")
    assert "/account/login" not in first.url


def test_who_leaves_has_lost_access_with_the_next_click(visit: Visit, instance: Instance) -> None:
    page = visit("researcher")
    assert page.goto("/people/me/").status == 200
    instance.command("person", "leave", f"researcher@{DOMAIN}")
    page.goto("/people/me/")
    assert "/account/login" in page.url
