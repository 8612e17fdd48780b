"""Measure the pages: how fast an instance begins, what a web worker holds, how long its pages take."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

TIMES = 5
BUDGETS = {"list": (60, 8, 40), "tool of 250 questions": (100, 8, 40)}
"""How a page's name begins → milliseconds, queries, compressed kilobytes (DESIGN 4)."""
FACTORIES = 3_000
PEOPLE = 300
ENTRIES = 20_000
DRAFT = "draft-of-the-bench"
PAGES = {
    "home": "/",
    f"list of {FACTORIES:,} factories, first page": "/factories/",
    f"list of {FACTORIES:,} factories, filtered, sorted, page 3": "/factories/?q=Works&order=-name&page=3",
    f"list of {FACTORIES:,} factories, of one state, by workers": (
        "/factories/?state=enrolled&size=500-1999&country=VN&order=-workers&page=2"
    ),
    "factory with five years": "/factories/1/",
    "who must take part": "/factories/participation/?country=VN",
    "coverage of a country": "/factories/coverage/?country=VN",
    f"list of {PEOPLE} people": "/people/",
    f"trail of {ENTRIES:,} entries": "/trail/",
    "search": "/search/?q=Works%20000",
    "who has access": "/access/",
    "tool of 250 questions": "/tools/garment/versions/2014/",
    "tool of 250 questions, a draft of it": f"/tools/drafts/{DRAFT}/",
    "evidence, country beside country": "/evidence/",
    "evidence of a country": "/evidence/VN/",
    "evidence of a country, trend": "/evidence/VN/trend/",
}


def served(environment: dict[str, str]) -> dict[str, Any]:
    """Start the server of an instance; seconds to its first page, then what its web worker holds after 200 pages."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    words = [sys.executable, "-m", "betterwork.entry.command_line", "serve", "--no-worker"]
    began = time.perf_counter()
    server = subprocess.Popen(
        words, env={**environment, "BETTERWORK_URL": url}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(f"{url}/health/live"):
            time.sleep(0.02)
        started = time.perf_counter()
        answers(f"{url}/account/login/")
        first = time.perf_counter() - started
        for _ in range(200):
            answers(f"{url}/account/login/")
        held = max(resident_mb(pid) for pid in family(server.pid))
        return {"start_s": started - began, "first_s": first, "worker_mb": held}
    finally:
        server.terminate()
        server.wait(timeout=30)


def answers(url: str) -> bool:
    """Whether the page comes."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.read())
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def family(pid: int) -> list[int]:
    """A process and all below it (Linux; elsewhere itself)."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    below = [int(one) for one in children.read_text().split()] if children.exists() else []
    return [pid, *(one for child in below for one in family(child))]


def resident_mb(pid: int) -> int:
    """The memory a process holds now."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def fill() -> Any:
    """Rows to make lists of, and a person who may see them all."""
    from allauth.mfa.models import Authenticator
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    from betterwork.foundation.access.models import Grant
    from betterwork.foundation.ledger.services import NewEntry, entries_append
    from betterwork.foundation.people.models import Person

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    at = timezone.now()
    register_fill(at)
    people = [
        Person(email=f"p{n}@bench.example", name=f"Person {n}", state=Person.ACTIVE, is_active=True, invited_at=at)
        for n in range(PEOPLE)
    ]
    Person.objects.bulk_create(people)
    roles = [("global-staff", "world"), *[("advisor", "country:VN")] * (PEOPLE - 1)]
    Grant.objects.bulk_create(
        Grant(person=one.public_id, role=role, scope=scope, starts=at, given_by="operator", given_at=at,
              confirmed_by="operator", confirmed_at=at)
        for one, (role, scope) in zip(people, roles, strict=True)
    )  # fmt: skip
    someone = Person.objects.get(public_id=people[0].public_id)
    Authenticator.objects.create(user=someone, type=Authenticator.Type.TOTP, data={"secret": ""})
    evidence_fill(at)
    draft_fill(people[0].public_id, at)
    with transaction.atomic():
        entries_append(
            new=[
                NewEntry("audit", "bench.done", people[n % PEOPLE].public_id, f"factory VN/{n}", {"n": n}, at)
                for n in range(ENTRIES)
            ]
        )
    return someone


