"""PDF: the pages stay; who made them, what hangs on them and what runs in them goes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, Stream
from pikepdf.sanitize import Sanitizer
from pikepdf.settings import set_qpdf_limits

from betterwork.foundation.files.cleaning.images import jp2_stripped, jpeg_stripped
from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import MOST_OBJECTS, MOST_UNPACKED

set_qpdf_limits(
    flate_max_memory=MOST_UNPACKED,
    png_max_memory=MOST_UNPACKED,
    tiff_max_memory=MOST_UNPACKED,
    run_length_max_memory=MOST_UNPACKED,
    dct_max_memory=MOST_UNPACKED,
    max_stream_filters=5,
)

_SANITIZER = (
    Sanitizer()
    .remove_javascript()
    .remove_external_access()
    .remove_attachments()
    .remove_collection()
    .remove_multimedia()
    .remove_private_app_data()
    .remove_search_index()
    .remove_thumbnails()
    .remove_web_capture()
)
_KEYS_OF_THE_CATALOGUE = frozenset(
    {
        "/Type",
        "/Pages",
        "/Version",
        "/PageLabels",
        "/Names",
        "/Dests",
        "/ViewerPreferences",
        "/PageLayout",
        "/PageMode",
        "/Outlines",
        "/StructTreeRoot",
        "/MarkInfo",
        "/Lang",
        "/OutputIntents",
        "/OCProperties",
        "/AcroForm",
    }
)
"""What a reader needs of a PDF beside its pages; programs put anything else there."""
_KEYS_DROPPED = frozenset(
    {
        "/Metadata",
        "/PieceInfo",
        "/LastModified",
        "/CreatorInfo",
        "/Thumb",
        "/SpiderInfo",
        "/XFA",
        "/ModDate",
        "/CreationDate",
        "/OPI",
        "/PtData",
        "/GPTS",
    }
)
_KEYS_OF_REMARKS = ("/T", "/RC", "/Popup", "/FS", "/Sound", "/Movie", "/RichMediaContent", "/3DD")
_KEPT_REMARKS = frozenset({"/Widget", "/Link"})
_SIGNATURE, _EMBEDDED = "/Sig", "/EmbeddedFile"
_DEEPEST = 60


def pdf_cleaned(data: bytes) -> bytes:
    """The PDF written anew: only what its pages reach, without document information, XMP, embedded files, scripts.

    Also gone: actions that open or send something, film and sound, previews, editors' own data, names and times of
    remarks, filled-in forms of the old kind (XFA), and what pictures inside it say of place and device.
    Raises :class:`FileRefused`.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > MOST_OBJECTS:
                raise FileRefused(_too_large())
            if not len(pdf.pages):
                raise FileRefused(_damaged())
            _stripped(pdf)
            return _saved(pdf)
    except pikepdf.PasswordError as error:
        raise FileRefused(_("This PDF asks for a password. Save it without one and choose it again.")) from error
    except FileRefused:
        raise
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, RuntimeError, RecursionError) as error:
        raise FileRefused(_damaged()) from error


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
        encryption=False,
        fix_metadata_version=False,
    )
    return out.getvalue()


def _stripped(pdf: pikepdf.Pdf) -> None:
    _SANITIZER.apply(pdf)
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    for key in set(pdf.Root.keys()) - _KEYS_OF_THE_CATALOGUE:
        del pdf.Root[key]
    for thing in list(pdf.objects):
        for part in _parts(thing, 0):
            _part_stripped(part)
    for thing in list(pdf.objects):
        if isinstance(thing, Stream):
            _stream_stripped(thing)


def _parts(thing: Any, depth: int) -> Iterator[Any]:
    """Every dictionary that stands in an object itself; what it refers to is an object of its own."""
    if depth > _DEEPEST:
        raise FileRefused(_damaged())
    if isinstance(thing, Dictionary | Stream):
        yield thing
        inner = [thing.get(key) for key in list(thing.keys())]
    elif isinstance(thing, Array):
        inner = list(thing)
    else:
        return
    for one in inner:
        if isinstance(one, Dictionary | Array) and not one.is_indirect:
            yield from _parts(one, depth + 1)


def _part_stripped(part: Any) -> None:
    for key in _KEYS_DROPPED & set(part.keys()):
        del part[key]
    if part.get("/FT") == _SIGNATURE and "/V" in part:
        del part["/V"]  # it names who signed, and no longer holds for a file that was written anew
    if part.get("/Type") == "/Annot" or ("/Rect" in part and "/Subtype" in part):
        is_remark = str(part.get("/Subtype")) not in _KEPT_REMARKS
        for key in ("/M", "/NM", *(_KEYS_OF_REMARKS if is_remark else ())):
            if key in part:
                del part[key]


def _stream_stripped(stream: Any) -> None:
    if stream.get("/Type") == _EMBEDDED:
        stream.write(b"")
        return
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, Array) and len(filters) else [str(filters)]
    if names[-1] not in {"/DCTDecode", "/JPXDecode"}:
        return
    parameters = stream.get("/DecodeParms")
    each = list(parameters) if isinstance(parameters, Array) else [parameters] * len(names)
    raw = stream.read_raw_bytes()
    if len(names) > 1:
        raw = _unpacked(raw, names[:-1], each[:-1])
    strip = jpeg_stripped if names[-1] == "/DCTDecode" else jp2_stripped
    keywords = {"decode_parms": each[-1]} if isinstance(each[-1], Dictionary) else {}
    stream.write(strip(raw), filter=Name(names[-1]), **keywords)


def _unpacked(raw: bytes, names: list[str], parameters: list[Any]) -> bytes:
    """What lies under the outer filters of a picture's stream."""
    with pikepdf.new() as other:
        given = Array([one if isinstance(one, Dictionary) else None for one in parameters])
        stream = Stream(other, raw, Filter=Array([Name(one) for one in names]), DecodeParms=given)
        return stream.read_bytes()


def _damaged() -> str:
    return _("This PDF is damaged and cannot be opened. Make it again and choose it anew.")


def _too_large() -> str:
    return _("This PDF holds too much. Split it into smaller ones.")
