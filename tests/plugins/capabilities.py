"""Which test shows which row of the capability table, and how it ended.

A test says ``@pytest.mark.capability("I1", "I2")``. With ``--capabilities FILE`` the run prints every
row of the table with what shows it, and writes the page FILE when all tests were run. Results travel
from the workers of xdist inside the reports, so it works with and without them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "capabilities.csv"
WORST_FIRST = ("failed", "passed", "skipped")
PAGE_HEAD = """# What shows each capability

Written by `make capabilities` from a run of all tests; not by hand. A row is *passed* when a test that
shows it passed and none failed, *skipped* when every such test was skipped on the machine that wrote
this page, and *missing* when no test shows it yet. *In part* is passed with something that the row
asks for and nothing shows yet, named in the last column (from `capabilities.csv`, by hand). ¶ numbers
are those of the programme paper (GB.320/POL/6). Passed means that what the named tests try works, and no more.
"""


@dataclass(frozen=True)
class Row:
    """A line of the table: a group (one letter, no text beside its name) or a capability."""

    id: str
    paragraphs: str
    text: str
    remains: str = ""
    """What of it nothing shows yet, where the tests that there are show only a part."""

    @property
    def is_group(self) -> bool:
        """Whether it is the heading of a group."""
        return len(self.id) == 1


def table_rows(path: Path) -> list[Row]:
    """The table in its own order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def worst(outcomes: Iterable[str]) -> str:
    """One word for several outcomes: failed when any failed, passed when any passed, else skipped, else missing."""
    found = set(outcomes)
    return next((word for word in WORST_FIRST if word in found), "missing")


@dataclass(eq=False)  # pytest keeps plugins in sets
class Shown:
    """What the run has shown so far: capability → test (without its parameters) → outcomes."""

    rows: list[Row]
    outcomes: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the capabilities and the outcome out of a report, in the process that collects them."""
        if report.when != "call" and report.passed:
            return
        outcome = "failed" if hasattr(report, "wasxfail") else report.outcome
        for name, letters in report.user_properties:
            if name == "capability":
                for letter in str(letters).split():
                    self.outcomes[letter][report.nodeid.partition("[")[0]].append(outcome)

    def tests(self, row: Row) -> list[tuple[str, str]]:
        """The tests that show a capability with the outcome of each, in the order of their names."""
        return sorted((test, worst(outcomes)) for test, outcomes in self.outcomes.get(row.id, {}).items())

    def state(self, row: Row) -> str:
        """A word for the capability: the worst outcome, and *in part* for passed where something remains."""
        state = worst(outcome for _, outcome in self.tests(row))
        return "in part" if state == "passed" and row.remains else state

    def page(self) -> str:
        """The page: no times, dates or numbers that change from run to run, so that its diff stays quiet."""
        lines = [PAGE_HEAD]
        states = [self.state(row) for row in self.rows if not row.is_group]
        counts = ", ".join(
            f"{states.count(word)} {word}" for word in ("failed", "passed", "in part", "skipped", "missing")
        )
        lines.append(f"Of {len(states)} capabilities: {counts}.\n")
        for row in self.rows:
            if row.is_group:
                lines.append(
                    f"\n## {row.id} {row.text}\n\n| id | capability | ¶ | state | not yet |\n|---|---|---|---|---|"
                )
            else:
                lines.append(f"| {row.id} | {row.text} | {row.paragraphs} | {self.state(row)} | {row.remains} |")
        lines.append("\n## The tests\n")
        for row in self.rows:
            for test, outcome in self.tests(row):
                path, _, name = test.partition("::")
                words = name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
                lines.append(f"- **{row.id}** {outcome}: {words} (`{path}`)")
        return "\n".join(lines) + "\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    group = parser.getgroup("capabilities")
    group.addoption("--capabilities", metavar="FILE", help="print what shows each capability and write the page FILE")
    group.addoption(
        "--capability-table", metavar="FILE", default=str(TABLE), help="the table (CSV: id, paragraphs, text, remains)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect in the controller only: workers send their reports there."""
    if config.getoption("capabilities") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(
            Shown(table_rows(Path(config.getoption("capability_table")))), "capabilities-shown"
        )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the letters into each test's properties; a letter that the table does not have is an error."""
    known = {row.id for row in table_rows(Path(config.getoption("capability_table"))) if not row.is_group}
    for item in items:
        letters = sorted({letter for marker in item.iter_markers("capability") for letter in marker.args})
        if unknown := [letter for letter in letters if letter not in known]:
            raise pytest.UsageError(
                f"{item.nodeid} shows {', '.join(unknown)}, which the capability table does not have"
            )
        if letters:
            item.user_properties.append(("capability", " ".join(letters)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print every capability; write the page when nothing was left out of the run."""
    shown: Shown | None = config.pluginmanager.getplugin("capabilities-shown")
    if shown is None:
        return
    terminalreporter.section("capabilities")
    for row in shown.rows:
        if row.is_group:
            terminalreporter.line(f"{row.id}   {row.text}")
            continue
        terminalreporter.line(f"  {row.id:<4}{shown.state(row):<9}{row.text}")
        if row.remains:
            terminalreporter.line(f"      not yet: {row.remains}")
        for test, outcome in shown.tests(row):
            terminalreporter.line(f"      {outcome:<9}{test}")
    in_part = config.args_source == pytest.Config.ArgsSource.ARGS or config.option.keyword or config.option.markexpr
    if in_part:
        terminalreporter.line("Only some tests were run, so the page was left as it was.")
        return
    page = Path(config.rootpath, config.getoption("capabilities"))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(shown.page(), encoding="utf-8")
    terminalreporter.line(f"written: {page.relative_to(config.rootpath)}")
