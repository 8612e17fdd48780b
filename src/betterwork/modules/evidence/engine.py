"""What computes: DuckDB inside the process by default, Spark where the ``spark`` extra is installed.

Both take the same Ibis expressions, translated to their SQL once per process. Imports are made
inside functions, because ibis, duckdb and pyspark are slow and large and most commands need none
of them.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Protocol

from betterwork.core.errors import BetterWorkError

if TYPE_CHECKING:
    from betterwork.core.evidence.statements import Statement

INPUT = re.compile(r"\bin_[a-z]+\b")

QUIET_LOGS = """rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""


@lru_cache(maxsize=2048)
def statement_sql(dialect: str, statement: Statement) -> str:
    """The SQL of a statement in the dialect of DuckDB or Spark, with its inputs' names in it."""
    import ibis

    # Merging nested selects is the engine's own work; Ibis takes longer to do it than an engine to run the query.
    ibis.options.sql.fuse_selects = False
    sql: str = getattr(ibis, dialect).compile(statement.expression())
    return sql


def bound_sql(dialect: str, statement: Statement, inputs: Mapping[str, str]) -> str:
    """The SQL of a statement over real tables: ``inputs`` maps each input's name to that of a table."""
    return INPUT.sub(lambda found: inputs[found[0]], statement_sql(dialect, statement))


class Engine(Protocol):
    """Registers sets of Parquet files, keeps small intermediate tables, and answers statements."""

    def register(self, name: str, files: Sequence[Path]) -> None:
        """Make the rows of the files a table of that name."""

    def keep(self, name: str, statement: Statement, inputs: Mapping[str, str]) -> None:
        """Compute a statement once and hold its rows as a table of that name."""

    def rows(self, statement: Statement, inputs: Mapping[str, str]) -> list[tuple[Any, ...]]:
        """The rows of a statement, in no particular order."""


class DuckDBEngine:
    """DuckDB in memory over the Parquet files; what does not fit spills to ``spill``."""

    def __init__(self, *, memory_mb: int, spill: Path) -> None:
        import duckdb

        spill.mkdir(parents=True, exist_ok=True)
        # A folder of its own: two processes that spill into one take each other's files away.
        self._spill = Path(mkdtemp(prefix="duckdb-", dir=spill))
        self._duckdb = duckdb.connect(
            config={
                "memory_limit": f"{memory_mb}MB",
                "temp_directory": str(self._spill),
                "autoinstall_known_extensions": False,
            }
        )
        self._duckdb.execute("SET preserve_insertion_order = false; SET parquet_metadata_cache = true")

    def register(self, name: str, files: Sequence[Path]) -> None:
        """See :class:`Engine`."""
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        self._duckdb.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM read_parquet([{listed}])')  # noqa: S608

    def keep(self, name: str, statement: Statement, inputs: Mapping[str, str]) -> None:
        """See :class:`Engine`."""
        self._duckdb.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {bound_sql("duckdb", statement, inputs)}')

    def rows(self, statement: Statement, inputs: Mapping[str, str]) -> list[tuple[Any, ...]]:
        """See :class:`Engine`."""
        found: list[tuple[Any, ...]] = self._duckdb.execute(bound_sql("duckdb", statement, inputs)).fetchall()
        return found

    def close(self) -> None:
        """Let go of memory and spilled files."""
        self._duckdb.close()
        shutil.rmtree(self._spill, ignore_errors=True)


class SparkEngine:
    """Spark on this machine, or on the cluster that the process's Spark settings name."""

    def __init__(self, *, memory_mb: int, spill: Path) -> None:
        with warnings.catch_warnings():
            # pyspark warns on every import that it has not been tried with this pandas; it is not used here.
            warnings.simplefilter("ignore")
            try:
                import ibis.backends.pyspark  # noqa: F401 - for its warnings to fall here
                from pyspark.sql import SparkSession
            except ImportError as error:
                raise BetterWorkError("BETTERWORK_ENGINE is spark: install the extra, betterwork[spark]") from error
            spill.mkdir(parents=True, exist_ok=True)
            try:
                with _nothing_on_stderr():
                    self._spark = _spark_session(SparkSession, memory_mb, spill)
            except Exception as error:
                raise BetterWorkError(f"Spark does not start (is Java 17 installed?): {error}") from error
            self._spark.sparkContext.setLogLevel("ERROR")
        self._kept: list[Any] = []

    def register(self, name: str, files: Sequence[Path]) -> None:
        """See :class:`Engine`."""
        self._spark.read.parquet(*[str(file) for file in files]).createOrReplaceTempView(name)

    def keep(self, name: str, statement: Statement, inputs: Mapping[str, str]) -> None:
        """See :class:`Engine`."""
        frame = self._spark.sql(bound_sql("pyspark", statement, inputs)).cache()
        frame.createOrReplaceTempView(name)
        self._kept.append(frame)

    def rows(self, statement: Statement, inputs: Mapping[str, str]) -> list[tuple[Any, ...]]:
        """See :class:`Engine`."""
        return [tuple(row) for row in self._spark.sql(bound_sql("pyspark", statement, inputs)).collect()]

    def close(self) -> None:
        """Let go of what was kept; the session stays for the process, starting one takes seconds."""
        for frame in self._kept:
            frame.unpersist()


@contextlib.contextmanager
def _nothing_on_stderr() -> Iterator[None]:
    """Java writes remarks of its own on standard error when it starts; what goes wrong comes as an exception."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _spark_session(session: Any, memory_mb: int, spill: Path) -> Any:
    quiet = spill / "log4j2.properties"
    quiet.write_text(QUIET_LOGS, encoding="ascii")
    return (
        session.builder.master("local[2]")
        .appName("betterwork")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", f"{max(memory_mb, 512)}m")
        .config("spark.driver.extraJavaOptions", f"-Dlog4j2.configurationFile={quiet.as_uri()}")
        .config("spark.local.dir", str(spill))
        .config("spark.sql.warehouse.dir", str(spill / "warehouse"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.ansi.enabled", "true")
        .getOrCreate()
    )


@contextlib.contextmanager
def engine_open(kind: str, *, memory_mb: int, spill: Path) -> Iterator[DuckDBEngine | SparkEngine]:
    """The engine of that kind, ``duckdb`` or ``spark``, closed afterwards.

    Raises :class:`BetterWorkError` when Spark or its Java is missing.
    """
    engine = (SparkEngine if kind == "spark" else DuckDBEngine)(memory_mb=memory_mb, spill=spill)
    try:
        yield engine
    finally:
        engine.close()
