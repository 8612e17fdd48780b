"""A file kept between looking at it and taking it, as text for a form; and reading a file by what it is."""

from __future__ import annotations

import base64
import binascii
import zlib

from betterwork.core.canonical import canonical_bytes
from betterwork.modules.instruments.exchange_fields import ToolFile
from betterwork.modules.instruments.exchange_workbook import workbook_read, workbook_write
from betterwork.modules.instruments.exchange_xlsform import xlsform_write
from betterwork.modules.instruments.exchange_yaml import yaml_read, yaml_write
from betterwork.modules.instruments.rules import BadTool, version_content, version_from_content

MOST_UNPACKED = 20_000_000
FORMS = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "yaml": ("yaml", "application/yaml; charset=utf-8"),
    "json": ("json", "application/json; charset=utf-8"),
    "xlsform": ("xlsform.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Each form of a file: how its name ends, and what it is."""


def file_write(file: ToolFile, form: str) -> bytes:
    """The file in one of :data:`FORMS`."""
    if form == "xlsx":
        return workbook_write(file)
    if form == "yaml":
        return yaml_write(file)
    if form == "xlsform":
        return xlsform_write(file.version)
    return canonical_bytes(version_content(file.version, file.lineage)) + b"\n"


def file_read(data: bytes) -> ToolFile:
    """A workbook, JSON or YAML, by what is inside and not by its name. Raises :class:`BadTool`."""
    if not data.strip():
        raise BadTool("the file is empty: choose another one")
    if data.startswith(b"PK"):
        return workbook_read(data)
    if data.lstrip().startswith(b"{"):
        import orjson

        try:
            content = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise BadTool(f"this is not well-formed JSON: {error}") from error
        version, lineage = version_from_content(content)
        return ToolFile(version, lineage)
    if b"\0" in data[:2000] or data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise BadTool("this is neither a workbook (.xlsx) nor YAML: save it as one of them and choose it again")
    return yaml_read(data)


def file_packed(file: ToolFile) -> str:
    """The file as text that a form carries."""
    return base64.b64encode(zlib.compress(canonical_bytes(version_content(file.version, file.lineage)), 9)).decode()


def file_unpacked(text: str) -> ToolFile:
    """What :func:`file_packed` packed; bounded, since forms can be written by anybody. Raises :class:`BadTool`."""
    import orjson

    try:
        opened = zlib.decompressobj()
        data = opened.decompress(base64.b64decode(text, validate=True), MOST_UNPACKED)
        if opened.unconsumed_tail or not opened.eof:
            raise BadTool("the file did not arrive whole: choose it again")
        version, lineage = version_from_content(orjson.loads(data))
    except (binascii.Error, zlib.error, ValueError, AttributeError) as error:
        raise BadTool("the file did not arrive whole: choose it again") from error
    return ToolFile(version, lineage)
