"""A role given, confirmed by a second person, and access taken for a while in sight of its owners."""

from __future__ import annotations

import re

import pytest

from betterwork.entry.demonstration.sign_ins import DOMAIN
from tests.stories.conftest import Visit, shown
from tests.stories.instance import Instance

pytestmark = pytest.mark.capability("A4")


def test_a_powerful_role_counts_once_a_second_person_has_confirmed_it(visit: Visit, instance: Instance) -> None:
    first = visit("geneva")
    first.goto("/access/give/")
    first.click("a[href*='country-manager']")
    first.fill("input[name=email]", f"leader.vietnam@{DOMAIN}")
    first.select_option("select[name=scope]", "country:KH")
    first.fill("textarea[name=reason]", "She runs the programme of Cambodia from today on")
    first.click("main form button[type=submit] >> nth=0")
    first.wait_for_url(re.compile(r"/access/grants/\w+/"))
    assert "does not count yet" in shown(first)
    grant = first.url
    assert first.locator(f"a[href$='{grant.partition('/access')[2]}confirm/']").count() == 0
    assert first.goto(f"{grant}confirm/").status == 404, "who gave it is no second person"

    leader = visit("leader.vietnam")
    leader.goto("/factories/?q=KH")
    assert "SIMULATED Works KH" not in shown(leader)

    second = visit("geneva.second")
    second.locator("main ul.tasks a").first.click()
    second.goto(f"{grant}confirm/")
    second.click("main form button[type=submit] >> nth=0")
    second.wait_for_url(re.compile(r"/access/grants/\w+/$"))

    leader.goto("/factories/?q=KH")
    assert "SIMULATED Works KH" in shown(leader)
    leader.goto("/notices/")
    assert leader.locator("main li, main tr").count() > 0, "she was told"

    first.goto(f"{grant}end/")
    first.fill("textarea[name=reason]", "It was a story")
    first.click("main form button[type=submit] >> nth=0")
    first.wait_for_url(re.compile(r"/access/grants/\w+/$"))
    leader.goto("/factories/?q=KH")
    assert "SIMULATED Works KH" not in shown(leader), "with the next click after its end"


def test_who_takes_access_for_a_while_is_seen_by_the_owners_and_in_the_trail(visit: Visit, instance: Instance) -> None:
    lead = visit("geneva")
    lead.goto("/access/take/")
    lead.select_option("select[name=scope]", "country:JO")
    if lead.locator("select[name=role]").count():
        lead.select_option("select[name=role]", "country-manager")
    lead.fill("textarea[name=reason]", "A factory reports that nobody in Amman answers")
    lead.click("main form button[type=submit] >> nth=0")
    lead.wait_for_url(re.compile(r"/access/taken/"))
    assert "nobody in Amman answers" in shown(lead)
    lead.goto("/factories/?q=JO")

    owner = visit("manager.jordan")
    owner.goto("/access/taken/")
    assert "nobody in Amman answers" in shown(owner)
    owner.goto("/notices/")
    assert owner.locator("main li, main tr").count() > 0, "she was told at once"

    stranger = visit("manager.vietnam")
    stranger.goto("/access/taken/")
    assert "nobody in Amman answers" not in shown(stranger)

    auditor = visit("auditor")
    auditor.goto("/trail/?action=access.elevated.request")
    assert "Simulated Programme Lead" in shown(auditor)
    assert "holds" in instance.command("ledger", "verify")
