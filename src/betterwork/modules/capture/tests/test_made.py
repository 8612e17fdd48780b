"""What the capture app serves is made from the sources of today, stands alone, and is small."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[1]
MADE = ROOM / "static" / "capture"
FRONTEND = ROOM.parents[3] / "frontend" / "capture"
ASSETS = json.loads((MADE / "assets.json").read_text(encoding="utf-8"))
CODE = sorted(path for path in MADE.iterdir() if path.suffix in {".js", ".css"})
CORE = "../../src/betterwork/core/capture/data"


def digest_of_sources(frontend: Path) -> str:
    """As build.mjs computes it: the name and content of each source, in the order of names."""
    build = (frontend / "build.mjs").read_text(encoding="utf-8")
    shared = re.search(r"const SHARED = \[(.*?)\]", build, re.DOTALL)
    assert shared, "build.mjs names what both sides read in SHARED"
    names = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json", "../scss/_tokens.scss"]
    names += [one.replace("${CORE}", CORE) for one in re.findall(r"[`\"]([^`\"]+)[`\"]", shared[1])]
    names += [path.relative_to(frontend).as_posix() for path in (frontend / "src").rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\n".encode() + (frontend / name).read_bytes() + b"\n")
    return digest.hexdigest()


def test_the_committed_files_were_made_from_the_sources_of_today() -> None:
    today = digest_of_sources(FRONTEND)
    said = (MADE / "made-from.txt").read_text(encoding="utf-8").strip()
    assert said == today, "frontend/capture changed since the app was made: run `make capture` and commit the result"
    assert ASSETS["digest"] == today


@pytest.mark.capability("C2")
def test_code_and_styles_are_small() -> None:
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in CODE) <= 120_000


def test_the_list_of_files_is_what_is_there() -> None:
    named = {ASSETS["script"], ASSETS["engine"], ASSETS["style"], *ASSETS["modules"], "service-worker.js"}
    assert {path.name for path in CODE} == named
    for path in CODE:
        for other in re.findall(r"from\s*[\"']\./([^\"']+)[\"']", path.read_text(encoding="utf-8")):
            assert other in ASSETS["modules"], f"{path.name} asks for {other}"


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.name))
def test_nothing_served_is_forbidden_by_the_content_security_policy_or_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for forbidden in (r"\beval\(", r"new Function\b", r"document\.write", r"@import"):
        assert not re.search(forbidden, text), forbidden
    # An address of bytes in memory is made for the encrypted file that is saved by hand, and given back.
    assert text.count("createObjectURL") == text.count("revokeObjectURL") <= (1 if path.name.startswith("app-") else 0)
    # Names of kinds of markup, and what Dexie says in the text of an error: nothing is fetched from there.
    told = {"www.w3.org", "dexie.org", "bit.ly", "tinyurl.com"}
    assert set(re.findall(r"https?://([^/'\"` )]+)", text)) <= told


def test_the_worker_speaks_of_nothing_but_its_list() -> None:
    text = (MADE / "service-worker.js").read_text(encoding="utf-8")
    assert "/api" not in text
    assert "SHELL" in text


def test_versions_are_exact_and_the_lock_names_no_place() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
    assert "resolved" not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")


def test_what_is_included_is_named_with_its_version_and_licence() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    provenance = (MADE / "README.md").read_text(encoding="utf-8")
    for name, version in package["devDependencies"].items():
        assert re.search(rf"\| `{re.escape(name)}` \| {re.escape(version)} \| [A-Z][\w.-]+ \|", provenance), name
    for name in ("dexie", "preact", "ilo-org-themes"):
        assert (MADE / "licences" / f"{name}.txt").read_text(encoding="utf-8")
