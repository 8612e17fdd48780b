from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.core.canonical import (
    NotCanonical,
    canonical_bytes,
    canonical_bytes_unchecked,
    digest,
    root_digest,
    set_digest,
)

keys = st.text(st.characters(max_codepoint=127), max_size=8)
whole = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
contents = st.recursive(
    st.none() | st.booleans() | whole | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(contents)
def test_the_bytes_are_those_of_the_standard_librarys_sorted_compact_json(content: object) -> None:
    """An independent way to RFC 8785 where keys are ASCII and there are no floats."""
    expected = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    # The standard library leaves U+007F alone as JCS does; both escape the same control characters.
    assert canonical_bytes(content) == expected


@given(contents)
def test_reading_the_bytes_and_writing_them_again_changes_nothing(content: object) -> None:
    written = canonical_bytes(content)
    assert canonical_bytes(json.loads(written)) == written
    assert canonical_bytes_unchecked(content) == written


@given(st.dictionaries(keys, whole, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(content: dict[str, int], random: object) -> None:
    items = list(content.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert canonical_bytes(dict(items)) == canonical_bytes(content)


@pytest.mark.parametrize(
    "content", [1.5, {"a": [0.1]}, {"name in Khmer ក": 1}, {1: "a number as key"}, {"a": {1, 2}}, {"a": object()}]
)
def test_what_has_no_single_form_is_refused(content: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_bytes(content)


def test_a_digest_is_sha_256_in_hexadecimal() -> None:
    """FIPS 180-4 example "abc"."""
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.lists(st.sampled_from("abcdef").map(lambda letter: letter * 64), min_size=1, max_size=8))
def test_the_digest_of_a_set_forgets_order_and_repetition(digests: list[str]) -> None:
    assert set_digest(digests) == set_digest(sorted(set(digests), reverse=True))
    assert set_digest(digests) == hashlib.sha256("\n".join(sorted(set(digests))).encode()).hexdigest()


def test_every_part_of_a_document_changes_its_digest() -> None:
    base = {"kind": "assessment", "key": "KH/1", "sections": {"programme": "a" * 64}}
    others = [
        base | {"kind": "report"},
        base | {"key": "KH/2"},
        base | {"sections": {"programme": "b" * 64}},
        base | {"sections": {"factory": "a" * 64}},
        base | {"sections": {"programme": "a" * 64, "public": "c" * 64}},
        base | {"supersedes": "d" * 64, "reason": "date"},
        base | {"supersedes": "d" * 64, "reason": "name"},
    ]
    digests = [root_digest(**parts) for parts in [base, *others]]  # type: ignore[arg-type]
    assert len(set(digests)) == len(digests)
