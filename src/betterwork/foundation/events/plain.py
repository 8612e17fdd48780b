"""Plain values and words that speak of nobody: what may stand in an event, a job, a log."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from betterwork.core.errors import BetterWorkError, WrongUse

_ADDRESS = re.compile(r"\S*[^\s@]@[^\s@]\S*")
MOST_CHARACTERS = 500
UNFORESEEN = gettext_noop("Something went wrong that was not foreseen. The log of the worker says where.")


def has_address(text: str) -> bool:
    """Whether something in the text looks like an e-mail address, also in wide letters."""
    return _ADDRESS.search(unicodedata.normalize("NFKC", text)) is not None


def plain_check(value: Any, *, where: str) -> None:
    """Refuse what is no plain value (text, number, yes or no, none, lists and mappings of them) or speaks of somebody.

    ``where`` begins the message. Raises WrongUse, which names the place and never the value.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise WrongUse(f"{where}: names are text, not {type(key).__name__}")
            plain_check(key, where=f"{where}, a name")
            plain_check(inner, where=f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            plain_check(inner, where=f"{where}[{number}]")
    elif isinstance(value, str):
        if has_address(value):
            raise WrongUse(f"{where} looks like an e-mail address: pass on the opaque id of the person")
        if len(value) > MOST_CHARACTERS:
            raise WrongUse(f"{where} has more than {MOST_CHARACTERS} characters: pass on the id of what it stands in")
    elif not isinstance(value, bool | int | float | None):
        raise WrongUse(f"{where} is a {type(value).__name__}: pass on text, numbers, lists and mappings of them")


def without_addresses(text: str) -> str:
    """The text with every e-mail address taken out, at most 500 characters of it."""
    return _ADDRESS.sub("[address]", unicodedata.normalize("NFKC", text))[:MOST_CHARACTERS]


def error_words(error: BaseException) -> str:
    """What a person may read of an error: the line of one that was meant for people, else that it was not foreseen."""
    if isinstance(error, BetterWorkError) and str(error):
        return without_addresses(str(error))
    return UNFORESEEN


def error_place(error: BaseException) -> str:
    """Which kind of error and where, for a log: no message, no value, no argument."""
    places, ours = [], []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        ours.append("/betterwork/" in code.co_filename)
        trace = trace.tb_next
    # Where it was raised, and the way to it through this program: what lies in packages between says little.
    shown = [place for number, place in enumerate(places) if ours[number] or number == len(places) - 1][-6:]
    cause = error.__cause__ or error.__context__
    because = f", because of {type(cause).__name__}" if cause is not None else ""
    return f"{type(error).__name__}{because} at {' < '.join(reversed(shown))}"
