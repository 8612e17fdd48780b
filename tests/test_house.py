"""The rules of the house that no tool knows: rooms explain themselves, files and functions stay small."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "betterwork"
FLOORS = [SOURCE / "core", SOURCE / "entry"]
ROOMS = sorted(
    folder
    for parent in ("foundation", "modules")
    for folder in (SOURCE / parent).iterdir()
    if folder.is_dir() and not folder.name.startswith("_")
)
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
LONG_WITH_A_REASON: dict[str, str] = {
    # "src/betterwork/…/file.py" or "….py::function": why one long thing is clearer than two
}


def is_test(path: Path) -> bool:
    return "tests" in path.relative_to(ROOT).parts or path.name.startswith("test_")


def python_files() -> list[Path]:
    folders = [SOURCE, ROOT / "tests", ROOT / "scripts", ROOT / "benchmarks"]
    found = [path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return sorted([*found, ROOT / "conftest.py"])


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", [*ROOMS, *FLOORS], ids=name)
def test_a_room_says_in_10_to_30_lines_what_it_is_for(room: Path) -> None:
    readme = room / "README.md"
    assert readme.exists(), f"{name(room)} needs a README.md: what it is for, its words, its rules, who may enter"
    lines = readme.read_text(encoding="utf-8").splitlines()
    assert 10 <= len(lines) <= 30, f"{name(readme)} has {len(lines)} lines; 10 to 30 are meant"
    assert lines[0].startswith("# ")


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_a_room_keeps_its_tests_beside_it(room: Path) -> None:
    assert list((room / "tests").glob("test_*.py")), f"{name(room)}/tests has no test"


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_writes_live_in_services_and_reads_in_queries(room: Path) -> None:
    """Doors write nothing themselves: no command, page or API saves, creates, updates or deletes rows."""
    writing = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    for door in [*(room / "commands").rglob("*.py"), *(room / "web").rglob("*.py"), *room.glob("api.py")]:
        for node in ast.walk(ast.parse(door.read_text(encoding="utf-8"))):
            is_write = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing
            assert not is_write, f"{name(door)}:{node.lineno} writes; that belongs in services.py"  # type: ignore[attr-defined]


def test_no_file_is_two_things() -> None:
    long = {
        name(path): count
        for path in python_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES_OF_A_FILE
        and name(path) not in LONG_WITH_A_REASON
    }
    assert not long, f"over {MOST_LINES_OF_A_FILE} lines: split, or give the reason in LONG_WITH_A_REASON: {long}"


def test_no_function_is_two_things() -> None:
    long = {
        f"{name(path)}::{function.name}": count
        for path in python_files()
        if not is_test(path)
        for function in functions(path)
        if (count := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_OF_A_FUNCTION
        and f"{name(path)}::{function.name}" not in LONG_WITH_A_REASON
    }
    assert not long, f"over {MOST_LINES_OF_A_FUNCTION} lines: split, or give the reason in LONG_WITH_A_REASON: {long}"


def test_every_reason_for_length_is_still_needed() -> None:
    for key, reason in LONG_WITH_A_REASON.items():
        path, _, function = key.partition("::")
        assert reason.strip(), key
        assert (ROOT / path).exists(), key
        assert not function or function in {one.name for one in functions(ROOT / path)}, key


def public_parts(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    yield from (node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_"))


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in python_files()
        if not is_test(path)
        and (SOURCE / "core" in path.parents or path.name in {"services.py", "queries.py", "rules.py"})
    ],
    ids=name,
)
def test_public_functions_of_core_and_rooms_say_what_they_mean(path: Path) -> None:
    for node in public_parts(path):
        assert ast.get_docstring(node), f"{name(path)}:{node.lineno} {node.name} has no docstring"


@pytest.mark.parametrize("path", [path for path in python_files() if path.name == "services.py"], ids=name)
def test_services_take_keywords_only(path: Path) -> None:
    for node in public_parts(path):
        if isinstance(node, ast.FunctionDef):
            positional = [argument.arg for argument in node.args.posonlyargs + node.args.args]
            assert not positional, f"{name(path)}:{node.lineno} {node.name} takes {positional} by position"


@pytest.mark.parametrize(
    "path",
    [p for p in python_files() if not is_test(p) and (SOURCE / "core" in p.parents or p.name == "rules.py")],
    ids=name,
)
def test_what_is_pure_asks_no_clock_and_no_chance(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = f"{ast.unparse(node.func.value)}.{node.func.attr}"
            asks = called in {"date.today", "datetime.date.today", "time.time"} or node.func.attr in {"now", "utcnow"}
            assert not asks and not called.startswith("random."), (
                f"{name(path)}:{node.lineno} calls {called}; pass it in"
            )


def test_the_locks_name_no_index_and_hold_everything() -> None:
    spec = importlib.util.spec_from_file_location("check_locks", ROOT / "scripts" / "check_locks.py")
    assert spec and spec.loader
    locks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(locks)
    good = "numpy==2.4.6 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via scipy\n"
    wanted = [Requirement("numpy>=2,<3")]
    assert locks.lock_faults("lock", good, wanted) == []
    for bad, why in [
        ("--index-url https://example.org/simple\n" + good, "names a place"),
        ("-i https://example.org/simple\n" + good, "names a place"),
        ("--find-links /wheels\n" + good, "names a place"),
        ("numpy==2.4.6\n", "without a hash"),
        ("numpy>=2 --hash=sha256:aa\n", "not pinned"),
        ("scipy==1.16.0 --hash=sha256:aa\n", "is missing"),
        ("numpy==3.0.0 --hash=sha256:aa\n", "is outside"),
    ]:
        assert any(why in fault for fault in locks.lock_faults("lock", bad, wanted)), bad
    assert locks.main() == 0
