"""Finding pairs among many records: blocked and scored by splink on DuckDB, compared by rapidfuzz. Jobs only.

Nothing of this may be imported by a page: DuckDB and splink are large.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import ARROW
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_level_library as cll
from splink.comparison_library import CustomComparison

from betterwork.core.matching.comparing import COMPARISONS, NOT_KNOWN, Comparison
from betterwork.core.matching.records import COLUMNS, Ready, Record, ready
from betterwork.core.matching.scoring import Model, Reason, model_read, reasons

MODEL = "model.json"
HEARD_THE_SAME, SAME_UNIT = 5, 3
"""Levels of the comparisons of names and of units."""
NAMES_ALONE = Reason("only.names", 0.0)
MOST_IN_A_BLOCK = 12
"""A block that more records share (a word like "sun") would compare everything with everything and says little."""
ALWAYS = frozenset("anx")
"""Blocks of an address, a whole name and an outside number are compared however many share them, up to ten times."""


@dataclass(frozen=True, slots=True)
class Found:
    """Two records that may be one factory: keys in order, the score, and the reasons, the heaviest first."""

    left: str
    right: str
    score: float
    reasons: tuple[Reason, ...]


def model() -> Model:
    """The committed parameters: trained once, on the training half, by ``benchmarks/duplicates_train.py``."""
    return model_read(json.loads(files(__package__).joinpath("data", MODEL).read_text(encoding="utf-8")))


def pairs_find(records: Iterable[Record], trained: Model | None = None) -> list[Found]:
    """The pairs of records at or above the threshold, the surest first. The same records give the same pairs.

    Where nothing but names is known of a record, the same name is enough to be looked at by a person.
    Records of different countries are never compared, and at most one record may have a key.
    """
    trained = trained or model()
    made = [ready(record) for record in records]
    if len(made) < 2:
        return []
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "800MB"})
    try:
        connection.execute("SET enable_progress_bar = false")
        for one in COMPARISONS:
            levels: Any = _in_duckdb(one)
            connection.create_function(f"{one.name}_level", levels, None, "TINYINT", type=ARROW)
        frame = DuckDBAPI(connection).register(_table(made), dataset_display_name="factories")
        linker = Linker(frame, _settings(trained), log_level=None, validate_settings=False)
        least = min(trained.threshold, trained.begins + trained.weights["name"][HEARD_THE_SAME] - 1)
        rows = linker.inference.predict(threshold_match_weight=least, warning_mode="never").as_record_list()
    finally:
        connection.close()
    bare = {one.key for one in made if not one.addresses and not one.owners}
    found = [
        _found(trained, row)
        for row in rows
        if row["match_weight"] >= trained.threshold
        or (not bare.isdisjoint((row["unique_id_l"], row["unique_id_r"])) and _names_alone(row))
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.left, pair.right))


def _names_alone(row: dict[str, Any]) -> bool:
    """Whether two records have the same name and nothing else that could be compared says anything."""
    if row["gamma_name"] < HEARD_THE_SAME or row["gamma_unit"] not in (NOT_KNOWN, SAME_UNIT) or row["gamma_kind"] == 0:
        return False
    return all(row[f"gamma_{name}"] == NOT_KNOWN for name in ("address", "owner", "domain", "number", "place"))


def _in_duckdb(comparison: Comparison) -> Callable[[pa.Array, pa.Array], pa.Array]:
    # DuckDB asks once for each level of a comparison; what was judged is remembered for this search.
    judged: dict[tuple[str, str], int] = {}

    def levels(left: pa.Array, right: pa.Array) -> pa.Array:
        asked = list(zip(left.to_pylist(), right.to_pylist(), strict=True))
        new = [pair for pair in dict.fromkeys(asked) if pair not in judged]
        if new:
            found = comparison.function([one for one, _ in new], [other for _, other in new]).tolist()
            judged.update(zip(new, found, strict=True))
        return pa.array([judged[pair] for pair in asked], type=pa.int8())

    levels.__annotations__ = {}
    return levels


def _table(made: list[Ready]) -> pa.Table:
    often = Counter(block for one in made for block in one.blocks)
    kept = [[block for block in one.blocks if often[block] <= _most(block)] for one in made]
    columns: dict[str, Any] = {"unique_id": [one.key for one in made], "blocks": kept}
    return pa.table(columns | {f"c_{name}": [getattr(one, name) for one in made] for name in COLUMNS})


def _most(block: str) -> int:
    """How many records may share a block; its third letter says of what it is, after the country's two."""
    return MOST_IN_A_BLOCK * (10 if block[2] in ALWAYS else 1)


def _settings(trained: Model) -> SettingsCreator:
    odds = 2.0**trained.begins
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(one, trained) for one in COMPARISONS],
        blocking_rules_to_generate_predictions=[block_on("blocks", arrays_to_explode=["blocks"])],
        probability_two_random_records_match=odds / (1 + odds),
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
    )


def _comparison(one: Comparison, trained: Model) -> CustomComparison:
    asked = f'{one.name}_level("c_{one.column}_l", "c_{one.column}_r")'
    levels: list[Any] = [cll.CustomLevel(f"{asked} = {NOT_KNOWN}").configure(is_null_level=True)]
    for level in range(len(one.levels) - 1, -1, -1):
        ratio = 2.0 ** trained.weights[one.name][level]
        # Only the ratio of the two counts; both are kept between 0 and 1.
        likely, unlikely = ratio / (1 + ratio), 1 / (1 + ratio)
        wanted = cll.CustomLevel(f"{asked} = {level}") if level else cll.ElseLevel()
        levels.append(wanted.configure(m_probability=likely, u_probability=unlikely))
    return CustomComparison(levels, output_column_name=one.name)


def _found(trained: Model, row: dict[str, Any]) -> Found:
    left, right = sorted((row["unique_id_l"], row["unique_id_r"]))
    levels = {one.name: int(row[f"gamma_{one.name}"]) for one in COMPARISONS}
    score = round(float(row["match_weight"]), 3)
    told = reasons(trained, levels)
    return Found(left, right, score, tuple(told if score >= trained.threshold else [*told, NAMES_ALONE]))
