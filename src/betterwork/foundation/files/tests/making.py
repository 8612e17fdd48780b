"""Files with things planted in them that nobody may find again."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

CANARY = "Canary-7f3a"


def pixels(width: int = 64, height: int = 48) -> Image.Image:
    picture = Image.new("RGB", (width, height))
    picture.putdata([((x * 7) % 256, (y * 11) % 256, (x * y) % 256) for y in range(height) for x in range(width)])
    return picture


def exif(canary: str = CANARY, orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x010F] = f"{canary} maker"
    found[0x0110] = f"{canary} device"
    found[0x013B] = f"{canary} artist"
    found[0x9C9D] = f"{canary} windows author".encode("utf-16le")
    found[0x0112] = orientation
    found.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.0), 3: "E", 4: (105.0, 50.0, 3.0), 29: f"{canary}:date"})
    found.get_ifd(0x8769).update({0x9003: "2015:03:01 09:30:00", 0xA431: f"{canary} serial", 0x927C: canary.encode()})
    return found


def jpeg(canary: str = CANARY, orientation: int = 1, behind: bytes = b"") -> bytes:
    out = io.BytesIO()
    pixels().save(
        out,
        "JPEG",
        exif=exif(canary, orientation),
        comment=f"{canary} comment".encode(),
        xmp=f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{canary}</x:xmpmeta>".encode(),
        quality=90,
    )
    data = out.getvalue()
    app13 = f"Photoshop 3.0\x008BIM\x04\x04{canary} caption".encode("latin-1")
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(app13) + 2) + app13 + data[2:] + behind


def png(canary: str = CANARY) -> bytes:
    out, words = io.BytesIO(), PngInfo()
    words.add_text("Author", f"{canary} text")
    words.add_text("Comment", f"{canary} packed", zip=True)
    words.add_itxt("XML:com.adobe.xmp", f"{canary} xmp")
    pixels().save(out, "PNG", pnginfo=words, exif=exif(canary))
    data = out.getvalue()
    body = b"prVt" + f"{canary} private".encode()
    private = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + private + data[33:] + canary.encode()


def gif(canary: str = CANARY, frames: int = 3) -> bytes:
    out = io.BytesIO()
    made = [pixels().rotate(90 * turn) for turn in range(frames)]
    made[0].save(out, "GIF", save_all=True, append_images=made[1:], duration=120, loop=0, comment=canary.encode())
    return out.getvalue()


def webp(canary: str = CANARY) -> bytes:
    out = io.BytesIO()
    pixels().save(out, "WEBP", exif=exif(canary), xmp=f"<x>{canary}</x>".encode())
    return out.getvalue()


def pdf(canary: str = CANARY, picture: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(300, 300))
        made.docinfo["/Author"] = f"{canary} author"
        made.docinfo["/Producer"] = f"{canary} producer"
        with made.open_metadata() as words:
            words["dc:creator"] = [f"{canary} creator"]
        made.attachments["secret.txt"] = f"{canary} embedded".encode()
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{canary}')")
        made.Root.Private = pikepdf.Dictionary(Who=f"{canary} private")
        image = pikepdf.Stream(made, picture or jpeg(canary))
        image.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=64,
            Height=48,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
            Metadata=pikepdf.Stream(made, f"<x>{canary}</x>".encode()),
        )
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        page.obj.Contents = pikepdf.Stream(made, b"q 200 0 0 150 50 50 cm /Im0 Do Q")
        page.obj.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=f"{canary} editor"))
        remark = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[10, 10, 30, 30],
            Contents="Look here",
            T=f"{canary} remark author",
            M="D:20150301",
        )
        page.obj.Annots = pikepdf.Array([made.make_indirect(remark)])
        made.save(out)
    return out.getvalue() + b"\n% " + canary.encode()


def xlsx(canary: str = CANARY) -> bytes:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.drawing.image import Image as Drawing

    book = openpyxl.Workbook()
    book.properties.creator = f"{canary} creator"
    book.properties.lastModifiedBy = f"{canary} last"
    sheet = book.active
    sheet["A1"], sheet["B1"] = "point", "non-compliant"
    sheet["A2"], sheet["B2"] = "Emergency preparedness", 166
    sheet["A2"].comment = Comment("seen on the floor", f"{canary} remark author")
    sheet.add_image(Drawing(io.BytesIO(jpeg(canary))), "D4")
    out = io.BytesIO()
    book.save(out)
    path = f'<x15ac:absPath xmlns:x15ac="urn:x" url="C:\\Users\\{canary}\\"/>'
    return repacked(
        out.getvalue(),
        {
            "xl/printerSettings/printerSettings1.bin": f"{canary} printer".encode(),
            "docProps/custom.xml": f"<Properties>{canary}</Properties>".encode(),
        },
        edits={"xl/workbook.xml": lambda text: text.replace("</workbook>", path + "</workbook>")},
    )


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(canary: str = CANARY, more: Mapping[str, bytes] | None = None, relations: str = "") -> bytes:
    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType='
        '"application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )
    tops = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        f'Target="word/document.xml"/><Relationship Id="rId2" Type="{RELATIONS}/metadata/core-properties" '
        f'Target="docProps/core.xml"/></Relationships>'
    )
    inner = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/image" '
        f'Target="media/image1.jpeg"/><Relationship Id="rId2" Type="{OFFICE}/attachedTemplate" '
        f'Target="file:///C:/Users/{canary}/t.dotm" TargetMode="External"/>{relations}</Relationships>'
    )
    text = (
        f'<w:document xmlns:w="{WORD}"><!-- {canary} --><w:body><w:p w:rsidR="00AB12CD"><w:ins w:id="1" '
        f'w:author="{canary} author" w:date="2015-03-01T00:00:00Z"><w:r><w:t>Exits are free.</w:t></w:r></w:ins>'
        f"</w:p></w:body></w:document>"
    )
    core = f"<cp xmlns='urn:cp'><creator>{canary}</creator></cp>"
    parts = {
        "[Content_Types].xml": kinds.encode(),
        "_rels/.rels": tops.encode(),
        "word/_rels/document.xml.rels": inner.encode(),
        "word/document.xml": text.encode(),
        "word/media/image1.jpeg": jpeg(canary),
        "word/people.xml": f"<w:people xmlns:w='{WORD}'>{canary}</w:people>".encode(),
        "docProps/core.xml": core.encode(),
        **(more or {}),
    }
    return packed(parts)


def packed(parts: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        archive.comment = comment
    return out.getvalue()


def repacked(data: bytes, more: Mapping[str, bytes], edits: Mapping[str, Any] | None = None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, edit in (edits or {}).items():
        parts[name] = edit(parts[name].decode()).encode()
    return packed(parts | dict(more), comment=CANARY.encode())


def everything_in(data: bytes) -> bytes:
    """The bytes of a file and all that is packed in it, so that a word can be looked for in any of it."""
    found = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found += [archive.comment, *(everything_in(archive.read(one)) for one in archive.namelist())]
            found += [one.encode() for one in archive.namelist()]
    elif data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as opened:
            for thing in opened.objects:
                found.append(thing.unparse(resolved=True))
                if isinstance(thing, pikepdf.Stream):
                    found.append(thing.read_raw_bytes())
                    with contextlib.suppress(pikepdf.PdfError):
                        found.append(thing.read_bytes())
    elif data.startswith(b"\x89PNG"):
        place = 8
        while place + 8 <= len(data):
            length, kind = struct.unpack(">I4s", data[place : place + 8])
            body = data[place + 8 : place + 8 + length]
            if kind in {b"zTXt", b"iTXt"}:
                found.append(zlib.decompress(body[body.index(b"\0") + 2 :]) if kind == b"zTXt" else body)
            place += 12 + length
    return b"\n".join(found)


MAKERS = {"jpeg": jpeg, "png": png, "gif": gif, "webp": webp, "pdf": pdf, "xlsx": xlsx, "docx": docx}


def write_all(folder: Path) -> None:
    """One of each kind, for looking at by hand."""
    for ending, make in MAKERS.items():
        (folder / f"made.{ending}").write_bytes(make())
