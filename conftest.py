"""What every test of the house shares: a home of its own, seals that come off for a flush, examples by weight."""

from __future__ import annotations

import os
import random
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester", "tests.plugins.capabilities", "tests.plugins.cast"]

os.environ.setdefault("SECRET_KEY", "of the tests: signs nothing that anybody would trust")

HEAVY = os.environ.get("HEAVY", "0") not in {"", "0"}
EVERYTHING = os.environ.get("HEAVY", "0") == "2"
"""HEAVY=1 asks for much more, HEAVY=2 for everything: at a desk, before an issue ends. CI has no time for either."""
SLOW_EXAMPLES = 500 if EVERYTHING else 60 if HEAVY else 30
"""Examples of a property each of which asks a database engine."""
OUTSIDE = "../shared"  # in the reason of a skip: what lies outside the project is never said to be here
NO_SKIPS = os.environ.get("BETTERWORK_NO_SKIPS", "0") not in {"", "0"}

_slow_is_fine = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("few", max_examples=30, deadline=None, suppress_health_check=_slow_is_fine)
_many = 500 if EVERYTHING else 150
settings.register_profile(
    "many", max_examples=_many, deadline=None, suppress_health_check=_slow_is_fine, print_blob=True
)
settings.load_profile("many" if HEAVY else "few")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed of the properties here, so that the header can print it and every worker shares it."""
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = str(random.SystemRandom().randrange(10**9))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may use a database may use the vault too: a command looks at both before it begins."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        wants = mark is not None or {"db", "cast", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        if wants and (mark is None or "databases" not in mark.kwargs):
            given = {} if mark is None else mark.kwargs
            item.add_marker(
                pytest.mark.django_db(*(mark.args if mark else ()), **given, databases="__all__"), append=False
            )


def pytest_report_header(config: pytest.Config) -> str:
    """Say what to type to see a failure again."""
    seed = config.option.hypothesis_seed
    return f"properties: {'many' if HEAVY else 'few'} examples; the same again with --hypothesis-seed={seed}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With BETTERWORK_NO_SKIPS=1 a skipped test is a failure: there everything is said to be installed."""
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that would skip itself."""
    return _no_skip((yield))


def _no_skip(report: Any) -> Any:
    if NO_SKIPS and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if OUTSIDE in why:
            return report
        report.outcome = "failed"
        report.longrepr = f"BETTERWORK_NO_SKIPS is set, and this test was skipped: {why}"
    return report


@pytest.fixture(scope="session", autouse=True)
def home_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A BETTERWORK_HOME away from the person's own, for this process and the commands it starts."""
    from django.conf import settings as given
    from django.test import override_settings

    home = tmp_path_factory.mktemp("home")
    (home / "static").mkdir()
    # Overridden and not assigned: what was made from the settings while tests were collected is made anew.
    of_the_tests = override_settings(
        BETTERWORK_HOME=home,
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        STATIC_ROOT=home / "static",
        STORAGES={
            **given.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
            "files": {**given.STORAGES["files"], "OPTIONS": {"location": home / "files"}},
        },
        # Hashing a password slowly is for real ones.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with of_the_tests, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BETTERWORK_HOME", str(home))
        # Django has read it by now. A command that a test starts keeps its own embedded database in its
        # own home, so that tests that run side by side do not share one.
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("VAULT_DATABASE_URL", raising=False)
        yield home


@pytest.fixture(autouse=True)
def language_of_the_tests() -> Iterator[None]:
    """Each test begins in English: a request in another language leaves that one behind it in the process."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def seals_come_off_for_a_flush() -> Iterator[None]:
    """A test that really commits is cleaned up by deleting all rows, which the seals would refuse."""
    from django.db import connections
    from django.test import TransactionTestCase

    from betterwork.foundation.ledger.seals import drop_seals, install_seals

    flush = TransactionTestCase._fixture_teardown

    def flush_without_seals(self: Any) -> None:
        used = [connections[alias] for alias in self._databases_names(include_mirrors=False)]
        for connection in used:
            drop_seals(connection)
        try:
            flush(self)
        finally:
            for connection in used:
                install_seals(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_seals)
        yield
