"""Pictures: every pixel is kept, and nothing else. Also JPEG and JPEG 2000 as they stand inside a PDF."""

from __future__ import annotations

import io
import struct
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, ImageSequence

from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import GIF, JPEG, MOST_FRAMES, MOST_PIXELS, PNG, WEBP, Clean

_FORMATS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), GIF: ("GIF",), WEBP: ("WEBP",)}
_QUALITY = 92
_ORIENTATION = 0x0112
_DRAWN = frozenset({*range(0xC0, 0xC8), *range(0xC9, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD})
"""The marks of a JPEG that say how it is drawn."""
_MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}


def image_cleaned(data: bytes, media_type: str) -> Clean:
    """The picture written anew from its pixels, the right way up, in the colours of the screen (sRGB).

    So place, device, time, author, comments, small previews and whatever hangs behind the picture are gone. A JPEG
    that needs no turning and no other colours is not written anew but freed of its marks: it loses no point.
    Raises :class:`FileRefused`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit is our own, below
            with Image.open(io.BytesIO(data), formats=_FORMATS[media_type]) as image:
                _size_check(image)
                return Clean(media_type, _written(image, media_type, data))
    except FileRefused:
        raise
    except Image.DecompressionBombError as error:
        raise FileRefused(_too_large()) from error
    except (OSError, ValueError, SyntaxError, struct.error, EOFError, IndexError, TypeError, KeyError) as error:
        raise FileRefused(_("This picture is damaged and cannot be opened. Choose another one.")) from error


def _size_check(image: Image.Image) -> None:
    frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    if image.width * image.height * frames > MOST_PIXELS or frames > MOST_FRAMES:
        raise FileRefused(_too_large())


def _written(image: Image.Image, media_type: str, data: bytes) -> bytes:
    if image.format not in {"MPO", "JPEG"} and getattr(image, "is_animated", False):
        return _animation_written(image, media_type)
    stays = image.format in {"JPEG", "MPO"} and image.mode in {"L", "RGB"}
    stays = stays and image.getexif().get(_ORIENTATION, 1) == 1 and not image.info.get("icc_profile")
    image.load()
    if stays and (bare := _same_without_marks(image, data)) is not None:
        return bare
    frame = _plain(image)
    if media_type == JPEG:
        return _saved(frame.convert("L" if frame.mode in {"L", "1"} else "RGB"), JPEG, quality=_QUALITY, optimize=True)
    if media_type == WEBP:
        return _saved(
            frame.convert("RGBA" if "A" in frame.mode else "RGB"), WEBP, quality=_QUALITY, lossless=b"VP8L" in data[:64]
        )
    return _saved(frame, media_type)


def _same_without_marks(image: Image.Image, data: bytes) -> bytes | None:
    """The JPEG freed of its marks, when it is drawn as before."""
    bare = jpeg_stripped(data)
    with Image.open(io.BytesIO(bare), formats=("JPEG",)) as again:
        again.load()
        return bare if again.mode == image.mode and again.tobytes() == image.tobytes() else None


def _animation_written(image: Image.Image, media_type: str) -> bytes:
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        durations.append(int(frame.info.get("duration") or 100))
        frames.append(_plain(frame.copy()).convert("RGBA"))
    how = {"duration": durations, "loop": int(image.info.get("loop") or 0), "save_all": True}
    if media_type == GIF:
        how["disposal"] = 2
    return _saved(frames[0], media_type, append_images=frames[1:], **how)


def _plain(image: Image.Image) -> Image.Image:
    """The pixels in sRGB, upright, in a mode that every format here can hold, with nothing beside them."""
    see_through = "transparency" in image.info
    image = _in_srgb(ImageOps.exif_transpose(image))
    if see_through:
        image = image.convert("RGBA")
    elif image.mode not in _MODES:
        image = image.convert("RGBA" if image.mode in {"PA", "RGBa", "La"} else "RGB")
    bare = image.copy()
    bare.info = {}
    return bare


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in the colours of the screen: the profile it brought may name the device."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    wanted = "L" if image.mode == "L" else "RGBA" if image.mode in {"RGBA", "LA", "PA"} else "RGB"
    if wanted == "L":
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode not in {"RGB", "RGBA", "CMYK"}:
            image = image.convert(wanted)
        made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a broken profile changes the colours a little; the picture is what counts
    return made if made is not None else image


def _saved(image: Image.Image, media_type: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=_FORMATS[media_type][0], **how)
    return out.getvalue()


def _too_large() -> str:
    millions = MOST_PIXELS // 1_000_000
    return _("This picture is too large: %(most)s million points at most. Make it smaller and choose it again.") % {
        "most": millions
    }


def jpeg_stripped(data: bytes) -> bytes:
    """A JPEG with the marks by which it is drawn and no others, its coded points untouched.

    Of Adobe's mark the twelve bytes stay that say how colours are coded. What follows the end of the picture
    goes. Raises ValueError for what is no JPEG.
    """
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    out, place = bytearray(b"\xff\xd8"), 2
    while place < len(data):
        if data[place] != 0xFF:
            raise ValueError("no mark where one must stand")
        kind = data[place + 1]
        if kind == 0xFF:
            place += 1
            continue
        if kind == 0xD9:
            return bytes(out + b"\xff\xd9")
        length = struct.unpack(">H", data[place + 2 : place + 4])[0] + 2
        segment = data[place : place + length]
        is_adobe = kind == 0xEE and segment[4:9] == b"Adobe" and length >= 16
        if is_adobe:
            out += b"\xff\xee\x00\x0e" + segment[4:16]
        elif kind in _DRAWN:
            out += segment
        place += length
        if kind == 0xDA:
            end = _scan_end(data, place)
            out += data[place:end]
            place = end
    return bytes(out)


def _scan_end(data: bytes, place: int) -> int:
    """Where the coded pixels end: at the next mark that is neither a stuffed byte nor a restart."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            return len(data)
        if data[place + 1] == 0x00 or 0xD0 <= data[place + 1] <= 0xD7:
            place += 2
        elif data[place + 1] == 0xFF:
            place += 1
        else:
            return place


def jp2_stripped(data: bytes) -> bytes:
    """A JPEG 2000 inside another file without its boxes of XML, of unknown kinds and of addresses."""
    if data[4:8] != b"jP  ":
        return data  # a bare code stream has no boxes
    out, place = bytearray(), 0
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if length == 1:
            length = struct.unpack(">Q", data[place + 8 : place + 16])[0]
        end = len(data) if length == 0 else place + length
        if end <= place or end > len(data):
            raise ValueError("a box that goes beyond the file")
        if kind in {b"jP  ", b"ftyp", b"jp2h", b"jp2c"}:
            out += data[place:end]
        place = end
    return bytes(out)
