"""What is decided about persons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betterwork.foundation.people import rules


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn An", "សុខា ចាន់", "মোছাঃ রহিমা", "عبد الله", "O'Neill-Ã", "李", "N. K. Thabo (2)"]
)
def test_names_of_any_script_stay_as_they_are(name: str) -> None:
    assert rules.name_cleaned(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", " \t ", "x" * 151, "<b>", "see https://evil.example", "\x00\x07"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        rules.name_cleaned(name)


@given(st.text())
def test_a_cleaned_name_is_one_printable_line_and_clean(text: str) -> None:
    try:
        cleaned = rules.name_cleaned(text)
    except ValueError:
        return
    assert cleaned.isprintable() and rules.name_cleaned(cleaned) == cleaned and "  " not in cleaned


def test_states_allow_what_they_allow() -> None:
    every = (rules.INVITED, rules.ACTIVE, rules.LEFT, rules.ERASED)
    allowed = {
        one: tuple(rule(one) for rule in (rules.may_join, rules.may_leave, rules.may_return, rules.may_be_erased))
        for one in every
    }
    assert allowed == {
        rules.INVITED: (True, True, False, False),
        rules.ACTIVE: (False, True, False, False),
        rules.LEFT: (False, False, True, True),
        rules.ERASED: (False, False, False, True),
    }
