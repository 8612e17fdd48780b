"""Small files named by the SHA-256 of what they hold. Light: pages read them."""

from __future__ import annotations

import hashlib
import logging
import re
import time
import zlib
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from betterwork.modules.evidence.layout import file_replace

GRACE_SECONDS = 24 * 3600
"""For how long a file that no row names is left alone: a job may be about to name it."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger(__name__)


def figures_folder() -> Path:
    """Where the files lie."""
    return Path(settings.BETTERWORK_HOME) / "evidence" / "figures"


def content_digest(data: bytes) -> str:
    """What a content is called by."""
    return hashlib.sha256(data).hexdigest()


def file_write(content: Any) -> str:
    """Write a content whole or not at all and return its digest. The same content is the same file."""
    data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    name = content_digest(data)
    path = _path(name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        file_replace(path, zlib.compress(data, 6))
    return name


def file_read(digest: str) -> Any | None:
    """The content of this digest, shared and not to be changed; None where it is missing or is not what it was."""
    try:
        return _read(_path(digest))
    except (OSError, ValueError, zlib.error):
        _log.warning("a file of figures is missing or was changed: %s", digest[:12])
        return None


@lru_cache(maxsize=24)
def _read(path: Path) -> Any:
    """A file by its path, kept: what is named by its content does not change. An error is not kept."""
    data = zlib.decompress(path.read_bytes())
    if content_digest(data) != path.stem:
        raise ValueError("not what it was")
    return orjson.loads(data)


def files_sweep(named: Collection[str]) -> int:
    """Take away files that no row names any more, after a time of grace; return how many."""
    before, gone = time.time() - GRACE_SECONDS, 0
    for path in figures_folder().glob("*/*.z"):
        if path.stem not in named and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _path(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise ValueError("no digest")
    return figures_folder() / digest[:2] / f"{digest}.z"
