"""From a draft to a version in force, as docs/tutorial/first-tool-version.md tells it: signed in as who does it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from betterwork.entry.demonstration.staff import BASE, VERSION
from tests.stories.conftest import Visit, shown
from tests.stories.instance import Instance

pytestmark = [pytest.mark.capability("B2"), pytest.mark.capability("B3"), pytest.mark.capability("P1")]
NEW_WORDS = "Is there an eating area with a seat for everybody who eats at the same time?"
NO_WORKERS = "No member of the workers' side is present."
NO_CHAIR = "The chair is absent."


def test_a_version_of_a_tool_goes_from_a_draft_into_force_by_its_committees_decision(
    visit: Visit, instance: Instance
) -> None:
    today = datetime.now(UTC).date()
    drafts = instance.command("tool", "drafts").splitlines()
    draft = next(one for one in drafts if f" {VERSION} " in one).split()[0]

    advisor = visit("advisor.vietnam")
    advisor.goto(f"/tools/drafts/{draft}/?cluster=OSH")
    assert "OSH-6-03" in shown(advisor)
    assert advisor.locator("main a[href*='/edit/']").count() == 0, "an advisor reads drafts and writes none"

    leader = visit("leader.vietnam")
    _reworded_and_dated(leader, draft, today)
    assert leader.goto(f"/tools/drafts/{draft}/submit/").status == 404, "the manager submits"

    manager = visit("manager.vietnam")
    manager.goto(f"/tools/drafts/{draft}/")
    manager.get_by_role("link", name="Submit to the committee").click()
    manager.get_by_role("button", name="Submit it").click()
    assert "It waits before the committee" in shown(manager)
    _seal(manager, draft, today)
    assert "has not decided on it yet" in shown(manager), "nothing is sealed before the committee has decided"
    meeting = _meeting_called(manager, today)

    workers = visit("workers")
    _read_by_a_member(workers, meeting)

    for there, missing in (
        (("government", "employers"), (NO_WORKERS,)),
        (("employers", "workers"), (NO_CHAIR,)),
        (("employers",), (NO_WORKERS, NO_CHAIR)),
    ):
        _present(manager, meeting, there)
        _decide(manager)
        refused = shown(manager)
        assert "This cannot be decided, there is no quorum." in refused
        assert all(one in refused for one in missing)
    workers.goto(_of_members(meeting))
    assert "What is decided stands here" in shown(workers), "nothing was decided"

    _present(manager, meeting, ("government", "employers", "workers"))
    _decide(manager)
    manager.wait_for_url(meeting)
    assert "Decided and sealed." in manager.inner_text("body")
    workers.goto(_of_members(meeting))
    assert "Approved" in shown(workers)

    _seal(manager, draft, today)
    manager.wait_for_url(f"**/tools/garment/versions/{VERSION}/")
    assert "Simulated Project Advisory Committee, Viet Nam, decision" in shown(manager)
    assert manager.goto(f"/tools/drafts/{draft}/questions/OSH-6-07/edit/").status == 404, "sealed words do not change"
    _printed(manager)
    in_force = instance.command("tool", "in-force")
    assert re.search(rf"{VERSION}.*{today.isoformat()}", in_force), in_force


def _reworded_and_dated(page: Any, draft: str, today: date) -> None:
    """The team leader changes one question with a reason, and says from which day the version holds."""
    page.goto(f"/tools/drafts/{draft}/")
    assert "Say from which day it is to be in force." in shown(page)
    page.goto(f"/tools/drafts/{draft}/questions/OSH-6-07/edit/")
    page.fill("textarea[name=text]", NEW_WORDS)
    page.fill("textarea[name=reason]", "Workers ate on the stairs.")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_url(re.compile(rf"/tools/drafts/{draft}/(\?|$)"))
    page.get_by_role("link", name="Name and day").click()
    page.fill("input[name=in_force_from]", today.isoformat())
    page.get_by_role("button", name="Save").click()
    assert "Say from which day" not in shown(page)


def _meeting_called(page: Any, today: date) -> str:
    """The manager calls a meeting for today and puts the draft on its agenda; its address."""
    page.goto("/committees/")
    page.get_by_role("link", name="Project Advisory Committee, Viet Nam").click()
    page.get_by_role("link", name="Call a meeting").click()
    page.fill("input[name=day]", today.isoformat())
    page.fill("input[name=place]", "Simulated Ministry of Labour")
    page.get_by_role("button", name="Call it").click()
    page.wait_for_url("**/committees/meetings/*/")
    if not page.locator("select[name=matter]").is_visible():
        page.get_by_text("Add a point").click()
    matter = page.locator("select[name=matter] option").filter(has_text=VERSION).get_attribute("value")
    page.select_option("select[name=matter]", matter)
    page.get_by_role("button", name="Put it on the agenda").click()
    assert "Waits to be decided" in shown(page)
    return str(page.url)


def _of_members(meeting: str) -> str:
    return meeting.replace("/committees/meetings/", "/committees/mine/meetings/")


def _read_by_a_member(page: Any, meeting: str) -> None:
    """A member finds the draft from her committee's page and the meeting's agenda, and reads each change and why."""
    page.goto("/committees/mine/")
    page.get_by_role("link", name="Project Advisory Committee, Viet Nam").first.click()
    page.locator(f"main a[href='{urlsplit(_of_members(meeting)).path}']").first.click()
    page.locator("main a[href*='/tools/submitted/']").first.click()
    words = shown(page)
    assert NEW_WORDS in words
    assert "Workers ate on the stairs." in words


def _present(page: Any, meeting: str, sides: tuple[str, ...]) -> None:
    page.goto(meeting)
    for box in page.locator("form[action$='/present/'] input[type=checkbox]").all():
        box.set_checked(box.get_attribute("name").removeprefix("side-") in sides)
    page.get_by_role("button", name="Note who is present").click()


def _decide(page: Any) -> None:
    """Record that the draft is approved by consensus, under its point of the agenda."""
    page.locator("main a[href*='/decide/?item=']").first.click()
    page.check("input[name=outcome][value=approved]")
    page.fill("textarea[name=text]", f"Version {VERSION} of the assessment tool is approved for Viet Nam.")
    page.check("input[name=way][value=consensus]")
    page.get_by_role("button", name="Seal this decision").click()


def _seal(page: Any, draft: str, today: date) -> None:
    page.goto(f"/tools/drafts/{draft}/seal/")
    page.fill("input[name=in_force_from]", today.isoformat())
    page.get_by_role("button", name="Seal it").click()


def _printed(page: Any) -> None:
    """What changed since the version before, as a page to print: each change with its reason, nothing cut off."""
    page.goto(f"/tools/garment/difference/{BASE}/{VERSION}/")
    words = shown(page)
    for said in (
        "a seat for everybody who eats at the same time",
        "Workers ate on the stairs.",
        "OSH-6-31",
        "OSH-6-08 → OSH-6-32",
        "OSH-6-08 → OSH-6-33",
    ):
        assert said in words
    page.emulate_media(media="print")
    assert page.locator("nav.side").is_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="screen")
