"""An instance is not served to others while something that protects people is missing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from betterwork.entry.serving.command import KeptRunning
from betterwork.entry.serving.rules import Instance, serving_faults

EVERYTHING = dict.fromkeys(("MAIL_URL", "SECRET_KEY", "LEDGER_KEY", "VAULT_KEY", "FILES_KEY"), True)


def instance(**changed: object) -> Instance:
    good = Instance("work.example", secure=True, simulated=False, debug=False, given=EVERYTHING)
    return good._replace(**changed)  # type: ignore[arg-type]


def test_a_complete_instance_is_served() -> None:
    assert serving_faults(instance()) == []


def test_one_that_only_this_machine_reaches_needs_nothing() -> None:
    assert serving_faults(instance(host="localhost", secure=False, given={})) == []


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_each_missing_setting_is_named(name: str) -> None:
    faults = serving_faults(instance(given=EVERYTHING | {name: False}))
    assert len(faults) == 1
    assert faults[0].startswith(f"{name} is not set")


def test_without_encryption_or_with_debugging_it_is_refused_even_when_simulated() -> None:
    faults = serving_faults(instance(secure=False, debug=True, simulated=True, given={}))
    assert [fault.split()[0] for fault in faults] == ["BETTERWORK_URL", "BETTERWORK_DEBUG"]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    return {**kept, "BETTERWORK_HOME": str(home), **more}


def betterwork(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "betterwork.entry.command_line", *words],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_refuses_and_says_everything_at_once(tmp_path: Path) -> None:
    refused = betterwork(tmp_path, "serve", "--check", BETTERWORK_URL="http://work.example")
    assert refused.returncode == 1
    for name in ("BETTERWORK_URL", "MAIL_URL", "SECRET_KEY", "LEDGER_KEY", "VAULT_KEY", "FILES_KEY"):
        assert name in refused.stderr
    assert "Traceback" not in refused.stderr
    assert betterwork(tmp_path, "serve", "--check").returncode == 0


def test_a_server_answers_with_its_styles_and_stops_when_told(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "betterwork.entry.command_line", "serve"],
        env=environment(tmp_path, BETTERWORK_URL=url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = answered(f"{url}/account/login/")
        assert b"<h1" in page
        style = page.partition(b'rel="stylesheet" href="')[2].partition(b'"')[0].decode()
        assert style.startswith("/static/console/console.")
        assert style.count(".") == 2, "styles are named by their content"
        assert b"--" in answered(f"{url}{style}")
        assert json.loads(answered(f"{url}/health/ready"))["ready"] is True
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_a_worker_that_ends_by_itself_is_begun_again_and_ends_with_the_server(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    kept = KeptRunning([sys.executable, "-c", f"open({str(begun)!r}, 'a').write('x')"], pause=0.01)
    kept.start()
    until = time.monotonic() + 30
    while not begun.exists() or len(begun.read_text()) < 3:
        assert time.monotonic() < until
        time.sleep(0.02)
    kept.stop()
    times = len(begun.read_text())
    time.sleep(0.3)
    assert len(begun.read_text()) == times


def answered(url: str) -> bytes:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
