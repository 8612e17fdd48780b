"""A folder that appears whole or not at all, and only where an earlier report of ours or nothing stands."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from betterwork.core.errors import BetterWorkError

MANIFEST = "manifest.json"
SCHEMA = "betterwork.synthesis_report/1"


def folder_check(target: Path) -> None:
    """Refuse a place that holds anything but an earlier report of ours. Raises :class:`BetterWorkError`."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise BetterWorkError(f"{target} is not a folder: give another one with -o")
    if not target.exists() or not any(target.iterdir()):
        return
    if not _ours(target):
        raise BetterWorkError(f"{target} is not empty and holds no report of ours: give another folder with -o")


def _ours(target: Path) -> bool:
    """Whether everything in a folder is named in its manifest."""
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        known = {MANIFEST, *manifest["files"]} if manifest["schema"] == SCHEMA else set()
    except (OSError, ValueError, KeyError, TypeError):
        return False
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    return found <= known


def folder_write(target: Path, files: Mapping[str, bytes], about: Mapping[str, Any]) -> None:
    """Write all files and their manifest beside ``target`` and move them into its place in one step.

    A run that is killed leaves the earlier report as it was, or for a moment none, never a mixture.
    """
    folder_check(target)
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = uuid.uuid4().hex[:12]
    fresh, old = (target.parent / f".{target.name}.{mark}.{end}" for end in ("new", "old"))
    try:
        for name, data in {**files, MANIFEST: manifest_bytes(files, about)}.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as opened:
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def manifest_bytes(files: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """What made the report, and the SHA-256 of every file in it."""
    return manifest_of({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, about)


def manifest_of(digests: Mapping[str, str], about: Mapping[str, Any]) -> bytes:
    """The same from the digests alone, as a sealed document names them."""
    content = {"schema": SCHEMA, **about, "files": dict(sorted(digests.items()))}
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
