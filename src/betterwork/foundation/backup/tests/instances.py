"""Instances for tests: a home with databases of its own, entered in place of the test run's."""

from __future__ import annotations

import copy
import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import ConnectionHandler, connections
from django.test import override_settings

from betterwork.entry.environment import env_database
from betterwork.foundation.backup.queries import instance_digests
from betterwork.foundation.backup.services import Made, Restored, instance_backup, instance_restore

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = bytes(range(32))
WITHOUT_WAITING = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA recursive_triggers=ON;"
SETTINGS = ("LEDGER_KEY", "VAULT_KEY", "FILES_KEY", "BACKUP_KEY")


def silent(what: str, done: int, whole: int) -> None:
    pass


@dataclass(frozen=True)
class Instance:
    """A home and, where given, two databases of a server; else SQLite inside the home."""

    home: Path
    servers: tuple[dict[str, Any], dict[str, Any]] | None = None

    @property
    def databases(self) -> dict[str, dict[str, Any]]:
        if self.servers:
            return dict(zip(("default", "vault"), copy.deepcopy(self.servers), strict=True))
        return {"default": _embedded(self.home / "betterwork.sqlite3"), "vault": _embedded(self.home / "vault.sqlite3")}

    def copied(self, home: Path) -> Instance:
        shutil.copytree(self.home, home)
        return Instance(home)


def _embedded(path: Path) -> dict[str, Any]:
    """As in the settings, but that the disk is not waited for: no power is cut here, only processes are killed."""
    found: dict[str, Any] = env_database("NO_SUCH_SETTING", embedded=path)
    return found | {"OPTIONS": {**found["OPTIONS"], "init_command": WITHOUT_WAITING}}


@contextmanager
def entered(instance: Instance, **more: Any) -> Iterator[Instance]:
    """Everything inside works on this instance."""
    instance.home.mkdir(parents=True, exist_ok=True)
    handler = ConnectionHandler(instance.databases)
    before = {name: connections[name] for name in ("default", "vault")}
    storages = {**settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": {}}}
    storages["files"]["OPTIONS"] = {"location": instance.home / "files"}
    given = {**dict.fromkeys(SETTINGS, ""), "BETTERWORK_HOME": instance.home, "STORAGES": storages, **more}
    for name in before:
        connections[name] = handler[name]
    try:
        with override_settings(**given):
            ContentType.objects.clear_cache()
            yield instance
    finally:
        for name, connection in before.items():
            connections[name].close()
            connections[name] = connection
        ContentType.objects.clear_cache()


def digests() -> dict[str, tuple[str, int]]:
    """Of every table and file of the instance entered."""
    return {name: (sha256, count) for sha256, count, name in instance_digests(silent)}


def backed_up(path: Path, key: bytes | None = None, **more: Any) -> Made:
    return instance_backup(
        **{"actor": "operator", "path": path, "key": key, "with_keys": False, "at": AT, "progress": silent, **more}
    )


def restored(path: Path, key: bytes | None = None, progress: Any = silent) -> Restored:
    return instance_restore(path=path, key=key, at=AT, progress=progress)


def forked(work: Callable[[], None]) -> int:
    """Start ``work`` in a process of its own; return its id. Connections are closed before, so that none is shared."""
    for name in ("default", "vault"):
        connections[name].close()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - a process ends here
        traceback.print_exc()
    finally:
        os._exit(status)


def ended(child: int) -> int:
    """Wait for a process; its exit status, negative for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(number: int) -> Callable[[str, int, int], None]:
    """A progress that kills its process, as a power cut would, when it is told for the ``number``th time."""
    left = [number]

    def told(what: str, done: int, whole: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return told
