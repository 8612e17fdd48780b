"""The tables of a country's report as an engineer would write them by hand: plain DuckDB SQL on the same files.

It counts and no more: no shares, intervals, labels, notes. That is what the platform's time is held against.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

PREPARE = """
CREATE TEMP TABLE history AS SELECT assessment_key, factory_key, start, cycle, assessment,
    bool_or(obsolete) OVER f AS gone,
    date_sub('year', min(start) OVER f, start) AS years,
    lag(assessment_key) OVER (PARTITION BY factory_key ORDER BY start, cycle, assessment) AS previous
FROM assessments WINDOW f AS (PARTITION BY factory_key);
CREATE TEMP TABLE latest AS SELECT * FROM history WHERE NOT gone
QUALIFY row_number() OVER (PARTITION BY factory_key ORDER BY start DESC, cycle DESC, assessment DESC) = 1;
CREATE TEMP TABLE panel AS SELECT * FROM history WHERE NOT gone AND cycle <= 5 AND factory_key IN (
    SELECT factory_key FROM history WHERE cycle <= 5 GROUP BY factory_key HAVING count(DISTINCT cycle) = 5)
QUALIFY row_number() OVER (PARTITION BY factory_key, cycle ORDER BY start DESC, assessment DESC) = 1;
CREATE TEMP TABLE yearly AS SELECT *, year(start) AS cell FROM history WHERE NOT gone
QUALIFY row_number() OVER (PARTITION BY factory_key, cell ORDER BY start DESC, cycle DESC, assessment DESC) = 1;
"""
QUESTION = "SELECT assessment_key, question AS item, answer = 1 AS found FROM answers WHERE answer <= 1"
POINT = "SELECT assessment_key, point AS item, found > 0 AS found FROM points WHERE asked > 0"
CLUSTER = "SELECT assessment_key, cluster AS item, bool_or(found > 0) AS found FROM points WHERE asked > 0 GROUP BY ALL"
RATES = "SELECT item, count(*), count_if(found) FROM ({marks}) JOIN latest USING (assessment_key) GROUP BY ALL"
TENURE = (
    "SELECT item, least(years, 4) AS y, count(*), count_if(found) "
    "FROM ({marks}) JOIN latest USING (assessment_key) GROUP BY ALL"
)
PANEL = "SELECT item, cycle, count(*), count_if(found) FROM ({marks}) JOIN panel USING (assessment_key) GROUP BY ALL"
YEARLY = "SELECT item, cell, count(*), count_if(found) FROM ({marks}) JOIN yearly USING (assessment_key) GROUP BY ALL"
EFFORT = """
WITH marks AS ({marks}),
now AS (SELECT factory_key, item, found FROM marks JOIN latest USING (assessment_key)),
before AS (SELECT factory_key, item, marks.found FROM marks JOIN latest ON marks.assessment_key = latest.previous)
SELECT item, count(*), count_if(before.found), count_if(now.found), count_if(before.found AND NOT now.found),
    count_if(now.found AND NOT before.found)
FROM now JOIN before USING (factory_key, item) GROUP BY ALL"""
FACTORY = (
    "SELECT factory, factory_name, count(*), count_if(found) FROM ({marks}) JOIN latest USING (assessment_key) "
    "JOIN assessments USING (assessment_key) GROUP BY ALL"
)
TABLES = {
    f"{name} by {level}": sql.format(marks=marks)
    for level, marks in (("question", QUESTION), ("point", POINT), ("cluster", CLUSTER))
    for name, sql in (("rates", RATES), ("tenure", TENURE), ("panel", PANEL), ("yearly", YEARLY), ("effort", EFFORT))
} | {"rates by factory": FACTORY.format(marks=POINT)}


def connection(files: dict[str, list[Path]], memory_mb: int, spill: Path) -> Any:
    """DuckDB with the same limits as the platform's, the files as views."""
    import duckdb

    opened = duckdb.connect(config={"memory_limit": f"{memory_mb}MB", "temp_directory": str(spill)})
    opened.execute("SET preserve_insertion_order = false")
    for table, paths in files.items():
        listed = ", ".join(f"'{path}'" for path in paths)
        opened.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{listed}])")
    opened.execute(PREPARE)
    return opened
