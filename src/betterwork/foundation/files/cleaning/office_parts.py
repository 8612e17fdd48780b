"""The parts of a workbook or document: which go, which are refused, and what goes from those that stay."""

from __future__ import annotations

import posixpath
import re

from django.utils.translation import gettext as _
from lxml import etree

from betterwork.foundation.files.refusals import FileRefused

_DROPPED = (
    "docProps/",
    "docMetadata/",
    "customXml/",
    "_xmlsignatures/",
    "userCustomization/",
    "xl/printerSettings/",
    "xl/revisions/",
    "xl/persons/",
    "xl/threadedComments/",
    "xl/customProperty",
    "word/people.xml",
    "word/commentsExtended.xml",
    "word/commentsIds.xml",
    "word/commentsExtensible.xml",
    "word/printerSettings",
    "word/recipientData",
)
_DROPPED_ENDINGS = (".psmdcp", ".thmx", ".wdp")
_TAKEN_ENDINGS = frozenset(
    {"xml", "rels", "vml", "svg", "jpg", "jpeg", "png", "gif", "emf", "wmf", "xlsx", "docx", "odttf"}
)
_DROPPED_RELATIONS = (
    "core-properties",
    "extended-properties",
    "custom-properties",
    "thumbnail",
    "attachedTemplate",
    "printerSettings",
    "customXml",
    "customXmlProps",
    "customProperty",
    "person",
    "threadedComment",
    "people",
    "commentsExtended",
    "commentsIds",
    "commentsExtensible",
    "origin",
    "classificationlabels",
    "revisionHeaders",
    "usernames",
    "recipientData",
    "mailMergeSource",
    "mailMergeHeaderSource",
)
_DROPPED_ELEMENTS = frozenset(
    {
        "attachedTemplate",
        "absPath",
        "fileSharing",
        "rsids",
        "mailMerge",
        "docVars",
        "metadata",
        "fileRecoveryPr",
        "customProperties",
    }
)
_NAMELESS = "-"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def is_dropped(name: str) -> bool:
    """Whether a part says something of people, machines or programs and nothing of the content."""
    return name.startswith(_DROPPED) or name.endswith(_DROPPED_ENDINGS)


def is_refused(name: str) -> bool:
    """Whether a part may do something, or hold what cannot be looked into."""
    lower = name.lower()
    inside = any(word in lower for word in ("activex", "externallinks/", "ctrlprops/", "macrosheets/", "dialogsheets/"))
    return not is_dropped(name) and (inside or lower.rpartition(".")[2] not in _TAKEN_ENDINGS)


def why_refused(name: str) -> str:
    """The words for a part that is refused."""
    if "externallinks/" in name.lower():
        return _("This workbook refers to other workbooks. Break the links, save it and choose it again.")
    return _("This file holds other files or programs (%(name)s). Take them out, save it and choose it again.") % {
        "name": posixpath.basename(name)
    }


def xml_cleaned(name: str, part: bytes, gone: set[str]) -> bytes:
    """One part in XML without names, moments and places on disks. Raises FileRefused, etree.XMLSyntaxError."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise FileRefused(_("This file holds declarations that no office program writes. Save it as a PDF."))
    how = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    root = etree.fromstring(part, etree.XMLParser(**how, remove_comments=True, remove_pis=True))
    if name.endswith(".rels"):
        _relations_cleaned(name, root)
    elif name == "[Content_Types].xml":
        _types_cleaned(root, gone)
    else:
        _content_cleaned(name, root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _relations_cleaned(name: str, root: etree._Element) -> None:
    for one in list(root):
        kind = one.get("Type", "").rpartition("/")[2]
        is_outside = one.get("TargetMode") == "External"
        if is_outside and kind != "hyperlink" and kind not in _DROPPED_RELATIONS:
            raise FileRefused(_("This file fetches something from elsewhere. Put it in for good, or save it as a PDF."))
        goes_to_disk = is_outside and not re.match(r"(https?|mailto):", one.get("Target", ""), re.IGNORECASE)
        folder = posixpath.dirname(posixpath.dirname(name))
        target = one.get("Target", "")
        inside = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if goes_to_disk and kind == "hyperlink":
            one.set("Target", "about:blank")  # the place stays a link, and no longer tells whose disk it was
        elif kind in _DROPPED_RELATIONS or (not is_outside and is_dropped(inside)):
            root.remove(one)


def _types_cleaned(root: etree._Element, gone: set[str]) -> None:
    for one in list(root):
        if one.get("PartName", "").lstrip("/") in gone:
            root.remove(one)


def _content_cleaned(name: str, root: etree._Element) -> None:
    for one in list(root.iter()):
        if not isinstance(one.tag, str):
            continue
        local = etree.QName(one).localname
        parent = one.getparent()
        if local in _DROPPED_ELEMENTS and parent is not None:
            parent.remove(one)
            continue
        if local == "pageSetup":
            one.attrib.pop(_RELATION, None)
        if local == "author" and name.startswith("xl/"):
            one.text = _NAMELESS
        _attributes_cleaned(one, local)


def _attributes_cleaned(one: etree._Element, local: str) -> None:
    for key in list(one.attrib):
        attribute = etree.QName(key).localname
        if attribute.startswith("rsid"):
            del one.attrib[key]
        elif key == f"{_WORD}author":
            one.set(key, _NAMELESS)  # it must be there, and need not say anything
        elif key in {f"{_WORD}date", f"{_WORD}initials"} or attribute in {"dateUtc", "lastModifiedBy", "userName"}:
            del one.attrib[key]
        elif local in {"cNvPr", "docPr"} and attribute in {"descr", "title"} and re.search(r"[/\\]", one.get(key, "")):
            del one.attrib[key]  # a picture's description that is the file it came from
