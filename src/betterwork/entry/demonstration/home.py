"""The folder of the demonstration: never one that holds anything else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from betterwork.core.errors import WrongUse

MARK = "SIMULATED"
_OF_A_REAL_INSTANCE = (
    "DATABASE_URL",
    "VAULT_DATABASE_URL",
    "SECRET_KEY",
    "LEDGER_KEY",
    "VAULT_KEY",
    "FILES_KEY",
    "BACKUP_KEY",
    "FILES_STORAGE",
    "MAIL_URL",
    "METRICS_TOKEN",
)
SENTENCE = (
    "SIMULATED: everything in this folder is made up by `betterwork demo`, no factory or finding in it is real, "
    "and the next `betterwork demo` into it starts afresh.\n"
)


def home_start_afresh(home: Path) -> None:
    """Make ``home`` an empty demonstration home: the mark alone is in it.

    A folder with the mark is emptied first. Raises WrongUse for a file, and for a folder that holds something and
    has no mark: whatever that is, it is not ours to delete.
    """
    if home.exists() and not home.is_dir():
        raise WrongUse(f"{home} is a file; name a folder with --home.")
    mark = home / MARK
    if home.exists() and any(home.iterdir()) and not mark.is_file():
        raise WrongUse(f"{home} holds something that is not a demonstration; name an empty or new folder with --home.")
    if home.exists():
        for entry in sorted(home.iterdir()):
            if entry == mark:
                continue  # last of all: an interrupted run must know its own folder again
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text(SENTENCE, encoding="utf-8")


def environment_for(home: Path, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of the demonstration's steps: their home is ``home``, and their database lies inside it.

    Databases, keys and mail servers set for a real instance are left out, so that nothing simulated can reach them.
    """
    kept = dict(os.environ if environment is None else environment)
    for name in _OF_A_REAL_INSTANCE:
        kept.pop(name, None)
        kept.pop(f"{name}_FILE", None)
    return {**kept, "BETTERWORK_HOME": str(home.resolve()), "PYTHONUNBUFFERED": "1"}
