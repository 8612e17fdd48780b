"""Texts and tables in CSV."""

from __future__ import annotations

from django.utils.translation import gettext as _

from betterwork.foundation.files.refusals import FileRefused
from betterwork.foundation.files.rules import CSV, TEXT, Clean, text_is_plain, text_is_table

_LOOKED_AT = 50


def text_cleaned(data: bytes) -> Clean:
    """A text in UTF-8, without the mark of byte order; whether it is a table is told by its lines.

    Raises :class:`FileRefused` for other encodings, and for what is a page, a drawing or a script.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileRefused(
            _("This is no text in UTF-8 (line %(line)s). Save it as “CSV UTF-8” or as text in UTF-8.") % {"line": line}
        ) from error
    if not text_is_plain(text):
        raise FileRefused(_("This is no plain text: it holds signs of a program or of a web page. Save it as a PDF."))
    kind = CSV if text_is_table(text.splitlines()[:_LOOKED_AT]) else TEXT
    return Clean(kind, text.encode())
