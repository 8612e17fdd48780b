"""One filled instance for all tests of the room; a server where there is one or its binaries are found."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from betterwork.foundation.backup.folders import KEPT, LEFT_OUT
from betterwork.foundation.backup.tests.filling import KEPT_BY_A_ROOM, filled
from betterwork.foundation.backup.tests.instances import KEY, Instance, backed_up, digests, entered, restored
from betterwork.foundation.vault.tests.interviews import interviews_kind, interviews_kind_gone


@pytest.fixture(autouse=True)
def databases_of_its_own(django_db_blocker: Any) -> Iterator[None]:
    """These tests enter instances of their own and never touch the databases of the test run."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Instance]:
    """A filled instance. Tests that change something copy it first."""
    with django_db_blocker.unblock():
        try:
            yield filled(tmp_path_factory.mktemp("source") / "home")
        finally:
            interviews_kind_gone()


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """Interviews may lie in the vault, and one room keeps a folder."""
    interviews_kind()
    KEPT.add(KEPT_BY_A_ROOM)
    yield
    KEPT.discard(KEPT_BY_A_ROOM)
    interviews_kind_gone()
    LEFT_OUT.pop("of-nobody", None)


@pytest.fixture(scope="session")
def taken(source: Instance, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> dict[str, Any]:
    """A plain backup of the source, one under a key with the keys in it, and its digests then."""
    folder = tmp_path_factory.mktemp("backups")
    with django_db_blocker.unblock(), entered(source):
        KEPT.add(KEPT_BY_A_ROOM)
        backed_up(folder / "plain.tar.gz")
        made = backed_up(folder / "sealed.backup", KEY, with_keys=True)
        return {
            "plain": folder / "plain.tar.gz",
            "sealed": folder / "sealed.backup",
            "made": made,
            "digests": digests(),
        }


@pytest.fixture(scope="session")
def again(taken: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Instance:
    """The source restored from the plain backup, without its keys. For tests that change nothing."""
    with django_db_blocker.unblock(), entered(Instance(tmp_path_factory.mktemp("again") / "home")) as instance:
        restored(taken["plain"])
        return instance


@pytest.fixture
def empty(tmp_path: Path) -> Instance:
    """An instance that nobody has used."""
    return Instance(tmp_path / "empty")


Server = Callable[[Path], Instance]


@pytest.fixture(scope="session")
def server(django_db_blocker: Any) -> Iterator[Server]:
    """``server(home)`` is a new instance with two new databases on PostgreSQL."""
    number = 0
    with django_db_blocker.unblock(), _running() as place:

        def instance(home: Path) -> Instance:
            nonlocal number
            names = [f"test_backup_{os.getpid()}_{number}_{what}" for what in ("main", "vault")]
            number += 1
            made.extend(names)
            for name in names:
                # Not in the order of bytes, as a server of an office: what is read must be all the same.
                _run(place, f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'vi'")
            main, vault = ({**place, "ENGINE": "django.db.backends.postgresql", "NAME": name} for name in names)
            return Instance(home, (main, vault))

        made: list[str] = []
        yield instance
        if connections["default"].vendor == "postgresql":  # a cluster of our own goes as a whole
            for name in made:
                _run(place, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _run(place: dict[str, Any], statement: str) -> None:
    import psycopg

    words = {"host": place["HOST"], "port": place["PORT"], "user": place["USER"], "password": place["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **words) as connection:
        connection.execute(statement.encode())


class _running:
    """Where the server of the test run is, or a cluster of our own, for as long as it is needed."""

    def __enter__(self) -> dict[str, Any]:
        self._scratch: Path | None = None
        if connections["default"].vendor == "postgresql":
            found = settings.DATABASES["default"]
            return {part: found.get(part, "") for part in ("HOST", "PORT", "USER", "PASSWORD")}
        pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed (extra postgres)")
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
        if not places:
            pytest.skip("PostgreSQL's binaries are not on this machine (Debian: apt-get install postgresql)")
        self._bin = places[-1].parent
        return self._started()

    def _started(self) -> dict[str, Any]:
        self._scratch = Path(tempfile.mkdtemp(prefix="bk-"))
        self._scratch.chmod(0o711)
        data = self._scratch / "data"
        data.mkdir()
        if os.getuid() == 0:
            shutil.chown(data, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        self._as_postgres(
            "initdb", "-D", data, "--username=betterwork", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-sync",
        )  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data} -c fsync=off"
        self._as_postgres("pg_ctl", "start", "--silent", "--wait", "-D", data, "-l", data / "log", "-o", options)
        return {"HOST": "127.0.0.1", "PORT": port, "USER": "betterwork", "PASSWORD": ""}

    def __exit__(self, *_: object) -> None:
        if self._scratch is not None:
            self._as_postgres("pg_ctl", "stop", "--silent", "--mode=immediate", "-D", self._scratch / "data")
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _as_postgres(self, program: str, *words: object) -> None:
        """PostgreSQL refuses to run as root."""
        before = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run(
            [*before, str(self._bin / program), *map(str, words)],
            cwd="/", check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
