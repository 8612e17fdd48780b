"""Names and places of files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.files.rules import JPEG, PDF, TEXT, digest_in, name_clean, path_of


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\Users\\her name\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ("report.html", "report.pdf"),
        ('a "quoted"\r\nname.pdf', "a 'quoted'name.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("\u1794\u17b6\u1793.pdf", "\u1794\u17b6\u1793.pdf"),
    ],
)
def test_a_name_keeps_what_a_person_meant_and_ends_as_what_the_file_is(given_name: str, kept: str) -> None:
    assert name_clean(given_name, PDF) == kept


@given(name=st.text(max_size=400), kind=st.sampled_from([PDF, JPEG, TEXT]))
def test_no_name_leaves_its_folder_or_breaks_a_header(name: str, kind: str) -> None:
    clean = name_clean(name, kind)
    assert len(clean) <= 155
    assert not set(clean) & set('/\\"\r\n\0')
    assert clean.rpartition(".")[0]
    assert name_clean(clean, kind) == clean


def test_a_path_tells_its_digest_and_another_path_tells_none() -> None:
    digest = "ab" * 32
    for encrypted in (True, False):
        assert digest_in(path_of(digest, encrypted=encrypted)) == digest
    assert digest_in(f"xx/ab/{digest}") is None
    assert digest_in("incoming/abcdef") is None