def register_fill(at: Any) -> None:
    """Factories as a register has them: where they work, whether they export, five years of headcounts and cycles."""
    from betterwork.modules.registry.batches import Cycle, Filling, Headcount, factories_fill
    from betterwork.modules.registry.models import Factory

    fillings = []
    for n in range(FACTORIES):
        factory = Factory(country="VN" if n % 2 else "JO", outside_id=str(n), name=f"SIMULATED Works {n:04}")
        begins = [date(at.year - 4 + year, 1 + n % 6, 1) for year in range(5)]
        ends = [*(day - timedelta(days=1) for day in begins[1:]), None if n % 7 else begins[-1] + timedelta(days=20)]
        filling = Filling(factory, new=True)
        filling.steps = [
            ("name", begins[0], {"name": factory.name}),
            ("site", begins[0], {"lines": f"Plot {n}", "town": f"Town {n % 40}", "region": ""}),
            ("exporting", begins[0], {"state": "exports" if n % 9 else "does-not", "source": "SIMULATED"}),
        ]
        if n % 31 == 0:
            filling.steps.append(("standing", begins[-1] + timedelta(days=21), {"state": "closed"}))
        filling.cycles = [Cycle(year + 1, *days) for year, days in enumerate(zip(begins, ends, strict=True))]
        filling.workforce = [Headcount(day, 200 + n % 1500 + 9 * year, 90) for year, day in enumerate(begins)]
        fillings.append(filling)
    factories_fill(actor="operator", fillings=fillings, reason="SIMULATED", at=at)


def draft_fill(actor: str, at: Any) -> None:
    """A draft from the last version of the shipped tool, with ten of its questions reworded."""
    from betterwork.modules.instruments.models import Tool, ToolDraft, ToolVersion
    from betterwork.modules.instruments.queries import version_of_row
    from betterwork.modules.instruments.services import draft_create, draft_question_edit

    base = ToolVersion.objects.select_related("document").get(tool="garment", version="2014")
    tool = Tool.objects.get(code="garment")
    draft = draft_create(actor=actor, tool=tool, version="bench", country="", based_on=base, at=at)
    for one in version_of_row(base)[0].questions[:100:10]:
        words = {"text": f"{one.text} Anywhere?"}
        draft_question_edit(actor=actor, draft=draft, code=one.code, changes=words, reason="SIMULATED", at=at)
    ToolDraft.objects.filter(pk=draft.pk).update(key=DRAFT)


def evidence_fill(at: Any) -> None:
    """Assessments of two countries, and the figures that the pages of evidence show."""
    from betterwork.modules.evidence.figures.services import figures_make
    from betterwork.modules.evidence.services import store_build
    from betterwork.modules.evidence.tests.pages_world import few
    from betterwork.modules.evidence.tests.sample import seal

    seal([*few("VN"), *few("JO")])
    store_build(at=at)
    figures_make(at=at)


def pages() -> dict[str, Any]:
    """Milliseconds, queries and compressed size of each page, in a warm process."""
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.force_login(fill(), backend="allauth.account.auth_backends.AuthenticationBackend")
    told = {}
    for name, url in PAGES.items():
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url} answers {answer.status_code}")
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            client.get(url)
            times.append(time.perf_counter() - began)
        with CaptureQueriesContext(connections["default"]) as asked:
            client.get(url)
        told[name] = {
            "ms": 1000 * median(times),
            "queries": len(asked),
            "kb": len(gzip.compress(answer.content)) / 1000,
        }
    return told


def main() -> None:
    """In a process of its own: fill an instance and measure its pages; prints JSON."""
    import django
    from django.conf import settings

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    print(json.dumps(pages()))


def lines(home: Path, environment: dict[str, str]) -> list[tuple[str, str, str, bool | None]]:
    """The figures, as the table of all figures shows them."""
    home.mkdir(parents=True, exist_ok=True)
    told = subprocess.run([sys.executable, __file__], env=environment, capture_output=True, text=True)
    if told.returncode:
        raise SystemExit(f"the measurement of pages failed:\n{told.stderr}")
    begun = served(environment)
    found: list[tuple[str, str, str, bool | None]] = [
        ("start of the server until it answers", "", f"{begun['start_s']:.1f} s", None),
        ("first page after start", "< 1 s", f"{begun['first_s']:.2f} s", begun["first_s"] < 1),
        ("memory of a web worker after 200 pages", "< 120 MB", f"{begun['worker_mb']} MB", begun["worker_mb"] < 120),
    ]
    for name, page in json.loads(told.stdout.splitlines()[-1]).items():
        measured = f"{page['ms']:.0f} ms, {page['queries']} q, {page['kb']:.0f} kB"
        budget = next((most for begin, most in BUDGETS.items() if name.startswith(begin)), None)
        words = f"< {budget[0]} ms, {budget[1]} q, < {budget[2]} kB" if budget else ""
        reached = page["ms"] < budget[0] and page["queries"] <= budget[1] and page["kb"] < budget[2] if budget else None
        found.append((f"page: {name}", words, measured, reached))
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "betterwork.entry.settings")
    main()
