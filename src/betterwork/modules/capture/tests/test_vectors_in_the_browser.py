"""The shared vectors, run inside the browser by the very file that the platform serves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from betterwork.core.canonical import canonical_bytes
from betterwork.core.capture.fields import DATA
from betterwork.core.capture.operations import ids_digest
from betterwork.modules.capture.tests.browser import CHROMIUM, NO_CHROMIUM, Room, device, serving

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
    pytest.mark.capability("C2"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A page that has loaded the engine."""
    with serving(Room()) as address, device(Path(tmp_path_factory.mktemp("vectors")), address) as found:
        yield found


def test_the_app_makes_of_every_vector_what_python_makes_of_it(page: Any) -> None:
    vectors = json.loads(DATA.joinpath("vectors.json").read_text(encoding="utf-8"))
    assert len(vectors["cases"]) > 100
    found = page.evaluate(
        """async ({questions, cases}) => {
            const made = [];
            for (const one of cases) made.push(await window.made.forTests.outcome(one.operations, questions));
            return made;
        }""",
        {"questions": vectors["questions"], "cases": vectors["cases"]},
    )
    wrong = [
        one["name"]
        for one, told in zip(vectors["cases"], found, strict=True)
        if [told["state"], told["sha256"], told["refused"]] != [one["state"], one["sha256"], one["refused"]]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "content",
    [
        None,
        {"b": 1, "a": [True, False, None, -5, 9007199254740991]},
        {"text": 'quotation " mark, back\\slash, / \n\t\r\x08\x0c\x00\x1f\x7f\x85\u2028\u2029'},
        ["ខ្មែរ", "é", "e\u0301", "🏭", "\ufeff", "ى\u202b"],
        {"Z": "", "z": {}, "_": [], "a.b": {"9": 1, "10": 2}},
    ],
)
def test_canonical_bytes_are_the_same_in_both_languages(page: Any, content: Any) -> None:
    text = page.evaluate("content => window.made.forTests.canonical(content)", content)
    assert text.encode() == canonical_bytes(content)


def test_the_digest_of_a_set_of_ids_is_the_same_in_both_languages(page: Any) -> None:
    ids = [f"{number:032x}" for number in (7, 3, 3, 12, 255)]
    assert page.evaluate("ids => window.made.forTests.idsDigest(ids)", ids) == ids_digest(ids)


def test_ids_only_grow_also_when_the_clock_is_set_back(page: Any) -> None:
    ids = page.evaluate(
        """() => {
            const ids = new window.made.forTests.Ids();
            const clock = [1700000000000, 1700000000000, 1600000000000, 1700000000001];
            return Array.from({length: 20000}, (_, at) => ids.make(clock[at % 4]));
        }"""
    )
    assert ids == sorted(set(ids))
    from betterwork.core.capture.fields import matches

    assert all(matches("operation", one) for one in ids)
