"""Measure what DESIGN asks for and print each figure beside its target: ``make bench``, or with ``--quick`` small.

Each measurement runs in a process of its own, so that its peak memory is its own. Figures are
medians of five (of yearly plans and slow lines three, in batches as many as a run sends), on SIMULATED
data in a temporary folder that is removed afterwards. Benches are not tests: they fail on nothing but a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TIMES = 5
COUNTRY = "VN"
MEMORY_MB = 800
AWAY = {"DATABASE_URL", "DATABASE_URL_FILE", "VAULT_DATABASE_URL", "VAULT_DATABASE_URL_FILE"}


def main() -> None:
    """Run all measurements and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes only: does everything run?")
    parser.add_argument("--child", nargs=3, metavar=("WHAT", "HOME", "SIZE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        what, home, size = arguments.child
        start_django()
        print(json.dumps({**MEASURES[what](Path(home), int(size)), "peak_mb": peak_mb()}))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="betterwork-bench-") as folder:
        lines = measure(Path(folder), quick=arguments.quick)
    width, most = max(len(line[0]) for line in lines), max(len(line[2]) for line in lines)
    print(f"{'figure':<{width}}  {'budget':>16}  {'measured':>{most}}")
    for name, target, measured, reached in lines:
        print(f"{name:<{width}}  {target:>16}  {measured:>{most}}  {WORDS[reached]}".rstrip())
    missed = [name.strip() for name, _target, _measured, reached in lines if reached is False]
    print(f"Missed: {'; '.join(missed)}." if missed else "Every budget is reached.")
    print("Medians on simulated data, of five where nothing else is said; differences under 30 % are noise.")
    print(
        f"Load of the machine meanwhile, on {os.cpu_count()} cores: {load:.1f} before, {os.getloadavg()[0]:.1f} after."
    )


Line = tuple[str, str, str, bool | None]
"""(figure, budget, what was measured, whether the budget is reached: None where there is none)."""
WORDS: dict[bool | None, str] = {True: "reached", False: "missed", None: ""}


def measure(folder: Path, *, quick: bool) -> list[Line]:
    """All figures, small ones first."""
    rows = 50_000 if quick else 2_500_000
    sizes = [(100_000, 0.5)] if quick else [(2_500_000, 0.5), (100_000_000, 5.0)]
    import capture
    import capture_line
    import duplicates
    import pages
    import planning

    lines: list[Line] = pages.lines(folder / "pages", environment(folder / "pages"))
    lines += duplicates.lines()
    lines += capture.lines(quick=quick, cpu=True)
    lines += capture_line.lines(quick=quick)
    lines += planning.lines(quick=quick)
    told = child("import", folder / "import", rows)
    speed = told["rows"] / told["whole_s"]
    lines.append(("fresh migrate", "< 10 s", f"{told['migrate_s']:.1f} s", told["migrate_s"] < 10))
    lines.append((f"import {told['rows']:,} rows: file to queryable store", "> 200,000 rows/s", f"{speed:,.0f} rows/s",
                  speed > 200_000))  # fmt: skip
    lines.append(("  of it the import alone", "", f"{told['rows'] / told['import_s']:,.0f} rows/s", None))
    lines.append(("  of it the build alone", "", f"{told['rows'] / told['build_s']:,.0f} rows/s", None))
    lines.append(("  a second build that finds nothing new", "", f"{told['again_s']:.2f} s", None))
    lines.append(("  peak memory", "", f"{told['peak_mb']:,} MB", None))
    for size, target in sizes:
        lines += measure_size(folder / f"store-{size}", size, target)
    return lines


def measure_size(home: Path, size: int, target: float) -> list[Line]:
    """Tables of one size: of a country's report, of all countries, beside plain SQL, and from a cold command."""
    made = child("generate", home, size)
    lines: list[Line] = [(f"{made['answers']:,} answers generated", "", f"{made['s']:.0f} s, {made['mb']:,} MB", None)]
    report, everywhere, beside = (child(what, home, size) for what in ("report", "everywhere", "ratio"))
    ratio = beside["ours_s"] / beside["plain_s"]
    lines += [
        (f"  {report['tables']} tables of a country's report", f"< {target} s", f"{report['s']:.2f} s",
         report["s"] < target),
        ("  peak memory", "< 1,000 MB", f"{report['peak_mb']:,} MB", report["peak_mb"] < 1000),
        (f"  {len(ALIKE)} of them over plain SQL ({beside['ours_s']:.2f} s / {beside['plain_s']:.2f} s)", "< 1.3",
         f"{ratio:.2f}", ratio < 1.3),
        ("  the same tables for all countries at once", "", f"{everywhere['s']:.2f} s", None),
        ("  peak memory", "", f"{everywhere['peak_mb']:,} MB", None),
    ]  # fmt: skip
    cold = median(cold_command(home) for _ in range(TIMES))
    lines.append(
        ("  cold command: rates by point of a country", f"< {target + 3} s", f"{cold:.2f} s", cold < target + 3)
    )
    return lines


def child(what: str, home: Path, size: int) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "--child", what, str(home), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(home))
    if done.returncode:
        raise SystemExit(f"the measurement {what!r} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def environment(home: Path) -> dict[str, str]:
    """The environment of an instance of its own on the embedded database."""
    kept = {name: value for name, value in os.environ.items() if name not in AWAY}
    return {
        **kept,
        "BETTERWORK_HOME": str(home),
        "BETTERWORK_ENGINE": "duckdb",
        "BETTERWORK_MEMORY_MB": str(MEMORY_MB),
        "DJANGO_SETTINGS_MODULE": "betterwork.entry.settings",
    }


def cold_command(home: Path) -> float:
    """Seconds of a whole command from a new process."""
    words = ["evidence", "rates", "--by", "point", "--country", "Viet Nam", "--format", "csv"]
    command = [sys.executable, "-m", "betterwork.entry.command_line", *words]
    return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment(home)))


