"""Looks at requirements/*.txt: every line pinned and hashed, no index named, nothing of pyproject.toml missing.

Reads files only. That the versions are the newest allowed is not checked: `make lock` makes them anew.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^ ;\\]+)")
FORBIDDEN = re.compile(r"https?://|--(extra-)?index-url|--find-links|(^|\s)-[if]\s|file:| @ ")


def entries(text: str) -> list[str]:
    """The requirements of a lock, each with its hashes on one line; comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def lock_faults(name: str, text: str, wanted: list[Requirement]) -> list[str]:
    """What is wrong with one lock, in sentences; empty when nothing is."""
    faults = [
        f"{name}: names a place to fetch from: {line.strip()}" for line in text.splitlines() if FORBIDDEN.search(line)
    ]
    pins: dict[str, set[Version]] = {}
    for entry in entries(text):
        match = PINNED.match(entry)
        if not match:
            faults.append(f"{name}: not pinned to one version: {entry.strip()[:80]}")
            continue
        pins.setdefault(canonicalize_name(match["name"]), set()).add(Version(match["version"]))
        if "--hash=sha256:" not in entry:
            faults.append(f"{name}: without a hash: {match['name']}")
    for requirement in wanted:
        versions = pins.get(canonicalize_name(requirement.name), set())
        if not versions:
            faults.append(f"{name}: {requirement} of pyproject.toml is missing; run `make lock`")
        elif not all(requirement.specifier.contains(version, prereleases=True) for version in versions):
            found = ", ".join(map(str, sorted(versions)))
            faults.append(f"{name}: {found} is outside {requirement} of pyproject.toml; run `make lock`")
    return faults


def wanted_by_lock() -> dict[str, list[Requirement]]:
    """What each lock must hold, from pyproject.toml; the same sets as in scripts/lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"]
    dev = project["dependency-groups"]["dev"]
    texts = {
        "runtime.txt": runtime,
        "dev.txt": [*runtime, *extras["postgres"], *dev],
        "everything.txt": [*runtime, *extras["postgres"], *extras["spark"], *dev],
        "uv.txt": ["uv"],
    }
    return {name: [Requirement(text) for text in lines] for name, lines in texts.items()}


def main() -> int:
    """Print what is wrong; 1 when anything is."""
    wanted = wanted_by_lock()
    present = {path.name for path in (ROOT / "requirements").glob("*.txt")}
    faults = [f"requirements/{name}: no such lock" for name in sorted(set(wanted) - present)]
    faults += [
        f"requirements/{name}: scripts/check_locks.py does not know this lock" for name in sorted(present - set(wanted))
    ]
    for name in sorted(present & set(wanted)):
        faults += lock_faults(
            f"requirements/{name}", (ROOT / "requirements" / name).read_text(encoding="utf-8"), wanted[name]
        )
    print("\n".join(faults) if faults else f"{len(present)} locks: pinned, hashed, complete, naming no index")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
