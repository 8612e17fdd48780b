"""Workbooks (XLSX) and documents (DOCX): packed parts, each looked at and written anew."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib

import filetype
from django.utils.translation import gettext as _
from lxml import etree

from betterwork.foundation.files.cleaning import office_parts
from betterwork.foundation.files.cleaning.images import image_cleaned
from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import (
    DOCX,
    GIF,
    JPEG,
    MOST_PARTS,
    MOST_UNPACKED,
    PNG,
    XLSX,
    Clean,
    part_is_bomb,
)

_CONTENT_TYPES = "[Content_Types].xml"
_PICTURES = {"jpg", "jpeg", "png", "gif"}
_ALWAYS = (1980, 1, 1, 0, 0, 0)
_DEEPEST = 2


def office_cleaned(data: bytes, *, depth: int = 0) -> Clean:
    """The workbook or document without its properties, names of people, places on disks, previews and macros.

    Files with macros, with programs or other files inside, with links to other workbooks, or that unpack to more
    than any honest one are refused. Raises :class:`FileRefused`.
    """
    try:
        parts = _unpacked(data)
        media_type = _kind(parts)
        kept = {name: part for name, part in parts.items() if not office_parts.is_dropped(name)}
        gone = set(parts) - set(kept)
        written = {name: _part_cleaned(name, part, gone, depth) for name, part in kept.items()}
        return Clean(media_type, _packed(written))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, zlib.error, struct.error) as error:
        raise FileRefused(_damaged()) from error
    except (NotImplementedError, RuntimeError, EOFError, OSError) as error:  # a way of packing that nobody uses
        raise FileRefused(_damaged()) from error


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = [one for one in packed.infolist() if not one.is_dir()]
        names = [one.filename for one in entries]
        if len(entries) > MOST_PARTS or sum(one.file_size for one in entries) > MOST_UNPACKED:
            raise FileRefused(_too_large())
        if len({name.lower() for name in names}) < len(names) or not all(map(_is_inside, names)):
            raise FileRefused(_damaged())
        if any(one.flag_bits & 1 for one in entries):
            raise FileRefused(_("This file asks for a password. Save it without one and choose it again."))
        return {one.filename: _part_read(packed, one) for one in entries}


def _part_read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One part, never more of it than it says it is."""
    if part_is_bomb(packed=entry.compress_size, unpacked=entry.file_size):
        raise FileRefused(_too_large())
    with packed.open(entry) as handle:
        part = handle.read(entry.file_size + 1)
    if len(part) != entry.file_size:
        raise FileRefused(_damaged())
    return part


def _is_inside(name: str) -> bool:
    return (
        posixpath.normpath(name) == name and not name.startswith(("/", "..")) and "\\" not in name and ":" not in name
    )


def _kind(parts: dict[str, bytes]) -> str:
    if _CONTENT_TYPES not in parts:
        raise FileRefused(_("This is a packed file, no workbook or document. Give what is in it one by one."))
    text = parts[_CONTENT_TYPES].lower()
    if b"macroenabled" in text or b"vbaproject" in text or any("vbaproject" in name.lower() for name in parts):
        raise FileRefused(_("This file holds macros (a program). Save it as XLSX or DOCX without macros."))
    refused = [name for name in parts if office_parts.is_refused(name)]
    if refused:
        raise FileRefused(office_parts.why_refused(refused[0]))
    if "xl/workbook.xml" in parts and b"spreadsheetml.sheet.main+xml" in text:
        return XLSX
    if "word/document.xml" in parts and b"wordprocessingml.document.main+xml" in text:
        return DOCX
    raise FileRefused(_("This is neither a workbook (XLSX) nor a document (DOCX). Save it as a PDF."))


def _part_cleaned(name: str, part: bytes, gone: set[str], depth: int) -> bytes:
    ending = name.rpartition(".")[2].lower()
    if ending in _PICTURES:
        return _picture_cleaned(part)
    if ending in {"xlsx", "docx"}:
        if depth >= _DEEPEST:
            raise FileRefused(_damaged())
        return office_cleaned(part, depth=depth + 1).data
    if ending in {"xml", "rels", "vml", "svg"}:
        return office_parts.xml_cleaned(name, part, gone)
    return part


def _picture_cleaned(part: bytes) -> bytes:
    """A picture in the text: its name may say another kind than it is, and programs go by what it is."""
    found = filetype.guess_mime(part[:64])
    if found not in {JPEG, PNG, GIF}:
        raise FileRefused(_("A picture in this file is damaged. Take it out, save the file and choose it again."))
    return image_cleaned(part, found).data


def _packed(parts: dict[str, bytes]) -> bytes:
    """The parts in one order, all of one moment, so that the same file comes out the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in sorted(parts, key=lambda one: (one != _CONTENT_TYPES, one)):
            entry = zipfile.ZipInfo(name, date_time=_ALWAYS)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            packed.writestr(entry, parts[name])
    return out.getvalue()


def _damaged() -> str:
    return _("This file is damaged or was not made by an office program. Save it again and choose it anew.")


def _too_large() -> str:
    return _("This file unpacks to more than is taken. Split it into smaller ones.")
