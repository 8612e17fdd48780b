"""The words of the capture app, by key. The app gets them as one JSON per language; English lies in the app itself.

Keys say where a text stands (``question.next``). Texts hold no plural forms: a number stands beside its name
("Missing: 12"), so that one text does for every language. Places for values are written ``{name}``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import orjson
from django.utils import translation

from betterwork.foundation.languages.formats import day
from betterwork.foundation.languages.known import SOURCE_LANGUAGE
from betterwork.modules.capture.words_device import DEVICE
from betterwork.modules.capture.words_question import QUESTION
from betterwork.modules.capture.words_sending import SENDING

WORDS: Final[dict[str, Any]] = {**DEVICE, **QUESTION, **SENDING}
"""Key → text, translated when it is read."""


def words_in(language: str) -> dict[str, str]:
    """Every text of the app in one language, English where a text has no translation; and how days are written."""
    with translation.override(language):
        told = {key: str(text) for key, text in WORDS.items()}
    told.update((f"month.{month}", _day_of(month, language)) for month in range(1, 13))
    return dict(sorted(told.items()))


def _day_of(month: int, language: str) -> str:
    """How a day of a month is written, as the console writes it: ``{day} Nov {year}``. Browsers know not all of the
    languages."""
    text = day(date(2026, month, 17), language=language)
    # Any digits of the two numbers, whatever script they are in: Python reads them all.
    return re.sub(r"\d+", lambda one: {17: "{day}", 2026: "{year}"}.get(int(one[0]), one[0]), text)


def words_file() -> bytes:
    """English as the app carries it: ``frontend/capture/src/ui/words.en.json``. Same words, same bytes."""
    return orjson.dumps(words_in(SOURCE_LANGUAGE), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
