"""What people give comes out without what says who made it, where, when and with what; or it is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import openpyxl
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms

from betterwork.foundation.files.cleaning import cleaned
from betterwork.foundation.files.cleaning.images import jpeg_stripped
from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import CSV, DOCX, GIF, JPEG, PDF, PNG, TEXT, WEBP, XLSX
from betterwork.foundation.files.tests import making
from betterwork.foundation.files.tests.making import CANARY, MAKERS, everything_in

KINDS = {"jpeg": JPEG, "png": PNG, "gif": GIF, "webp": WEBP, "pdf": PDF, "xlsx": XLSX, "docx": DOCX}


@pytest.mark.capability("P5")
@pytest.mark.parametrize("ending", MAKERS)
def test_nothing_planted_beside_the_content_is_stored(ending: str) -> None:
    given_bytes = MAKERS[ending]()
    assert CANARY.encode() in everything_in(given_bytes), "the test plants nothing"
    clean = cleaned(given_bytes)
    assert clean.media_type == KINDS[ending]
    found = everything_in(clean.data)
    assert CANARY.encode() not in found
    assert CANARY.encode("utf-16le") not in found
    assert cleaned(given_bytes) == clean, "the same bytes give the same result"


@given(
    canary=st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=12, max_size=40), which=st.sampled_from([*MAKERS])
)
def test_no_planted_word_survives_whatever_it_is(canary: str, which: str) -> None:
    assert canary.encode() not in everything_in(cleaned(MAKERS[which](canary)).data)


@pytest.mark.capability("P5")
def test_a_photograph_with_a_place_comes_out_without() -> None:
    clean = cleaned(making.jpeg()).data
    with Image.open(io.BytesIO(clean)) as picture:
        assert not picture.getexif()
        assert not picture.getexif().get_ifd(0x8825)
        assert picture.size == (64, 48)
        assert not {"exif", "comment", "xmp", "photoshop", "icc_profile", "dpi"} & set(picture.info)


def test_a_photograph_loses_no_point() -> None:
    given_bytes = making.jpeg()
    with Image.open(io.BytesIO(given_bytes)) as before, Image.open(io.BytesIO(cleaned(given_bytes).data)) as after:
        worst = max(high for _low, high in ImageChops.difference(before.convert("RGB"), after).getextrema())
    assert worst == 0


def test_a_photograph_that_must_be_written_anew_looks_the_same() -> None:
    out, smooth = io.BytesIO(), Image.radial_gradient("L").convert("RGB")
    smooth.save(out, "JPEG", quality=95, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    with Image.open(io.BytesIO(cleaned(out.getvalue()).data)) as after:
        assert "icc_profile" not in after.info
        assert max(high for _low, high in ImageChops.difference(smooth, after).getextrema()) <= 12


def test_a_picture_without_loss_keeps_every_point() -> None:
    with Image.open(io.BytesIO(cleaned(making.png()).data)) as after:
        assert not ImageChops.difference(making.pixels(), after).getbbox()


def test_a_photograph_taken_on_its_side_stands_upright() -> None:
    with Image.open(io.BytesIO(cleaned(making.jpeg(orientation=6)).data)) as picture:
        assert picture.size == (48, 64)
        assert not picture.getexif()


def test_what_hangs_behind_a_picture_goes() -> None:
    hidden = making.packed({"secret.txt": CANARY.encode()})
    clean = cleaned(making.jpeg(behind=hidden)).data
    assert not zipfile.is_zipfile(io.BytesIO(clean))
    assert clean.endswith(b"\xff\xd9")


def test_a_moving_picture_keeps_its_frames() -> None:
    with Image.open(io.BytesIO(cleaned(making.gif(frames=4)).data)) as picture:
        assert picture.n_frames == 4
        assert "comment" not in picture.info


def test_transparency_stays() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (200, 10, 10, 100)).save(out, "PNG")
    with Image.open(io.BytesIO(cleaned(out.getvalue()).data)) as picture:
        assert picture.convert("RGBA").getpixel((3, 3)) == (200, 10, 10, 100)


def test_a_jpeg_inside_another_file_loses_only_its_marks() -> None:
    given_bytes = making.jpeg(behind=b"behind " + CANARY.encode())
    stripped = jpeg_stripped(given_bytes)
    assert CANARY.encode() not in stripped
    with Image.open(io.BytesIO(given_bytes)) as before, Image.open(io.BytesIO(stripped)) as after:
        assert not ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()


@pytest.mark.capability("P5")
def test_a_pdf_comes_out_without_author_embedded_files_and_scripts() -> None:
    with pikepdf.open(io.BytesIO(cleaned(making.pdf()).data)) as opened:
        assert not dict(opened.docinfo)
        assert not len(opened.attachments)
        for key in ("/Metadata", "/OpenAction", "/AA", "/Private"):
            assert key not in opened.Root
        remark = opened.pages[0].Annots[0]
        assert str(remark.Contents) == "Look here"
        assert "/T" not in remark
        assert opened.pages[0].Resources.XObject.Im0.Width == 64


def test_a_picture_packed_twice_inside_a_pdf_is_stripped_too() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(making.pdf())) as made:
        image = made.pages[0].Resources.XObject.Im0
        packed = zlib.compress(image.read_raw_bytes())
        image.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode]))
        made.save(out)
    clean = cleaned(out.getvalue()).data
    with pikepdf.open(io.BytesIO(clean)) as opened:
        raw = opened.pages[0].Resources.XObject.Im0.read_raw_bytes()
    assert raw.startswith(b"\xff\xd8")
    assert CANARY.encode() not in raw


@pytest.mark.capability("P5")
def test_a_workbook_comes_out_without_its_creator_and_with_its_numbers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(cleaned(making.xlsx()).data))
    assert book.properties.creator in (None, "openpyxl")
    assert book.active["B2"].value == 166
    assert book.active["A2"].comment.text == "seen on the floor"


def test_a_document_keeps_its_words_and_who_wrote_them_goes() -> None:
    with zipfile.ZipFile(io.BytesIO(cleaned(making.docx()).data)) as archive:
        text = archive.read("word/document.xml").decode()
        assert "Exits are free." in text
        assert "rsid" not in text
        assert not [name for name in archive.namelist() if name.startswith("docProps")]
        assert b"docProps" not in archive.read("[Content_Types].xml") + archive.read("_rels/.rels")


def test_a_workbook_inside_a_document_is_cleaned_too() -> None:
    given_bytes = making.docx(more={"word/embeddings/chart.xlsx": making.xlsx()})
    assert CANARY.encode() not in everything_in(cleaned(given_bytes).data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"point,found\nEmergency preparedness,166\n", CSV),
        (b'\xef\xbb\xbfa;b\n"x;y";2\n', CSV),
        ("Khmer: \u1780\u17b6\u179a\u1784\u17b6\u179a".encode(), TEXT),
        (b"One line, and no table", TEXT),
    ],
)
def test_texts_are_told_from_tables_by_their_lines(data: bytes, kind: str) -> None:
    clean = cleaned(data)
    assert clean.media_type == kind
    assert clean.data == data.removeprefix(b"\xef\xbb\xbf")


def bomb() -> bytes:
    with zipfile.ZipFile(io.BytesIO(making.xlsx())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return making.packed(parts | {"xl/media/zero.xml": b"\0" * 20_000_000})


def lying_zip() -> bytes:
    """A part that says it is small and unpacks to more."""
    data = bytearray(making.docx(more={"word/long.xml": b"<a>" + b"x" * 4000 + b"</a>"}))
    place = data.rindex(b"word/long.xml") - 46
    struct.pack_into("<I", data, place + 24, 10)
    return bytes(data)


def huge_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 40_001)) + chunk(b"IEND", b"")


def password_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(making.pdf())) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def flate_bomb_pdf() -> bytes:
    """A PDF whose objects lie in a stream that unpacks to half a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(500)) + packer.flush()
    head = b"%PDF-1.5\n"
    one = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    stream = b"3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
    stream = stream % (len(packed), packed)
    return head + one + stream + b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF"


