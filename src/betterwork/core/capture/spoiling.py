"""Operations spoilt in one way each, with the code by which they are refused. For the vectors and the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from betterwork.core.capture.fields import LIMITS
from betterwork.core.capture.generators import MADE, MIDNIGHT

Raw = dict[str, Any]
HOUR_ID: Final = "019aa000000170008000000000000001"
DAY_ID: Final = f"{1_795_392_000_000:012x}70008000000000000001"
INTERVIEW: Final = f"interview:{'0' * 12}40008000000000000009"


def _with(**changes: Any) -> Callable[[Raw], Any]:
    return lambda raw: {**raw, **changes}


def _at(about: str, name: str, value: Any, **more: Any) -> Callable[[Raw], Any]:
    return _with(about=about, field=name, value=value, **more)


def _interview(name: str, value: Any, **more: Any) -> Callable[[Raw], Any]:
    return _with(**{"about": INTERVIEW, "field": name, "value": value, "id": DAY_ID, "made": MIDNIGHT, **more})


Q, FACT = "question:OSH-8-07", "question:F-01"
_PHOTO: Final = {"name": "a.jpg", "type": "image/jpeg", "size": 5, "caption": None}
_FILE: Final = f"file.{'0a' * 32}"

SPOILT: Final[Mapping[str, tuple[str, Callable[[Raw], Any]]]] = {
    # -- no operation at all
    "nothing": ("no-operation", lambda raw: None),
    "a list": ("no-operation", lambda raw: [raw]),
    "text": ("no-operation", lambda raw: "operation"),
    "a key too few": ("no-operation", lambda raw: {key: raw[key] for key in raw if key != "made"}),
    "a key too many": ("no-operation", _with(number=7)),
    "says who wrote it": ("no-operation", _with(by="somebody else")),
    # -- ids, device, time
    "id in capitals": ("bad-id", lambda raw: {**raw, "id": raw["id"][:-1] + "A"}),
    "id with hyphens": ("bad-id", _with(id="019aa000-0001-7000-8000-000000000001")),
    "id of version 4": ("bad-id", lambda raw: {**raw, "id": raw["id"][:12] + "4" + raw["id"][13:]}),
    "id of another variant": ("bad-id", lambda raw: {**raw, "id": raw["id"][:16] + "c" + raw["id"][17:]}),
    "id with a line feed": ("bad-id", lambda raw: {**raw, "id": raw["id"] + "\n"}),
    "id a number": ("bad-id", _with(id=7)),
    "device too short": ("bad-device", _with(device="0a")),
    "device nothing": ("bad-device", _with(device=None)),
    "device with a line feed": ("bad-device", lambda raw: {**raw, "device": raw["device"] + "\n"}),
    "made on no day": ("bad-made", _with(made="2026-02-30T05:40:12Z")),
    "made in no hour": ("bad-made", _with(made="2026-02-28T24:00:00Z")),
    "made in a leap second": ("bad-made", _with(made="2016-12-31T23:59:60Z")),
    "made without a zone": ("bad-made", _with(made="2026-11-23T05:40:12")),
    "made to the millisecond": ("bad-made", _with(made="2026-11-23T05:40:12.000Z")),
    "made in other digits": ("bad-made", _with(made="\u0662\u0660\u0662\u0666-11-23T05:40:12Z")),
    "made before computers": ("bad-made", _with(made="1969-12-31T23:59:59Z")),
    # -- bases
    "bases no list": ("bad-bases", _with(bases=HOUR_ID)),
    "bases nothing": ("bad-bases", _with(bases=None)),
    "bases twice": ("bad-bases", _with(bases=[HOUR_ID, HOUR_ID])),
    "bases out of order": ("bad-bases", _with(bases=[HOUR_ID[:-1] + "2", HOUR_ID])),
    "bases of no operation": ("bad-bases", _with(bases=["visit"])),
    "too many bases": ("bad-bases", _with(bases=[f"{HOUR_ID[:-3]}{at:03x}" for at in range(LIMITS["bases"] + 1)])),
    "its own base": ("own-base", lambda raw: {**raw, "bases": [raw["id"]]}),
    # -- places
    "about nothing": ("unknown-about", _with(about=None)),
    "about a factory": ("unknown-about", _with(about="factory:VN/7")),
    "about visits": ("unknown-about", _with(about="visits")),
    "about an interview with a short id": ("unknown-about", _with(about="interview:0a")),
    "about an interview in capitals": ("unknown-about", _with(about="interview:" + "0A" * 16)),
    "about a question with a space": ("unknown-about", _with(about="question:OSH 8")),
    "a question nobody asks": ("unknown-question", _with(about="question:OSH-99-99")),
    "a question in small letters": ("unknown-question", _with(about="question:osh-8-07")),
    "no such field": ("unknown-field", _at(Q, "opinion", "x")),
    "a field of the prototype": ("unknown-field", _at(Q, "constructor", "x")),
    "a part too many": ("unknown-field", _at(Q, "reason.workers", "x")),
    "a part too few": ("unknown-field", _at(Q, "source", True)),
    "no such source": ("unknown-field", _at(Q, "source.rumour", True)),
    "a file by no digest": ("unknown-field", _at(Q, "file.0a", _PHOTO)),
    "field a number": ("unknown-field", _at(Q, 7, "x")),  # type: ignore[arg-type]
    "a finding of a fact": ("unknown-field", _at(FACT, "determination", "compliant")),
    "an answer of a finding": ("unknown-field", _at(Q, "answer", "8")),
    "a field of the visit at a question": ("unknown-field", _at(Q, "summary", "x")),
    "a field of a question at the visit": ("unknown-field", _at("visit", "determination", "compliant")),
    # -- values
    "a choice there is not": ("unknown-choice", _at(Q, "determination", "non compliant")),
    "a choice that is a number": ("wrong-kind", _at(Q, "determination", 1)),
    "text that is a number": ("wrong-kind", _at(Q, "reason", 5)),
    "text that is a list": ("wrong-kind", _at(Q, "reason", ["x"])),
    "empty text": ("empty-text", _at(Q, "reason", "")),
    "too long a text": ("too-long", _at("visit", "managers_met", "x" * 2001)),
    "a NUL": ("control-character", _at(Q, "reason", "a\u0000b")),
    "a carriage return": ("control-character", _at(Q, "reason", "a\r\nb")),
    "a delete": ("control-character", _at(Q, "reason", "a\u007fb")),
    "a control of the second row": ("control-character", _at(Q, "reason", "a\u0085b")),
    "half a pair": ("control-character", _at(Q, "reason", "a\ud83d")),
    "taken apart": ("not-nfc", _at(Q, "reason", "cafe\u0301")),
    "taken apart in Vietnamese": ("not-nfc", _at(Q, "reason", "cu\u031b\u0309a")),
    "a flag that is false": ("wrong-kind", _at(Q, "source.workers", False)),
    "a flag that is 1": ("wrong-kind", _at(Q, "later", 1)),
    "yes in words": ("wrong-kind", _at("visit", "documents_on_time", "yes")),
    "yes as 1": ("wrong-kind", _at("visit", "documents_on_time", 1)),
    "a count with decimals": ("wrong-kind", _at(Q, "affected", 1.5)),
    "a count that is true": ("wrong-kind", _at(Q, "affected", True)),
    "a count in text": ("wrong-kind", _at(Q, "affected", "120")),
    "a count below nothing": ("out-of-bounds", _at(Q, "affected", -1)),
    "a count beyond all": ("out-of-bounds", _at(Q, "affected", 10**15)),
    "a cause there is not": ("unknown-choice", _at(Q, "cause", "fate")),
    "a cause that is a number": ("wrong-kind", _at(Q, "cause", 3)),
    "a sample without of": ("wrong-kind", _at(Q, "sample.documents", {"looked": 3})),
    "a sample with more": ("wrong-kind", _at(Q, "sample.documents", {"looked": 3, "of": None, "who": "x"})),
    "a sample that is a list": ("wrong-kind", _at(Q, "sample.documents", [3, 4])),
    "a sample of fewer": ("out-of-bounds", _at(Q, "sample.documents", {"looked": 5, "of": 4})),
    "a file without a name": ("empty-text", _at(Q, _FILE, {**_PHOTO, "name": ""})),
    "a file with a line feed in its name": ("control-character", _at(Q, _FILE, {**_PHOTO, "name": "a\nb.jpg"})),
    "a file of another type": ("unknown-choice", _at(Q, _FILE, {**_PHOTO, "type": "image/svg+xml"})),
    "a file of nothing": ("out-of-bounds", _at(Q, _FILE, {**_PHOTO, "size": 0})),
    "a file with an empty caption": ("empty-text", _at(Q, _FILE, {**_PHOTO, "caption": ""})),
    "a file without a caption": ("wrong-kind", _at(Q, _FILE, {"name": "a.jpg", "type": "image/jpeg", "size": 5})),
    # -- answers
    "a number that is a number": ("wrong-kind", _at(FACT, "answer", 8)),
    "a number written longer": ("wrong-kind", _at(FACT, "answer", "8.50")),
    "a number with a nought before": ("wrong-kind", _at(FACT, "answer", "08")),
    "a number with an exponent": ("wrong-kind", _at(FACT, "answer", "1e3")),
    "a number with a comma": ("wrong-kind", _at(FACT, "answer", "8,5")),
    "minus nothing": ("wrong-kind", _at(FACT, "answer", "-0")),
    "a number in other digits": ("wrong-kind", _at(FACT, "answer", "\u0668")),
    "a number below the least": ("out-of-bounds", _at(FACT, "answer", "-1")),
    "a number above the most": ("out-of-bounds", _at(FACT, "answer", "100000.000001")),
    "a share above all": ("out-of-bounds", _at("question:F-02", "answer", "100.1")),
    "yes or no in words": ("wrong-kind", _at("question:F-03", "answer", "yes")),
    "no day": ("wrong-kind", _at("question:F-04", "answer", "2026-02-29")),
    "a day too late": ("out-of-bounds", _at("question:F-04", "answer", "2027-01-01")),
    "a day that is a number": ("wrong-kind", _at("question:F-04", "answer", 20261123)),
    "a choice of no question": ("unknown-choice", _at("question:F-05", "answer", "evening shift")),
    # -- interviews
    "an interview that tells when it was made": ("tells-the-hour", _interview("words", "x", made=MADE[0])),
    "an interview whose operation tells the hour": ("tells-the-hour", _interview("words", "x", id=HOUR_ID)),
    "an interview whose id tells the hour": (
        "tells-the-hour",
        _interview("words", "x", about=f"interview:{HOUR_ID}"),
    ),
    "an interview with names": ("unknown-field", _interview("name", "x")),
    "an interview with half a person": ("wrong-kind", _interview("women", 1.5)),
    "an interview on no day": ("wrong-kind", _interview("day", "yesterday")),
}
"""Name → (reason, what it does to a good operation)."""
