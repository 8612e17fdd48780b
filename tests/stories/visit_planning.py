"""How the visit of the story is planned, and what its factory sees of it before arrival and after."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.stories.conftest import Visit, shown


def planned_by_the_leader(visit: Visit) -> tuple[str, str]:
    """She asks for a plan, the worker makes it, she agrees to one proposal and moves it to today; key and factory."""
    today = datetime.now(UTC).date()
    leader = visit("leader.vietnam")
    leader.goto("/visits/plans/")
    leader.select_option("select[name=country]", "VN")
    monday = today + timedelta(days=7 - today.weekday())
    leader.fill("input[name=first_day]", monday.isoformat())
    leader.fill("input[name=last_day]", (monday + timedelta(weeks=8)).isoformat())
    leader.get_by_role("button", name="Ask for it").click()
    leader.wait_for_url("**/visits/plans/*/")
    until = time.monotonic() + 60
    while "It is being made" in shown(leader):
        assert time.monotonic() < until, "the worker made no plan"
        leader.wait_for_timeout(300)
        leader.reload()
    proposal = leader.locator("main form[action$='/accept/']").first
    key = re.search(r"/visits/([^/]+)/accept/", str(proposal.get_attribute("action"))).group(1)  # type: ignore[union-attr]
    proposal.locator("button").click()
    assert "Agreed. Its team is told, and nobody else." in leader.inner_text("body")
    leader.goto(f"/visits/{key}/change/")
    leader.fill("input[name=first_day]", today.isoformat())
    leader.fill("input[name=last_day]", (today + timedelta(days=1)).isoformat())
    leader.fill("textarea[name=reason]", "The two are in the town already, nobody would expect them.")
    leader.get_by_role("button", name="Change it").click()
    leader.wait_for_url(f"**/visits/{key}/")
    words = shown(leader)
    assert "Simulated Advisor One" in words and "Simulated Advisor Two" in words
    factory = re.search(r"SIMULATED Works VN \d+", words).group(0)  # type: ignore[union-attr]
    return key, factory


def the_factory_sees_nothing(manager: Any, key: str, factory: str) -> None:
    """Before arrival: not on her home, not on her factory's page, not by its address, not by searching."""
    assert manager.goto(f"/visits/{key}/").status == 404
    for address in ("/", "/factories/mine/", f"/search/?q={factory.replace(' ', '+')}", "/notices/"):
        answer = manager.goto(address)
        if answer.status == 404:
            continue
        words = manager.inner_text("body")
        assert key not in manager.content()
        assert not re.search(r"Visits of the programme|Under way|Simulated Advisor", words), address


def the_factory_sees_the_visit(manager: Any, factory: str) -> None:
    manager.goto("/")
    assert "Visits of the programme" in shown(manager), "after arrival it is no secret: the test before looked there"
