"""Finding every text that goes through gettext: in Python by Babel, in templates by way of Django's ``templatize``."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract

KEYWORDS: dict[str, Any] = {
    name + lazy: shape
    for name, shape in {
        "gettext": None,
        "gettext_noop": None,
        "_": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for lazy in ("", "_lazy")
} | {"_lazy": None, "_now": None}
"""What makes a text one to be translated; ``_lazy`` and ``_now`` are how modules call it that use both beside ``_``."""
_QUOTED = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"(?:n?p?gettext|_)\(\s*{_QUOTED}(?:\s*,\s*{_QUOTED})*(?:\s*,\s*count)?\s*\)|#\s*Translators.*")
TEMPLATES = {".html", ".txt", ".xml"}
NOT_READ = {"tests", "migrations", "__pycache__", "node_modules"}

BORROWED: dict[str, tuple[str, ...]] = {
    "allauth": (
        "account/adapter.py",
        "account/fields.py",
        "account/forms.py",
        "account/internal/flows/*.py",
        "mfa/adapter.py",
        "mfa/*/forms.py",
        "templates/account/messages/*.txt",
        "templates/mfa/messages/*.txt",
        "templates/usersessions/messages/*.txt",
    ),
    "django": ("contrib/auth/forms.py", "contrib/auth/password_validation.py", "forms/fields.py", "core/validators.py"),
}
"""Files of packages whose words people meet when they sign in or fill in a form. A catalogue of ours takes their texts
for those languages for which the package has none of its own."""


class Text:
    """One text to be translated: its forms (two where it has a plural), context, places and comments to translators."""

    def __init__(self, forms: tuple[str, ...], context: str | None) -> None:
        self.forms, self.context = forms, context
        self.places: set[str] = set()
        self.comments: list[str] = []

    @property
    def id(self) -> str | tuple[str, ...]:
        """What a catalogue calls it: the text, or both forms."""
        return self.forms if len(self.forms) > 1 else self.forms[0]


Texts = dict[tuple[str | None, str], Text]


def texts_of_folder(folder: Path, root: Path) -> Texts:
    """The texts of all Python files and templates below a folder, places named from ``root``."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if (path.suffix == ".py" or (path.suffix in TEMPLATES and "templates" in path.parts))
        and not NOT_READ & set(path.relative_to(folder).parts)
    ]
    return _texts((path, path.relative_to(root).as_posix()) for path in files)


def texts_of_package(package: str) -> Texts:
    """The texts of a package that people meet here, as :data:`BORROWED` names its files."""
    module = __import__(package)
    folder = Path(str(module.__file__)).parent
    files = sorted({path for pattern in BORROWED[package] for path in folder.glob(pattern)})
    return _texts((path, f"{package}/{path.relative_to(folder).as_posix()}") for path in files)


def texts_of_file(path: Path) -> Iterator[tuple[tuple[str, ...], str | None, list[str]]]:
    """Each text of one file with its context and comments. Raises SyntaxError for a template that cannot be read."""
    source = path.read_bytes()
    if path.suffix != ".py":
        source = _template_as_calls(source.decode("utf-8"), str(path)).encode("utf-8")
    for _line, message, comments, context in extract(
        "python", io.BytesIO(source), keywords=KEYWORDS, comment_tags=("Translators",), strip_comment_tags=True
    ):
        forms = message if isinstance(message, tuple) else (message,)
        if all(forms):
            yield forms, context, [one.lstrip(": ") for one in comments]


def _texts(files: Iterator[tuple[Path, str]]) -> Texts:
    found: Texts = {}
    for path, place in files:
        for forms, context, comments in texts_of_file(path):
            text = found.setdefault((context, forms[0]), Text(forms, context))
            if len(forms) > len(text.forms):
                text.forms = forms
            text.places.add(place)
            text.comments += [one for one in comments if one not in text.comments]
    return found


def _template_as_calls(source: str, origin: str) -> str:
    """A template as calls of gettext, one to a line, so that the rest of it need not be Python."""
    from django.utils.translation.template import templatize

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = templatize(source, origin=origin)
    return "\n".join(_calls(text))


def _calls(text: str) -> Iterator[str]:
    """The calls in what ``templatize`` made. Its other lines hold crosses in the place of what was no text."""
    return (found.group(0) for found in _CALL.finditer(text))
