"""What else lies in the home of an instance: rooms say what cannot be made again, and what is left out and why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from django.conf import settings

from betterwork.foundation.backup.rules import BadBackup

KEPT: set[str] = set()
LEFT_OUT: dict[str, str] = {
    "betterwork.sqlite3": "its rows are carried",
    "vault.sqlite3": "its rows are carried",
    "files": "what rows name of it is carried",
    "keys": "only under a key, when asked for with --with-keys",
    "cache": "made again when needed; what was counted for limits of the API and its locks hold on one machine only",
    "static": "made again by betterwork serve",
    "starting.lock": "empty",
    "restoring.lock": "empty",
    "restored.json": "says from which backup this home was restored",
}
_OURS = frozenset(LEFT_OUT)


def backup_folder_add(name: str) -> None:
    """Let a backup carry a folder, or a single file, of BETTERWORK_HOME. Called in a room's ``contributions.py``.

    For what cannot be made again; everything else is left out with :func:`backup_folder_leave_out`. The folder must
    hold nothing of a person who can be erased.
    """
    KEPT.add(name)


def backup_folder_leave_out(name: str, *, why: str) -> None:
    """Say that a backup needs no folder of this name, and why: how it is made again."""
    LEFT_OUT[name] = why


def kept_files(home: Path) -> Iterator[tuple[str, Path]]:
    """(name in the backup, path) of every file that is carried, in the order of their names. Links are not followed."""
    for name in sorted(KEPT):
        top = home / name
        paths = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in paths:
            if path.is_file() and not path.is_symlink():
                yield quote_from_bytes(bytes(path.relative_to(home)), safe="/"), path


def kept_path(home: Path, name: str) -> Path:
    """Where a file of this name in a backup belongs. Raises :class:`BadBackup` for one that leads elsewhere."""
    path = Path(os.fsdecode(unquote_to_bytes(name)))
    top = path.parts[0] if path.parts else ""
    if quote_from_bytes(bytes(path), safe="/") != name or ".." in path.parts or path.is_absolute() or top in _OURS:
        raise BadBackup(f"this backup holds a file that does not belong into a home: {name}")
    return home / path


def undeclared(home: Path) -> list[str]:
    """What lies in the home and no room has spoken of."""
    known = KEPT | set(LEFT_OUT)
    beside = tuple(f"{name}-" for name in LEFT_OUT if name.endswith(".sqlite3"))
    return (
        sorted(one.name for one in home.iterdir() if one.name not in known and not one.name.startswith(beside))
        if home.is_dir()
        else []
    )


def home() -> Path:
    """The home of this instance."""
    return Path(settings.BETTERWORK_HOME)


def key_folder() -> Path:
    """Where keys lie that no setting gives."""
    return home() / "keys"