WHITE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FETCHING = (
    f'<Relationship Id="rId9" Type="{WHITE}/image" Target="https://tracker.example/x.png" TargetMode="External"/>'
)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"MZ\x90\0" + b"\0" * 200, "not taken", id="a program"),
        pytest.param(b"\x7fELF" + b"\0" * 200, "not taken", id="another program"),
        pytest.param(b"<!DOCTYPE html><script>alert(1)</script>", "no plain text", id="a page"),
        pytest.param(b"  <svg xmlns='http://www.w3.org/2000/svg'/>", "no plain text", id="a drawing with scripts"),
        pytest.param(b"#!/bin/sh\nrm -r /\n", "no plain text", id="a script"),
        pytest.param(b"a\0b", "no plain text", id="signs of a program"),
        pytest.param("é".encode("latin-1") * 20, "UTF-8", id="another encoding"),
        pytest.param(making.jpeg()[:700], "damaged", id="a picture cut off"),
        pytest.param(b"II*\0" + b"\0" * 100, "Save it as JPEG", id="a scan"),
        pytest.param(making.pdf()[:600], "damaged", id="a PDF cut off"),
        pytest.param(password_pdf(), "password", id="a PDF with a password"),
        pytest.param(flate_bomb_pdf(), "PDF", id="a PDF that unpacks without end"),
        pytest.param(huge_png(), "too large", id="a picture that unpacks without end"),
        pytest.param(bomb(), "unpacks to more", id="a workbook that unpacks without end"),
        pytest.param(lying_zip(), "damaged", id="a part that lies about its size"),
        pytest.param(making.packed({"a.txt": b"x"}), "one by one", id="any packed file"),
        pytest.param(making.docx(more={"word/vbaProject.bin": b"x"}), "macros", id="macros"),
        pytest.param(making.docx(more={"word/embeddings/o.bin": b"x"}), "other files", id="another file inside"),
        pytest.param(making.docx(more={"word/activeX/a.xml": b"<a/>"}), "other files", id="a control"),
        pytest.param(making.docx(more={"../evil.xml": b"<a/>"}), "damaged", id="a part outside"),
        pytest.param(making.docx(more={"word/x.xml": b"<!DOCTYPE a><a/>"}), "declarations", id="declarations"),
        pytest.param(making.docx(relations=FETCHING), "from elsewhere", id="fetching a picture"),
        pytest.param(making.docx()[:900], "damaged", id="a document cut off"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_words_that_say_what_to_do(data: bytes, word: str) -> None:
    with pytest.raises(FileRefused, match=word):
        cleaned(data)


@given(data=st.binary(max_size=400), which=st.sampled_from([*MAKERS]), cut=st.integers(0, 4000))
def test_damaged_files_are_refused_or_cleaned_and_never_anything_else(data: bytes, which: str, cut: int) -> None:
    whole = MAKERS[which]()
    place = cut % len(whole)
    try:
        clean = cleaned(whole[:place] + data + whole[place + len(data) :])
    except FileRefused:
        return
    assert clean.data
