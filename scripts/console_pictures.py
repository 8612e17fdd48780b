"""Pictures of the console's main pages: on three screens, in English, Khmer and Arabic, as several people.

    python scripts/console_pictures.py [--home var/demo] [-o var/pictures/console] [--only NAMES] [--docs]

Serves the demonstration's home on a free port while it looks. Needs the system's Chromium. With --docs the
two pictures of the README are written anew.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.stories.conftest import CHROMIUM, FLAGS, sign_in  # noqa: E402
from tests.stories.instance import served  # noqa: E402

SIZES = {"laptop": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}
LANGUAGES = ("en", "km", "ar")
UNDER_WAY = "/visits/ > main tbody tr:has(.tag-wait) th a"
PLAN = "/visits/plans/ > main tbody th a"
PLANNED = "/visits/due/?state=planned > main tbody td a[href^='/visits/']"
CAPTURE = "/captures/ > main tbody th a"
AS_WHOM: dict[str, dict[str, str]] = {
    "": {"sign-in": "/account/login/", "help": "/help/", "reset": "/account/password/reset/"},
    "geneva": {
        "home": "/",
        "countries": "/countries/",
        "country": "/countries/VN/",
        "organisations": "/organisations/",
        "organisation": "/organisations/ > main a[href^='/organisations/one/']",
        "factories": "/factories/",
        "participation": "/factories/participation/?country=KH",
        "coverage": "/factories/coverage/?country=VN",
        "duplicates": "/duplicates/",
        "pair": "/duplicates/ > main tbody th a",
        "committees": "/committees/",
        "tools": "/tools/",
        "tool": "/tools/garment/",
        "version": "/tools/garment/versions/2014/",
        "difference": "/tools/garment/difference/2009/2014/",
        "law": "/tools/law/",
        "evidence": "/evidence/",
        "evidence-country": "/evidence/VN/",
        "evidence-trend": "/evidence/VN/trend/",
        "reports": "/reports/",
        "releases": "/releases/",
        "staff": "/staff/",
        "tokens": "/tokens/",
        "webhooks": "/webhooks/",
        "people": "/people/",
        "invite": "/people/invite/",
        "access": "/access/",
        "give-a-role": "/access/give/",
        "taken": "/access/taken/",
        "trail": "/trail/",
        "jobs": "/jobs/",
        "notices": "/notices/",
        "search": "/search/?q=garments",
        "account": "/people/me/",
        "kept": "/people/me/kept/",
        "second-step": "/account/2fa/",
        "sessions": "/account/sessions/",
        "gallery": "/gallery/",
    },
    "manager.vietnam": {
        "manager-home": "/",
        "factory": "/factories/?q=1202 > main tbody th a",
        "committee": "/committees/?q=Project > main tbody th a",
        "meeting": "/committees/?q=Project > main tbody th a > main a[href^='/committees/meetings/']",
        "draft": "/tools/garment/ > main a[href^='/tools/drafts/']",
        "draft-cluster": "/tools/garment/ > main a[href^='/tools/drafts/'] > main a[href*='cluster=OSH']",
        "draft-difference": "/tools/garment/ > main a[href^='/tools/drafts/'] > main a[href$='/difference/']",
        "report": "/reports/ > main tbody th a",
        "progress-of-visits": "/captures/progress/",
        "progress": "/captures/progress/ > main tbody th a",
        "named": "/concerns/named/",
        "named-persons": "/concerns/named/VN/",
        "named-end": "/concerns/named/VN/ > main a[href*='/named/end/']",
        "concerns": "/concerns/",
    },
    "leader.vietnam": {
        "leader-home": "/",
        "due": "/visits/due/",
        "plans": "/visits/plans/",
        "plan": PLAN,
        "plan-left": f"{PLAN} > main a[href*='unplaced=']",
        "plan-agree": f"{PLAN} > main a[href$='/accept/']",
        "plan-aside": f"{PLAN} > main a[href$='/put-aside/']",
        "visit-proposed": f"{PLAN} > main tbody tr:has(form) th a",
        "visit-change": f"{PLAN} > main a[href$='/change/']",
        "visit-planned": PLANNED,
        "visit-tell": f"{PLANNED} > main a[href$='/tell/']",
        "visit-call-off": f"{PLANNED} > main a[href$='/call-off/']",
        "visit-by-hand": "/visits/due/?state=due > main tbody a[href*='/visits/new/']",
        "team-calendar": "/visits/?whose=team",
        "time-by-service": "/visits/services/",
    },
    "advisor.vietnam": {
        "advisor-home": "/",
        "calendar": "/visits/",
        "visit-under-way": UNDER_WAY,
        "visit-time": f"{UNDER_WAY} > main a[href$='/time/']",
        "captures": "/captures/",
        "capture": CAPTURE,
        "answers": f"{CAPTURE} > main a[href$='/answers/']",
        "conflicts": f"{CAPTURE} > main a[href$='/conflicts/']",
        "interviews": f"{CAPTURE} > main a[href$='/interviews/']",
        "refused": f"{CAPTURE} > main a[href$='/refused/']",
        "device-lost": f"{CAPTURE} > main a[href$='/lost/']",
        "raise-a-concern": "/concerns/raise/VN/",
        "own-concerns": "/concerns/",
    },
    "inspector": {"joint-visits": "/visits/joint/"},
    "government": {
        "government-home": "/",
        "own-committees": "/committees/mine/",
        "own-committee": "/committees/mine/ > main tbody th a",
    },
    "factory": {
        "factory-home": "/",
        "own-factories": "/factories/mine/",
        "own-factory": "/factories/mine/ > main a[href^='/factories/mine/']",
    },
    "auditor": {"auditor-home": "/", "auditor-trail": "/trail/"},
}
"""Who looks at what: a name of the picture, and an address; behind ``>`` links that are followed from there."""
OF_THE_README = {"home-laptop": ("home", "laptop", "en"), "factories-phone-ar": ("factories", "phone", "ar")}


def found(page: Any, way: str) -> str | None:
    """The address that a way leads to; None where a link on it is missing."""
    address, *links = way.split(" > ")
    for link in links:
        page.goto(address)
        href = next((one.get_attribute("href") for one in page.locator(link).all()[:1]), None)
        if href is None:
            return None
        address = urljoin(page.url, href)
    return address


def pictures(page: Any, pages: dict[str, str], language: str, out: Path) -> int:
    """Take each page in each size, the top of it and the whole."""
    count = 0
    for name, way in pages.items():
        address = found(page, way)
        if address is None:
            print(f"pictures: nothing to follow: {name}: {way}", file=sys.stderr)
            continue
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            page.screenshot(path=out / f"{name}-{size}-{language}.png")
            page.screenshot(path=out / f"{name}-{size}-{language}-whole.png", full_page=True)
            count += 1
    return count


def main() -> int:
    """Take them and say how many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path("var/demo"))
    parser.add_argument("-o", "--output", type=Path, default=Path("var/pictures/console"))
    parser.add_argument("--only", default="", help="only names that begin so, like committee")
    parser.add_argument("--docs", action="store_true", help="write docs/pictures anew")
    given = parser.parse_args()
    if CHROMIUM is None:
        print("pictures: no Chromium found: no pictures of the console", file=sys.stderr)
        return 1
    if not (given.home / "SIMULATED").is_file():
        print(f"pictures: {given.home} is no demonstration: make one with make demo NO_SERVE=1", file=sys.stderr)
        return 2
    given.output.mkdir(parents=True, exist_ok=True)
    for old in given.output.glob("*.png"):
        old.unlink()
    from playwright.sync_api import sync_playwright

    count = 0
    with served(given.home.resolve(), make=False) as instance, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for word, all_pages in AS_WHOM.items():
            pages = {name: way for name, way in all_pages.items() if name.startswith(tuple(given.only.split(",")))}
            if not pages:
                continue
            context = browser.new_context(base_url=instance.url, reduced_motion="reduce")
            page = context.new_page()
            if word:
                sign_in(page, instance, word)
            for language in LANGUAGES:
                context.add_cookies([{"name": "django_language", "value": language, "url": instance.url}])
                count += pictures(page, pages, language, given.output)
            context.close()
        browser.close()
    if given.docs:
        folder = ROOT / "docs" / "pictures"
        folder.mkdir(exist_ok=True)
        for name, (page_name, size, language) in OF_THE_README.items():
            (folder / f"{name}.png").write_bytes((given.output / f"{page_name}-{size}-{language}.png").read_bytes())
    print(f"{count} pictures of the console in {given.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
