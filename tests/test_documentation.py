"""The documentation says what the product does: examples are run, generated pages are current, links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.worked_examples import Example, check, examples

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "src").rglob("README.md"), *(ROOT / "tests").rglob("*.md")]
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
FORMULAS = [path for path in sorted((DOCS / "algorithms").glob("*.md")) if path.name != "README.md"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def links(path: Path) -> list[str]:
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    return [one or other for one, other in LINK.findall(text)]


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, made the way the usual readers of Markdown make them."""
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


SHOWS = {
    "I1": {"question-rate", "point-rate", "cluster-rate", "factory-rate", "which-assessment-counts", "manual-rules"},
    "I2": {"wilson-interval", "improvement-and-mcnemar", "balanced-panel", "years-in-the-programme", "comparability"},
    "I4": {"headline-facts"},
    "P1": {"import-reconciliation"},
    "P2": {"ledger-chain"},
}
EXAMPLES = [
    pytest.param(
        one, id=one.name, marks=[pytest.mark.capability(letter) for letter in SHOWS if one.page in SHOWS[letter]]
    )
    for one in examples()
]


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_gives_what_its_page_says(example: Example, tmp_path: Path, settings: object) -> None:
    settings.BETTERWORK_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    check(example, tmp_path)


@pytest.mark.parametrize("page", FORMULAS, ids=name)
def test_every_formula_has_a_worked_example(page: Path) -> None:
    assert page.stem in {example.page for example in examples()}


@pytest.mark.parametrize("page", FORMULAS, ids=name)
def test_every_formula_is_in_the_index_of_formulas(page: Path) -> None:
    assert page.name in links(DOCS / "algorithms" / "README.md")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        assert path.is_relative_to(ROOT), f"{name(page)}: {link} leads out of the project"
        assert path.exists(), f"{name(page)}: {link} leads nowhere"
        assert not anchor or path.suffix != ".md" or anchor in anchors(path), f"{name(page)}: no heading for {link}"


def test_every_page_can_be_reached_from_the_index() -> None:
    index = DOCS / "README.md"
    reached, todo = {index}, [index]
    while todo:
        page = todo.pop()
        for link in links(page):
            path = (page.parent / link.partition("#")[0]).resolve()
            path = path / "README.md" if path.is_dir() else path
            if not re.match(r"[a-z]+:", link) and path.suffix == ".md" and path.exists() and path not in reached:
                reached.add(path)
                todo.append(path)
    lost = [name(page) for page in DOCS.rglob("*.md") if page not in reached]
    assert not lost, f"no page links to {lost}"


def test_every_direct_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    page = (DOCS / "reference" / "dependencies.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|$", page, re.MULTILINE))
    names = {Requirement(text).name for text in wanted}
    assert set(listed) == names, f"without a reason: {names - set(listed)}; no longer used: {set(listed) - names}"
    assert all(len(reason) > 12 for reason in listed.values())


def test_every_setting_is_documented() -> None:
    source = (ROOT / "src" / "betterwork" / "entry" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env_\w+\(\s*\"([A-Z_]+)\"", source))
    page = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))
    assert read and read <= listed, f"not documented: {read - listed}"
    everywhere = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py")) + source
    everywhere += (ROOT / "conftest.py").read_text(encoding="utf-8") + (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not [one for one in listed if one not in everywhere], "documented and no longer read"


def test_the_pages_made_from_the_program_are_up_to_date() -> None:
    result = subprocess.run(
        [sys.executable, "scripts/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    words = re.findall(
        r"^\*\*(.+?)\*\*", (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(words) > 40
    assert words == sorted(words, key=str.casefold)


def test_the_readme_says_the_two_commands_on_its_first_screen() -> None:
    screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40])
    assert "make demo" in screen
    assert "make test" in screen


def test_the_licence_is_the_unmodified_apache_2_0() -> None:
    import hashlib

    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
