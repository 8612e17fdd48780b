"""The command `betterwork evidence`: options, files, exit status, one line on error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.modules.evidence.commands import evidence
from betterwork.modules.evidence.tests.sample import made_up, seal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.BETTERWORK_HOME = tmp_path
    settings.BETTERWORK_ENGINE = "duckdb"
    return tmp_path


@pytest.fixture
def built(home: Path) -> Path:
    seal(
        made_up("VN", number, f"f{number % 3}", f"201{number % 5}-02-28", 1 + number // 3, "2014",
                {"CMP-1-01": number % 2, "OSH-3-01": 1})
        for number in range(12)
    )  # fmt: skip
    assert run("build").exit_code == 0
    return home


def run(*words: str) -> Result:
    """The result; errors of ours are raised as they are."""
    result = CliRunner().invoke(evidence, words)
    if isinstance(result.exception, BetterWorkError):
        raise result.exception
    return result


@pytest.mark.capability("P1")
def test_build_prints_what_was_written_and_then_that_nothing_was(home: Path) -> None:
    seal([made_up("VN", 1, "f", "2014-02-28", 1, "2014", {"CMP-1-01": 1})])
    first = run("build", "--verbose")
    assert "VN 2014: 1 assessment, 1 answers written" in first.stdout
    assert "0 partitions written, 1 unchanged; the store holds 1 assessments" in run("build").stdout


@pytest.mark.capability("P1")
@pytest.mark.parametrize(
    "words",
    [
        "rates --by question", "rates --by point --comparable-only", "rates --by cluster --manual-rules",
        "rates --by factory", "trend --by point --panel 2", "trend --by cluster --period year", "effort --by point",
        "tenure --by question --level factory", "headline", "rates --by point --cycle 1",
    ],
)  # fmt: skip
def test_every_table_comes_as_json_and_csv_with_the_same_rows(built: Path, words: str) -> None:
    content = json.loads(run(*words.split(), "--country", "vietnam", "--format", "json").stdout)
    assert content["rows"] and {row["country"] for row in content["rows"]} == {"Viet Nam"}
    lines = run(*words.split(), "--country", "VNM", "--format", "csv").stdout_bytes.decode().split("\n")
    assert lines[0] == ",".join(content["columns"]) and len(lines) == len(content["rows"]) + 2


def test_a_file_is_written_whole_and_the_screen_stays_empty(built: Path) -> None:
    file = built / "rates.parquet"
    result = run("rates", "--by", "point", "--format", "parquet", "-o", str(file))
    assert result.output == "" and file.read_bytes()[:4] == b"PAR1"
    with pytest.raises(BetterWorkError, match="cannot be written"):
        run("rates", "--by", "point", "-o", str(built / "missing" / "rates.csv"))


@pytest.mark.parametrize(
    "words",
    [
        "rates --by point --from 2015-02 --to 2014-02", "rates --by point --from 2015-13", "trend --by point",
        "rates --by point --country Atlantis", "trend --by point --panel 2 --period year",
        "rates --by point --snapshot nothing", "rates --by point --manual-rules --comparable-only",
    ],
)  # fmt: skip
def test_wrong_use_says_so(built: Path, words: str) -> None:
    with pytest.raises(WrongUse):
        run(*words.split())


@pytest.mark.parametrize(
    "words", ["rates", "rates --by shoe", "rates --by point --cycle 0", "trend --by factory --panel 2", "snapshot a b"]
)
def test_wrong_options_exit_with_two(built: Path, words: str) -> None:
    assert run(*words.split()).exit_code == 2


def test_an_empty_window_gives_the_head_of_the_table_and_a_line_on_stderr(built: Path) -> None:
    result = run("rates", "--by", "point", "--from", "2030-01", "--format", "csv")
    assert result.exit_code == 0
    assert result.stdout.startswith("country,cluster") and result.stdout.count("\n") == 1
    assert "no rows" in result.stderr


def test_a_month_is_whole_on_the_command_line(built: Path) -> None:
    def counted(*window: str) -> int:
        content = json.loads(run("rates", "--by", "factory", "--format", "json", *window).stdout)
        return len(content["rows"])

    assert counted("--from", "2014-02", "--to", "2014-02") == counted("--from", "2014-02-28", "--to", "2014-02-28") > 0
    assert counted("--from", "2014-02-01", "--to", "2014-02-27") == 0


@pytest.mark.capability("I3")
def test_a_snapshot_answers_as_it_did_after_more_was_imported(built: Path) -> None:
    words = ("rates", "--by", "question", "--format", "csv")
    before = run(*words).stdout
    assert "12 documents" in run("snapshot", "spring").stdout
    seal([made_up("VN", 99, "f9", "2014-06-01", 1, "2014", {"CMP-1-01": 1})])
    late = run(*words)
    assert late.stdout == before and late.stderr.count("\n") == 1 and "evidence build" in late.stderr
    run("build")
    assert run(*words).stdout != before
    old = run(*words, "--snapshot", "spring")
    assert old.stdout == before and old.stderr == ""
    assert run("snapshot", "--list").stdout == "spring\n"
    with pytest.raises(WrongUse, match="already names another set"):
        run("snapshot", "spring")
    with pytest.raises(WrongUse, match="give the snapshot a name"):
        run("snapshot")


def test_help_has_examples_and_imports_nothing_heavy() -> None:
    for command in evidence.commands:
        assert "Examples:" in CliRunner().invoke(evidence, [command, "--help"]).output
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'betterwork.entry.settings'\n"
        "import django; django.setup()\n"
        "import betterwork.modules.evidence.commands\n"
        "print([name for name in ('ibis', 'duckdb', 'pyarrow', 'scipy', 'numpy', 'pyspark') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.usefixtures("built")
def test_a_link_named_as_output_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.csv", tmp_path / "link.csv", tmp_path / "pipe"
    target.write_text("old")
    link.symlink_to(target)
    os.mkfifo(pipe)
    words = ["rates", "--by", "cluster", "--format", "csv", "-o"]
    assert run(*words, str(link)).exit_code == 0
    assert link.is_symlink() and target.read_text(encoding="utf-8").startswith("country,cluster")
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_text, encoding="utf-8")
        assert run(*words, str(pipe)).exit_code == 0
        assert read.result(timeout=20) == target.read_text(encoding="utf-8")
    assert pipe.is_fifo()


@pytest.mark.usefixtures("home")
def test_a_table_rounds_shares_half_up_like_the_report() -> None:
    seal(made_up("VN", number, f"f{number}", "2014-02-28", 1, "2014", {"CMP-1-01": int(number <= 5)})
         for number in range(1, 41))  # fmt: skip
    run("build")
    assert " 13 % " in run("rates", "--by", "question").stdout, "5 of 40 are 12.5 %"
