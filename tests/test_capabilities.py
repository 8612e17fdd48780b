"""The plugin that joins tests and capabilities, tried on small test files of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.capabilities import TABLE, table_rows

ROOT = Path(__file__).parents[1]

TESTS = """
import pytest

@pytest.mark.capability("X1")
@pytest.mark.parametrize("n", [1, 2])
def test_one_thing_holds(n):
    assert n

@pytest.mark.capability("X1", "X2")
def test_two_things_are_broken():
    assert False

@pytest.mark.capability("X3")
@pytest.mark.skip(reason="no such machine")
def test_needs_another_machine():
    pass

@pytest.mark.capability("X6")
def test_a_part_holds():
    pass

@pytest.fixture
def broken():
    raise RuntimeError

@pytest.mark.capability("X4")
def test_whose_fixture_breaks(broken):
    pass
"""


@pytest.fixture
def small(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("PYTEST_ADDOPTS", "BETTERWORK_NO_SKIPS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(test_small=TESTS)
    # A conftest beside only some tests makes pytest call hooks plugin by plugin.
    pytester.mkpydir("other").joinpath("conftest.py").write_text("")
    (pytester.path / "other" / "test_other.py").write_text("def test_other():\n    pass\n")
    pytester.makefile(
        ".csv",
        table="id,paragraphs,text,remains\nX,,Group,\n"
        + "".join(f"X{n},{n},Capability {n},{'the rest' if n in (5, 6) else ''}\n" for n in range(1, 7)),
    )
    pytester.makeini("[pytest]\nmarkers = capability(letter): shown\n")
    return pytester


def run(small: pytest.Pytester, *more: str) -> pytest.RunResult:
    options = ["-p", "no:django", "-p", "tests.plugins.capabilities", "--capability-table=table.csv"]
    return small.runpytest_subprocess(*options, *more)


def test_the_page_says_what_shows_each_capability_the_same_on_one_process_and_on_two(small: pytest.Pytester) -> None:
    run(small, "-n", "0", "--capabilities=out/page.md")
    run(small, "-n", "2", "--capabilities=again.md")
    page = (small.path / "out" / "page.md").read_text(encoding="utf-8")
    assert (small.path / "again.md").read_text(encoding="utf-8") == page
    states = {line.split("|")[1].strip(): line.split("|")[4].strip() for line in page.splitlines() if line[:3] == "| X"}
    assert states == {"X1": "failed", "X2": "failed", "X3": "skipped", "X4": "failed", "X5": "missing", "X6": "in part"}
    assert "Of 6 capabilities: 3 failed, 0 passed, 1 in part, 1 skipped, 1 missing." in page
    assert "| X6 | Capability 6 | 6 | in part | the rest |" in page
    assert page.count("one thing holds") == 1
    assert "- **X1** passed: one thing holds (`test_small.py`)" in page


def test_a_run_of_some_tests_leaves_the_page_alone(small: pytest.Pytester) -> None:
    (small.path / "page.md").write_text("as it was")
    result = run(small, "-n", "0", "--capabilities=page.md", "-k", "one_thing")
    result.stdout.fnmatch_lines(["*X1  passed*", "*Only some tests were run*"])
    assert (small.path / "page.md").read_text() == "as it was"


def test_a_letter_that_the_table_does_not_have_is_an_error(small: pytest.Pytester) -> None:
    small.makepyfile(test_wrong="import pytest\n\n@pytest.mark.capability('Z9')\ndef test_it():\n    pass\n")
    result = run(small, "-n", "0")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Z9" in result.stdout.str() + result.stderr.str()


def test_the_projects_table_has_each_capability_once_under_its_group() -> None:
    rows = table_rows(TABLE)
    assert len({row.id for row in rows}) == len(rows) > 60
    group = ""
    for row in rows:
        group = row.id if row.is_group else group
        assert row.id.startswith(group)
        assert row.text.strip() == row.text != ""
        assert "|" not in row.text


@pytest.mark.skipif(not (ROOT.parent / "shared" / "CAPABILITIES.md").exists(), reason="../shared is not here")
def test_the_projects_table_has_the_rows_of_the_owners_table() -> None:
    theirs = (ROOT.parent / "shared" / "CAPABILITIES.md").read_text(encoding="utf-8")
    cells = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in theirs.splitlines() if line[:1] == "|"]
    expected = [(one[0], one[2]) for one in cells[2:]]
    ours = [(row.id, row.paragraphs.replace("-", "–")) for row in table_rows(TABLE)]
    assert sorted(ours) == sorted(expected)
