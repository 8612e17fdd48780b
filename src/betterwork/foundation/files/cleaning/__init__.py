"""Looking into a file by its content, and taking out what says who made it, where, when and with what."""

from __future__ import annotations

import filetype
from django.utils.translation import gettext as _

from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import GIF, JPEG, PDF, PNG, WEBP, Clean

_HEAD = 8192


def cleaned(data: bytes) -> Clean:
    """The file as it will be stored. The same bytes give the same result on one version of the platform.

    What it is, is told by its content: its name is not asked. Raises :class:`FileRefused`.
    """
    if not data:
        raise FileRefused(_("The file is empty. Choose another one."))
    found = filetype.guess_mime(data[:_HEAD])
    if found in {JPEG, PNG, GIF, WEBP}:
        from betterwork.foundation.files.cleaning.images import image_cleaned

        return image_cleaned(data, found)
    if found == PDF or data[:1024].lstrip().startswith(b"%PDF-"):
        from betterwork.foundation.files.cleaning.pdf import pdf_cleaned

        return Clean(PDF, pdf_cleaned(data))
    if data.startswith(b"PK\x03\x04"):
        from betterwork.foundation.files.cleaning.office import office_cleaned

        return office_cleaned(data)
    if found and found.startswith("image/"):
        raise FileRefused(_("This kind of picture is not taken. Save it as JPEG or PNG and choose it again."))
    if found:
        raise FileRefused(_not_taken())
    from betterwork.foundation.files.cleaning.text import text_cleaned

    return text_cleaned(data)


def _not_taken() -> str:
    return _("This kind of file is not taken. Give a picture (JPEG, PNG), a PDF, a text, an XLSX or a DOCX.")
