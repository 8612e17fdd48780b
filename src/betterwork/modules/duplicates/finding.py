"""Finding pairs among many records: blocked and scored by splink on DuckDB, compared by rapidfuzz. Jobs only.

Nothing of this may be imported by a page: DuckDB and splink are large.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
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
    made = sorted((ready(record) for record in records), key=lambda one: one.key)
    if len(made) < 2:
        return []
    least = min(trained.threshold, trained.begins + trained.weights["name"][HEARD_THE_SAME] - 1)
    bare = [not one.addresses and not one.owners for one in made]
    found = [
        _found(trained, made, row)
        for row in _scored(made, trained, least)
        if row["match_weight"] >= trained.threshold
        or ((bare[row["unique_id_l"]] or bare[row["unique_id_r"]]) and _names_alone(row))
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.left, pair.right))


def _scored(made: list[Ready], trained: Model, least: float) -> list[dict[str, Any]]:
    """What splink scores at least so high, after it blocked: places of both records, levels, the score.

    Texts stay outside DuckDB: it is given their numbers. Between blocking and scoring each pair of different texts is
    compared once, all of them together.
    """
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "800MB"})
    try:
        connection.execute("SET enable_progress_bar = false")
        columns = {name: _numbered(getattr(one, name) for one in made) for name in COLUMNS}
        frame = DuckDBAPI(connection).register(_table(made, columns), dataset_display_name="factories")
        linker = Linker(frame, _settings(trained), log_level=None, validate_settings=False)
        blocked: Any = linker.inference.compute_blocked_pairs_for_predict()
        blocked = blocked.as_pyarrow_table()
        left, right = (blocked[f"join_key_{side}"].to_numpy() for side in "lr")
        for one in COMPARISONS:
            levels: Any = _levels(one, columns[one.column], left, right)
            connection.create_function(f"{one.name}_level", levels, None, "TINYINT", type=ARROW)
        predicted = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        rows: list[dict[str, Any]] = predicted.as_record_list()
        return rows
    finally:
        connection.close()


def _names_alone(row: dict[str, Any]) -> bool:
    """Whether two records have the same name and nothing else that could be compared says anything."""
    if row["gamma_name"] < HEARD_THE_SAME or row["gamma_unit"] not in (NOT_KNOWN, SAME_UNIT) or row["gamma_kind"] == 0:
        return False
    return all(row[f"gamma_{name}"] == NOT_KNOWN for name in ("address", "owner", "domain", "number", "place"))


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A column of texts: each different text once, and which of them each record has."""

    texts: list[str]
    numbers: npt.NDArray[np.int32]


def _numbered(column: Iterable[str]) -> _Numbered:
    known: dict[str, int] = {}
    numbers = [known.setdefault(text, len(known)) for text in column]
    return _Numbered(list(known), np.array(numbers, dtype=np.int32))


def _levels(
    comparison: Comparison, column: _Numbered, left: npt.NDArray[Any], right: npt.NDArray[Any]
) -> Callable[[pa.Array, pa.Array], pa.Array]:
    """A function for DuckDB that knows how each pair of texts agrees that stands at these places."""
    size = len(column.texts)
    asked = np.unique(column.numbers[left].astype(np.int64) * size + column.numbers[right])
    ones, others = ([column.texts[number] for number in half.tolist()] for half in np.divmod(asked, size))
    found = comparison.function(ones, others)

    def levels(one: pa.Array, other: pa.Array) -> pa.Array:
        return pa.array(found[np.searchsorted(asked, one.to_numpy().astype(np.int64) * size + other.to_numpy())])

    levels.__annotations__ = {}
    return levels


def _table(made: list[Ready], columns: Mapping[str, _Numbered]) -> pa.Table:
    often = Counter(block for one in made for block in one.blocks)
    # A block of one record alone leads to nobody.
    shared = {block: place for place, block in enumerate(often) if 2 <= often[block] <= _most(block)}
    blocks = [[shared[block] for block in one.blocks if block in shared] for one in made]
    given: dict[str, Any] = {"unique_id": pa.array(range(len(made)), pa.int32())}
    given |= {"blocks": pa.array(blocks, pa.list_(pa.int32()))}
    return pa.table(given | {f"c_{name}": column.numbers for name, column in columns.items()})


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


def _found(trained: Model, made: list[Ready], row: dict[str, Any]) -> Found:
    left, right = sorted((made[row["unique_id_l"]].key, made[row["unique_id_r"]].key))
    levels = {one.name: row[f"gamma_{one.name}"] for one in COMPARISONS}
    score = round(float(row["match_weight"]), 3)
    told = reasons(trained, levels)
    return Found(left, right, score, tuple(told if score >= trained.threshold else [*told, NAMES_ALONE]))
