"""A tool as a form that other programs make of it: pyxform takes it, in its languages, whatever its texts hold."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from betterwork.core.instrument import ToolVersion
from betterwork.modules.instruments.exchange_fields import ToolFile
from betterwork.modules.instruments.exchange_xlsform import xlsform_write
from betterwork.modules.instruments.rules import BadTool
from betterwork.modules.instruments.tests.test_exchange_files import SHIPPED, SMALL


@pytest.mark.capability("B5")
@pytest.mark.parametrize("file", [SHIPPED, SMALL], ids=["shipped", "small"])
def test_pyxform_makes_a_form_of_it_without_a_warning(file: ToolFile) -> None:
    xls2xform = pytest.importorskip("pyxform.xls2xform")
    made = xls2xform.convert(xlsform=io.BytesIO(xlsform_write(file.version)), validate=False, file_type=".xlsx")
    assert [one for one in made.warnings if "language" not in one.lower()] == []
    for question in file.version.questions:
        assert f"/q_{question.code.replace('-', '_')}" in made.xform
    assert made.xform.count("<group ref=") == len({(q.cluster_code) for q in file.version.questions}) + len(
        list(_runs(file.version))
    )


def _runs(version: ToolVersion) -> list[str]:
    found: list[str] = []
    for one in version.questions:
        if not found or found[-1] != one.point_code:
            found.append(one.point_code)
    return found


def test_the_form_speaks_its_languages_and_asks_what_applies() -> None:
    xls2xform = pytest.importorskip("pyxform.xls2xform")
    data = xlsform_write(SMALL.version)
    made = xls2xform.convert(xlsform=io.BytesIO(data), validate=False, file_type=".xlsx").xform
    assert "តើមានពន្លឺឬទេ?" in made and "هل؟" in made
    assert "applies_A_1" in made and "= 'yes'" in made
    assert "- @look" in made
    book = load_workbook(io.BytesIO(data))
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_a_text_that_looks_like_a_reference_or_a_language_nobody_knows_breaks_no_form() -> None:
    xls2xform = pytest.importorskip("pyxform.xls2xform")
    first = replace(SMALL.version.questions[0], text="What is ${other} and <b>&amp;?")
    version = replace(SMALL.version, questions=(first,))
    xls2xform.convert(xlsform=io.BytesIO(xlsform_write(version)), validate=False, file_type=".xlsx")
    with pytest.raises(BadTool, match="no language is called xx"):
        xlsform_write(version, languages=["xx"])