def timed(work: Callable[[], Any]) -> float:
    """Seconds that a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak_mb() -> int:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def start_django() -> None:
    """Load the rooms."""
    import django

    django.setup()


# --- what children measure -----------------------------------------------------------------------


def measure_import(home: Path, rows: int) -> dict[str, Any]:
    """From an export file to a queryable store with sealed documents committed."""
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone
    from generate import export_generate

    from betterwork.modules.assessments.services import assessments_import
    from betterwork.modules.evidence import queries, services

    home.mkdir(parents=True, exist_ok=True)
    migrate = timed(
        lambda: [call_command("migrate", database=alias, verbosity=0, interactive=False) for alias in connections]
    )
    file = home / "export.csv"
    written = export_generate(file, rows)
    imported = timed(lambda: assessments_import(paths=[file], at=timezone.now()))

    def build() -> None:
        services.store_build(at=timezone.now())
        with queries.store_open() as store:
            assert queries.rates(store, "point").rows

    built = timed(build)
    again = timed(lambda: services.store_build(at=timezone.now()))
    return {"rows": written, "migrate_s": migrate, "import_s": imported, "build_s": built, "whole_s": imported + built,
            "again_s": again}  # fmt: skip


def measure_generate(home: Path, size: int) -> dict[str, Any]:
    """A store of a size, straight into its files."""
    from django.core.management import call_command
    from generate import build_generate

    from betterwork.core.evidence.dimensions import dimensions_of
    from betterwork.modules.evidence.builds import build_point, build_write
    from betterwork.modules.evidence.services import store_folder
    from betterwork.modules.instruments.queries import catalogue

    home.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    folder, begun = store_folder(), time.perf_counter()
    build = build_generate(folder, dimensions_of(catalogue()), size)
    build_write(folder, build)
    build_point(folder, build)
    held = sum(file.stat().st_size for file in folder.path.rglob("*") if file.is_file())
    answers = sum(one.rows["answers"] for one in build.partitions)
    return {"s": time.perf_counter() - begun, "mb": held // 1_000_000, "answers": answers}


ALIKE = [
    (table, by) for by in ("question", "point", "cluster") for table in ("rates", "tenure", "panel", "yearly", "effort")
]
ALIKE += [("rates", "factory")]


def alike_tables(store: Any, choice: Any) -> int:
    """The tables that plain SQL also counts."""
    from betterwork.modules.evidence import queries

    for table, by in ALIKE:
        if table in ("panel", "yearly"):
            words: dict[str, Any] = {"panel": 5} if table == "panel" else {"period": "year"}
            queries.trend(store, by, choice, **words)
        else:
            getattr(queries, table)(store, by, choice)
    return len(ALIKE)


def measure_tables(country: str | None) -> dict[str, Any]:
    """Each time a new connection in a warm process, nothing kept from the time before."""
    from betterwork.modules.evidence import queries

    choice, whole, tables = queries.Choice(country=country), [], 0
    for _ in range(TIMES + 1):
        with queries.store_open() as store:
            begun = time.perf_counter()
            tables = alike_tables(store, choice)
            queries.overview(store, choice)
            queries.headline_facts(store, choice)
            whole.append(time.perf_counter() - begun)
    # The first is not warm: it brings imports.
    return {"s": median(whole[1:]), "tables": tables + 2}


def measure_ratio() -> dict[str, Any]:
    """The platform beside plain SQL on the same files, in turns, so that another load on the machine falls on both."""
    import plain_sql

    from betterwork.modules.evidence import queries
    from betterwork.modules.evidence.services import store_current, store_folder

    build, folder = store_current(), store_folder()
    files = {table: build.files(folder, table, country=COUNTRY) for table in ("assessments", "points", "answers")}
    choice, ours, plain = queries.Choice(country=COUNTRY), [], []
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        opened = plain_sql.connection(files, MEMORY_MB, folder.spill)
        for table, by in ALIKE:
            opened.execute(plain_sql.TABLES[f"{table} by {by}"]).fetchall()
        plain.append(time.perf_counter() - begun)
        opened.close()
        begun = time.perf_counter()
        with queries.store_open() as store:
            alike_tables(store, choice)
        ours.append(time.perf_counter() - begun)
    return {"ours_s": median(ours[1:]), "plain_s": median(plain[1:])}


MEASURES: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "import": measure_import,
    "generate": measure_generate,
    "report": lambda home, size: measure_tables(COUNTRY),
    "everywhere": lambda home, size: measure_tables(None),
    "ratio": lambda home, size: measure_ratio(),
}

if __name__ == "__main__":
    main()
